import type { LineSettings } from '../../pipeline/checkout';
import { createHttp } from '../../pipeline/http';
import { memoryAnswers } from '../../pipeline/memory-answers';
import { services } from '../../pipeline/services';
import type { Reason, Status } from '../../pipeline/status';
import { subjectJson } from '../../pipeline/status-json';
import { paint } from '../../report/paint';
import { environmentTokens } from '../environment-tokens';
import { GitError } from '../git';
import { readCheckout } from '../git-checkout';
import { type LineState, LineWatch, type WatchSettings } from '../line-watch';
import { runLocalCheck, usualCheck } from '../local-check';
import { beginLocalCheck } from '../local-result';
import { type Given, UsageError } from '../options';
import { progressOn, type Terminal, wantsColour } from '../terminal';
import type { Command } from './command';

/** `andon status`: is the line green, and did my commit break it? */
export const status: Command = {
  name: 'status',
  operands: '',
  summary: 'tell the state of the line and of my commit',
  options: [
    { name: 'json', help: 'for other programs; times in seconds since 1970' },
    { name: 'watch', help: 'tell each change until Ctrl+C' },
    {
      name: 'local',
      value: 'COMMAND',
      bare: '',
      help: "run the project's own check now (usual: what its files say, such as npm test)",
    },
    {
      name: 'line',
      value: 'BRANCH',
      help: 'the branch everybody shares (usual: the default branch)',
    },
    {
      name: 'service',
      value: 'ID',
      help: `the CI service: ${services.map(({ id }) => id).join(', ')}`,
    },
    {
      name: 'url',
      value: 'URL',
      help: 'address of its server or job (usual: the server of the remote)',
    },
    { name: 'project', value: 'NAME', help: 'its project, or names of jobs, joined with commas' },
    { name: 'all', help: 'also checks that do not have to pass count' },
  ],
  notes: `Exits with 1 only if the line is failing. Without a service it reads <git common dir>/andon/local, which
--local, VS Code or any tool may write. What it concludes it writes to andon/status beside it, for hooks.
Tokens come from GITHUB_TOKEN or GH_TOKEN (github.com), GH_ENTERPRISE_TOKEN with GH_HOST, GITLAB_TOKEN
(gitlab.com) and ANDON_TOKENS, a list of origin=token.`,

  async run(given, terminal) {
    if (given.operands.length > 0) throw new UsageError('status takes no arguments');
    const settings = settingsOf(given);
    const checkout = await readCheckout(terminal.cwd, settings.line);
    if (!checkout) throw new GitError('not a git repository');
    const command = given.get('local');
    if (command !== undefined) await checkHere(command, checkout.root, terminal);
    const tokens = environmentTokens(terminal.env);
    const tell = (state: LineState) =>
      terminal.out(given.has('json') ? json(state, given.has('watch')) : text(state, terminal));
    let told = '';
    const watch = new LineWatch(
      terminal.cwd,
      {
        http: createHttp({
          fetch: (url, init) => globalThis.fetch(url, init),
          credential: async (origin) => tokens(origin),
          now: Date.now,
          userAgent: `andon/${terminal.version}`,
        }),
        services,
        answers: memoryAnswers(),
        clock: {
          now: Date.now,
          after: (milliseconds, then) => {
            const timer = setTimeout(then, milliseconds);
            return () => clearTimeout(timer);
          },
          random: Math.random,
        },
        settings: () => settings,
        account: async (origin) => tokens(origin)?.account ?? '',
        unfocusedSince: () => undefined,
        log: () => {},
        onError: (error) => terminal.err(`andon: ${(error as Error).message}\n`),
      },
      (state) => {
        if (!given.has('watch') || isAsking(state)) return;
        const now = JSON.stringify([gist(state.line), state.commit && gist(state.commit)]);
        if (now !== told) tell(state);
        told = now;
      },
    );
    try {
      await watch.refresh();
      const state = watch.state!;
      if (given.has('watch')) {
        await new Promise<void>((done) => {
          const keep = setInterval(() => {}, 60_000);
          const end = () => {
            clearInterval(keep);
            done();
          };
          terminal.signal.addEventListener('abort', end);
          if (terminal.signal.aborted) end();
        });
        throw new Error('interrupted');
      }
      tell(state);
      return state.line.verdict === 'failing' ? 1 : 0;
    } finally {
      watch.stop();
    }
  },
};

const isAsking = ({ line, commit }: LineState) =>
  line.reason === 'asking' || commit?.reason === 'asking';

const gist = ({ verdict, reason, running, sha, verdictSha }: Status) => ({
  ...{ verdict, reason, running, sha, verdictSha },
});

