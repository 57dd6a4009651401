import type { Located, Range } from '../text/range';

/**
 * A call somewhere in a Starlark file (https://github.com/bazelbuild/starlark/blob/master/spec.md), with what of its
 * arguments is written there. Offsets are those of the text that was read.
 */
export interface StarlarkCall extends Located {
  readonly kind: 'call';
  /** With what stands before a dot: `os.path.join`. */
  readonly name: string;
  readonly args: readonly StarlarkValue[];
  readonly named: ReadonlyMap<string, StarlarkValue>;
}

export type StarlarkValue =
  | StarlarkCall
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly StarlarkValue[] }
  /** A dictionary; keys are left out where they are no strings. */
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [string, StarlarkValue])[] }
  /** Anything that has to be worked out. */
  | { readonly kind: 'other' };

interface Token {
  readonly kind: 'string' | 'word' | 'sign';
  readonly text: string;
  readonly range: Range;
}

const other: StarlarkValue = { kind: 'other' };
const space = /(?:[ \t\r]|\\\r?\n|#[^\n]*)+/y;
const text =
  /[rb]{0,2}(?:"""((?:\\[\s\S]|[^\\])*?)"""|'''((?:\\[\s\S]|[^\\])*?)'''|"((?:\\[\s\S]|[^"\\\n])*)"|'((?:\\[\s\S]|[^'\\\n])*)')/y;
const word = /[\p{L}\d_]+/uy;

