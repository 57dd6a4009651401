import type { Edit } from './edit';
import type { Range } from './range';

/**
 * The whole line a range stands in, with its line break, so that removing it leaves no empty line; undefined where
 * something else stands there too, or where it is the last line without a break.
 */
export function wholeLine(text: string, start: number, end: number): Range | undefined {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  if (to < 0 || text.slice(from, start).trim() !== '') return undefined;
  return /^[ \t\r]*(?:#.*)?$/.test(text.slice(end, to)) ? [from, to + 1] : undefined;
}

/** How many characters stand before an offset in its line. */
export const columnOf = (text: string, offset: number): number =>
  offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** Puts a line before the one an offset begins in, with the same indentation and line ending. */
export function lineBefore(text: string, offset: number, line: string): Edit {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { range: [offset, offset], text: `${line}${eol}${' '.repeat(columnOf(text, offset))}` };
}
