import * as vscode from 'vscode';
import type { LineState } from '../../node/line-watch';
import type { Check, Status } from '../../pipeline/status';
import type { Repository } from './repository';
import { checkName, clockTime, reasonInWords, verdictInWords } from './words';

/** Everything a verdict stands on, as a page of Markdown. */
export function explanation(repository: Repository, state: LineState): string {
  const { l10n } = vscode;
  const { line, commit, ahead } = state;
  const parts = [`# ${l10n.t('Why the lamp shows what it shows')}`];
  parts.push(subject(l10n.t('Line: {0}', line.branch ?? ''), line, repository, 'line'));
  if (commit) {
    parts.push(
      subject(l10n.t('Your commit on {0}', commit.branch ?? ''), commit, repository, 'commit'),
    );
  } else parts.push(l10n.t('detached head'));
  if (ahead > 0) parts.push(l10n.t('not pushed: {0}', ahead));
  return `${parts.join('\n\n')}\n`;
}

function subject(
  title: string,
  status: Status,
  repository: Repository,
  which: 'line' | 'commit',
): string {
  const { l10n } = vscode;
  const target = repository.target(which);
  const commit = (sha: string) =>
    `\`${sha.slice(0, 9)}\` ${plain(repository.subjects.get(sha) ?? '')}`;
  const lines: string[] = [`## ${plain(title)}: ${verdictInWords(status)}`, ''];
  const say = (words: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push(`- ${words}: ${value}`);
  };
  say(
    l10n.t('asked'),
    target
      ? `${target.service.title}, ${plain(target.project.web)}`
      : l10n.t('the result of the local check'),
  );
  say(l10n.t('when'), status.checked === undefined ? undefined : clockTime(status.checked));
  say(l10n.t('newest commit'), status.sha && commit(status.sha));
  say(l10n.t('the verdict is about'), status.verdictSha && commit(status.verdictSha));
  const { since, sinceExact } = status;
  say(
    l10n.t('since'),
    since === undefined
      ? undefined
      : `${clockTime(since)}${sinceExact ? '' : ` (${l10n.t('or earlier')})`}`,
  );
  say(l10n.t('first red commit'), status.firstRed && commit(status.firstRed));
  say(
    l10n.t('why it is not newer'),
    status.reason === 'ok' ? undefined : reasonInWords(status.reason),
  );
  const detail =
    status.detail === 'uncommitted' ? l10n.t('with changes that are not committed') : status.detail;
  say(l10n.t('in detail'), detail && plain(detail));
  if (status.checks.length > 0) {
    lines.push(
      '',
      `| ${l10n.t('check')} | ${l10n.t('state')} | ${l10n.t('counts')} |`,
      '|---|---|---|',
    );
    for (const check of status.checks) {
      lines.push(
        `| ${plain(checkName(check))} | ${check.word ? plain(check.word) : check.state} | ${counts(check)} |`,
      );
    }
  }
  return lines.join('\n');
}

function counts({ required, allowFailure, id }: Check): string {
  const { l10n } = vscode;
  if (id === '') return l10n.t('required, not reported yet');
  if (allowFailure || required === false) return l10n.t('optional');
  return required ? l10n.t('required') : l10n.t('yes');
}

/** What comes from servers and commits is text, whatever it looks like. */
const plain = (text: string) =>
  text.replace(/[\\`*_{}[\]<>()#+!|~$&]/g, '\\$&').replace(/\s+/g, ' ');