/** All calls of a file, those in arguments and in functions too, as far as they can be read. Throws nothing. */
export function starlarkCalls(source: string): readonly StarlarkCall[] {
  return new Reader(tokensOf(source)).calls();
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let open = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const start = at;
    const blank = next(space);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const string = next(text);
    if (string) {
      at += string[0].length;
      const raw = /^[b]?r/.test(string[0]);
      const value = string[1] ?? string[2] ?? string[3] ?? string[4]!;
      tokens.push({ kind: 'string', text: raw ? value : unescaped(value), range: [start, at] });
      continue;
    }
    const name = next(word);
    at += name ? name[0].length : 1;
    const found = name ? name[0] : source[start]!;
    if (/[([{]/.test(found)) open++;
    if (/[)\]}]/.test(found)) open = Math.max(0, open - 1);
    // Between brackets a line may end anywhere.
    if (found === '\n' && open > 0) continue;
    tokens.push({ kind: name ? 'word' : 'sign', text: found, range: [start, at] });
  }
  return tokens;
}

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' };
const unescaped = (value: string) =>
  value.replace(/\\([\s\S])/g, (written, letter: string) =>
    /[nrt\n"'\\]/.test(letter) ? (letters[letter] ?? letter) : written,
  );

/** As deep as values may nest. */
const deepest = 100;
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

class Reader {
  readonly #tokens: readonly Token[];
  readonly #calls: StarlarkCall[] = [];
  /** Names that are given a value once. */
  readonly #names = new Map<string, StarlarkValue | undefined>();
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  calls(): readonly StarlarkCall[] {
    while (this.#at < this.#tokens.length) {
      const start = this.#at;
      const token = this.#tokens[start]!;
      if (token.text === 'def' && token.kind === 'word') {
        // What its parameters stand for depends on who calls it.
        this.#at += 2;
        if (this.#sign('(')) {
          this.#at++;
          this.#arguments(')');
        }
        continue;
      }
      if (token.text === 'for' && token.kind === 'word') this.#forget();
      const isName = token.kind === 'word' && this.#sign('=', 1) && !this.#sign('=', 2);
      if (isName) {
        this.#at += 2;
        const value = this.#value();
        this.#names.set(token.text, this.#names.has(token.text) ? undefined : value);
      } else if (token.kind === 'word') this.#value();
      if (this.#at === start) this.#at++;
    }
    return this.#calls;
  }

  /** Names of a loop stand for one thing after another. */
  #forget(): void {
    for (
      let token = this.#tokens[this.#at];
      token && token.text !== 'in' && token.text !== '\n';
      token = this.#tokens[++this.#at]
    )
      if (token.kind === 'word') this.#names.set(token.text, undefined);
  }

  #sign(sign: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'sign' && token.text === sign;
  }

  /** A value with what it is joined to; strings that are added are one. */
  #value(): StarlarkValue {
    let value = this.#operand();
    while (this.#sign('+')) {
      this.#at++;
      value = added(value, this.#operand());
    }
    // Anything else that is done with it makes something else of it.
    const token = this.#tokens[this.#at];
    const ends = !token || (token.kind === 'sign' && /[,)\]}:\n;=]/.test(token.text));
    return ends ? value : other;
  }

  #operand(): StarlarkValue {
    const token = this.#tokens[this.#at];
    if (!token || this.#depth >= deepest) return other;
    this.#depth++;
    try {
      if (token.kind === 'string') return this.#string();
      if (token.kind === 'word') return this.#named();
      if (token.text === '[' || token.text === '(') {
        this.#at++;
        const { args } = this.#arguments(closing[token.text]!);
        return token.text === '(' && args.length === 1 ? args[0]! : { kind: 'list', items: args };
      }
      if (token.text === '{') return this.#dict();
      return other;
    } finally {
      this.#depth--;
    }
  }

  #string(): StarlarkValue {
    let value = '';
    for (
      let token = this.#tokens[this.#at];
      token?.kind === 'string';
      token = this.#tokens[this.#at]
    ) {
      value += token.text;
      this.#at++;
    }
    return this.#followed({ kind: 'string', value });
  }

  /** A name, or a call of it. */
  #named(): StarlarkValue {
    const start = this.#tokens[this.#at]!;
    let name = start.text;
    this.#at++;
    while (this.#sign('.') && this.#tokens[this.#at + 1]?.kind === 'word') {
      name += `.${this.#tokens[this.#at + 1]!.text}`;
      this.#at += 2;
    }
    if (!this.#sign('(')) return this.#followed(this.#names.get(name) ?? other);
    this.#at++;
    const { args, named } = this.#arguments(')');
    const call: StarlarkCall = {
      kind: 'call',
      name,
      args,
      named,
      range: [start.range[0], this.#tokens[this.#at - 1]!.range[1]],
    };
    this.#calls.push(call);
    return this.#followed(call);
  }

  /** Methods and indices behind a value: what comes of them is not known. */
  #followed(value: StarlarkValue): StarlarkValue {
    let result = value;
    for (;;) {
      if (this.#sign('.') && this.#tokens[this.#at + 1]?.kind === 'word') {
        this.#at += 2;
        result = other;
      } else if (this.#sign('(') || this.#sign('[')) {
        const close = this.#sign('(') ? ')' : ']';
        this.#at++;
        this.#arguments(close);
        result = other;
      } else return result;
    }
  }

  /** Up to and with the closing sign. */
  #arguments(close: string): {
    readonly args: readonly StarlarkValue[];
    readonly named: ReadonlyMap<string, StarlarkValue>;
  } {
    const args: StarlarkValue[] = [];
    const named = new Map<string, StarlarkValue>();
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (this.#sign(close)) {
        this.#at++;
        break;
      }
      if (token.kind === 'sign' && token.text === ',') {
        this.#at++;
        continue;
      }
      const start = this.#at;
      if (token.kind === 'word' && this.#sign('=', 1) && !this.#sign('=', 2)) {
        this.#at += 2;
        named.set(token.text, this.#value());
      } else args.push(this.#value());
      this.#skipTo(close);
      if (this.#at === start) this.#at++;
    }
    return { args, named };
  }

  /** What is left of an argument that could not be read, calls in it read all the same. */
  #skipTo(close: string): void {
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (this.#sign(',') || this.#sign(close)) return;
      if (token.kind === 'sign' && /[)\]}]/.test(token.text)) return;
      const start = this.#at;
      if (token.kind === 'sign' && closing[token.text]) this.#operand();
      else if (token.kind === 'word') this.#named();
      if (this.#at === start) this.#at++;
    }
  }

  #dict(): StarlarkValue {
    const entries: (readonly [string, StarlarkValue])[] = [];
    this.#at++;
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (this.#sign('}')) {
        this.#at++;
        break;
      }
      if (token.kind === 'sign' && token.text === ',') {
        this.#at++;
        continue;
      }
      const start = this.#at;
      const key = this.#value();
      if (this.#sign(':')) {
        this.#at++;
        const value = this.#value();
        if (key.kind === 'string') entries.push([key.value, value]);
      }
      this.#skipTo('}');
      if (this.#at === start) this.#at++;
    }
    return { kind: 'dict', entries };
  }
}

function added(left: StarlarkValue, right: StarlarkValue): StarlarkValue {
  if (left.kind === 'string' && right.kind === 'string')
    return { kind: 'string', value: left.value + right.value };
  if (left.kind === 'list' && right.kind === 'list')
    return { kind: 'list', items: [...left.items, ...right.items] };
  return other;
}
