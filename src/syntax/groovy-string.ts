import type { Located, Range } from '../text/range';
import { type Encode, Source, type SourceBuilder } from '../text/source';
import type { Expression } from './groovy';
import type { Quote, StringToken } from './groovy-tokens';

/** A string of any of Groovy's six writings; the range includes its quotes. */
export class GroovyString implements Located {
  readonly kind = 'string';
  readonly range: Range;
  readonly quote: Quote;
  /** What `${…}` and `$name` put in, in order. */
  readonly holes: readonly Expression[];
  readonly #source: Source;
  readonly #token: StringToken;
  #body: Source | undefined;

  constructor(source: Source, token: StringToken, holes: readonly Expression[]) {
    this.range = token.range;
    this.quote = token.quote;
    this.holes = holes;
    this.#source = source;
    this.#token = token;
  }

  /** Its text where all of it is written here; undefined where something is put in. */
  get value(): string | undefined {
    return this.#token.holes.length === 0 ? this.text : undefined;
  }

  /** Its text, with an underscore for each character of what is put in. */
  get text(): string {
    return this.body.text;
  }

  /** `text` as a source of its own, each character mapped to where it is written. */
  get body(): Source {
    if (!this.#body) {
      const builder = this.#source.derive(encoderOf(this.#source, this.quote));
      write(builder, this.#source.text, this.#token);
      this.#body = builder.build();
    }
    return this.#body;
  }
}

/** https://groovy-lang.org/syntax.html#_escaping_special_characters */
const controls: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
};

const anyEscape = /\\(?:\r?\n|u+[\da-fA-F]{4}|[0-3]?[0-7]{1,2}|[\s\S])|\r\n/g;
const slashyEscape = /\\\/|\r\n/g;
const dollarEscape = /\$[$/]|\r\n/g;

/** Strings and unknown values one behind the other, as `+` joins them; underscores stand for the unknown. */
export function joinedText(source: Source, parts: readonly Expression[]): Source {
  const pieces = parts.map((part) => {
    if (part.kind === 'string') return part.body;
    const builder = source.derive(() => undefined);
    writeUnknown(builder, part.range);
    return builder.build();
  });
  const [first = source.derive().build(), ...rest] = pieces;
  return Source.joined([first, ...rest]);
}

/** What is put in may be written over several lines and is none of the text's. */
function writeUnknown(builder: SourceBuilder, [from, to]: Range): void {
  builder.decoded('_'.repeat(to - from), from, to - from);
}

function write(builder: SourceBuilder, text: string, { quote, inner, holes }: StringToken): void {
  const pattern = quote === '/' ? slashyEscape : quote === '$/' ? dollarEscape : anyEscape;
  let at = inner[0];
  const written = (end: number) => {
    pattern.lastIndex = at;
    for (let match = pattern.exec(text); match && match.index < end; match = pattern.exec(text)) {
      builder.copy(text.slice(at, match.index), at);
      builder.decoded(decoded(match[0]), match.index, match[0].length);
      at = match.index + match[0].length;
    }
    if (at < end) builder.copy(text.slice(at, end), at);
    at = Math.max(at, end);
  };
  for (const { range } of holes) {
    written(range[0]);
    writeUnknown(builder, range);
    at = range[1];
  }
  written(inner[1]);
}

function decoded(written: string): string {
  if (written === '\r\n') return '\n';
  if (written[0] === '$') return written[1]!;
  const rest = written.slice(1);
  if (/^\r?\n$/.test(rest)) return '';
  if (/^u+[\da-fA-F]{4}$/.test(rest)) {
    return String.fromCharCode(Number.parseInt(rest.slice(-4), 16));
  }
  if (/^[0-7]+$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8));
  return controls[rest] ?? rest;
}

/** New text as it is written between each kind of quotes. */
const encoders: Readonly<Record<Quote, Encode>> = {
  "'": (text) => oneLine(text.replace(/[\\']/g, '\\$&')),
  '"': (text) => oneLine(text.replace(/[\\"$]/g, '\\$&')),
  "'''": (text) => text.replace(/\\|'(?='|$)/g, '\\$&'),
  '"""': (text) => text.replace(/[\\$]|"(?="|$)/g, '\\$&'),
  '/': (text) => (/[\\$]/.test(text) ? undefined : text.replaceAll('/', '\\/')),
  '$/': (text) => (/[\\$/]/.test(text) ? undefined : text),
};

/** Between quotes that go over several lines a line ends as the file's lines do. */
function encoderOf({ text: file }: Source, quote: Quote): Encode {
  const encode = encoders[quote];
  if (!file.includes('\r\n')) return encode;
  return (text) => encode(text)?.replace(/\r?\n/g, '\r\n');
}

const oneLine = (text: string) => text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
