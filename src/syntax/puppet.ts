import type { Located, Range, Value } from '../text/range';
import type { Source } from '../text/source';
import { encodeLines, type QuotedPiece, quotedText } from './quoted-text';

/**
 * One manifest of Puppet (https://www.puppet.com/docs/puppet/latest/lang_visual_index.html), as far as resources are
 * declared in it. The one grammar there is for tree-sitter could not read half of some 3,400 public manifests.
 */
export interface PuppetFile {
  /** Declarations in the order they stand in, with those in classes, conditions and blocks. */
  readonly resources: readonly PuppetDeclaration[];
  readonly problems: readonly PuppetProblem[];
}

/** What could not be read: offsets in the source given to parsePuppet. */
export interface PuppetProblem extends Located {
  readonly message: string;
}

/**
 * One body of `type { 'title': name => value }`. Defaults (`Exec { … }`) have no title, overrides (`Exec['a'] { … }`)
 * that in brackets.
 */
export interface PuppetDeclaration extends Located {
  readonly kind: 'resource' | 'default' | 'override' | 'collector';
  /** As written, in small letters and without `::` in front. */
  readonly type: Value;
  readonly title: PuppetValue | undefined;
  readonly attributes: readonly PuppetAttribute[];
  /** Declared as `@type`: nothing happens until somebody realizes it. */
  readonly virtual: boolean;
  /** `~>` stands behind it: what follows is told when it changes. */
  readonly notifies: boolean;
  /** The tests of `if`, `unless` and `case` around it, outermost first. */
  readonly conditions: readonly Range[];
  /** Where the braces are between which its attributes stand. */
  readonly inner: Range;
}

export interface PuppetAttribute extends Located {
  /** `*` where a hash is splatted. */
  readonly name: Value;
  readonly value: PuppetValue;
}

export type PuppetValue = PuppetString | PuppetWord | PuppetVariable | PuppetList | PuppetOther;

/** `'…'`, `"…"`, a here-document. */
export class PuppetString implements Located {
  readonly kind = 'string';
  /** With the quotes; of a here-document `@(END)` alone. */
  readonly range: Range;
  readonly #source: Source;
  readonly #piece: QuotedPiece;
  #body: Source | undefined;

  constructor(source: Source, range: Range, piece: QuotedPiece) {
    this.#source = source;
    this.range = range;
    this.#piece = piece;
  }

  /** The text as a source of its own, with an underscore for each character of what is interpolated. */
  get body(): Source {
    this.#body ??= quotedText(this.#source, [this.#piece]);
    return this.#body;
  }

  get text(): string {
    return this.body.text;
  }

  /** The text where nothing is interpolated. */
  get value(): string | undefined {
    return this.#piece.holes.length > 0 ? undefined : this.text;
  }
}

/** A bare word, a number, `true`, `undef`. */
export interface PuppetWord extends Located {
  readonly kind: 'word';
  readonly text: string;
}

export interface PuppetVariable extends Located {
  readonly kind: 'variable';
  /** Without the `$`. */
  readonly name: string;
}

export interface PuppetList extends Located {
  readonly kind: 'list';
  readonly items: readonly PuppetValue[];
}

/** Anything else: a call, a selector, a hash, a reference, an operation. */
export interface PuppetOther extends Located {
  readonly kind: 'other';
  /** The strings, words and variables in it. */
  readonly children: readonly PuppetValue[];
}

/** Reads a manifest, tolerantly: what could be read is there. Throws nothing. */
export function parsePuppet(source: Source): PuppetFile {
  const lexer = new Lexer(source);
  return new Reader(source, lexer.tokens(), lexer.problems).file();
}

interface Token {
  readonly kind: 'string' | 'word' | 'variable' | 'sign' | 'pattern';
  /** A sign or a word as written; empty for strings. */
  readonly text: string;
  readonly range: Range;
  readonly string?: PuppetString;
}

