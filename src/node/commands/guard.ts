import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { describePlan } from '../../guard/install-plan';
import { judge } from '../../guard/judge';
import { countFormat, countOverrides } from '../../guard/override-count';
import {
  type GuardPolicy,
  guardBranches,
  pausePath,
  serialisePause,
} from '../../guard/policy-file';
import { guardModes } from '../../guard/status-file';
import { redSentence } from '../../guard/wording';
import { count } from '../../report/check-report';
import { lookUp } from '../../text/look-up';
import { git } from '../git';
import { install, installedWay, planInstall, remove, verify } from '../guard-install';
import {
  circumstancesOf,
  commitNow,
  type GuardRepository,
  guardRepository,
  policyOf,
  statusOf,
  writeBelow,
} from '../guard-repository';
import { type Given, UsageError } from '../options';
import type { Terminal } from '../terminal';
import { slashes } from '../workspace-root';
import type { Command } from './command';

type Action = (repository: GuardRepository, given: Given, terminal: Terminal) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  check: checkCommit,
  install: installGuard,
  log: countLog,
  pause: pauseGuard,
  remove: removeGuard,
};

/** `andon guard …`: the hook that speaks before a commit while the build is red. */
export const guard: Command = {
  name: 'guard',
  operands: 'check [MESSAGE-FILE] | install | log [RANGE] | pause [2h|off] | remove',
  summary: 'let a red build take nothing but fixes',
  options: [
    { name: 'mode', value: 'MODE', help: 'off, warn, ask (default) or block' },
    {
      name: 'branches',
      value: 'WHICH',
      help: 'line (default): the shared branch; every: also each branch whose own build is red',
    },
    { name: 'fix', value: 'WORD', many: true, help: 'a message beginning so repairs, too' },
    { name: 'dry-run', help: 'print what would be done, and do nothing' },
    { name: 'yes', short: 'y', help: 'do it without asking' },
    { name: 'since', value: 'DATE', help: 'of log: as "git log --since" takes it' },
  ],
  notes: `  install  has git call the guard in this repository: shows what it will change, asks, changes it, and has git call
           its hooks to see. In mode ask it asks in the VS Code window that has the repository open.
  remove   takes it out again; files are as before, byte for byte
  check    whether a commit would be spoken of now; exits 1 only where it would be stopped (--mode block)
  pause    silence for some time, an hour if not said; "off" ends it
  log      how often the guard was answered, from the trailers Fixes-Build and Andon-Override. Nobody is named.

Past it for once: ANDON=0 git commit`,
  async run(given, terminal) {
    const [name = '', ...operands] = given.operands;
    const action = lookUp(actions, name);
    if (!action) {
      const known = Object.keys(actions).join(', ');
      throw new UsageError(name ? `no "guard ${name}"; there is ${known}` : `guard ${known}?`);
    }
    const most = name === 'install' || name === 'remove' ? 0 : 1;
    if (operands.length > most) {
      throw new UsageError(
        `guard ${name} takes ${most === 0 ? 'no' : 'one'} argument${most ? '' : 's'}`,
      );
    }
    const repository = await guardRepository(terminal.cwd);
    return action(repository, { ...given, operands }, terminal);
  },
};

function oneOf<T extends string>(given: Given, name: string, known: readonly T[]): T | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  const found = known.find((each) => each === value);
  if (!found) throw new UsageError(`--${name} is ${known.join(', ')}, not "${value}"`);
  return found;
}

async function installGuard(
  repository: GuardRepository,
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const before = policyOf(repository.commonDir);
  const words = given.all('fix');
  const policy: GuardPolicy = {
    mode: oneOf(given, 'mode', guardModes) ?? before.mode ?? 'ask',
    branches: oneOf(given, 'branches', guardBranches) ?? before.branches,
    fixWords: words.length > 0 ? words : before.fixWords,
  };
  const plan = await planInstall(repository, policy, terminal.home);
  const name = (path: string) => slashes(relative(terminal.cwd, path));
  terminal.out(`${describePlan(plan, name).join('\n')}\n`);
  if ('refused' in plan) return 2;
  if (given.has('dry-run')) return 0;
  if (!(await agreed(given, terminal))) return 2;
  await install(repository, policy, terminal.home);
  return report(repository, policy, terminal);
}

