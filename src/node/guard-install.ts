import { execFile } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type GuardHook, guardHooks, hookPath, leadsToGuard } from '../guard/hook-entry';
import {
  type HookFile,
  type InstallPlan,
  installPlan,
  type Step,
  type Surroundings,
  type Way,
} from '../guard/install-plan';
import { type GuardPolicy, policyPath, serialisePolicy } from '../guard/policy-file';
import { GitError, git } from './git';
import { gitProgram } from './git-program';
import { type GuardRepository, policyOf, readBelow, writeBelow } from './guard-repository';
import { slashes } from './workspace-root';

/** What was done at the installation, so that it can be undone byte for byte. */
interface InstallRecord {
  readonly version: 1;
  readonly way: Way;
  readonly steps: readonly Step[];
  /** Folders that were not there, outermost first. */
  readonly folders: readonly string[];
  /** Git's configuration before and after. */
  readonly configuration?: { readonly before: string; readonly after: string };
  /** Files a manager wrote when told to. */
  readonly made: readonly { readonly path: string; readonly text: string }[];
}

/** The name of the hook's script in the bundle's folder. */
export const hookFile = 'guard-hook.sh';

/** Where that is kept, below the common directory. */
const recordPath = 'andon/installed.json';

/** Looks at a repository as far as an installation needs. Changes nothing. Throws GitError. */
export async function surroundingsOf({ top, commonDir }: GuardRepository): Promise<Surroundings> {
  const version = /(\d+)\.(\d+)/.exec(await git(top, '--version')) ?? [];
  const answer = (await git(top, 'rev-parse', '--git-path', 'hooks')).trimEnd();
  const nowhere = answer === '' || answer === '/dev/null' || answer.toLowerCase() === 'nul';
  const hooksDir = nowhere ? undefined : slashes(resolve(top, answer));
  const within = (folder: string) => hooksDir?.startsWith(`${slashes(folder)}/`);
  return {
    gitVersion: [Number(version[1]), Number(version[2])],
    commonDir: slashes(commonDir),
    top: slashes(top),
    hooksDir,
    hooksAt: within(commonDir) ? 'git' : within(top) ? 'tree' : 'outside',
    hookFile: hookFileAt,
    read: textOf,
  };
}

/** The plan for a repository, without carrying it out; `home` is the folder of the bundle. Throws GitError. */
export async function planInstall(
  repository: GuardRepository,
  policy: GuardPolicy,
  home: string,
): Promise<InstallPlan> {
  return installPlan(await surroundingsOf(repository), [
    [hookPath, readFileSync(join(home, hookFile), 'utf8')],
    [policyPath, serialisePolicy(policy)],
  ]);
}

/** Whether the guard was installed here, and how. */
export function installedWay({ commonDir }: GuardRepository): Way | undefined {
  return recordOf(commonDir)?.way;
}

/**
 * Installs the guard, anew where it is installed already. If a step fails, what was done is undone, and the error
 * thrown: GitError, or the system's.
 */
export async function install(
  repository: GuardRepository,
  policy: GuardPolicy,
  home: string,
): Promise<void> {
  if (installedWay(repository)) await takeOut(repository);
  const plan = await planInstall(repository, policy, home);
  if ('refused' in plan) throw new GitError(plan.refused);
  await carryOutAll(repository, plan);
}

async function carryOutAll(
  repository: GuardRepository,
  plan: Extract<InstallPlan, { steps: readonly Step[] }>,
): Promise<void> {
  const { commonDir, top } = repository;
  const configuration = join(commonDir, 'config');
  const before = readFileSync(configuration, 'utf8');
  const folders: string[] = [];
  const done: Step[] = [];
  const made: { path: string; text: string }[] = [];
  const record = (): InstallRecord => {
    const after = readFileSync(configuration, 'utf8');
    const changed = after !== before && { configuration: { before, after } };
    return { version: 1, way: plan.way, steps: done, folders, ...changed, made };
  };
  try {
    for (const step of plan.steps) {
      if (step.do === 'write' || step.do === 'keep') {
        folders.push(...makeFolder(dirname(step.do === 'keep' ? step.to : step.path)));
      }
      done.push(step);
      if (step.do === 'run') {
        const hooksDir = resolve(
          top,
          (await git(top, 'rev-parse', '--git-path', 'hooks')).trimEnd(),
        );
        const known = new Set(namesIn(hooksDir));
        await runTool(top, step.command);
        for (const name of namesIn(hooksDir)) {
          const path = join(hooksDir, name);
          const text = known.has(name) ? undefined : textOf(path);
          if (text !== undefined) made.push({ path, text });
        }
      } else await carryOut(step, top);
    }
    writeBelow(commonDir, recordPath, `${JSON.stringify(record(), null, 1)}\n`);
  } catch (error) {
    await undo(repository, record());
    throw error;
  }
}

