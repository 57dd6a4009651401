import { lookUp } from '../text/look-up';
/**
 * POSIX and GNU regular expressions (https://www.gnu.org/software/sed/manual/html_node/Regular-Expressions.html): as
 * one of JavaScript's, and examples of what they match.
 */
export interface Pattern {
  readonly expression: RegExp;
  /** Texts the expression matches, as far as they could be made; not anchored ones may stand anywhere in a line. */
  readonly examples: readonly string[];
  readonly anchoredStart: boolean;
  readonly anchoredEnd: boolean;
}

/** `basic` as in grep and sed, `extended` as with their -E, `perl` as with grep's -P. */
export type Syntax = 'basic' | 'extended' | 'perl';

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: 'A-Fa-f0-9',
};

const escaped: Readonly<Record<string, readonly [source: string, example: string]>> = {
  s: ['\\s', ' '],
  S: ['\\S', 'x'],
  w: ['\\w', 'x'],
  W: ['\\W', ' '],
  d: ['\\d', '1'],
  D: ['\\D', 'x'],
  b: ['\\b', ''],
  B: ['\\B', ''],
  '<': ['\\b(?=\\w)', ''],
  '>': ['\\b(?<=\\w)', ''],
  t: ['\\t', '\t'],
  n: ['\\n', '\n'],
  r: ['\\r', ''],
};

/** One alternative or atom: its source, and the shortest and a longer text it matches. */
interface Piece {
  readonly source: string;
  readonly shortest: string;
  readonly longer: string;
}

/** In characters; JavaScript refuses a much longer one when it is first used, and nobody writes one by hand. */
const longest = 2000;

/** Undefined where the expression cannot be read. */
export function pattern(text: string, syntax: Syntax, ignoreCase = false): Pattern | undefined {
  if (text.length > longest) return undefined;
  try {
    const reader = new Reader(text, syntax);
    const piece = reader.alternatives();
    if (!reader.done) return undefined;
    return {
      expression: new RegExp(piece.source, ignoreCase ? 'gim' : 'gm'),
      examples: [...new Set([piece.shortest, piece.longer])],
      anchoredStart: text.startsWith('^'),
      anchoredEnd: /(?:^|[^\\])\$$/.test(text),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const literal = (char: string): Piece => ({
  source: char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  shortest: char,
  longer: char,
});

class Reader {
  readonly #text: string;
  readonly #basic: boolean;
  #at = 0;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#basic = syntax === 'basic';
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Takes an operator, which basic expressions write with a backslash and extended ones without. */
  #operator(char: string): boolean {
    const written = this.#basic ? `\\${char}` : char;
    if (!this.#text.startsWith(written, this.#at)) return false;
    this.#at += written.length;
    return true;
  }

  #sees(char: string): boolean {
    return this.#text.startsWith(this.#basic ? `\\${char}` : char, this.#at);
  }

  alternatives(): Piece {
    const all = [this.#sequence()];
    while (this.#operator('|')) all.push(this.#sequence());
    const [first] = all;
    if (all.length === 1) return first!;
    return {
      source: all.map((each) => each.source).join('|'),
      shortest: first!.shortest,
      longer: all.at(-1)!.longer,
    };
  }

  #sequence(): Piece {
    let source = '';
    let shortest = '';
    let longer = '';
    const start = this.#at;
    while (!this.done && !this.#sees('|') && !this.#sees(')')) {
      const piece = this.#repeated(this.#at === start);
      source += piece.source;
      shortest += piece.shortest;
      longer += piece.longer;
    }
    return { source, shortest, longer };
  }

  #repeated(first: boolean): Piece {
    let piece = this.#atom(first);
    for (;;) {
      if (this.#text[this.#at] === '*') {
        this.#at++;
        piece = { source: `(?:${piece.source})*`, shortest: '', longer: piece.longer };
      } else if (this.#operator('+')) {
        piece = { ...piece, source: `(?:${piece.source})+` };
      } else if (this.#operator('?')) {
        piece = { source: `(?:${piece.source})?`, shortest: '', longer: piece.longer };
      } else if (this.#sees('{') && /^\\?\{\d*,?\d*\\?\}/.test(this.#text.slice(this.#at))) {
        const match = /^\\?\{(\d*)(,?)(\d*)\\?\}/.exec(this.#text.slice(this.#at))!;
        this.#at += match[0].length;
        const least = Number(match[1] || 0);
        const most = match[3] ? Number(match[3]) : match[2] ? '' : least;
        piece = {
          source: `(?:${piece.source}){${least}${match[2] ? ',' : ''}${match[2] ? most : ''}}`,
          shortest: piece.shortest.repeat(Math.min(least, 20)),
          longer: piece.longer.repeat(Math.min(Math.max(least, 1), 20)),
        };
      } else return piece;
    }
  }

  #atom(first: boolean): Piece {
    const char = this.#text[this.#at]!;
    if (this.#operator('(')) {
      let opening = '(';
      const special = /^\?(?::|=|!|<=|<!)/.exec(this.#text.slice(this.#at));
      if (!this.#basic && special) {
        opening = `(${special[0]}`;
        this.#at += special[0].length;
      }
      const inner = this.alternatives();
      if (!this.#operator(')')) throw new SyntaxError('group without an end');
      const around = opening !== '(' && opening !== '(?:';
      return {
        source: `${opening}${inner.source})`,
        shortest: around ? '' : inner.shortest,
        longer: around ? '' : inner.longer,
      };
    }
    this.#at++;
    switch (char) {
      case '^':
        if (!this.#basic || first) return { source: '^', shortest: '', longer: '' };
        return literal(char);
      case '$': {
        const ends = this.done || this.#sees(')') || this.#sees('|');
        if (!this.#basic || ends) return { source: '$', shortest: '', longer: '' };
        return literal(char);
      }
      case '.':
        return { source: '.', shortest: 'x', longer: 'x' };
      case '*':
        if (first) return literal(char);
        throw new SyntaxError('nothing to repeat');
      case '[':
        return this.#bracket();
      case '\\': {
        const next = this.#text[this.#at++];
        if (next === undefined) throw new SyntaxError('ends in a backslash');
        if (/[1-9]/.test(next)) return { source: `\\${next}`, shortest: '', longer: '' };
        const known = lookUp(escaped, next);
        if (known) return { source: known[0], shortest: known[1], longer: known[1] };
        return literal(next);
      }
      default:
        return literal(char);
    }
  }

  #bracket(): Piece {
    const rest = this.#text.slice(this.#at);
    const match = /^(\^?)(\]?(?:\[:\w+:\]|\[\.[^.]*\.\]|\[=[^=]*=\]|[^\]])*)\]/.exec(rest);
    if (!match) throw new SyntaxError('bracket without an end');
    this.#at += match[0].length;
    const negated = match[1] !== '';
    const members = match[2]!.replace(
      /\[:(\w+):\]|\\([nt\]\\])|[\\\]^[]/g,
      (whole, name: string | undefined, special: string | undefined) => {
        if (name) return lookUp(classes, name) ?? '';
        if (special)
          return special === 'n' || special === 't' ? `\\${special}` : `\\\\\\${special}`;
        return `\\${whole}`;
      },
    );
    const source = `[${negated ? '^' : ''}${members}]`;
    const one = new RegExp(`^${source}$`);
    const first = match[2]![0] ?? 'x';
    const example = [first, 'x', '1', ' ', '#', ';', '-', '"'].find((char) => one.test(char)) ?? '';
    return { source, shortest: example, longer: example };
  }
}
