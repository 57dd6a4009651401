import type { Located, Range } from '../text/range';

/**
 * How a string is written (https://groovy-lang.org/syntax.html#all-strings); `"` and `"""`, `/` and `$/` hold
 * `${…}` and `$name`.
 */
export type Quote = "'" | '"' | "'''" | '"""' | '/' | '$/';

/** `${…}` or `$name.name` in a string: what stands for the hole, and the tokens inside. */
export interface Hole extends Located {
  readonly tokens: readonly Token[];
}

export type Token =
  | WordToken
  | StringToken
  | (Located & { readonly kind: 'newline' | 'end'; readonly text: string });

/** A name or keyword, a number, or a sign such as `{`, `==`, `?.`. */
export interface WordToken extends Located {
  readonly kind: 'name' | 'number' | 'sign';
  readonly text: string;
}

export interface StringToken extends Located {
  readonly kind: 'string';
  readonly text: string;
  readonly quote: Quote;
  /** What stands between the quotes. */
  readonly inner: Range;
  readonly holes: readonly Hole[];
  /** The closing quotes are there. */
  readonly closed: boolean;
}

/** Longest first; `>` stands alone, since `>>` also ends two type arguments. */
const signs =
  /\.\.\.|\.\.<|<=>|==~|===|!==|\*\*=|<<=|\?\.|\*\.|\.&|\.@|\.\.|->|::|\?:|\?=|\+\+|--|\*\*|==|!=|<=|>=|=~|&&|\|\||<<|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|[\s\S]/y;
const name = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const number =
  /0[xX][\da-fA-F_]+[lLiIgG]?|0[bB][01_]+[lLiIgG]?|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?[lLiIgGfFdD]?/y;
