import * as vscode from 'vscode';
import type { Claim } from '../../guard/claim-file';
import type { LineState } from '../../node/line-watch';
import type { Status } from '../../pipeline/status';
import { clockTime } from '../clock-time';
import { checkName, duration, reasonInWords, verdictInWords } from './words';

/** What the lamp shows. */
export interface Face {
  readonly text: string;
  readonly label: string;
  readonly background?: 'statusBarItem.errorBackground' | 'statusBarItem.warningBackground';
}

/** What the lamp is made of, besides the state. Times are seconds since 1970. */
export interface Surroundings {
  readonly now: number;
  readonly claim: Claim | undefined;
  readonly muted: boolean;
}

/** A verdict that is too old to be relied on, because nobody can ask. */
export function isStale(
  { checked, reason, source }: Status,
  now: number,
  pollEvery: number,
): boolean {
  if (reason === 'ok' || source === 'local') return false;
  return checked === undefined || now - checked > Math.max(3 * pollEvery, 15 * 60);
}

/** The lamp's face: the worst news first, red only for what stops the line. */
export function face({ line, commit, pollEvery }: LineState, around: Surroundings): Face {
  const { l10n } = vscode;
  const { now, claim, muted } = around;
  const branch = line.branch ?? '';
  const known = !isStale(line, now, pollEvery);
  const yours = commit && !isStale(commit, now, pollEvery) ? commit : undefined;
  const of = (text: string, label: string, background?: Face['background']): Face => ({
    text,
    label: `Andon: ${label}`,
    ...(background && !muted && { background }),
  });
  if (line.verdict === 'failing' && known) {
    const age = line.since === undefined ? '' : ` ${duration(now - line.since)}`;
    const label = l10n.t('{0} is red', branch);
    if (claim)
      return of(
        `$(tools) ${l10n.t('{0} red, being fixed', branch)}`,
        label,
        'statusBarItem.warningBackground',
      );
    if (muted) return of(`$(bell-slash) ${l10n.t('{0} red', branch)}${age}`, label);
    return line.running
      ? of(
          `$(sync~spin) ${l10n.t('{0} red, rebuilding', branch)}`,
          l10n.t('{0} is red and building again', branch),
          'statusBarItem.errorBackground',
        )
      : of(`$(error) ${l10n.t('{0} red', branch)}${age}`, label, 'statusBarItem.errorBackground');
  }
  if (yours?.verdict === 'failing') {
    const icon = yours.running ? '$(sync~spin)' : '$(warning)';
    const text = yours.running ? l10n.t('yours red, rebuilding') : l10n.t('yours red');
    return of(`${icon} ${text}`, l10n.t('your commit is red'), 'statusBarItem.warningBackground');
  }
  if (line.verdict === 'unknown' || !known) return unknown(line, around);
  if (line.running) return of(`$(sync~spin) ${branch}`, l10n.t('{0} is building', branch));
  if (yours?.running)
    return of(`$(sync~spin) ${l10n.t('yours building')}`, l10n.t('your commit is building'));
  return of(`$(pass) ${branch}`, l10n.t('{0} is green', branch));
}

function unknown(line: Status, { now }: Surroundings): Face {
  const { branch = '', reason, until, running } = line;
  const icons: Partial<Record<Status['reason'], string>> = {
    asking: 'sync~spin',
    auth: 'key',
    offline: 'debug-disconnect',
    'rate-limited': 'clock',
  };
  const words = reasonInWords(reason, until !== undefined && until > now ? until : undefined);
  const icon = running ? 'sync~spin' : (icons[reason] ?? 'question');
  return { text: `$(${icon}) ${branch}: ${words}`, label: `Andon: ${branch}: ${words}` };
}

/** The tooltip: both subjects, in words. What comes from servers is escaped. */
export function tooltip(
  { line, commit, ahead }: LineState,
  { now, claim }: Surroundings,
  subjects: ReadonlyMap<string, string>,
): vscode.MarkdownString {
  const { l10n } = vscode;
  const text = new vscode.MarkdownString('', true);
  const say = (part: string) => text.appendText(part);
  const subject = (title: string, status: Status) => {
    text.appendMarkdown('**');
    say(title);
    text.appendMarkdown('** ');
    say(verdictInWords(status));
    const { since, verdict, sinceExact, verdictSha, sha, firstRed, checked } = status;
    if (since !== undefined && verdict !== 'unknown') {
      const at = clockTime(since);
      say(` · ${sinceExact ? l10n.t('since {0}', at) : l10n.t('at least since {0}', at)}`);
    }
    const of = verdictSha ?? sha;
    if (of) {
      text.appendMarkdown('  \n');
      say(`${of.slice(0, 9)} ${subjects.get(of) ?? ''}`);
    }
    for (const check of status.failing.slice(0, 5)) {
      text.appendMarkdown('  \n$(error) ');
      say(checkName(check));
      if (check.required === false) say(` · ${l10n.t('optional')}`);
      if (check.required) say(` · ${l10n.t('required')}`);
    }
    if (firstRed && firstRed !== of && verdict === 'failing') {
      text.appendMarkdown('  \n');
      say(l10n.t('first red: {0}', `${firstRed.slice(0, 9)} ${subjects.get(firstRed) ?? ''}`));
    }
    const notes = [
      ...(status.warnings ? [l10n.t('with warnings')] : []),
      ...(status.needsHuman ? [l10n.t('waits for a person')] : []),
      ...(status.detail === 'uncommitted' ? [l10n.t('with changes that are not committed')] : []),
      ...(verdict !== 'unknown' && status.reason !== 'ok'
        ? [reasonInWords(status.reason, status.until)]
        : []),
      ...(status.detail && status.detail !== 'uncommitted' ? [status.detail] : []),
      ...(checked === undefined ? [] : [l10n.t('asked {0} ago', duration(now - checked))]),
      status.source,
    ];
    text.appendMarkdown('  \n');
    say(notes.join(' · '));
    text.appendMarkdown('\n\n');
  };
  subject(line.branch ?? '', line);
  if (commit) {
    const title = l10n.t('your commit on {0}', commit.branch ?? '');
    if (commit.branch !== line.branch || commit.verdict !== line.verdict) subject(title, commit);
    if (ahead > 0) {
      say(l10n.t('not pushed: {0}', ahead));
      text.appendMarkdown('\n\n');
    }
  } else {
    say(l10n.t('detached head'));
    text.appendMarkdown('\n\n');
  }
  if (claim) {
    text.appendMarkdown('$(tools) ');
    say(l10n.t('You are fixing it, until {0}', clockTime(claim.until)));
  }
  return text;
}
