import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitProgram } from './git-program';
import { isSystemError } from './system-message';

/** Git is missing, this is no repository, or the base is unknown; the message says which. */
export class GitError extends Error {}

const run = promisify(execFile);

/** What a git command prints, run in a folder. Throws GitError with what git says of a failure. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  try {
    const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024 };
    const { stdout } = await run(await gitProgram(), [...args], options);
    return stdout;
  } catch (error) {
    if (isSystemError(error, 'ENOENT'))
      throw new GitError('git is not installed, or not on the PATH');
    const { stderr } = error as { stderr?: string };
    const [reason = String(error)] = (stderr ?? '').split('\n').filter(Boolean);
    throw new GitError(reason.replace(/^fatal: /, ''));
  }
}

/** The commit a name stands for, or undefined. */
async function commitOf(folder: string, name: string): Promise<string | undefined> {
  try {
    return (
      await git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)
    ).trim();
  } catch (error) {
    if (error instanceof GitError && /not installed/.test(error.message)) throw error;
    return undefined;
  }
}

/** The branch everybody shares, as far as git can tell: what the remote calls its HEAD, else main or master. */
async function defaultBranch(folder: string): Promise<string | undefined> {
  const candidates = ['refs/remotes/origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];
  for (const name of candidates) if (await commitOf(folder, name)) return name;
  return undefined;
}

/**
 * Files (absolute) that differ from the point where the current branch left `base`, the default branch if not given:
 * committed, staged, edited and untracked ones; deleted ones not. Throws GitError.
 */
export async function changedFiles(folder: string, base?: string): Promise<readonly string[]> {
  const top = (await git(folder, 'rev-parse', '--show-toplevel')).trimEnd();
  const head = await commitOf(folder, 'HEAD');
  const named = base ?? (head && (await defaultBranch(folder)));
  let from = named && (await commitOf(folder, named));
  if (base !== undefined && !from)
    throw new GitError(`"${base}" is not a branch, tag or commit here`);
  if (from && head) {
    const shared = await git(folder, 'merge-base', from, head).catch(() => '');
    // Without a point in common (a shallow clone) the base itself is compared with.
    from = shared.trim() || from;
  }
  const since = from ?? head;
  const [changed, untracked] = await Promise.all([
    since
      ? git(top, 'diff', '--name-only', '-z', '--no-renames', '--diff-filter=d', since, '--')
      : git(top, 'ls-files', '-z'),
    git(top, 'ls-files', '--others', '--exclude-standard', '-z'),
  ]);
  const paths = new Set(`${changed}${untracked}`.split('\0').filter(Boolean));
  return [...paths].map((path) => join(top, path));
}
