import type { Range } from '../text/range';
import type { Encode, Source, SourceBuilder } from '../text/source';

/** How a scalar is written (https://yaml.org/spec/1.2.2/#chapter-7-flow-style-productions, chapter 8). */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/**
 * A scalar's value as a source of its own, each character mapped to the place it is written at. `value` is what
 * the YAML parser read; where the walk below reads it differently the whole value maps to the whole scalar,
 * so a finding is never misplaced, only less precise.
 */
export function scalarSource(
  source: Source,
  range: Range,
  style: ScalarStyle,
  value: string,
): Source {
  if (style === 'plain' && source.text.slice(range[0], range[1]) === value) {
    return source.derive(encodePlain).copy(value, range[0]).build();
  }
  for (const walk of walks(source, range, style)) {
    const result = walk().build();
    if (result.text === value) return result;
  }
  return source
    .derive()
    .decoded(value, range[0], range[1] - range[0])
    .build();
}

function* walks(source: Source, range: Range, style: ScalarStyle): Iterable<() => SourceBuilder> {
  if (style === 'literal' || style === 'folded') {
    const header = /^[|>]([-+]?)([1-9]?)([-+]?)[^\r\n]*(?:\r\n|\r|\n|$)/.exec(
      source.text.slice(range[0], range[1]),
    );
    if (!header) return;
    const from = range[0] + header[0].length;
    const chomp = header[1] || header[3] || '';
    const lines = blockLines(source.text, from, range[1]);
    const found = lines.find((line) => /[^ ]/.test(line.text))?.text.search(/[^ ]/) ?? 0;
    // An indentation indicator counts from the parent's indentation, which is not known here: try what fits.
    const most = header[2] ? found : 0;
    const first = header[2] ? Number(header[2]) : found;
    for (let indent = first; indent <= Math.max(first, most); indent++) {
      yield () => block(source, lines, indent, style, chomp);
    }
    return;
  }
  yield () => flow(source, range, style);
}

interface BlockLine {
  readonly from: number;
  readonly text: string;
  readonly lineBreak: string;
}

function blockLines(text: string, from: number, to: number): BlockLine[] {
  const lines: BlockLine[] = [];
  const pattern = /([^\r\n]*)(\r\n|\r|\n|$)/g;
  pattern.lastIndex = from;
  while (pattern.lastIndex < to) {
    const match = pattern.exec(text)!;
    lines.push({ from: match.index, text: match[1]!, lineBreak: match[2]! });
    if (match[2] === '') break;
  }
  return lines;
}

function copyBreak(builder: SourceBuilder, at: number, lineBreak: string): void {
  if (lineBreak === '\n') builder.copy('\n', at);
  else if (lineBreak === '') builder.insert('\n');
  else builder.decoded('\n', at, lineBreak.length);
}

function block(
  source: Source,
  lines: readonly BlockLine[],
  indent: number,
  style: 'literal' | 'folded',
  chomp: string,
): SourceBuilder {
  const builder = source.derive(style === 'literal' ? encodeLiteral(source, indent) : encodePlain);
  let last = lines.length - 1;
  while (last >= 0 && lines[last]!.text.slice(indent) === '') last--;
  const spaced = (line: BlockLine) => /^[ \t]/.test(line.text.slice(indent));
  let breaks: { at: number; lineBreak: string }[] = [];
  let before: BlockLine | undefined;
  const flush = (next: BlockLine | undefined) => {
    // A folded scalar turns one break between two ordinary lines into a space, n breaks into n-1.
    const folds = style === 'folded' && before && next && !spaced(before) && !spaced(next);
    breaks.forEach((each, i) => {
      if (folds && i === 0) {
        if (breaks.length === 1) builder.decoded(' ', each.at, each.lineBreak.length);
      } else copyBreak(builder, each.at, each.lineBreak);
    });
    breaks = [];
  };
  for (const line of lines.slice(0, last + 1)) {
    const content = line.text.slice(indent);
    if (content !== '') {
      flush(line);
      builder.copy(content, line.from + indent);
      before = line;
    }
    breaks.push({ at: line.from + line.text.length, lineBreak: line.lineBreak });
  }
  const rest = lines.slice(last + 1);
  if (chomp === '+') {
    flush(undefined);
    for (const line of rest) {
      if (line.lineBreak) copyBreak(builder, line.from + line.text.length, line.lineBreak);
    }
  } else if (chomp === '' && last >= 0) {
    breaks = breaks.slice(0, 1);
    flush(undefined);
  }
  return builder;
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Plain, single- and double-quoted scalars: escapes, and line folding over several lines. */
function flow(source: Source, range: Range, style: ScalarStyle): SourceBuilder {
  const { text } = source;
  const encode =
    style === 'double' ? encodeDouble : style === 'single' ? encodeSingle : encodePlain;
  const builder = source.derive(encode);
  const quoted = style !== 'plain';
  const end = quoted ? range[1] - 1 : range[1];
  let at = quoted ? range[0] + 1 : range[0];
  const fold = /[ \t]*(?:(\r\n|\r|\n)[ \t]*)+/y;
  const run =
    style === 'double' ? /[^\\\r\n \t]+/y : style === 'single' ? /[^'\r\n \t]+/y : /[^\r\n \t]+/y;
  while (at < end) {
    fold.lastIndex = at;
    const folded = fold.exec(text);
    if (folded && folded.index + folded[0].length <= end) {
      const count = folded[0].match(/\r\n|\r|\n/g)!.length;
      builder.decoded(count === 1 ? ' ' : '\n'.repeat(count - 1), at, folded[0].length);
      at += folded[0].length;
      continue;
    }
    const char = text[at]!;
    if (style === 'single' && char === "'") {
      builder.decoded("'", at, 2);
      at += 2;
      continue;
    }
    if (style === 'double' && char === '\\') {
      const broken = /\\(?:\r\n|\r|\n)[ \t]*/y;
      broken.lastIndex = at;
      const joined = broken.exec(text);
      if (joined) {
        at += joined[0].length;
        continue;
      }
      const letter = text[at + 1] ?? '';
      const digits = hexDigits[letter];
      if (digits !== undefined) {
        const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
        const decoded = code <= 0x10ffff ? String.fromCodePoint(code) : '';
        builder.decoded(decoded, at, 2 + digits);
        at += 2 + digits;
      } else {
        builder.decoded(escapes[letter] ?? '', at, 2);
        at += 2;
      }
      continue;
    }
    run.lastIndex = at;
    const plain = run.exec(text)?.[0] ?? char;
    const piece = plain.slice(0, end - at);
    builder.copy(piece, at);
    at += piece.length;
  }
  return builder;
}

const encodePlain: Encode = (text) =>
  /[\r\n]|:(?:\s|$)|(?:^|\s)#|^[-?:,[\]{}#&*!|>'"%@`]/.test(text) ? undefined : text;

const encodeSingle: Encode = (text) =>
  /[\r\n]/.test(text) ? undefined : text.replaceAll("'", "''");

const encodeDouble: Encode = (text) => JSON.stringify(text).slice(1, -1);

function encodeLiteral(source: Source, indent: number): Encode {
  const eol = source.text.includes('\r\n') ? '\r\n' : '\n';
  return (text) => text.replaceAll('\n', eol + ' '.repeat(indent));
}
