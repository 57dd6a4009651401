import * as vscode from 'vscode';
import type { Source } from '../../pipeline/behind';
import type { Service } from '../../pipeline/service';
import type { Check, Reason, Status } from '../../pipeline/status';
import { clockTime } from '../clock-time';

/** Why there is no verdict, as people read it; of `ok` nothing. `until`: when a limit lifts, in seconds since 1970. */
export function reasonInWords(reason: Reason, until?: number): string {
  const { l10n } = vscode;
  switch (reason) {
    case 'ok':
      return '';
    case 'asking':
      return l10n.t('asking');
    case 'auth':
      return l10n.t('no access');
    case 'bad-answer':
      return l10n.t('answer not understood');
    case 'cancelled':
      return l10n.t('cancelled');
    case 'detached':
      return l10n.t('detached head');
    case 'no-ci':
      return l10n.t('no CI');
    case 'no-commit':
      return l10n.t('no commit yet');
    case 'no-service':
      return l10n.t('no CI service');
    case 'not-found':
      return l10n.t('not found, or no access');
    case 'not-pushed':
      return l10n.t('not pushed');
    case 'not-registered-yet':
      return l10n.t('not registered yet');
    case 'not-run':
      return l10n.t('not checked yet');
    case 'offline':
      return l10n.t('offline');
    case 'rate-limited':
      return until === undefined
        ? l10n.t('rate-limited')
        : l10n.t('rate-limited until {0}', clockTime(until));
    case 'running':
      return l10n.t('building');
    case 'skipped':
      return l10n.t('nothing to run');
    case 'unknown-state':
      return l10n.t('unknown state');
  }
}

/** Seconds in the largest unit, short: 12m. */
export function duration(seconds: number): string {
  const { l10n } = vscode;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= 172_800) return l10n.t('{0}d', Math.floor(whole / 86_400));
  if (whole >= 3600) return l10n.t('{0}h', Math.floor(whole / 3600));
  if (whole >= 60) return l10n.t('{0}m', Math.floor(whole / 60));
  return l10n.t('{0}s', whole);
}

/** A verdict as people read it. */
export function verdictInWords({ verdict, reason, running, until }: Status): string {
  const { l10n } = vscode;
  if (verdict === 'failing') return running ? l10n.t('red, building again') : l10n.t('red');
  if (verdict === 'passing') return running ? l10n.t('green, building') : l10n.t('green');
  return reasonInWords(reason, until) || l10n.t('unknown');
}

/** What a check is at, as people read it. */
export function stateInWords({ state, doomed, word }: Check): string {
  const { l10n } = vscode;
  if (doomed) return l10n.t('failing already');
  switch (state) {
    case 'passing':
      return l10n.t('passed');
    case 'failing':
      return l10n.t('failed');
    case 'running':
      return l10n.t('running');
    case 'pending':
      return l10n.t('waiting');
    case 'cancelled':
      return l10n.t('cancelled');
    case 'skipped':
      return l10n.t('skipped');
    case 'unknown':
      return word ?? l10n.t('unknown');
  }
}

/** Why a check cannot be run again from here; undefined if it can. `ran`: the server its page is at. */
export function notAgain(
  check: Check,
  service: Service | undefined,
  ran: Source | undefined,
): string | undefined {
  const { l10n } = vscode;
  if (!service) return l10n.t('it ran on this machine: run the local check');
  if (!service.rerun) return l10n.t('{0} has no call for it', service.title);
  if (check.rerun !== undefined) return undefined;
  if (check.id === '') return l10n.t('nobody has reported it yet');
  return ran
    ? l10n.t('{0} ran it, and starts it again on its own page', ran.service.title)
    : l10n.t('{0} only tells of it: another server ran it', service.title);
}

/** A check with the workflow it belongs to. */
export const checkName = ({ group, name }: Check): string =>
  group && group !== name ? `${group} / ${name}` : name;

/** The icon of a check's state. */
export const stateIcons: Readonly<Record<Check['state'], readonly [icon: string, color?: string]>> =
  {
    passing: ['pass', 'testing.iconPassed'],
    failing: ['error', 'testing.iconFailed'],
    running: ['sync~spin', 'testing.iconQueued'],
    pending: ['watch', 'testing.iconQueued'],
    cancelled: ['circle-slash', 'testing.iconSkipped'],
    skipped: ['debug-step-over', 'testing.iconSkipped'],
    unknown: ['question'],
  };