const signs =
  /<<\||\|>>|<\||\|>|->|~>|<-|<~|=>|\+>|==|!=|=~|!~|<=|>=|<<|>>|\+=|-=|@@|[-+*/%!<>=?:;,.@|{}()[\]~]/y;
const word = /(?:::)?[A-Za-z_]\w*(?:-\w+)*(?:::\w+)*|\d[\w.]*/y;
const variable = /\$(?:::)?\w+(?:::\w+)*/y;
const blank = /(?:[\s\uFEFF]+|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;

/** What a regular expression may stand behind; behind anything else a slash divides. */
const beforePattern =
  /^(?:[,({[]|=~|!~|=>|\+>|==|!=|[=!:;|}]|and|or|in|if|elsif|unless|case|node|inherits)$/;
const pattern = /\/(?:\\[^\n]|[^/\\\n])*\//y;

class Lexer {
  readonly problems: PuppetProblem[] = [];
  readonly #source: Source;
  readonly #text: string;
  /** Here-documents begun on this line: their texts follow it. */
  readonly #begun: { readonly at: number; readonly range: Range; readonly tag: string }[] = [];
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
  }

  tokens(): readonly Token[] {
    const text = this.#text;
    while (this.#at < text.length) {
      const letter = text[this.#at]!;
      if (/[\s#\uFEFF]/.test(letter) || (letter === '/' && text[this.#at + 1] === '*')) {
        this.#blank();
        continue;
      }
      if (letter === "'" || letter === '"') this.#quoted(letter);
      else if (letter === '@' && text[this.#at + 1] === '(') this.#heredoc();
      else if (letter === '/' && this.#isPattern() && this.#take('pattern', pattern)) continue;
      else if (this.#take('variable', variable)) continue;
      else if (this.#take('word', word)) continue;
      else if (!this.#take('sign', signs)) this.#at++;
    }
    return this.#tokens;
  }

  #take(kind: Token['kind'], what: RegExp): boolean {
    what.lastIndex = this.#at;
    const found = what.exec(this.#text)?.[0];
    if (!found) return false;
    const range: Range = [this.#at, this.#at + found.length];
    this.#tokens.push({ kind, text: found, range });
    this.#at = range[1];
    return true;
  }

  #isPattern(): boolean {
    const last = this.#tokens.at(-1);
    return !last || beforePattern.test(last.text);
  }

  /** Blanks and comments; behind the end of a line the here-documents that were begun on it. */
  #blank(): void {
    if (this.#begun.length > 0) {
      const line = this.#text.indexOf('\n', this.#at);
      const up = /^(?:[^\S\n]|#[^\n]*)*\n/.exec(this.#text.slice(this.#at));
      if (up && line >= 0) {
        this.#at = this.#at + up[0].length;
        for (const begun of this.#begun.splice(0)) this.#heredocText(begun);
        return;
      }
    }
    blank.lastIndex = this.#at;
    let found = blank.exec(this.#text)?.[0] ?? ' ';
    const line = found.indexOf('\n');
    if (this.#begun.length > 0 && line >= 0) found = found.slice(0, Math.max(1, line));
    this.#at += found.length;
  }

  #quoted(quote: string): void {
    const text = this.#text;
    const start = this.#at;
    const holes: Range[] = [];
    let at = start + 1;
    while (at < text.length && text[at] !== quote) {
      if (text[at] === '\\') at += 2;
      else if (quote === '"' && text[at] === '$') {
        const end = holeEnd(text, at);
        if (end > at + 1) holes.push([at, end]);
        at = Math.max(end, at + 1);
      } else at++;
    }
    at = Math.min(at, text.length);
    const range: Range = [start, Math.min(at + 1, text.length)];
    if (at >= text.length) {
      this.problems.push({
        range: [start, start + 1],
        message: 'a string begins here and never ends',
      });
    }
    const inner: Range = [start + 1, at];
    const piece = quote === '"' ? doubleQuoted(inner, holes) : singleQuoted(inner);
    const string = new PuppetString(this.#source, range, piece);
    this.#tokens.push({ kind: 'string', text: '', range, string });
    this.#at = range[1];
  }

  /** `@("END"/flags)`: https://www.puppet.com/docs/puppet/latest/lang_data_string.html#lang_data_string_heredocs */
  #heredoc(): void {
    const close = this.#text.indexOf(')', this.#at);
    const tag = close < 0 ? undefined : this.#text.slice(this.#at + 2, close);
    if (tag === undefined || !/^\s*("?)[^\n"/:]+\1\s*(?::[^\n/]*)?(?:\/[^\n]*)?$/.test(tag)) {
      this.#take('sign', signs);
      return;
    }
    const range: Range = [this.#at, close + 1];
    this.#begun.push({ at: this.#tokens.length, range, tag });
    this.#tokens.push({ kind: 'string', text: '', range });
    this.#at = close + 1;
  }

  #heredocText({ at, range, tag }: { at: number; range: Range; tag: string }): void {
    const text = this.#text;
    const [, quote = '', name = '', flags] = /^\s*("?)([^"/:]+)\1[^/]*(\/.*)?$/.exec(tag) ?? [];
    const from = this.#at;
    const end = new RegExp(
      `^([^\\S\\n]*)(\\|?)[^\\S\\n]*(-?)[^\\S\\n]*${name.trim().replace(/\W/g, '\\$&')}[^\\S\\n]*\\r?$`,
      'm',
    ).exec(text.slice(from));
    const to = end ? from + end.index : text.length;
    if (!end) {
      this.problems.push({ range, message: `the end of the here-document ${name} is missing` });
    }
    // With `-` the last line break is no part of the text.
    const lineBreak = end?.[3] ? (/\r?\n$/.exec(text.slice(from, to))?.[0].length ?? 0) : 0;
    const inner: Range = [from, Math.max(from, to - lineBreak)];
    const holes: Range[] = [];
    for (let i = from; quote && i < inner[1]; ) {
      const stop = text[i] === '$' ? holeEnd(text, i) : i;
      if (stop > i + 1) holes.push([i, Math.min(stop, inner[1])]);
      i = Math.max(stop, i + 1);
    }
    const piece = heredocText(
      text,
      inner,
      holes,
      flags,
      end?.[2] ? end[1]!.length : 0,
      name.trim(),
    );
    this.#tokens[at] = {
      kind: 'string',
      text: '',
      range,
      string: new PuppetString(this.#source, range, piece),
    };
    this.#at = end ? to + end[0].length : text.length;
  }
}

/** Where `${…}` or `$name` ends; a lone dollar ends where it stands. */
function holeEnd(text: string, at: number): number {
  if (text[at + 1] !== '{') {
    variable.lastIndex = at;
    return at + (variable.exec(text)?.[0].length ?? 1);
  }
  let depth = 0;
  for (let i = at + 1; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === '{') depth++;
    else if (letter === '}' && --depth === 0) return i + 1;
    else if (letter === "'" || letter === '"') {
      const close = text.indexOf(letter, i + 1);
      if (close < 0) break;
      i = close;
    }
  }
  return at + 1;
}

const singleQuoted = (inner: Range): QuotedPiece => ({
  inner,
  holes: [],
  dropped: 0,
  escapes: /\r?\n|\\['\\]/g,
  unescape: (written) => written[1]!,
  encode: (text) => text.replace(/['\\]/g, '\\$&'),
});

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', s: ' ', t: '\t' };

/** An escape Puppet does not know stays as it is written, backslash and all. */
function unescaped(written: string): string {
  const letter = written[1]!;
  if (/[\r\n]/.test(letter)) return '';
  if (letter !== 'u') return controls[letter] ?? letter;
  const code = Number.parseInt(/[\dA-Fa-f]+/.exec(written.slice(2))?.[0] ?? '', 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

const escaped = (text: string) => text.replace(/[\\$]/g, '\\$&');

const doubleQuoted = (inner: Range, holes: readonly Range[]): QuotedPiece => ({
  inner,
  holes,
  dropped: 0,
  escapes: /\r?\n|\\(?:u[\dA-Fa-f]{4}|u\{[\dA-Fa-f]{1,6}\}|[nrst$"'\\])/g,
  unescape: unescaped,
  encode: (text) => escaped(text).replaceAll('"', '\\"').replaceAll('\n', '\\n'),
});

/** Escapes are off unless flags switch them on; `/` alone is all of them. */
function heredocText(
  text: string,
  inner: Range,
  holes: readonly Range[],
  flags: string | undefined,
  dropped: number,
  name: string,
): QuotedPiece {
  const on = flags === undefined ? '' : flags.replace(/[/\s]/g, '') || 'nrstuL$';
  const letters = on.replace(/[Lu]/g, '').replace('$', '\\$');
  const escapes = [
    '\\r?\\n',
    ...(on.includes('L') ? ['\\\\\\r?\\n'] : []),
    ...(letters ? [`\\\\[${letters}\\\\]`] : []),
  ];
  return {
    inner,
    holes,
    dropped,
    escapes: new RegExp(escapes.join('|'), 'g'),
    unescape: unescaped,
    encode: encodeLines(
      on ? escaped : (same) => same,
      text,
      inner,
      new RegExp(`^[\\s|-]*${name.replace(/\W/g, '\\$&')}\\s*$`),
      dropped,
    ),
  };
}

const closing: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/** As deep as blocks and values may nest. */
const deepest = 200;

class Reader {
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  readonly #problems: PuppetProblem[];
  readonly #resources: PuppetDeclaration[] = [];
  #at = 0;
  #depth = 0;

  constructor(source: Source, tokens: readonly Token[], problems: readonly PuppetProblem[]) {
    this.#source = source;
    this.#tokens = tokens;
    this.#problems = [...problems];
  }

  file(): PuppetFile {
    while (this.#at < this.#tokens.length) {
      this.#statements([]);
      const extra = this.#tokens[this.#at++];
      if (extra)
        this.#problems.push({ range: extra.range, message: 'nothing is open that } could close' });
    }
    const { length } = this.#source.text;
    if (this.#open > 0)
      this.#problems.push({ range: [length, length], message: '} is missing here' });
    // One place is enough: what follows the first is its consequence.
    return { resources: this.#resources, problems: this.#problems.slice(0, 1) };
  }

  #open = 0;

  #sign(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'sign' && token.text === text;
  }

  #end(): number {
    return this.#tokens[this.#at - 1]?.range[1] ?? 0;
  }

  /** Up to the brace that closes the block, which is left standing. */
  #statements(conditions: readonly Range[]): void {
    const around = this.#conditions;
    this.#conditions = conditions;
    if (++this.#depth > deepest) {
      this.#at = this.#tokens.length;
      return;
    }
    let tested: readonly Range[] = conditions;
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (this.#sign('}')) break;
      if (
        token.kind === 'word' &&
        /^(?:if|unless|elsif|case)$/.test(token.text) &&
        !this.#sign('=>', 1)
      ) {
        this.#at++;
        const test = this.#test();
        tested = token.text === 'elsif' ? [...tested, test] : [...conditions, test];
        this.#block(tested);
      } else if (token.kind === 'word' && token.text === 'else' && this.#sign('{', 1)) {
        this.#at++;
        this.#block(tested);
      } else if (
        token.kind === 'word' &&
        /^(?:class|define|plan|function|node|type)$/.test(token.text)
      ) {
        if (!this.#declares()) this.#definition(conditions);
      } else if (this.#sign('{')) this.#block(conditions);
      else if (!this.#declares()) this.#at++;
    }
    this.#depth--;
    this.#conditions = around;
  }

  /** What `if` and `case` ask, up to the brace of what they decide. */
  #test(): Range {
    const start = this.#tokens[this.#at]?.range[0] ?? this.#end();
    while (this.#at < this.#tokens.length && !this.#sign('{')) {
      if (this.#sign('(') || this.#sign('[')) this.#skip();
      else if (this.#sign('|') && this.#lambda()) this.#skip();
      else this.#at++;
    }
    return [start, this.#end()];
  }

  /** `|$a, $b|` of a lambda whose block follows. */
  #lambda(): boolean {
    for (let i = this.#at + 1; i < Math.min(this.#at + 40, this.#tokens.length); i++) {
      const token = this.#tokens[i]!;
      if (token.kind !== 'sign' || token.text !== '|') continue;
      if (this.#tokens[i + 1]?.text !== '{') return false;
      this.#at = i + 1;
      return true;
    }
    return false;
  }

  /** Over brackets and all in them. */
  #skip(): void {
    const open: string[] = [];
    do {
      const token = this.#tokens[this.#at++];
      if (!token) return;
      if (token.kind !== 'sign') continue;
      if (closing[token.text]) open.push(closing[token.text]!);
      else if (token.text === open.at(-1)) open.pop();
    } while (open.length > 0);
  }

  #block(conditions: readonly Range[]): void {
    if (!this.#sign('{')) return;
    this.#at++;
    this.#statements(conditions);
    if (this.#sign('}')) this.#at++;
    else this.#open++;
  }

  /** `class name (…) inherits other {`, `node /…/ {`; a `type` has no block. */
  #definition(conditions: readonly Range[]): void {
    const isType = this.#tokens[this.#at]!.text === 'type';
    this.#at++;
    if (isType) return;
    while (this.#at < this.#tokens.length && !this.#sign('{') && !this.#sign('}')) {
      if (this.#sign('(') || this.#sign('[')) this.#skip();
      else this.#at++;
    }
    this.#block(conditions);
  }

  #conditions: readonly Range[] = [];

  /** A declaration, if one stands here. */
  #declares(): boolean {
    const start = this.#at;
    const virtual = this.#sign('@') || this.#sign('@@');
    if (virtual) this.#at++;
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || /^\d/.test(token.text)) {
      this.#at = start;
      return false;
    }
    const type: Value = {
      value: token.text.replace(/^::/, '').toLowerCase(),
      range: token.range,
    };
    const isReference = /^(?:::)?[A-Z]/.test(token.text);
    this.#at++;
    let title: PuppetValue | undefined;
    let kind: PuppetDeclaration['kind'] = isReference ? 'default' : 'resource';
    if (isReference && this.#sign('[')) {
      title = this.#primary();
      kind = 'override';
    } else if (isReference && (this.#sign('<|') || this.#sign('<<|'))) {
      while (this.#at < this.#tokens.length && !this.#sign('|>') && !this.#sign('|>>')) this.#at++;
      this.#at++;
      kind = 'collector';
    }
    if (!this.#sign('{')) {
      this.#at = start;
      return false;
    }
    const found =
      kind === 'resource'
        ? this.#bodies(type, virtual, start)
        : this.#body(type, kind, title, start);
    if (!found) this.#at = start;
    return found;
  }

  #body(
    type: Value,
    kind: PuppetDeclaration['kind'],
    title: PuppetValue | undefined,
    start: number,
  ): boolean {
    const open = this.#tokens[this.#at]!.range[1];
    this.#at++;
    if (!this.#sign('}') && !this.#isAttribute()) return false;
    const attributes = this.#attributes();
    this.#add({ kind, type, title, attributes, virtual: false }, start, open);
    return true;
  }

  #bodies(type: Value, virtual: boolean, start: number): boolean {
    this.#at++;
    let from = start;
    for (let more = true; more; from = this.#at) {
      const title = this.#value();
      if (!this.#sign(':')) return from > start;
      const inner = this.#tokens[this.#at]!.range[1];
      this.#at++;
      const attributes = this.#attributes();
      more = this.#add({ kind: 'resource', type, title, attributes, virtual }, from, inner);
    }
    return true;
  }

  /** Takes a declaration up, with the `;` or brace behind it; whether another body follows. */
  #add(
    what: Pick<PuppetDeclaration, 'kind' | 'type' | 'title' | 'attributes' | 'virtual'>,
    start: number,
    open: number,
  ): boolean {
    const close = this.#tokens[this.#at]?.range[0] ?? this.#source.text.length;
    let more = false;
    if (this.#sign(';')) {
      this.#at++;
      // `type { 'a': …; }`
      if (this.#sign('}')) this.#at++;
      else more = this.#at < this.#tokens.length;
    } else if (this.#sign('}')) this.#at++;
    else this.#open++;
    this.#resources.push({
      ...what,
      notifies: this.#sign('~>'),
      conditions: this.#conditions,
      inner: [open, close],
      range: [this.#tokens[start]!.range[0], this.#end()],
    });
    return more;
  }

  #isAttribute(): boolean {
    const token = this.#tokens[this.#at];
    return (
      !!token &&
      (token.kind === 'word' || token.text === '*') &&
      (this.#sign('=>', 1) || this.#sign('+>', 1))
    );
  }

  #attributes(): readonly PuppetAttribute[] {
    const found: PuppetAttribute[] = [];
    while (this.#isAttribute()) {
      const token = this.#tokens[this.#at]!;
      this.#at += 2;
      const value = this.#value();
      found.push({
        name: { value: token.text, range: token.range },
        value,
        range: [token.range[0], value.range[1]],
      });
      if (this.#sign(',')) this.#at++;
    }
    // Half typed: what cannot be read is passed over.
    while (this.#at < this.#tokens.length && !this.#sign('}') && !this.#sign(';')) {
      if (this.#sign('{') || this.#sign('(') || this.#sign('[')) this.#skip();
      else if (this.#isAttribute()) return [...found, ...this.#attributes()];
      else this.#at++;
    }
    return found;
  }

  /** A value up to the `,`, `;`, `:` or bracket behind it. */
  #value(): PuppetValue {
    const start = this.#tokens[this.#at]?.range[0] ?? this.#source.text.length;
    const found: PuppetValue[] = [];
    let isSimple = true;
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (token.kind === 'sign' && /^(?:[,;:})\]]|=>|\+>)$/.test(token.text)) break;
      // A value and an attribute behind it, the comma forgotten.
      if (found.length > 0 && isSimple && this.#isAttribute()) break;
      if (token.kind === 'sign' && !/^[{[(@]/.test(token.text)) {
        isSimple = false;
        this.#at++;
        continue;
      }
      found.push(this.#primary());
    }
    const [only] = found;
    if (only && found.length === 1 && isSimple) return only;
    return { kind: 'other', children: found, range: [start, Math.max(start, this.#end())] };
  }

  #primary(): PuppetValue {
    const token = this.#tokens[this.#at]!;
    const { range } = token;
    if (token.string) {
      this.#at++;
      return token.string;
    }
    if (token.kind === 'word') {
      this.#at++;
      return { kind: 'word', text: token.text, range };
    }
    if (token.kind === 'variable') {
      this.#at++;
      return { kind: 'variable', name: token.text.slice(1), range };
    }
    const close = closing[token.text];
    if (!close) {
      this.#at++;
      return { kind: 'other', children: [], range };
    }
    return this.#bracket(range[0], close);
  }

  /** `[…]`, `(…)`, `{…}`: a list, or whatever values are in it. */
  #bracket(start: number, close: string): PuppetValue {
    const children: PuppetValue[] = [];
    if (++this.#depth > deepest) {
      this.#skip();
      this.#depth--;
      return { kind: 'other', children, range: [start, this.#end()] };
    }
    this.#at++;
    while (this.#at < this.#tokens.length && !this.#sign(close)) {
      const before = this.#at;
      children.push(this.#value());
      if (this.#at === before || this.#sign(',') || this.#sign('=>') || this.#sign(';')) {
        if (!this.#sign(close)) this.#at++;
      }
    }
    if (this.#sign(close)) this.#at++;
    else this.#open++;
    this.#depth--;
    const range: Range = [start, this.#end()];
    return close === ']'
      ? { kind: 'list', items: children, range }
      : { kind: 'other', children, range };
  }
}
