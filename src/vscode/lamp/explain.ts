import * as vscode from 'vscode';
import type { LineState, WatchSettings } from '../../node/line-watch';
import { type Trait, traitsOf } from '../../pipeline/checkout';
import { localId } from '../../pipeline/local';
import type { Check, Status } from '../../pipeline/status';
import { clockTime } from '../clock-time';
import type { Connection } from './connections';
import { isStale } from './face';
import type { Repository } from './repository';
import { checkName, duration, reasonInWords, stateInWords, verdictInWords } from './words';

/** What a verdict stands on besides the answers of servers. */
export interface Inputs {
  readonly settings: WatchSettings;
  readonly connections: readonly Connection[];
  readonly muted: boolean;
}

/** Verdicts of earlier commits that are told. */
const pastShown = 10;

/** Everything a verdict stands on, as a page of Markdown. */
export function explanation(repository: Repository, state: LineState, inputs: Inputs): string {
  const { l10n } = vscode;
  const { line, commit, checkout, subjects } = state;
  const title = l10n.t('Line: {0}', line.branch ?? '');
  const parts = [
    `# ${l10n.t('Why the lamp shows what it shows')}`,
    ofLamp(repository, state, inputs),
    ofSubject(title, 'line', line, repository, state, inputs),
  ];
  if (commit) {
    const own = l10n.t('Your commit on {0}', commit.branch ?? '');
    parts.push(ofSubject(own, 'commit', commit, repository, state, inputs));
  } else {
    const why = reasonInWords(checkout.head === undefined ? 'no-commit' : 'detached');
    parts.push(`## ${l10n.t('Your commit: {0}', why)}`);
  }
  const traits = traitsOf(checkout, subjects);
  const { unknown } = subjects;
  if (traits.length > 0) {
    const words = traits.map((trait) => `- ${plain(traitInWords(trait, unknown?.host ?? ''))}`);
    parts.push(`## ${l10n.t('The checkout')}`, words.join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

/** What decides for the repository as a whole. */
function ofLamp(repository: Repository, state: LineState, { settings, muted }: Inputs): string {
  const { l10n } = vscode;
  const { ahead, line, pollEvery } = state;
  const { claim } = repository;
  const lines: string[] = [];
  const named = (checks: readonly string[]) => checks.map(plain).join(', ');
  const required = line.checks.filter((check) => check.required).map(checkName);
  lines.push(
    settings.all
      ? l10n.t('All checks count.')
      : required.length > 0
        ? l10n.t('Only checks that have to pass count: {0}', named(required))
        : l10n.t('All checks count, as none is named that has to pass.'),
  );
  if (settings.ignored.length > 0) {
    lines.push(l10n.t('Checks that never count: {0}', named(settings.ignored)));
  }
  if (ahead > 0) lines.push(l10n.t('not pushed: {0}', ahead));
  if (isStale(line, Date.now() / 1000, pollEvery)) {
    lines.push(l10n.t('The answer is too old to be relied on.'));
  }
  if (claim) lines.push(l10n.t('You are fixing it, until {0}', clockTime(claim.until)));
  if (muted) lines.push(l10n.t('Muted: no colour, no notifications.'));
  return lines.map((each) => `- ${each}`).join('\n');
}

function ofSubject(
  title: string,
  which: 'line' | 'commit',
  status: Status,
  repository: Repository,
  { subjects, pollEvery }: LineState,
  { settings, connections }: Inputs,
): string {
  const { l10n } = vscode;
  const target = repository.target(which);
  const commit = (sha: string) =>
    `\`${sha.slice(0, 9)}\` ${plain(repository.subjects.get(sha) ?? '')}`;
  const lines: string[] = [`## ${plain(title)}: ${plain(verdictInWords(status))}`, ''];
  const say = (words: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push(`- ${words}: ${value}`);
  };
  const asked = subjects[which]?.projects.map(({ web }) => plain(web)).join(', ');
  say(
    l10n.t('asked'),
    target ? `${target.service.title}, ${asked}` : l10n.t('the result of the local check'),
  );
  const origin = target && new URL(target.project.api).origin;
  const account = connections.find((each) => each.origin === origin)?.account;
  const signedIn = account === undefined ? l10n.t('without sign-in') : l10n.t('signed in');
  say(l10n.t('as'), target && signedIn);
  say(l10n.t('when'), status.checked === undefined ? undefined : clockTime(status.checked));
  say(l10n.t('asked again every'), target && which === 'line' ? duration(pollEvery) : undefined);
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
    status.reason === 'ok' ? undefined : reasonInWords(status.reason, status.until),
  );
  const detail =
    status.detail === 'uncommitted' ? l10n.t('with changes that are not committed') : status.detail;
  say(l10n.t('in detail'), detail && plain(detail));
  say(l10n.t('first failing'), named(status.failing));
  if (status.checks.length > 0) {
    lines.push(
      '',
      `| ${l10n.t('check')} | ${l10n.t('state')} | ${l10n.t('counts')} |`,
      '|---|---|---|',
    );
    for (const check of status.checks) {
      const cells = [checkName(check), stateInWords(check), counts(check, settings)];
      lines.push(`| ${cells.map(plain).join(' | ')} |`);
    }
  }
  const past = status.past.filter(({ sha, verdict }) => verdict !== 'none' && sha !== status.sha);
  if (past.length > 0) {
    lines.push('', `${l10n.t('Earlier commits')}:`, '');
    for (const { sha, verdict, at } of past.slice(0, pastShown)) {
      const words = verdict === 'failing' ? l10n.t('red') : l10n.t('green');
      lines.push(`- ${commit(sha)}: ${words}, ${clockTime(at)}`);
    }
  }
  return lines.join('\n');
}

const named = (checks: readonly Check[]) => checks.slice(0, 5).map(checkName).map(plain).join(', ');

function counts(check: Check, { ignored, all }: WatchSettings): string {
  const { l10n } = vscode;
  const { required, allowFailure, id, name, key } = check;
  if (key === localId) return l10n.t('yes');
  if (ignored.includes(name)) return l10n.t('never, by the settings');
  if (id === '') return l10n.t('required, not reported yet');
  if (allowFailure || (required === false && !all)) return l10n.t('optional');
  return required ? l10n.t('required') : l10n.t('yes');
}

function traitInWords(trait: Trait, host: string): string {
  const { l10n } = vscode;
  switch (trait) {
    case 'detached':
      return l10n.t('Detached head: there is no branch, and so no commit of yours to ask about.');
    case 'fork':
      return l10n.t('Fork: your commit is asked for here and where it was forked from.');
    case 'local':
      return l10n.t('No remote: what the project checks itself is the verdict.');
    case 'no-commit':
      return l10n.t('There is no commit yet.');
    case 'not-pushed':
      return l10n.t('Nothing of your branch is pushed yet.');
    case 'submodule':
      return l10n.t('Submodule: it has a line of its own.');
    case 'unknown-host':
      return host.includes('.')
        ? l10n.t('Of {0} it is not known which service it is: andon.hosts can say so.', host)
        : l10n.t('{0} is the alias of an ssh host: andon.hosts can say which.', host);
    case 'worktree':
      return l10n.t('Linked worktree: verdicts are shared with the others.');
  }
}

/** What comes from servers and commits is text, whatever it looks like. */
const plain = (text: string) =>
  text.replace(/[\\`*_{}[\]<>()#+!|~$&]/g, '\\$&').replace(/\s+/g, ' ');
