import { parseShell, type Statement, type Word, type WordPart } from '../syntax/shell';
import { filled, growing, isKnown, isUnknown, type Text, type Unknowns } from './text';

/** What the expansion of words asks of the shell that runs them. */
export interface Scope {
  readonly unknowns: Unknowns;
  readonly home: Text;
  /** bash rather than a plain sh: braces expand. */
  readonly bash: boolean;
  /** The value of a variable or parameter; undefined where nothing has set it. */
  variable(name: string): Text | undefined;
  /** The elements of an array, or the positional parameters for `@`. */
  elements(name: string): readonly Text[] | undefined;
  assign(name: string, value: Text): void;
  substitute(body: readonly Statement[]): Text;
  /** A path from which the output of the commands can be read. */
  process(body: readonly Statement[]): Text;
  /** Paths a pattern names; the pattern itself where there are none. */
  glob(pattern: Text, matches: RegExp): readonly Text[];
}

/** How a character came into a word: written, quoted, out of an expansion that is split, or the end of a field. */
type Origin = 'written' | 'quoted' | 'expanded' | 'end';

interface Char {
  readonly char: string;
  readonly origin: Origin;
}

/** Text of one origin. */
interface Piece {
  readonly text: Text;
  readonly origin: Origin;
}

/** The fields a word becomes: expanded, split, with its patterns matched against what is there. */
export function fields(word: Word, scope: Scope): readonly Text[] {
  if (isPlain(word)) return [word.value!];
  const pieces = piecesOf(word, scope);
  const quoted = /^["']/.test(word.text) || pieces.some(({ origin }) => origin === 'quoted');
  if (pieces.every(isWhole)) {
    const text = pieces.map((piece) => piece.text).join('');
    return text === '' && !quoted ? [] : [text];
  }
  const chars = pieces.flatMap(charsOf);
  return (scope.bash ? braced(chars) : [chars]).flatMap((each) =>
    split(tilde(each, scope), quoted).flatMap((field) => matched(field, scope)),
  );
}

/** Nothing in it is split, matched, or expanded further. */
const isWhole = ({ text, origin }: Piece): boolean =>
  origin === 'quoted' ||
  (origin === 'written' && !/[*?[{~]/.test(text)) ||
  (origin === 'expanded' && !/[*?[\s]/.test(text));

/** One text, as in an assignment: expanded, neither split nor matched. */
export function single(word: Word, scope: Scope): Text {
  if (isPlain(word)) return word.value!;
  const pieces = piecesOf(word, scope);
  if (pieces[0]?.origin === 'written' && pieces[0].text.startsWith('~')) {
    return tilde(pieces.flatMap(charsOf), scope)
      .map(({ char }) => char)
      .join('');
  }
  return pieces.map(({ text, origin }) => (origin === 'end' ? ' ' : text)).join('');
}

/** Text that is expanded as inside double quotes: a here-document, the word behind `:-`. */
export function expandText(text: string, scope: Scope): Text {
  if (!/[$`\\]/.test(text)) return text;
  const escaped = text.replace(/(\\*)"/g, (_, slashes: string) =>
    slashes.length % 2 === 1 ? `${slashes}\\\\"` : `${slashes}\\"`,
  );
  const [statement] = parseShell(`: "${escaped}"`).statements;
  const word = statement?.kind === 'command' ? statement.words[1] : undefined;
  return word ? single(word, scope) : text;
}

/** A pattern of `case`, `[[ == ]]` or `${x%pattern}`: its source for a regular expression without anchors. */
export const patternSource = (word: Word, scope: Scope): string =>
  globSource(
    piecesOf(word, scope)
      .flatMap(charsOf)
      .map(({ char, origin }) => [char, origin !== 'quoted'] as const),
  );

/** The same of bare text, in which everything counts. */
export const patternOfText = (text: Text): string =>
  globSource([...text].map((char) => [char, true] as const));

function globSource(chars: readonly (readonly [char: string, special: boolean])[]): string {
  let out = '';
  for (let i = 0; i < chars.length; i++) {
    const [char, special] = chars[i]!;
    if (!special) out += plain(char);
    else if (char === '*') out += '[\\s\\S]*';
    else if (char === '?') out += '[\\s\\S]';
    else if (char === '[') {
      let end = i + 2;
      while (end < chars.length && end < i + 40 && chars[end]![0] !== ']') end++;
      if (chars[end]?.[0] !== ']') end = -1;
      if (end < 0) out += '\\[';
      else {
        const members = chars
          .slice(i + 1, end)
          .map(([each]) => each)
          .join('');
        out += `[${members.replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
        i = end;
      }
    } else if (char === '\\' && i + 1 < chars.length) out += plain(chars[++i]![0]);
    else out += plain(char);
  }
  return out;
}

const plain = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** A pattern's expression, or undefined where it is none, or longer than any path (PATH_MAX of Linux). */
export function anchored(source: string): RegExp | undefined {
  if (source.length > 4096) return undefined;
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return undefined;
  }
}

const piecesOf = (word: Word, scope: Scope): readonly Piece[] =>
  word.parts.flatMap((part) => partPieces(part, scope));

const charsOf = ({ text, origin }: Piece): readonly Char[] =>
  origin === 'end' ? [{ char: '', origin }] : [...text].map((char) => ({ char, origin }));

/** A template of the host is hidden behind underscores of its length: what it comes to is not known. */
const unmasked = (text: string, scope: Scope): Text =>
  text.replace(/_{5,}/g, (mask) => scope.unknowns.stable(`template ${mask}`, { name: '{{ … }}' }));

const plainWords = new WeakMap<Word, boolean>();

/** Most words are what they say: nothing in them is expanded, split or matched. */
function isPlain(word: Word): boolean {
  if (word.value === undefined) return false;
  let plain = plainWords.get(word);
  if (plain === undefined) {
    plain =
      !/_{5}/.test(word.value) &&
      word.parts.every(
        (part) => part.kind === 'literal' && (part.quoted || !/[*?[{~]/.test(part.text)),
      );
    plainWords.set(word, plain);
  }
  return plain;
}

const spread = (text: Text, origin: Origin): Char[] => [...text].map((char) => ({ char, origin }));

function partPieces(part: WordPart, scope: Scope): readonly Piece[] {
  switch (part.kind) {
    case 'literal':
      return [{ text: unmasked(part.text, scope), origin: part.quoted ? 'quoted' : 'written' }];
    case 'variable': {
      const origin: Origin = part.quoted ? 'quoted' : 'expanded';
      const list = /^[@*]$|\[[@*]\]$/.test(part.name) ? listOf(part, scope) : undefined;
      if (!list) return [{ text: variableText(part, scope), origin }];
      const apart = part.name.includes('@') || !part.quoted;
      const between: Piece = apart ? { text: '', origin: 'end' } : { text: ' ', origin };
      return list.flatMap((text, index) =>
        index === 0 ? [{ text, origin }] : [between, { text, origin }],
      );
    }
    case 'substitution':
      return [
        {
          text: scope.substitute(part.body).replace(/\n+$/, ''),
          origin: part.quoted ? 'quoted' : 'expanded',
        },
      ];
    case 'process':
      return [{ text: scope.process(part.body), origin: 'quoted' }];
    case 'arithmetic':
      return [
        { text: arithmetic(part.text.replace(/^\$\(\(|\)\)$/g, ''), scope), origin: 'expanded' },
      ];
  }
}

type Variable = WordPart & { readonly kind: 'variable' };

/** `"$@"`, `"${list[@]}"`, `"${@:2}"`. */
function listOf({ name, operator, operand }: Variable, scope: Scope): readonly Text[] | undefined {
  const all = scope.elements(name.replace(/\[[@*]\]$/, ''));
  if (!all) return undefined;
  if (operator === '#…') return [String(all.length)];
  if (operator === ':' && operand !== undefined) {
    const [from, count] = operand.split(':').map(Number);
    const start = Math.max(0, (from ?? 0) - (/^[@*]$/.test(name) ? 1 : 0));
    return all.slice(start, count === undefined ? undefined : start + count);
  }
  return all;
}

/** https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html */
function variableText(part: Variable, scope: Scope): Text {
  const { name, operator } = part;
  const value = scope.variable(name);
  const unset = () => scope.unknowns.stable(`$${name}`, { name: `$${name}` });
  if (operator === undefined) return value ?? unset();
  const operand = () =>
    expandText((part.operand ?? '').replace(/^(["'])([\s\S]*)\1$/, '$2'), scope);
  const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
  switch (operator) {
    case ':-':
    case '-':
      return isSet ? value : operand();
    case ':=':
    case '=': {
      if (isSet) return value;
      const given = operand();
      scope.assign(name, given);
      return given;
    }
    case ':?':
    case '?':
      return value ?? unset();
    case ':+':
    case '+':
      return isSet ? operand() : '';
    default:
      break;
  }
  const text = value ?? unset();
  const made = isKnown(text) && edited(text, operator, operand());
  return typeof made === 'string'
    ? made
    : scope.unknowns.stable(`\${${operator}${part.operand ?? ''}}(${text})`, { name: `$${name}` });
}

/** What an operator makes of a known value; undefined where it is not known here. */
function edited(text: string, operator: string, operand: string): string | undefined {
  // Patterns of several stars take long on long texts, and nobody reads these.
  if (text.length > 200 || operand.length > 100) return undefined;
  const expression = (source: string) => {
    try {
      return new RegExp(source);
    } catch {
      return undefined;
    }
  };
  const source = patternOfText(operand);
  switch (operator) {
    case '#…':
      return String(text.length);
    case '#':
      return shortest(text, source, 'front');
    case '##':
      return text.replace(expression(`^(?:${source})`) ?? /^$/, '');
    case '%':
      return shortest(text, source, 'back');
    case '%%':
      return text.replace(expression(`(?:${source})$`) ?? /^$/, '');
    case '/':
    case '//': {
      const [what = '', by = ''] = operand.split('/');
      const found = expression(patternOfText(what).replaceAll('[\\s\\S]*', '[\\s\\S]*?'));
      return found && text.replace(operator === '//' ? new RegExp(found, 'g') : found, () => by);
    }
    case ',,':
      return text.toLowerCase();
    case '^^':
      return text.toUpperCase();
    case '^':
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    case ':': {
      const [from, count] = operand.trim().split(':').map(Number);
      if (from === undefined || Number.isNaN(from)) return undefined;
      return count === undefined ? text.slice(from) : text.slice(from, from + count);
    }
    default:
      return undefined;
  }
}

function shortest(text: string, source: string, side: 'front' | 'back'): string {
  const whole = anchored(source);
  if (!whole) return text;
  for (let length = 0; length <= text.length; length++) {
    const piece = side === 'front' ? text.slice(0, length) : text.slice(text.length - length);
    if (!whole.test(piece)) continue;
    return side === 'front' ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}

/** `{a,b}` and `{1..3}`, as bash expands them before all else. */
/** As many words as braces make at most. */
const mostWords = 100;

function braced(chars: readonly Char[]): (readonly Char[])[] {
  const at = chars.findIndex(({ char, origin }) => char === '{' && origin === 'written');
  if (at < 0) return [chars];
  let depth = 0;
  const cuts = [at];
  for (let i = at; i < chars.length; i++) {
    const { char, origin } = chars[i]!;
    if (origin !== 'written') continue;
    if (char === '{') depth++;
    if (char === ',' && depth === 1) cuts.push(i);
    if (char === '}' && --depth === 0) {
      cuts.push(i);
      break;
    }
  }
  const end = cuts.at(-1)!;
  if (depth > 0) return [chars];
  let choices = cuts.slice(1).map((cut, index) => chars.slice(cuts[index]! + 1, cut));
  if (choices.length === 1) {
    const inner = choices[0]!.map(({ char }) => char).join('');
    const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inner);
    if (!range) {
      const rest = braced(chars.slice(end + 1));
      return rest.map((each) => [...chars.slice(0, end + 1), ...each]);
    }
    const [from, to] = [Number(range[1]), Number(range[2])];
    const step = from <= to ? 1 : -1;
    choices = Array.from({ length: Math.min(Math.abs(to - from) + 1, 50) }, (_, index) =>
      spread(
        String(from + index * step).padStart(/^0\d/.test(range[1]!) ? range[1]!.length : 0, '0'),
        'quoted',
      ),
    );
  }
  const rest = braced(chars.slice(end + 1));
  return choices
    .flatMap((choice) => braced(choice))
    .slice(0, mostWords)
    .flatMap((choice) => rest.map((each) => [...chars.slice(0, at), ...choice, ...each]))
    .slice(0, mostWords);
}

function tilde(chars: readonly Char[], scope: Scope): readonly Char[] {
  if (chars[0]?.char !== '~' || chars[0].origin !== 'written') return chars;
  const slash = chars.findIndex(({ char }) => char === '/');
  const end = slash < 0 ? chars.length : slash;
  const user = chars
    .slice(1, end)
    .map(({ char }) => char)
    .join('');
  if (!/^[\w-]*$/.test(user)) return chars;
  const home = user === '' ? scope.home : user === 'root' ? '/root' : `/home/${user}`;
  return [...spread(home, 'quoted'), ...chars.slice(end)];
}

function split(chars: readonly Char[], quoted: boolean): (readonly Char[])[] {
  const out: Char[][] = [];
  let field: Char[] = [];
  let any = quoted;
  const close = () => {
    if (field.length > 0 || any) out.push(field);
    field = [];
    any = false;
  };
  for (const each of chars) {
    if (each.origin === 'end') {
      any = true;
      close();
      any = true;
    } else if (each.origin === 'expanded' && /\s/.test(each.char)) close();
    else field.push(each);
  }
  if (field.length > 0 || any) out.push(field);
  return out;
}

function matched(field: readonly Char[], scope: Scope): readonly Text[] {
  const text = field.map(({ char }) => char).join('');
  const isPattern = field.some(
    ({ char, origin }) => (origin === 'written' || origin === 'expanded') && /[*?[]/.test(char),
  );
  if (!isPattern) return [text];
  const source = globSource(field.map(({ char, origin }) => [char, origin !== 'quoted'] as const));
  if (text.length > 500) return [text];
  const expression = anchored(
    source.replaceAll('[\\s\\S]*', '(?!\\.)[^/]*').replaceAll('[\\s\\S]', '[^/]'),
  );
  return expression ? scope.glob(text, expression) : [text];
}

/** Whole numbers with the usual operators; what is not known stays one unknown part. */
export function arithmetic(text: string, scope: Scope): Text {
  const source = expandText(text, scope);
  let varying = '';
  const named = source.replace(/\b[A-Za-z_]\w*\b/g, (name) => {
    const value = scope.variable(name) ?? '0';
    varying += value;
    return value === '' ? '0' : value;
  });
  if (isKnown(named)) {
    const value = new Sum(named).value();
    if (value !== undefined) return String(value);
  }
  return scope.unknowns.stable(`${growing}((${filled(source, '?')}))(${named}${varying})`, {
    name: `$((${text}))`,
  });
}

/** A reader of sums: `2 * (3 + 4) % 5`. */
class Sum {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/\d+|[-+*/%()]|\S/g) ?? [];
  }

  value(): number | undefined {
    const value = this.#sum();
    return this.#at === this.#tokens.length && Number.isFinite(value)
      ? Math.trunc(value)
      : undefined;
  }

  #take(...tokens: readonly string[]): string | undefined {
    const next = this.#tokens[this.#at];
    if (next === undefined || !tokens.includes(next)) return undefined;
    this.#at++;
    return next;
  }

  #sum(): number {
    let value = this.#product();
    for (;;) {
      const operator = this.#take('+', '-');
      if (!operator) return value;
      value = operator === '+' ? value + this.#product() : value - this.#product();
    }
  }

  #product(): number {
    let value = this.#factor();
    for (;;) {
      const operator = this.#take('*', '/', '%');
      if (!operator) return value;
      const right = this.#factor();
      value =
        operator === '*'
          ? value * right
          : operator === '/'
            ? Math.trunc(value / right)
            : value % right;
    }
  }

  #factor(): number {
    if (this.#take('-')) return -this.#factor();
    if (this.#take('(')) {
      const value = this.#sum();
      return this.#take(')') ? value : Number.NaN;
    }
    const token = this.#tokens[this.#at++];
    return token !== undefined && /^\d+$/.test(token) ? Number(token) : Number.NaN;
  }
}

/** Whether there is any text: undefined where only unknown parts could tell. */
export const isEmpty = (text: Text): boolean | undefined =>
  text === '' ? true : isUnknown(text.trim()) ? undefined : false;
