import * as vscode from 'vscode';
import type { WatchSettings } from '../../node/line-watch';
import type { Named } from '../../pipeline/service';

/** What the settings say of a repository. Whatever is not of its type counts as not set. */
export interface LampSettings extends WatchSettings {
  readonly notifications: boolean;
  /** Empty: what the project's files say. */
  readonly command: string | readonly string[];
  readonly run: 'manual' | 'onCommit' | 'onSave';
  /** Name of the task whose exit code counts; empty: each of the group `test`. */
  readonly task: string;
}

/** Reads the settings for a repository. */
export function lampSettings(root: vscode.Uri | undefined): LampSettings {
  const configuration = vscode.workspace.getConfiguration('andon', root ?? null);
  const get = (name: string) => configuration.get<unknown>(name);
  const text = (name: string) => {
    const value = get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  const hosts: Record<string, string> = {};
  for (const [host, means] of Object.entries(record(get('hosts')))) {
    if (typeof means === 'string') hosts[host.toLowerCase()] = means;
  }
  const ci: Record<string, Named> = {};
  for (const [repository, value] of Object.entries(record(get('ci')))) {
    const { service, url, project } = record(value);
    if (typeof service !== 'string' || typeof url !== 'string') continue;
    ci[repository] = { service, url, ...(typeof project === 'string' && { project }) };
  }
  const command = get('local.command');
  const run = get('local.run');
  const interval = Number(get('pipeline.interval'));
  return {
    line: text('line'),
    hosts,
    ci,
    all: get('pipeline.checks') === 'all',
    ignored: texts(get('pipeline.ignoredChecks')),
    interval: Number.isFinite(interval) ? Math.max(interval, 15) : 60,
    notifications: get('pipeline.notifications') !== false,
    command: Array.isArray(command) ? texts(command) : text('local.command'),
    run: run === 'onCommit' || run === 'onSave' ? run : 'manual',
    task: text('local.task'),
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