function settingsOf(given: Given): WatchSettings {
  const service = given.get('service');
  if (service !== undefined && !services.some(({ id }) => id === service)) {
    throw new UsageError(`no service "${service}"`);
  }
  const url = given.get('url') ?? '';
  const project = given.get('project');
  const ci: LineSettings['ci'] =
    service === undefined ? {} : { '*': { service, url, ...(project && { project }) } };
  return {
    ...{ line: given.get('line') ?? '', hosts: {}, ci, ignored: [], interval: 60 },
    all: given.has('all'),
  };
}

/** Runs the project's own check and writes down what it came to. */
async function checkHere(command: string, root: string, terminal: Terminal): Promise<void> {
  const what = command || usualCheck(root);
  if (!what) throw new UsageError('nothing here says how it is checked; --local=COMMAND does');
  const end = await beginLocalCheck(root, what);
  let state: Parameters<NonNullable<typeof end>>[0] = 'cancelled';
  const progress = progressOn(terminal);
  try {
    progress.show(`running ${what}`);
    const run = await runLocalCheck(what, root, {
      signal: terminal.signal,
      output: (part) => {
        progress.clear();
        terminal.err(part);
      },
    });
    state = run.state;
    if (run.problem) terminal.err(`andon: ${run.problem}\n`);
  } finally {
    progress.clear();
    end?.(state);
  }
  if (terminal.signal.aborted) throw new Error('interrupted');
}

function json({ line, commit }: LineState, oneLine: boolean): string {
  const value = { line: subjectJson(line), commit: commit ? subjectJson(commit) : null };
  return `${oneLine ? JSON.stringify(value) : JSON.stringify(value, null, 2)}\n`;
}

const reasons: Readonly<Record<Reason, string>> = {
  ok: '',
  asking: 'no answer yet',
  auth: 'no access',
  'bad-answer': 'the answer cannot be used',
  cancelled: 'cancelled',
  detached: 'detached head',
  'no-ci': 'no CI',
  'no-commit': 'no commit yet',
  'no-service': 'no CI service',
  'not-found': 'not found, or no access',
  'not-pushed': 'not pushed',
  'not-registered-yet': 'CI has not registered it yet',
  'not-run': 'not checked yet',
  offline: 'not reachable',
  'rate-limited': 'the service limits requests',
  running: 'not finished',
  skipped: 'nothing had to run',
  'unknown-state': 'the service uses a word Andon does not know',
};

function text({ line, commit, ahead, subjects }: LineState, terminal: Terminal): string {
  const { style } = paint(wantsColour(terminal));
  const now = Date.now() / 1000;
  const one = (title: string, status: Status): string => {
    const { verdict, running, reason, detail, since, branch, source } = status;
    const colour = verdict === 'failing' ? 'red' : verdict === 'passing' ? 'green' : 'yellow';
    const parts = [
      style(colour, verdict),
      ...(since !== undefined && verdict !== 'unknown'
        ? [`${status.sinceExact ? 'for' : 'for at least'} ${duration(now - since)}`]
        : []),
      ...(running ? [verdict === 'failing' ? 'building again' : 'building'] : []),
      ...(reasons[reason] ? [reasons[reason] + lifts(status)] : []),
      ...(detail && reason !== 'ok' ? [detail] : []),
      ...(detail === 'uncommitted' ? ['with changes that are not committed'] : []),
      ...(status.needsHuman ? ['waits for a person'] : []),
    ];
    const sha = status.verdictSha ?? status.sha;
    const head = `${title.padEnd(7)} ${branch ?? ''}${sha ? ` ${sha.slice(0, 9)}` : ''}`;
    const failing = status.failing.map(
      (check) =>
        `        ${check.group && check.group !== check.name ? `${check.group} / ` : ''}${check.name}${check.url ? `  ${style('dim', check.url)}` : ''}\n`,
    );
    return `${head}  ${parts.join(', ')}  ${style('dim', source)}\n${failing.join('')}`;
  };
  const mine = commit ? one('commit', commit) : 'commit  detached head\n';
  const behind = ahead > 0 ? `        not pushed: ${ahead}\n` : '';
  const { unknown } = subjects;
  const hint = unknown
    ? `        no CI service is known at ${unknown.host}: --service and --url name it\n`
    : '';
  return `${one('line', line)}${mine}${behind}${hint}`;
}

/** When a limit lifts. */
const lifts = ({ reason, until }: Status): string =>
  reason === 'rate-limited' && until !== undefined
    ? ` until ${new Date(until * 1000).toTimeString().slice(0, 5)}`
    : '';

/** Seconds in words, in the largest unit. */
function duration(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const [size, unit] = units.find(([each]) => seconds >= each) ?? [1, 's'];
  return `${Math.max(0, Math.floor(seconds / size))} ${unit}`;
}
