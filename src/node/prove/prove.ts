import { realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Changes, compare, pathsInOne } from '../../prove/compare';
import { interpreterOf } from '../../prove/interpreter';
import { judge, type Proof, type Run } from '../../prove/proof';
import type { State } from '../../prove/snapshot';
import { openContainer } from './container';
import { openRootless } from './rootless';
import { type Job, type Limits, usualLimits } from './sandbox';

/** Milliseconds between two runs: what is stamped with the second differs then. */
const between = 1100;

/** What is to be proved, and how. */
export interface ProveRequest {
  readonly job: Job;
  /** How often it runs; at least twice. */
  readonly times: number;
  readonly limits?: Partial<Limits>;
  /** An image on this machine to run it in; none: over a copy of the machine itself. */
  readonly image?: string;
  readonly signal: AbortSignal;
  /** Called before each run, with its number from 1. */
  readonly progress?: (run: number) => void;
}

/** What came out, and in what it ran. */
export interface Proved {
  readonly proof: Proof;
  readonly sandbox: string;
}

/** Runs a script several times in one sandbox. Rejects with NoSandbox, or with the signal's reason when aborted. */
export async function prove(request: ProveRequest): Promise<Proved> {
  const { job, times, image, signal } = request;
  const limits = { ...usualLimits, ...request.limits };
  const sandbox = image
    ? await openContainer(job, limits, signal, image)
    : await openRootless(job, limits, signal);
  try {
    const runs: Run[] = [];
    const changes: Changes[] = [];
    let before: State | undefined;
    while (runs.length < times) {
      if (before) await pause(between, undefined, { signal });
      request.progress?.(runs.length + 1);
      const run = await sandbox.run();
      runs.push(run);
      if (run.ending.kind !== 'exit') break;
      const failed = run.ending.code !== 0;
      // A first run that fails proves nothing; there is nothing to compare with it.
      if (failed && !before) break;
      const after = await sandbox.state();
      if (before) {
        const asked = pathsInOne(before.entries, after.entries);
        changes.push(compare(before, after, await sandbox.originals(asked)));
      }
      if (failed) break;
      before = after;
    }
    return { proof: judge(runs, changes), sandbox: sandbox.description };
  } finally {
    await sandbox.close();
  }
}

/** How a script is run, where not as it says itself. */
export interface JobOptions {
  readonly interpreter?: readonly string[];
  /** Instead of the folder the script lies in. */
  readonly directory?: string;
}

/** The job of running a file. Rejects with the system's error if it cannot be read. */
export async function jobOfFile(file: string, options: JobOptions = {}): Promise<Job> {
  return jobOfText(await readFile(file, 'utf8'), file, options);
}

/** The job of running a text as if it were this file, which need not be there. */
export function jobOfText(text: string, file: string, options: JobOptions = {}): Job {
  const there = statSync(file, { throwIfNoEntry: false });
  const script = there ? realpathSync(file) : join(realpath(dirname(file)), basename(file));
  return {
    script,
    text,
    mode: (there?.mode ?? 0o755) & 0o777,
    interpreter: options.interpreter ?? interpreterOf(text),
    directory: realpath(options.directory ?? dirname(script)),
  };
}

/** A path without links in it, as far as it is there. */
function realpath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
