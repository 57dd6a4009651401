import type { Circumstances, Commit, Judgement } from '../src/guard/judge';
import type { FileStatus } from '../src/guard/status-file';

/** A commit before a status, and what is to be said of it. Times are relative to `now`. */
export interface GuardCase {
  readonly what: string;
  readonly status?: Partial<FileStatus> | null;
  readonly commit?: Partial<Commit>;
  readonly given?: Partial<Circumstances>;
  readonly say: Judgement['say'];
  readonly because: readonly string[];
}

const [minute, hour, day] = [60, 3600, 24 * 3600];
const sha = 'a'.repeat(40);
const other = 'b'.repeat(40);

/** The address of whoever commits in these cases. */
export const email = 'ann@example.org';

/** Red for twelve minutes on main, looked at just now. */
export const redNow = (now: number): FileStatus => ({
  state: 'failing',
  running: false,
  branch: 'main',
  sha: other,
  since: now - 12 * minute,
  sinceExact: true,
  firstBad: sha,
  who: 'Bob <bob@example.org>',
  url: 'https://ci.example.org/runs/7',
  source: 'github',
  checked: now - minute,
  expires: now + 15 * minute,
});

const silent = (what: string, because: string, rest: Partial<GuardCase>): GuardCase => ({
  what,
  say: 'nothing',
  because: [because],
  ...rest,
});
const message = (text: string, because: string): GuardCase =>
  silent(`"${text.slice(0, 40).replaceAll('\n', '⏎')}"`, because, { commit: { message: text } });
const asks = (what: string, rest: Partial<GuardCase> = {}): GuardCase => ({
  what,
  say: 'ask',
  because: ['red'],
  ...rest,
});

