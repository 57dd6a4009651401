/** A case of a table of cases in a Go test. */
export interface GoCase {
  /** Its line in the test file, from 1. */
  readonly line: number;
  /** What its fields are set to, as it is written there. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * The elements of all slices of structs in a Go test, laid out as gofmt does it: each element begins with a brace, one
 * tab within its slice, and each field on a line of its own. Throws where there is none.
 */
export function goCases(path: string, text: string): readonly GoCase[] {
  const cases = [...text.matchAll(/^\t\t\{\n([\s\S]*?)^\t\t\},?$/gm)].map((found) => ({
    line: text.slice(0, found.index).split('\n').length,
    fields: new Map(
      [
        ...found[1]!.matchAll(
          /^\t\t\t(\w+):\s+([\s\S]*?),\n(?=\t\t\t\w+:|\t\t\t\/\/|(?![\s\S]))/gm,
        ),
      ].map(([, name, value]) => [name!, value!]),
    ),
  }));
  if (cases.length === 0) throw new Error(`${path}: no table of cases`);
  return cases;
}

/** What a string literal of Go stands for; throws where it is none. */
export function goString(literal: string | undefined): string {
  const raw = /^`([^`]*)`$/.exec(literal ?? '');
  if (raw) return raw[1]!;
  if (!/^"(?:[^"\\]|\\["\\nt])*"$/.test(literal ?? '')) throw new Error(`no string: ${literal}`);
  return JSON.parse(literal!.replaceAll('\t', '\\t'));
}
