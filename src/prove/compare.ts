import { isAgent, isNoise, significantText } from './noise';
import type { Entries, Entry, State } from './snapshot';

/** In what a path differs. */
export type Aspect = 'type' | 'mode' | 'owner' | 'target' | 'content' | 'emptied';

/** What a run did to a path. */
export interface Change {
  readonly path: string;
  readonly was: Entry;
  readonly is: Entry;
  /** In what the two differ; empty where the path came or went. */
  readonly aspects: readonly Aspect[];
}

/** What a run changed. */
export interface Changes {
  /** Sorted by path. */
  readonly paths: readonly Change[];
  /** Processes that run after it, but did not before. */
  readonly started: readonly string[];
  /** Processes that ran before it, but do not any more. */
  readonly ended: readonly string[];
}

/** Whether nothing changed. */
export const isNothing = ({ paths, started, ended }: Changes): boolean =>
  paths.length + started.length + ended.length === 0;

/** `+` for what came, `-` for what went, `~` for what is another. */
export function signOf({ was, is }: Change): '+' | '-' | '~' {
  if (was.kind === 'gone') return '+';
  return is.kind === 'gone' ? '-' : '~';
}

/** Paths only one of the snapshots has; there the other one shows what was there before the first run. */
export function pathsInOne(one: Entries, other: Entries): readonly string[] {
  const only = (a: Entries, b: Entries) => [...a.keys()].filter((path) => !b.has(path));
  return [...only(one, other), ...only(other, one)].filter((path) => !isNoise(path));
}

/** Compares what two runs left behind. `originals`: what was there before the first run, of `pathsInOne`. */
export function compare(before: State, after: State, originals: Entries): Changes {
  const all = new Set([...before.entries.keys(), ...after.entries.keys()]);
  const paths: Change[] = [];
  for (const path of [...all].sort()) {
    if (isNoise(path)) continue;
    const was = at(path, before.entries, originals);
    const is = at(path, after.entries, originals);
    const aspects = differences(path, was, is);
    if (aspects) paths.push({ path, was, is, aspects });
  }
  const left = (before.processes ?? []).filter((each) => !isAgent(each));
  const found = (after.processes ?? []).filter((each) => !isAgent(each));
  const known = before.processes !== undefined && after.processes !== undefined;
  return {
    paths,
    started: known ? without(found, left) : [],
    ended: known ? without(left, found) : [],
  };
}

const gone: Entry = { kind: 'gone' };

/** What is at a path: in the snapshot, else what was there originally unless a folder above it was replaced. */
function at(path: string, entries: Entries, originals: Entries): Entry {
  const own = entries.get(path);
  if (own) return own;
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    const above = entries.get(path.slice(0, cut));
    if (above && (above.kind !== 'directory' || above.emptied)) return gone;
  }
  return originals.get(path) ?? gone;
}

function differences(path: string, was: Entry, is: Entry): readonly Aspect[] | undefined {
  if (was.kind !== is.kind) {
    return was.kind === 'gone' || is.kind === 'gone' ? [] : ['type'];
  }
  const found: Aspect[] = [];
  if ('mode' in was && 'mode' in is && was.mode !== is.mode) found.push('mode');
  if ('owner' in was && 'owner' in is && was.owner !== is.owner) found.push('owner');
  if (was.kind === 'link' && is.kind === 'link' && was.target !== is.target) found.push('target');
  if (was.kind === 'file' && is.kind === 'file' && was.digest !== is.digest) {
    const text = significantText(path, was);
    if (text === undefined || text !== significantText(path, is)) found.push('content');
  }
  if (was.kind === 'directory' && is.kind === 'directory' && was.emptied !== is.emptied) {
    found.push('emptied');
  }
  if (was.kind === 'special' && is.kind === 'special' && was.what !== is.what) found.push('type');
  return found.length > 0 ? found : undefined;
}

/** What `some` holds more of than `others`. */
function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return some.filter((each) => {
    const index = rest.indexOf(each);
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}