/** The table that judge() and the hook are both held to. */
export const guardCases = (now: number): readonly GuardCase[] => [
  asks('an ordinary commit'),

  // The verdict.
  ...(['passing'] as const).map((state) => silent(state, 'green', { status: { state } })),
  ...(['running', 'pending', 'cancelled', 'skipped', 'unknown'] as const).map((state) =>
    silent(state, 'unknown', { status: { state } }),
  ),
  silent('no status', 'unknown', { status: null }),
  asks('red and being built again', {
    status: { running: true },
    because: ['red', 'rebuilding'],
  }),
  asks('a commit of yours turned it red', {
    status: { who: `Ann <${email}>` },
    because: ['red', 'yours'],
  }),
  asks('an address like yours', { status: { who: `Ann <x${email}>` } }),

  // How old it is.
  silent('expired', 'expired', { status: { expires: now - minute } }),
  silent('without an end', 'expired', { status: { expires: undefined } }),
  silent('not asked for two hours', 'expired', { status: { checked: now - 2.1 * hour } }),
  asks('asked an hour ago', { status: { checked: now - hour } }),
  silent('asked in the future', 'clock', { status: { checked: now + 20 * minute } }),
  asks('a clock five minutes ahead', { status: { checked: now + 5 * minute } }),
  asks('nobody knows when asked', { status: { checked: undefined } }),
  asks('nobody knows since when', { status: { since: undefined } }),

  // The branch.
  silent('on another branch', 'elsewhere', { commit: { branch: 'feature/x' } }),
  silent('on no branch', 'elsewhere', { commit: { branch: undefined } }),
  silent('the red of no branch', 'elsewhere', { status: { branch: undefined } }),

  // The mode.
  { what: 'mode warn', given: { mode: 'warn' }, say: 'tell', because: ['red'] },
  { what: 'mode block', given: { mode: 'block' }, say: 'stop', because: ['red'] },
  silent('mode off', 'off', { given: { mode: 'off' } }),
  { what: 'the file wants to warn', status: { guard: 'warn' }, say: 'tell', because: ['red'] },
  { what: 'the file wants to block', status: { guard: 'block' }, say: 'stop', because: ['red'] },
  silent('the file wants nothing', 'off', { status: { guard: 'off' } }),
  {
    what: 'the choice at installation before the file',
    status: { guard: 'block' },
    given: { mode: 'warn' },
    say: 'tell',
    because: ['red'],
  },

  // Pause and claim.
  silent('paused', 'paused', { given: { pausedUntil: now + hour } }),
  asks('a pause that is over', { given: { pausedUntil: now - minute } }),
  silent('claimed', 'claimed', { given: { claim: { since: now - hour, until: now + hour } } }),
  silent('claimed for this red', 'claimed', {
    given: { claim: { since: now - hour, until: now + hour, sha } },
  }),
  asks('claimed for another red', {
    given: { claim: { since: now - hour, until: now + hour, sha: other } },
  }),
  asks('a claim that is over', { given: { claim: { since: now - hour, until: now - minute } } }),

  // The kind of commit.
  silent('a merge', 'in-progress', { commit: { kind: 'merge' } }),
  silent('a step of a rebase', 'in-progress', { commit: { kind: 'rebase' } }),
  silent('a cherry-pick', 'in-progress', { commit: { kind: 'cherry-pick' } }),
  silent('a revert with conflicts', 'in-progress', { commit: { kind: 'revert' } }),
  silent('the first commit', 'initial', { commit: { kind: 'initial' } }),
  silent('a commit without a change', 'empty', { commit: { kind: 'empty' } }),

  // The message.
  ...[
    'fix',
    'fix: the build',
    'fix(ci)!: the build',
    'Fix the build',
    'FIX: LOUD',
    'Fixes #12',
    'hotfix/login',
    'bugfix: x',
    'Revert "Add a thing"',
    'revert: add a thing',
    'Roll back the pump',
    '[ABC-12] fix: the pump',
    '\n\n  fix: after blank lines',
    'fix: with\r\n\r\nWindows line ends\r\n',
    '수정: 빌드',
    '버그 수정',
    '修正: ビルド',
    '修复构建',
    'Исправить сборку',
    'behebt den Bau',
    'corrige la build',
    'Répare la build',
    'Corrección de la prueba',
    '🐛 the pump',
    ':green_heart: CI',
    '⏪️ the pump',
  ].map((text) => message(text, 'fix')),
  message('feat: a pump\n\nFixes-Build: abc1234\n', 'answered'),
  message('feat: a pump\n\nandon-override: the auditor waits', 'answered'),
  ...[
    'feat: fix',
    'fixture: a pump',
    'fixup! feat: a pump',
    'prefix: x',
    'Fixtures for the pump',
    'reverting is for tomorrow',
    'A pump\n\nfix: it is not',
    'feat: a pump\n\n Fixes-Build: indented',
    '$(touch executed)',
    '`touch executed`; touch executed',
    "'; touch executed; '",
    '*',
    '-n',
    '수 정',
    'x'.repeat(100_000),
    `${'word '.repeat(20)}\n${'a long line of text '.repeat(50_000)}`,
  ].map((text) =>
    asks(`"${text.slice(0, 40).replaceAll('\n', '⏎')}"`, { commit: { message: text } }),
  ),
  silent('a word of the team', 'fix', {
    commit: { message: 'Gegenmaßnahme: Pumpe' },
    given: { fixWords: ['wiederbelebt', 'Gegenmaßnahme'] },
  }),
  asks('a longer word than the team’s', {
    commit: { message: 'mended' },
    given: { fixWords: ['mend', '*', '$(touch executed)'] },
  }),
  silent('a comment before a fix, in an editor', 'fix', {
    commit: { message: '# Please enter\nfix: x\n# more', comments: true },
  }),
  asks('a comment that repairs', {
    commit: { message: '# fix: x\nfeat: a pump\n', comments: true },
  }),
  asks('a number sign without an editor', { commit: { message: '#12 a pump\nfix: x' } }),

  // Red for days.
  asks('red for four days', {
    status: { since: now - 4 * day },
    because: ['red', 'for-days'],
  }),
  silent('red for four days, told today', 'told-today', {
    status: { since: now - 4 * day },
    given: { toldAt: now - hour },
  }),
  asks('red for four days, told yesterday', {
    status: { since: now - 4 * day },
    given: { toldAt: now - 25 * hour },
    because: ['red', 'for-days'],
  }),
  asks('told today of a red of today', { given: { toldAt: now - hour } }),
];
