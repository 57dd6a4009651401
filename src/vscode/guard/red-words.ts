import * as vscode from 'vscode';
import type { FileStatus } from '../../guard/status-file';

const { l10n } = vscode;

/** A stretch of time in words. Both in seconds since 1970. */
export function ageText(from: number, to: number): string {
  const minutes = Math.max(0, Math.floor((to - from) / 60));
  if (minutes < 120) return l10n.t('{0} min', minutes);
  if (minutes < 2880) return l10n.t('{0} h', Math.floor(minutes / 60));
  return l10n.t('{0} days', Math.floor(minutes / 1440));
}

/** The sentence that says how things stand. */
export function redText({ branch = '', since, running }: FileStatus, now: number): string {
  if (since === undefined || since > now) return l10n.t('The build of {0} is red.', branch);
  const age = ageText(since, now);
  return running
    ? l10n.t('The build of {0} has been red for {1}, and is being built again.', branch, age)
    : l10n.t('The build of {0} has been red for {1}.', branch, age);
}

/** What follows from it, and which commit it was. */
export function redDetail(status: FileStatus, yours: boolean): string {
  const commit = status.firstBad?.slice(0, 7);
  const which = !commit
    ? ''
    : yours
      ? l10n.t('Your commit {0} turned it red.', commit)
      : l10n.t('Commit {0} turned it red.', commit);
  return [which, l10n.t('A red build takes nothing but fixes.')].filter(Boolean).join(' ');
}

/** What a fix is recorded with: the commit it repairs. */
export const fixedWhat = ({ firstBad, sha }: FileStatus): string =>
  (firstBad ?? sha ?? 'build').slice(0, 12);
