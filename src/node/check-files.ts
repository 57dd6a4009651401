import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../engine/configuration';
import type { Engine } from '../engine/engine';
import { askedOf, type Condition } from '../engine/fact';
import type { FileResult, Finding, Problem } from '../engine/finding';
import { ownerKind, repositoryOwners } from '../project/repository-owner';
import { type SettleOptions, Workspace } from '../project/workspace';
import { type FoundFile, findFiles } from './find-files';
import type { LintPool } from './lint-pool';
import { wantedFiles } from './wanted-files';
import { nearestWith } from './workspace-root';

export interface CheckRequest {
  /** The workspace, absolute. */
  readonly root: string;
  /** Files and folders to check, absolute. */
  readonly targets: readonly string[];
  /** The targets are all there is: findings that depend on other files find none. */
  readonly alone?: boolean;
  /** The targets come from a list such as git's; see FindOptions. */
  readonly listed?: boolean;
  readonly configuration: Configuration;
  readonly engine: Engine;
  /** Configured already. */
  readonly pool: LintPool;
  readonly signal?: AbortSignal;
  /** Called now and then with how many files are done and how many are known. */
  readonly progress?: (done: number, known: number) => void;
}

/** A checked part of a workspace. */
export interface Checked {
  readonly workspace: Workspace;
  /** The files some format claims, by workspace-relative path, sorted. */
  readonly files: ReadonlyMap<string, FoundFile>;
  readonly problems: readonly Problem[];
  /** A file the user named is not there or could not be checked. */
  readonly incomplete: boolean;
}

/** Checks the files below the targets. Rejects when cancelled or when no worker can be started. */
export async function checkFiles(request: CheckRequest): Promise<Checked> {
  const whole = request.alone || request.targets.includes(request.root);
  const workspace = new Workspace(whole ? 'when asked' : 'never');
  workspace.setSurroundings(repositoryOwners(gitConfig(request.root)));
  const run = makeRun(request, workspace);
  const first = await run(request.targets, request.listed ? 'listed' : undefined);
  if (whole) workspace.setFiles(first.paths);
  else await surround(request, workspace, run);
  return {
    workspace,
    files: new Map([...first.files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
    problems: first.problems,
    incomplete: first.incomplete,
  };
}

/** The findings of the checked files, by path and place. */
export function findingsOf(checked: Checked, options: SettleOptions): readonly Finding[] {
  return [...checked.files.keys()].flatMap((path) => checked.workspace.findings(path, options));
}

/** A file and its text that is not, or not so, on the disk. */
export async function checkText(
  request: CheckRequest,
  path: string,
  text: string,
): Promise<{ readonly workspace: Workspace; readonly result: FileResult | undefined }> {
  const workspace = new Workspace('never');
  const { pool, signal } = request;
  const result = await pool.lint({ path, text }, signal && { signal });
  if (result) workspace.update(result);
  if (!request.alone) await surround(request, workspace, makeRun(request, workspace));
  return { workspace, result };
}

interface Run {
  readonly files: Map<string, FoundFile>;
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
  readonly incomplete: boolean;
}

type Runner = (targets: readonly string[], how?: 'names' | 'listed') => Promise<Run>;

function makeRun(request: CheckRequest, workspace: Workspace): Runner {
  const { root, configuration, engine, pool, signal, progress } = request;
  const interest = wantedFiles(engine.formats, Object.keys(configuration.files));
  const { ignores } = engine.policy(configuration);
  const given = new Set<string>();
  return async (targets, how) => {
    const files = new Map<string, FoundFile>();
    const paths: string[] = [];
    const problems: Problem[] = [];
    let incomplete = false;
    let known = 0;
    let done = 0;
    let failed = false;
    const open: Promise<void>[] = [];

    const options = { root, interest, ignores, ...(how === 'listed' && { listed: true }) };

    const check = async (found: FoundFile) => {
      const { path, file, named, script } = found;
      const input = { path, file, ...(named && { named }), ...(script && { script }) };
      const result = await pool.lint(input, signal && { signal });
      progress?.(++done, known);
      if (!result) return;
      workspace.update(result);
      if (result.format !== undefined) files.set(path, found);
      problems.push(...result.problems);
      if (named && result.problems.length > 0) incomplete = true;
    };

    for await (const found of findFiles(targets, options)) {
      signal?.throwIfAborted();
      if (failed) break;
      problems.push(...found.problems);
      if (found.missing) incomplete = true;
      for (const path of found.paths) paths.push(path);
      if (how === 'names') continue;
      for (const file of found.files) {
        if (given.has(file.path)) continue;
        given.add(file.path);
        known++;
        const job = check(file);
        // Seen to by Promise.all below; until then nobody waits for it.
        job.catch(() => {
          failed = true;
        });
        open.push(job);
      }
    }
    await Promise.all(open);
    problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    return { files, paths, problems, incomplete };
  };
}

/**
 * When only part of the workspace was checked and a finding depends on the rest, looks at the rest too: at its file
 * names, and at its contents only if a finding asks for what they say.
 */
async function surround({ root }: CheckRequest, workspace: Workspace, run: Runner): Promise<void> {
  const openKinds = () => {
    const kinds = new Set<string>();
    for (const path of workspace.paths) {
      for (const { condition } of workspace.result(path)?.candidates ?? []) {
        if (!condition || isOfMap(condition)) continue;
        const { allOf = [], anyOf = [], noneOf = [] } = condition;
        // What is stated already stays so, whatever the rest adds.
        if (noneOf.some((fact) => workspace.has(fact))) continue;
        if (noneOf.length + allOf.length === 0 && anyOf.some((fact) => workspace.has(fact)))
          continue;
        for (const fact of askedOf(condition)) if (!workspace.has(fact)) kinds.add(fact.kind);
        kinds.delete(ownerKind);
      }
    }
    return kinds;
  };
  const kinds = openKinds();
  if (kinds.has('file')) {
    workspace.setFiles((await run([root], 'names')).paths);
    kinds.clear();
    for (const kind of openKinds()) if (kind !== 'file') kinds.add(kind);
  }
  if (kinds.size > 0) await run([root]);
}

/** A condition over the delivery map, which is told of whole workspaces only. */
const isOfMap = (condition: Condition) =>
  askedOf(condition).some(({ kind }) => kind.startsWith('delivery/'));

/** The text of the checkout's `.git/config`; empty without git, and in a worktree, whose `.git` is a file. */
function gitConfig(root: string): string {
  const top = nearestWith(['.git'], root);
  try {
    return top === undefined ? '' : readFileSync(join(top, '.git/config'), 'utf8');
  } catch {
    return '';
  }
}
