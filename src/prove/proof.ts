import { type Changes, isNothing } from './compare';
import { type Obstacle, obstacleIn } from './obstacle';

/** What stopped a run that did not end by itself. */
export type Limit = 'time' | 'memory';

/** How a run ended. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'limit'; readonly limit: Limit }
  /** The sandbox itself ended: the script killed what runs it. */
  | { readonly kind: 'lost' };

/** One run of a script. */
export interface Run {
  readonly ending: Ending;
  readonly seconds: number;
  /** Standard output; of a very long one the beginning and the end. */
  readonly stdout: string;
  readonly stderr: string;
}

export type Verdict = 'idempotent' | 'fails-on-rerun' | 'changes-on-rerun' | 'cannot-tell';

/** Why nothing can be said. */
export type Doubt =
  /** Run 1 failed: what a second one does after a whole first one is not known. */
  | { readonly kind: 'first-run-failed'; readonly code: number; readonly obstacle?: Obstacle }
  | { readonly kind: 'limit'; readonly run: number; readonly limit: Limit }
  | { readonly kind: 'lost'; readonly run: number }
  /** The script went on, but a part of it did nothing for want of something the sandbox does not have. */
  | { readonly kind: 'obstacle'; readonly run: number; readonly obstacle: Obstacle };

/** What came out of running a script several times. */
export interface Proof {
  readonly verdict: Verdict;
  /** With the verdict `cannot-tell`. */
  readonly doubt?: Doubt;
  readonly runs: readonly Run[];
  /** What each run but the first changed against the one before: of run 2 first. */
  readonly changes: readonly Changes[];
}

/** Judges what happened. `changes[i]` belongs to `runs[i + 1]`; of a run that did not end well there need be none. */
export function judge(runs: readonly Run[], changes: readonly Changes[]): Proof {
  const proof = (verdict: Verdict, doubt?: Doubt): Proof => ({
    verdict,
    ...(doubt && { doubt }),
    runs,
    changes,
  });
  for (const [index, { ending, stderr }] of runs.entries()) {
    const run = index + 1;
    if (ending.kind === 'limit') {
      return proof('cannot-tell', { kind: 'limit', run, limit: ending.limit });
    }
    if (ending.kind === 'lost') return proof('cannot-tell', { kind: 'lost', run });
    if (ending.code === 0) continue;
    const obstacle = obstacleIn(stderr);
    if (index === 0) {
      const { code } = ending;
      return proof('cannot-tell', {
        kind: 'first-run-failed',
        code,
        ...(obstacle && { obstacle }),
      });
    }
    // The space of the sandbox is for all runs together: that it is used up says nothing about the script.
    if (obstacle?.kind === 'space')
      return proof('cannot-tell', { kind: 'obstacle', run, obstacle });
    return proof('fails-on-rerun');
  }
  if (!changes.every(isNothing)) return proof('changes-on-rerun');
  for (const [index, { stderr }] of runs.entries()) {
    const obstacle = obstacleIn(stderr);
    if (obstacle) return proof('cannot-tell', { kind: 'obstacle', run: index + 1, obstacle });
  }
  return proof('idempotent');
}
