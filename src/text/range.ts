/** A half-open span `[start, end)` of UTF-16 offsets: the unit VS Code, `yaml` and tree-sitter count in. */
export type Range = readonly [start: number, end: number];

/** Anything that knows where it stands in its own source. */
export interface Located {
  readonly range: Range;
}

/** A value that knows where it stands. */
export interface Value<T = string> extends Located {
  readonly value: T;
}

/** Whether `inner` lies wholly inside `outer`. */
export function contains(outer: Range, inner: Range): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}