const path =
  /\$[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:\.[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)*/y;

const blank = /[\s\u200b\ufeff]/;

/** Keywords after which an operand follows. */
const beforeOperand = new Set(['return', 'case', 'in', 'else', 'assert', 'throw', 'instanceof']);

/**
 * Cuts Groovy into tokens, comments and blanks left out (https://groovy-lang.org/syntax.html). The last is `end`.
 * Whatever the text, every character lies in a token or between two.
 */
export function groovyTokens(text: string): readonly Token[] {
  return new Lexer(text).read();
}

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    if (text.startsWith('#!', this.#at)) this.#skipLine();
  }

  read(): readonly Token[] {
    const tokens = this.#tokens(false);
    const end = this.#text.length;
    return [...tokens, { kind: 'end', text: '', range: [end, end] }];
  }

  /** Up to the end of the text or, `inHole`, up to the brace that closes the hole. */
  #tokens(inHole: boolean): Token[] {
    const text = this.#text;
    const tokens: Token[] = [];
    let depth = 0;
    while (this.#at < text.length) {
      const from = this.#at;
      const char = text[from]!;
      if (char === '\n') {
        this.#at++;
        tokens.push({ kind: 'newline', text: char, range: [from, from + 1] });
      } else if (char === ' ' || char === '\t' || char === '\r') this.#at++;
      else if (blank.test(char)) this.#at++;
      else if (char === '\\' && /\r?\n/y.test(text.slice(from + 1, from + 3))) {
        this.#at = text.indexOf('\n', from) + 1;
      } else if (text.startsWith('//', from)) this.#skipLine();
      else if (text.startsWith('/*', from)) {
        const end = text.indexOf('*/', from + 2);
        this.#at = end < 0 ? text.length : end + 2;
      } else {
        const quote = this.#quoteAt(from, tokens.at(-1));
        if (quote) tokens.push(this.#string(quote));
        else {
          const token = this.#word();
          if (inHole && token.text === '}' && depth === 0) {
            this.#at = from;
            return tokens;
          }
          if (token.text === '{') depth++;
          else if (token.text === '}') depth--;
          tokens.push(token);
        }
      }
    }
    return tokens;
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #word(): WordToken {
    const from = this.#at;
    const match = (pattern: RegExp) => {
      pattern.lastIndex = from;
      return pattern.exec(this.#text)?.[0];
    };
    const named = match(name);
    const numbered = named === undefined ? match(number) : undefined;
    const text = named ?? numbered ?? match(signs)!;
    this.#at = from + text.length;
    const kind = named !== undefined ? 'name' : numbered !== undefined ? 'number' : 'sign';
    return { kind, text, range: [from, this.#at] };
  }

  /** The quotes that open a string here; a slash does where no operand stands before it that it could divide. */
  #quoteAt(at: number, before: Token | undefined): Quote | undefined {
    const text = this.#text;
    const char = text[at];
    if (char === "'") return text.startsWith("'''", at) ? "'''" : "'";
    if (char === '"') return text.startsWith('"""', at) ? '"""' : '"';
    const slash = char === '/' ? '/' : char === '$' && text[at + 1] === '/' ? '$/' : undefined;
    if (!slash) return undefined;
    const divides =
      before !== undefined &&
      (before.kind === 'number' ||
        before.kind === 'string' ||
        (before.kind === 'name' && !beforeOperand.has(before.text)) ||
        (before.kind === 'sign' && /^(?:[)\]}]|\+\+|--)$/.test(before.text)));
    if (divides && slash === '/') return undefined;
    return this.#endOf(slash, at + slash.length) === undefined ? undefined : slash;
  }

  /** Where the closing quotes of a slashy string stand, holes left aside. */
  #endOf(quote: '/' | '$/', from: number): number | undefined {
    const pattern = quote === '/' ? /\\\/|\//g : /\$\$|\$\/(?=\$)|\$\/|\/\$/g;
    const closing = quote === '/' ? '/' : '/$';
    pattern.lastIndex = from;
    for (let match = pattern.exec(this.#text); match; match = pattern.exec(this.#text)) {
      if (match[0] === closing) return match.index;
    }
    return undefined;
  }

  #string(quote: Quote): StringToken {
    const text = this.#text;
    const from = this.#at;
    const start = from + quote.length;
    const closing = quote === '$/' ? '/$' : quote;
    const holds = quote !== "'" && quote !== "'''";
    const oneLine = quote === "'" || quote === '"';
    const holes: Hole[] = [];
    let at = start;
    let closed = false;
    while (at < text.length) {
      if (text.startsWith(closing, at)) {
        closed = true;
        break;
      }
      const char = text[at]!;
      if (oneLine && (char === '\n' || char === '\r')) break;
      if (quote === '$/' && (text.startsWith('$$', at) || text.startsWith('$/', at))) at += 2;
      else if (char === '\\' && quote !== '$/') {
        // In a slashy string only the slash is escaped.
        if (quote === '/' && text[at + 1] !== '/') at++;
        else at += text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 2;
      } else if (holds && char === '$') {
        const hole = this.#hole(at);
        if (hole) holes.push(hole);
        at = hole ? hole.range[1] : at + 1;
      } else at++;
    }
    at = Math.min(at, text.length);
    this.#at = closed ? at + closing.length : at;
    return {
      kind: 'string',
      text: text.slice(from, this.#at),
      quote,
      inner: [start, at],
      holes,
      closed,
      range: [from, this.#at],
    };
  }

  #hole(at: number): Hole | undefined {
    const text = this.#text;
    if (text[at + 1] === '{') {
      this.#at = at + 2;
      const tokens = this.#tokens(true);
      const end = Math.min(this.#at + 1, text.length);
      return { tokens: [...tokens, ending(this.#at)], range: [at, end] };
    }
    path.lastIndex = at;
    const found = path.exec(text)?.[0];
    if (found === undefined) return undefined;
    const tokens: Token[] = [];
    let from = at + 1;
    for (const part of found.slice(1).split('.')) {
      if (tokens.length > 0) tokens.push({ kind: 'sign', text: '.', range: [from - 1, from] });
      tokens.push({ kind: 'name', text: part, range: [from, from + part.length] });
      from += part.length + 1;
    }
    const end = at + found.length;
    return { tokens: [...tokens, ending(end)], range: [at, end] };
  }
}

const ending = (at: number): Token => ({ kind: 'end', text: '', range: [at, at] });