/**
 * Puts right what another tool has overwritten since the installation. Only in the git directory: what lies in the work
 * tree somebody may have taken out on purpose, and `lost` says so. Runs no hook. Throws GitError.
 */
export async function repair(
  repository: GuardRepository,
  home: string,
): Promise<'not-installed' | 'fine' | 'repaired' | 'lost'> {
  if (!installedWay(repository)) return 'not-installed';
  const { commonDir, top } = repository;
  const policy = policyOf(commonDir);
  const plan = await planInstall(repository, policy, home);
  if ('refused' in plan) return 'lost';
  const configured = await git(top, 'config', '--local', '--get-regexp', '^hook\\.andon-').catch(
    () => '',
  );
  const needed = plan.steps.filter((step) => {
    if (step.do === 'configure') return !configured.includes(`hook.${step.name}.command`);
    return step.do !== 'write' || !step.path.startsWith(`${slashes(commonDir)}/andon/`);
  });
  const script = plan.steps.find((step) => step.do === 'write' && step.path.endsWith(hookPath));
  const stale = script?.do === 'write' && script.before !== script.text;
  if (needed.length === 0) {
    // The hook of another version of Andon.
    if (stale) writeBelow(commonDir, hookPath, script.text);
    return stale ? 'repaired' : 'fine';
  }
  if (needed.some((step) => step.do === 'run' || (step.do === 'write' && step.shared))) {
    return 'lost';
  }
  await install(repository, policy, home);
  return 'repaired';
}

/**
 * Takes out what was put in, and restores what was there byte for byte. What somebody changed since is left as it is
 * but for our lines; the texts returned say what a person has to look at. Throws GitError.
 */
export async function remove(repository: GuardRepository): Promise<readonly string[]> {
  if (!installedWay(repository)) return [];
  const left = await takeOut(repository);
  for (const name of ['pause', 'claim', 'told', 'told-box']) {
    writeBelow(repository.commonDir, `andon/${name}`, undefined);
  }
  removeIfEmpty(join(repository.commonDir, 'andon'));
  return left;
}

/** The same without what the user has said since, a pause or a claim: to be put in again. */
async function takeOut(repository: GuardRepository): Promise<readonly string[]> {
  const record = recordOf(repository.commonDir);
  if (!record) return [];
  const left = await undo(repository, record);
  writeBelow(repository.commonDir, recordPath, undefined);
  removeIfEmpty(join(repository.commonDir, 'andon'));
  return left;
}

/**
 * Whether git calls the guard. Git is asked: for what its configuration has it run, else by having it call each hook;
 * ours says so and ends the hook there. lefthook and pre-commit would go on with the rest, tests perhaps, and are read.
 */
export async function verify(
  repository: GuardRepository,
): Promise<readonly { readonly hook: GuardHook; readonly answers: boolean }[]> {
  const here = await surroundingsOf(repository);
  const way = installedWay(repository);
  const called = (each: GuardHook): boolean | Promise<boolean> => {
    if (way === 'git') {
      const list = git(repository.top, 'hook', 'list', each).catch(() => '');
      return list.then((names) => names.split(/\s+/).includes(`andon-${each}`));
    }
    const path = `${here.hooksDir}/${each}`;
    if (way === 'lefthook') return isExecutable(path) && /lefthook/.test(textOf(path) ?? '');
    if (way === 'pre-commit') {
      const legacy = `${path}.legacy`;
      const own = [path, legacy].filter(isExecutable).map((file) => textOf(file) ?? '');
      return own.some((text) => leadsToGuard(text, each));
    }
    return answersTo(repository, each);
  };
  return Promise.all(guardHooks.map(async (hook) => ({ hook, answers: await called(hook) })));
}

/** By "git hook run", which is there since 2.36; of an older git nothing is known, and the best assumed. */
async function answersTo({ top, gitDir }: GuardRepository, each: GuardHook): Promise<boolean> {
  const args = each === 'pre-push' ? ['origin', 'origin'] : [join(gitDir, 'andon-probe')];
  const { CI: _, ...env } = process.env;
  const program = await gitProgram();
  return new Promise((done) => {
    const options = { cwd: top, env: { ...env, ANDON: 'probe' }, timeout: 10_000 };
    execFile(program, ['hook', 'run', each, '--', ...args], options, (_error, out, err) => {
      const said = `${out}\n${err}`;
      done(
        said.includes(`andon guard: ${each}`) || /is not a git command|usage: git hook/.test(said),
      );
    });
  });
}

// --- doing and undoing ---------------------------------------------------------------------------

