import type { FileResult } from '../engine/finding';
import type { Link } from '../engine/part';
import { factsOfMap } from '../project/delivery';
import type { Workspace } from '../project/workspace';

/** What an edit costs the index of a workspace. Times in milliseconds, ascending. */
export interface IndexFigures {
  /** Files that stand on the delivery map. */
  readonly files: number;
  /** Taking in a file whose parts do something else than before, and finding the facts that changed. */
  readonly updates: readonly number[];
  /** Finding all facts from the parts of all files. */
  readonly scratch: readonly number[];
}

/** Files that are edited, there and back; as many times all is found from scratch. */
const edits = 100;

const link: Link = { verb: 'builds', to: { kind: 'file', key: '' }, tool: 'docker' };

/** Edits files of a workspace, spread over all of it, and leaves it as it was. */
export function benchIndex(workspace: Workspace): IndexFigures {
  const results = [...workspace.paths].flatMap((path) => {
    const result = workspace.result(path)!;
    return result.parts ? [{ ...result, parts: result.parts }] : [];
  });
  workspace.redraw();
  const updates: number[] = [];
  const take = (result: FileResult) => {
    const from = performance.now();
    workspace.update(result);
    workspace.redraw();
    updates.push(performance.now() - from);
  };
  const step = Math.max(1, Math.floor(results.length / edits));
  const some = results.filter((_, i) => i % step === 0).slice(0, edits);
  for (const result of some) {
    take({
      ...result,
      parts: result.parts.map((part) => ({ ...part, links: [...part.links, link] })),
    });
    take(result);
  }
  const parts = new Map(results.map((result) => [result.path, result.parts]));
  const scratch = some.slice(0, 20).map(() => {
    const from = performance.now();
    factsOfMap(parts);
    return performance.now() - from;
  });
  const ascending = (times: readonly number[]) => [...times].sort((a, b) => a - b);
  return { files: results.length, updates: ascending(updates), scratch: ascending(scratch) };
}
