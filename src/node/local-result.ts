import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readKeyedLines } from '../guard/keyed-lines';
import { parseStatus, serialiseStatus } from '../guard/status-file';
import type { LocalResult } from '../pipeline/local';
import { readCheckout } from './git-checkout';
import { treeOf, workingTree } from './working-tree';
import { writeWhole } from './write-file';

/** Where any tool may write what it found, below git's common directory. */
export const localPath = 'andon/local';

/** Reads the local result of a repository; undefined where there is none that can be understood. */
export function readLocalResult(commonDir: string): LocalResult | undefined {
  let text: string;
  try {
    text = readFileSync(join(commonDir, localPath), 'utf8');
  } catch {
    return undefined;
  }
  const status = parseStatus(text);
  const tree = readKeyedLines('andon-status', text)?.get('tree');
  return status && { ...status, tree: tree && /^[0-9a-f]{40,64}$/.test(tree) ? tree : undefined };
}

/** What a check came to, for writing down. */
export interface Outcome {
  readonly state: 'passing' | 'failing' | 'running' | 'cancelled';
  readonly branch: string | undefined;
  readonly sha: string | undefined;
  readonly tree: string | undefined;
  /** The files are those of `sha`. */
  readonly committed: boolean;
  /** What ran, such as `npm test`. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Writes down what a check came to. A verdict that was so before keeps its time; one under way, or called off, keeps the
 * verdict. Throws the system's error.
 */
export function writeLocalResult(commonDir: string, outcome: Outcome): void {
  const { state, branch, sha, tree, committed, name, now } = outcome;
  const known = readLocalResult(commonDir);
  const before = known && (known.branch ?? branch) === branch ? known : undefined;
  const ended = state === 'passing' || state === 'failing';
  const same = ended && before?.state === state;
  const kept = before ?? { state: 'unknown' as const, sinceExact: true, branch, source: name };
  const file = join(commonDir, localPath);
  const status = ended
    ? {
        state,
        running: false,
        branch,
        sha,
        since: same ? before.since : now,
        sinceExact: same ? before.sinceExact : true,
        firstBad:
          state === 'failing'
            ? (same && before.firstBad) || (committed ? sha : undefined)
            : undefined,
        source: name,
        checked: now,
      }
    : { ...kept, running: state === 'running' };
  const stays = ended ? tree : before?.tree;
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, `${serialiseStatus(status)}${stays ? `tree=${stays}\n` : ''}`);
}

/**
 * A check of the project begins: what it will be about is written down now, as files change while it runs. Returns what
 * to call when it has ended, with the state it came to. Undefined outside of a git repository.
 */
export async function beginLocalCheck(
  folder: string,
  name: string,
): Promise<((state: 'passing' | 'failing' | 'cancelled') => void) | undefined> {
  const checkout = await readCheckout(folder);
  if (!checkout) return undefined;
  const { root, commonDir, branch, head: sha } = checkout;
  const tree = await workingTree(root);
  const committed = sha !== undefined && tree === (await treeOf(root, sha));
  const write = (state: Outcome['state']) =>
    writeLocalResult(commonDir, {
      ...{ state, branch, sha, tree, committed, name },
      now: Date.now() / 1000,
    });
  write('running');
  return write;
}
