import type { Range } from '../text/range';
import type { Encode } from '../text/source';
import { encodeLines, type QuotedPiece } from './quoted-text';

/**
 * How Ruby reads a run of text (https://docs.ruby-lang.org/en/master/syntax/literals_rdoc.html): `double` has all
 * escapes, `single` only that of its own delimiters; in a raw here-document nothing is an escape.
 */
export type RubyWriting = 'double' | 'single' | 'heredoc' | 'raw-heredoc';

/** A piece of Ruby text; `delimiters` are those of a quoted string, or the closing word of a here-document. */
export function rubyPiece(
  file: string,
  inner: Range,
  writing: RubyWriting,
  holes: readonly Range[],
  delimiters: string,
  dropped = 0,
): QuotedPiece {
  return {
    inner,
    holes,
    dropped,
    escapes: patterns[writing],
    unescape: (written) =>
      writing === 'single' ? unescapedSingle(written, delimiters) : unescaped(written),
    encode: encodeAs(writing, file, inner, delimiters, dropped),
  };
}

const double =
  /\r?\n|\\(?:u\{[\dA-Fa-f\s]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{1,2}|[0-7]{1,3}|\r?\n|[^\r\n])/g;
const patterns: Readonly<Record<RubyWriting, RegExp>> = {
  double,
  heredoc: double,
  single: /\r?\n|\\[^\r\n]/g,
  'raw-heredoc': /\r?\n/g,
};

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

const unescapedSingle = (written: string, delimiters: string) =>
  written[1] === '\\' || delimiters.includes(written[1]!) ? written[1]! : written;

function unescaped(written: string): string {
  const letter = written[1]!;
  if (/[\r\n]/.test(letter)) return '';
  if (/[0-7]/.test(letter)) return String.fromCharCode(Number.parseInt(written.slice(1), 8) & 0xff);
  if (written.length === 2) return controls[letter] ?? letter;
  const codes = written.slice(2).match(/[\dA-Fa-f]+/g) ?? [];
  return codes
    .map((code) => Number.parseInt(code, 16))
    .map((code) => (code <= 0x10ffff ? String.fromCodePoint(code) : ''))
    .join('');
}

/** New text in place of old; undefined where it cannot be said there. */
function encodeAs(
  writing: RubyWriting,
  file: string,
  inner: Range,
  delimiters: string,
  dropped: number,
): Encode {
  const escaped = (text: string) => text.replaceAll('\\', '\\\\').replace(/#(?=[{$@])/g, '\\#');
  const quoted = (text: string) =>
    text.replace(/./gsu, (letter) => (delimiters.includes(letter) ? `\\${letter}` : letter));
  switch (writing) {
    case 'double':
      return (text) => quoted(escaped(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t'));
    case 'single':
      return (text) => quoted(text.replaceAll('\\', '\\\\'));
  }
  const isEnd = new RegExp(`^\\s*${delimiters.replace(/\W/g, '\\$&')}\\s*$`);
  const written = writing === 'heredoc' ? escaped : (text: string) => text;
  return encodeLines(written, file, inner, isEnd, dropped);
}
