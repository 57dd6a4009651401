import type { Range } from '../text/range';
import type { Encode, Source, SourceBuilder } from '../text/source';

/** A stretch of a string between its delimiters, or the lines of a here-document without the one that ends it. */
export interface QuotedPiece {
  readonly inner: Range;
  /** Where something is interpolated, in order. */
  readonly holes: readonly Range[];
  /** How many characters of indentation each line loses. */
  readonly dropped: number;
  /** Line breaks and whatever stands for something else than itself; global. */
  readonly escapes: RegExp;
  /** What an escape stands for. */
  readonly unescape: (written: string) => string;
  /** How new text is written there. */
  readonly encode: Encode;
}

/**
 * What a string says, with an underscore for each character of what is interpolated; each character maps to where it is
 * written. Line breaks are `\n` whatever the file uses.
 */
export function quotedText(source: Source, pieces: readonly QuotedPiece[]): Source {
  const builder = source.derive(pieces.length === 1 ? pieces[0]!.encode : undefined);
  for (const piece of pieces) append(builder, source.text, piece);
  return builder.build();
}

function append(builder: SourceBuilder, text: string, piece: QuotedPiece): void {
  const { inner, holes, dropped, escapes } = piece;
  let at = inner[0] + margin(text, inner[0], inner[1], dropped);
  const plain = (end: number) => {
    escapes.lastIndex = at;
    for (
      let match = escapes.exec(text);
      match && match.index + match[0].length <= end;
      match = escapes.exec(text)
    ) {
      const [found] = match;
      builder.copy(text.slice(at, match.index), at);
      at = match.index;
      if (found === '\n') builder.copy('\n', at);
      else builder.decoded(found === '\r\n' ? '\n' : piece.unescape(found), at, found.length);
      at += found.length;
      if (found.endsWith('\n')) at += margin(text, at, inner[1], dropped);
      escapes.lastIndex = at;
    }
    if (at < end) builder.copy(text.slice(at, end), at);
    at = Math.max(at, end);
  };
  for (const [start, end] of holes) {
    if (start < at || end > inner[1]) continue;
    plain(start);
    // Line breaks too: an expression over several lines is still one word of the text around it.
    builder.decoded('_'.repeat(end - start), start, end - start);
    at = end;
  }
  plain(inner[1]);
}

/** How much of the indentation at `at` is dropped. */
function margin(text: string, at: number, end: number, dropped: number): number {
  let length = 0;
  while (length < dropped && at + length < end && /[ \t]/.test(text[at + length]!)) length++;
  return length;
}

/** The indentation of the least indented line; lines of blanks do not count. */
export function indentation(text: string, [from, to]: Range, holes: readonly Range[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; ) {
    const found = text.indexOf('\n', at);
    const end = found < 0 || found >= to ? to : found + 1;
    // A line that begins inside an interpolation is none of the text.
    if (!holes.some(([start, stop]) => start < at && at < stop)) {
      const blanks = text.slice(at, end).search(/\S/);
      if (blanks >= 0) least = Math.min(least, blanks);
    }
    at = end;
  }
  return Number.isFinite(least) ? least : 0;
}

/**
 * New text in a here-document, `written` as its language wants it; a line that reads as its end cannot be written.
 */
export function encodeLines(
  written: (text: string) => string,
  file: string,
  [from]: Range,
  end: RegExp,
  dropped: number,
): Encode {
  const lineBreak = file.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]*/.exec(file.slice(from, from + dropped))![0].padEnd(dropped);
  return (text) => {
    const lines = written(text).split(/\r?\n/);
    if (lines.some((line) => end.test(line))) return undefined;
    return lines.map((line, i) => (i > 0 && line !== '' ? indent + line : line)).join(lineBreak);
  };
}