/** What git says of it; exit code 2 if it does not call the guard. */
async function report(
  repository: GuardRepository,
  { mode }: GuardPolicy,
  terminal: Terminal,
): Promise<number> {
  const silent = (await verify(repository)).filter(({ answers }) => !answers);
  if (silent.length === 0) {
    terminal.out(`git calls the guard (${installedWay(repository)}), mode ${mode}\n`);
    return 0;
  }
  const hooks = silent.map(({ hook }) => hook).join(' and ');
  terminal.err(`andon: git does not call the guard at ${hooks}\n`);
  return 2;
}

async function agreed(given: Given, terminal: Terminal): Promise<boolean> {
  if (given.has('yes')) return true;
  if (!terminal.outIsTerminal) {
    terminal.err('andon: nothing done; --yes does it without asking\n');
    return false;
  }
  terminal.out('Do it? [y/N] ');
  const answer = (await terminal.line()).trim();
  return /^y(es)?$/i.test(answer);
}

async function removeGuard(
  repository: GuardRepository,
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const way = installedWay(repository);
  if (!way) {
    terminal.out('the guard is not installed here\n');
    return 0;
  }
  terminal.out(`the guard (${way}) is taken out, and what was there before put back\n`);
  if (given.has('dry-run')) return 0;
  if (!(await agreed(given, terminal))) return 2;
  const left = await remove(repository);
  for (const each of left) terminal.err(`andon: ${each}\n`);
  return left.length > 0 ? 2 : 0;
}

async function checkCommit(
  repository: GuardRepository,
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const { commonDir, top } = repository;
  const [file] = given.operands;
  const message = file === undefined ? '' : readFileSync(resolve(terminal.cwd, file), 'utf8');
  const commit = await commitNow(repository, message);
  const email = await git(top, 'config', 'user.email').catch(() => '');
  const found = circumstancesOf(commonDir, email);
  const mode = oneOf(given, 'mode', guardModes) ?? found.mode;
  const status = statusOf(commonDir, commit.branch, found);
  const { say, reasons } = judge(status, commit, { ...found, mode });
  if (status && say !== 'nothing') {
    terminal.out(`${redSentence(status, found.now)}\n`);
    if (status.url) terminal.out(`${status.url}\n`);
  } else terminal.out(`nothing to say: ${reasons.join(', ')}\n`);
  const way = installedWay(repository);
  terminal.out(way ? `installed (${way}), mode ${found.mode ?? 'ask'}\n` : 'not installed here\n');
  return say === 'stop' ? 1 : 0;
}

async function pauseGuard(
  { commonDir }: GuardRepository,
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const [length = '1h'] = given.operands;
  if (length === 'off') {
    writeBelow(commonDir, pausePath, undefined);
    terminal.out('the guard speaks again\n');
    return 0;
  }
  const found = /^([1-9]\d{0,3})(m|h|d)$/.exec(length);
  if (!found) throw new UsageError(`a pause is such as 30m, 2h or 1d, not "${length}"`);
  const unit = { m: 60, h: 3600, d: 86_400 }[found[2] as 'm' | 'h' | 'd'];
  const until = Math.floor(Date.now() / 1000) + Number(found[1]) * unit;
  writeBelow(commonDir, pausePath, serialisePause(until));
  terminal.out(`the guard is silent until ${new Date(until * 1000).toLocaleString()}\n`);
  return 0;
}

async function countLog(
  { top }: GuardRepository,
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const [range = 'HEAD'] = given.operands;
  const since = given.get('since');
  const log = await git(
    top,
    'log',
    `--format=${countFormat}`,
    ...(since ? [`--since=${since}`] : []),
    '--end-of-options',
    range,
  );
  const { commits, fixes, overrides, reasons, months } = countOverrides(log);
  terminal.out(
    `${count(commits, 'commit')}, ${count(fixes, 'repair')} of the build, ${count(overrides, 'override')}\n`,
  );
  for (const each of months) {
    terminal.out(
      `${each.month}  ${count(each.fixes, 'repair')}, ${count(each.overrides, 'override')}\n`,
    );
  }
  for (const [reason, times] of reasons.slice(0, 10)) terminal.out(`${times} x  ${reason}\n`);
  return 0;
}
