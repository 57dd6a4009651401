import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Claim, claimPath, parseClaim } from '../guard/claim-file';
import type { Circumstances, Commit, CommitKind } from '../guard/judge';
import {
  defaultPolicy,
  type GuardPolicy,
  parsePause,
  parsePolicy,
  parseTold,
  pausePath,
  policyPath,
  toldPath,
} from '../guard/policy-file';
import { branchStatusPath, type FileStatus, parseStatus, statusPath } from '../guard/status-file';
import { GitError, git } from './git';
import { writeWhole } from './write-file';

/** A git repository as the guard sees it. Paths are absolute. */
export interface GuardRepository {
  /** The top of the work tree asked from. */
  readonly top: string;
  /** What belongs to this work tree alone, and what all work trees share. */
  readonly gitDir: string;
  readonly commonDir: string;
}

/** The repository a folder lies in. Throws GitError where there is none, or none with files. */
export async function guardRepository(folder: string): Promise<GuardRepository> {
  const inside = await git(folder, 'rev-parse', '--is-inside-work-tree');
  if (inside.trim() !== 'true') throw new GitError('this is no work tree, so nobody commits here');
  const out = await git(
    folder,
    'rev-parse',
    '--show-toplevel',
    '--absolute-git-dir',
    '--git-common-dir',
  );
  const [top = '', gitDir = '', commonDir = ''] = out.split('\n');
  return { top, gitDir, commonDir: resolve(folder, commonDir) };
}

/** The text of a file below a folder; undefined if it is not there or cannot be read. */
export function readBelow(folder: string, path: string): string | undefined {
  try {
    return readFileSync(join(folder, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes a file below the common directory whole, or removes it. Throws the system's error. */
export function writeBelow(commonDir: string, path: string, text: string | undefined): void {
  const file = join(commonDir, path);
  if (text === undefined) rmSync(file, { force: true });
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, text);
  }
}

/** What is known of the build of a branch: that of the line, or where the policy says so the branch's own. */
export function statusOf(
  commonDir: string,
  branch: string | undefined,
  { branches }: GuardPolicy = defaultPolicy,
): FileStatus | undefined {
  const line = parseStatus(readBelow(commonDir, statusPath) ?? '');
  if (branches !== 'every' || branch === undefined || line?.branch === branch) return line;
  const own = branchStatusPath(branch);
  return parseStatus((own && readBelow(commonDir, own)) ?? '') ?? line;
}

/** How the guard of a repository behaves. */
export const policyOf = (commonDir: string): GuardPolicy =>
  parsePolicy(readBelow(commonDir, policyPath) ?? '');

/** The claim that lies there, over or not. */
export const claimOf = (commonDir: string): Claim | undefined =>
  parseClaim(readBelow(commonDir, claimPath) ?? '');

/** All that counts besides status and commit, at this moment. */
export function circumstancesOf(commonDir: string, email?: string): Circumstances {
  return {
    ...policyOf(commonDir),
    now: Math.floor(Date.now() / 1000),
    pausedUntil: parsePause(readBelow(commonDir, pausePath) ?? ''),
    claim: claimOf(commonDir),
    toldAt: parseTold(readBelow(commonDir, toldPath) ?? ''),
    email,
  };
}

/** The commit that would be made now, with this message. */
export async function commitNow(
  { top, gitDir }: GuardRepository,
  message: string,
): Promise<Commit> {
  const quietly = (...args: readonly string[]) =>
    git(top, ...args).then(
      (out) => out.trim(),
      () => undefined,
    );
  const branch = await quietly('symbolic-ref', '--quiet', '--short', 'HEAD');
  const head = await quietly('rev-parse', '--verify', '--quiet', 'HEAD');
  return { kind: kindOf(gitDir, head !== undefined), branch, message };
}

/** What git is in the middle of, told from the marks it leaves in the git directory. */
export function kindOf(gitDir: string, hasCommits: boolean): CommitKind {
  const has = (name: string) => readBelow(gitDir, name) !== undefined;
  if (has('MERGE_HEAD')) return 'merge';
  if (has('rebase-merge/head-name') || has('rebase-apply/head-name')) return 'rebase';
  if (has('CHERRY_PICK_HEAD')) return 'cherry-pick';
  if (has('REVERT_HEAD')) return 'revert';
  return hasCommits ? 'commit' : 'initial';
}
