/** A here-document in a Ruby spec, with what stands before it and after it, up to the next one. */
export interface SpecText {
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Without the indentation that all of it has. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

/** All here-documents of a spec, in order; throws where there is none. */
export function specTexts(path: string, spec: string): readonly SpecText[] {
  const found = [...spec.matchAll(/<<[~-]'?([A-Z_]+)'?\)?[^\n]*\n([\s\S]*?)^[ \t]*\1$/gm)];
  if (found.length === 0) throw new Error(`${path}: no here-document`);
  return found.map((each, index) => ({
    line: spec.slice(0, each.index).split('\n').length,
    text: dedented(each[2]!).replaceAll("#{' '}", ' '),
    before: spec.slice(index > 0 ? endOf(found[index - 1]!) : 0, each.index),
    after: spec.slice(endOf(each), found[index + 1]?.index),
  }));
}

const endOf = (found: RegExpExecArray) => found.index + found[0].length;

function dedented(text: string): string {
  const depths = [...text.matchAll(/^[ \t]*(?=\S)/gm)].map(([space]) => space.length);
  return text.replace(new RegExp(`^[ \\t]{${Math.min(...depths)}}`, 'gm'), '');
}
