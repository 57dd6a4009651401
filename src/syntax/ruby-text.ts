import type { Range } from '../text/range';
import type { Encode, Source, SourceBuilder } from '../text/source';

/**
 * How Ruby reads a run of text (https://docs.ruby-lang.org/en/master/syntax/literals_rdoc.html): `double` has all
 * escapes, `single` only that of its own delimiters; in a raw here-document nothing is an escape.
 */
export type RubyWriting = 'double' | 'single' | 'heredoc' | 'raw-heredoc';

/** A stretch of a string between its delimiters, or the lines of a here-document without the one that ends it. */
export interface RubyPiece {
  readonly inner: Range;
  readonly writing: RubyWriting;
  /** Where `#{…}` stands, in order. */
  readonly holes: readonly Range[];
  /** The delimiters of a quoted string, the closing word of a here-document. */
  readonly delimiters: string;
  /** How many characters of indentation `<<~` drops. */
  readonly dropped: number;
}

/** What a string says, with an underscore for each character of `#{…}`; each character maps to where it is written. */
export function rubyText(source: Source, pieces: readonly RubyPiece[]): Source {
  const [only] = pieces;
  const builder = source.derive(
    only && pieces.length === 1 ? encodeAs(only, source.text) : undefined,
  );
  for (const piece of pieces) append(builder, source.text, piece);
  return builder.build();
}

function append(builder: SourceBuilder, text: string, piece: RubyPiece): void {
  const pattern = patternOf(piece);
  let at = piece.inner[0];
  const plain = (end: number) => {
    pattern.lastIndex = at;
    for (
      let match = pattern.exec(text);
      match && match.index + match[0].length <= end;
      match = pattern.exec(text)
    ) {
      builder.copy(text.slice(at, match.index), at);
      at = match.index;
      const lineBreak = /^\r?\n/.exec(match[0])?.[0];
      if (lineBreak === '\n') builder.copy('\n', at);
      else if (lineBreak) builder.decoded('\n', at, 2);
      else builder.decoded(unescaped(match[0], piece), at, match[0].length);
      at += match[0].length;
      if (/\n$/.test(match[0])) at += margin(text, at, piece.inner[1], piece.dropped);
      pattern.lastIndex = at;
    }
    if (at < end) builder.copy(text.slice(at, end), at);
    at = Math.max(at, end);
  };
  at += margin(text, at, piece.inner[1], piece.dropped);
  for (const [start, end] of piece.holes) {
    if (start < at || end > piece.inner[1]) continue;
    plain(start);
    // Line breaks too: an expression over several lines is still one word of the text around it.
    builder.decoded('_'.repeat(end - start), start, end - start);
    at = end;
  }
  plain(piece.inner[1]);
}

/** Line breaks and escapes, which stand for something else than themselves. */
const patternOf = ({ writing }: RubyPiece): RegExp =>
  writing === 'raw-heredoc'
    ? /\r?\n/g
    : writing === 'single'
      ? /\r?\n|\\[^\r\n]/g
      : /\r?\n|\\(?:u\{[\dA-Fa-f\s]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{1,2}|[0-7]{1,3}|\r?\n|[^\r\n])/g;

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
};

function unescaped(written: string, { writing, delimiters }: RubyPiece): string {
  const letter = written[1]!;
  if (writing === 'single') {
    return letter === '\\' || delimiters.includes(letter) ? letter : written;
  }
  if (/[\r\n]/.test(letter)) return '';
  if (/[0-7]/.test(letter)) return String.fromCharCode(Number.parseInt(written.slice(1), 8) & 0xff);
  if (written.length === 2) return controls[letter] ?? letter;
  const codes = written.slice(2).match(/[\dA-Fa-f]+/g) ?? [];
  return codes
    .map((code) => Number.parseInt(code, 16))
    .map((code) => (code <= 0x10ffff ? String.fromCodePoint(code) : ''))
    .join('');
}

/** How much of the indentation at `at` is dropped. */
function margin(text: string, at: number, end: number, dropped: number): number {
  let length = 0;
  while (length < dropped && at + length < end && /[ \t]/.test(text[at + length]!)) length++;
  return length;
}

/** What `<<~` drops: the indentation of the least indented line; lines of blanks do not count. */
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

/** New text in place of old; undefined where it cannot be said there. */
function encodeAs({ writing, delimiters, inner, dropped }: RubyPiece, file: string): Encode {
  if (writing === 'double') {
    return (text) =>
      text
        .replaceAll('\\', '\\\\')
        .replace(/#(?=[{$@])/g, '\\#')
        .replaceAll('\n', '\\n')
        .replaceAll('\t', '\\t')
        .replace(/./gsu, (letter) => (delimiters.includes(letter) ? `\\${letter}` : letter));
  }
  if (writing === 'single') {
    return (text) =>
      text.replace(/./gsu, (letter) =>
        letter === '\\' || delimiters.includes(letter) ? `\\${letter}` : letter,
      );
  }
  const lineBreak = file.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]*/.exec(file.slice(inner[0], inner[0] + dropped))![0].padEnd(dropped);
  return (text) => {
    const written =
      writing === 'heredoc' ? text.replaceAll('\\', '\\\\').replace(/#(?=[{$@])/g, '\\#') : text;
    const lines = written.split(/\r?\n/);
    if (lines.some((line) => line.trim() === delimiters)) return undefined;
    return lines.map((line, i) => (i > 0 && line !== '' ? indent + line : line)).join(lineBreak);
  };
}
