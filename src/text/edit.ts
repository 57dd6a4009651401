import type { Range } from './range';

/** Replaces the text of `range`; an empty range inserts. Offsets are those of the text before any edit. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** Whether two edits want the same place. Two insertions at one offset do. */
function collide(a: Edit, b: Edit): boolean {
  if (a.range[0] === b.range[0]) return true;
  const [first, second] = a.range[0] < b.range[0] ? [a, b] : [b, a];
  return first.range[1] > second.range[0];
}

/** The text with the edits applied, in any order. Throws a RangeError when two edits overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.range[0] - b.range[0]);
  let out = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.range[0] < at) throw new RangeError('edits overlap');
    out += text.slice(at, edit.range[0]) + edit.text;
    at = edit.range[1];
  }
  return out + text.slice(at);
}

/**
 * As many whole groups of edits as fit together, in order; a group that touches an earlier one is left for the
 * next round. Exact repeats of an edit already taken count as done.
 */
export function mergeEdits(groups: readonly (readonly Edit[])[]): readonly Edit[] {
  const taken: Edit[] = [];
  const same = (a: Edit, b: Edit) =>
    a.range[0] === b.range[0] && a.range[1] === b.range[1] && a.text === b.text;
  for (const group of groups) {
    const fresh = group.filter((edit) => !taken.some((other) => same(edit, other)));
    if (fresh.some((edit) => taken.some((other) => collide(edit, other)))) continue;
    taken.push(...fresh);
  }
  return taken;
}