async function carryOut(step: Exclude<Step, { do: 'run' }>, top: string): Promise<void> {
  if (step.do === 'write') {
    writeFileSync(step.path, step.text);
    if (step.executable && step.before === undefined)
      chmodSync(step.path, lstatSync(step.path).mode | 0o111);
  } else if (step.do === 'keep') {
    renameSync(step.path, step.to);
  } else {
    const key = `hook.${step.name}`;
    await git(top, 'config', '--local', `${key}.command`, step.command);
    await git(top, 'config', '--local', `${key}.event`, step.event);
  }
}

async function undo(
  { top, commonDir }: GuardRepository,
  record: InstallRecord,
): Promise<readonly string[]> {
  const left: string[] = [];
  const steps = [...record.steps].reverse();
  const configuration = join(commonDir, 'config');
  const configured = steps.filter((step) => step.do === 'configure');
  if (record.configuration && textOf(configuration) === record.configuration.after) {
    writeFileSync(configuration, record.configuration.before);
  } else {
    for (const { name } of configured) {
      await git(top, 'config', '--local', '--remove-section', `hook.${name}`).catch(() => '');
    }
  }
  for (const step of steps) {
    if (step.do === 'write') left.push(...unwrite(step));
    else if (step.do === 'keep' && existsOrLink(step.to)) {
      const master = join(dirname(step.path), 'overcommit-hook');
      const isUninstalled = record.way === 'overcommit' && !existsOrLink(master);
      if (isUninstalled || isSame(step.path, step.to)) rmSync(step.to);
      else if (existsOrLink(step.path))
        left.push(`${step.to} stays, as there is a ${step.path} again`);
      else renameSync(step.to, step.path);
    }
  }
  for (const { command } of steps.filter((step) => step.do === 'run')) {
    await runTool(top, command).catch((error: Error) => left.push(error.message));
  }
  for (const { path, text } of record.made) if (textOf(path) === text) rmSync(path);
  for (const folder of [...record.folders].reverse()) removeIfEmpty(folder);
  return left;
}

function unwrite(step: Extract<Step, { do: 'write' }>): readonly string[] {
  const now = textOf(step.path);
  if (now === undefined) return [];
  if (now === step.text) {
    if (step.before === undefined) rmSync(step.path);
    else writeFileSync(step.path, step.before);
    return [];
  }
  if (step.ours !== undefined && now.includes(step.ours)) {
    writeFileSync(
      step.path,
      now.replace(step.ours, () => ''),
    );
    return [];
  }
  return /andon/.test(now) ? [`${step.path} was changed since and stays as it is`] : [];
}

/** Runs a tool of the project: the one installed in it, else the one on the PATH. Rejects with what it says. */
function runTool(top: string, [program = '', ...args]: readonly string[]): Promise<void> {
  const own = join(top, 'node_modules/.bin', program);
  const windows = process.platform === 'win32';
  const file = existsSync(own) ? own : program;
  return new Promise((done, failed) => {
    const options = { cwd: top, timeout: 60_000, shell: windows };
    execFile(windows ? `"${file}"` : file, args, options, (error, _out, err) => {
      if (!error) return done();
      const [reason = error.message] = err.split('\n').filter(Boolean);
      failed(new GitError(`${program} ${args.join(' ')}: ${reason}`));
    });
  });
}

// --- files ---------------------------------------------------------------------------------------

function recordOf(commonDir: string): InstallRecord | undefined {
  try {
    const record = JSON.parse(readBelow(commonDir, recordPath) ?? '') as InstallRecord;
    return record.version === 1 && Array.isArray(record.steps) ? record : undefined;
  } catch {
    return undefined;
  }
}

function hookFileAt(path: string): HookFile {
  if (!existsOrLink(path)) return { kind: 'none' };
  if (lstatSync(path).isSymbolicLink()) return { kind: 'link' };
  if (!isExecutable(path)) return { kind: 'idle' };
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  const shell = /^#!.*\b(sh|ash|bash|dash|ksh|mksh|zsh)\b/.test(text);
  // Text that does not come back the same cannot be written back either.
  return shell && Buffer.from(text).equals(bytes) && !text.includes('\r')
    ? { kind: 'shell', text }
    : { kind: 'other' };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function existsOrLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Whether a file is there again, byte for byte: its manager has put it back. */
function isSame(path: string, kept: string): boolean {
  const both = [path, kept];
  if (!both.every((each) => lstatSync(each, { throwIfNoEntry: false })?.isFile())) return false;
  return readFileSync(path).equals(readFileSync(kept));
}

function textOf(path: string): string | undefined {
  return isAbsolute(path) ? readBelow(path, '') : undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Makes a folder; gives those that were missing, outermost first. */
function makeFolder(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let each = folder; !existsSync(each); each = dirname(each)) missing.unshift(each);
  mkdirSync(folder, { recursive: true });
  return missing;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}
