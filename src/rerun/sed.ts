import { type Pattern, pattern, type Syntax } from './posix-regex';
import { type Edit, isKnown, joinLines, linesOf, settles, type Text, type Unknowns } from './text';

/** An address: a line's number, the last line, or a pattern. */
type Address = number | '$' | Pattern;

interface Instruction {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly negated: boolean;
  readonly does:
    | { readonly kind: 's'; readonly what: Pattern; readonly by: string; readonly global: boolean }
    | { readonly kind: 'd' }
    | { readonly kind: 'p' }
    | { readonly kind: 'a' | 'i' | 'c'; readonly text: string };
}

/** A sed script as far as Andon knows the language: s, d, p, a, i and c with addresses and blocks. */
export interface SedScript {
  readonly instructions: readonly Instruction[];
  /** `-n`: only what `p` prints. */
  readonly silent: boolean;
}

/**
 * Reads a script; undefined where it holds a command that is not known here.
 * https://www.gnu.org/software/sed/manual/sed.html
 */
export function sedScript(
  text: string,
  options: { readonly syntax?: Syntax; readonly silent?: boolean } = {},
): SedScript | undefined {
  const reader = new Reader(text, options.syntax ?? 'basic');
  const instructions = reader.instructions(undefined, undefined, false);
  return instructions && { instructions, silent: options.silent === true };
}

class Reader {
  readonly #text: string;
  readonly #syntax: Syntax;
  #at = 0;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
  }

  #skip(what: RegExp): string {
    const match = new RegExp(`^(?:${what.source})`).exec(this.#text.slice(this.#at));
    this.#at += match?.[0].length ?? 0;
    return match?.[0] ?? '';
  }

  instructions(
    outerFrom: Address | undefined,
    outerTo: Address | undefined,
    outerNegated: boolean,
  ): Instruction[] | undefined {
    const out: Instruction[] = [];
    for (;;) {
      this.#skip(/[\s;]*/);
      if (this.#at >= this.#text.length) return out;
      if (this.#text[this.#at] === '}') {
        this.#at++;
        return out;
      }
      if (this.#text[this.#at] === '#') {
        this.#skip(/[^\n]*/);
        continue;
      }
      let from = this.#address();
      if (from === null) return undefined;
      let to: Address | undefined | null;
      if (from !== undefined && this.#skip(/\s*,\s*/)) {
        to = this.#address();
        if (to === null || to === undefined) return undefined;
      }
      this.#skip(/\s*/);
      const negated = this.#skip(/!\s*/) !== '';
      if (from === undefined) from = outerFrom;
      else if (outerFrom !== undefined) return undefined;
      const place = {
        from,
        to: to ?? (from === outerFrom ? outerTo : undefined),
        negated: negated !== outerNegated,
      };
      const command = this.#text[this.#at++];
      switch (command) {
        case '{': {
          const inner = this.instructions(place.from, place.to, place.negated);
          if (!inner) return undefined;
          out.push(...inner);
          break;
        }
        case 's': {
          const does = this.#substitution();
          if (!does) return undefined;
          out.push({ ...place, does });
          break;
        }
        case 'd':
        case 'p':
          out.push({ ...place, does: { kind: command } });
          break;
        case 'a':
        case 'i':
        case 'c':
          out.push({ ...place, does: { kind: command, text: this.#added() } });
          break;
        default:
          return undefined;
      }
    }
  }

  /** Undefined where there is none, null where it cannot be read. */
  #address(): Address | undefined | null {
    const number = this.#skip(/\d+/);
    if (number) return this.#text[this.#at] === '~' ? null : Number(number);
    if (this.#skip(/\$/)) return '$';
    let delimiter = '/';
    if (this.#text[this.#at] === '\\') {
      delimiter = this.#text[this.#at + 1] ?? '';
      this.#at++;
    }
    if (delimiter === '' || this.#text[this.#at] !== delimiter) return undefined;
    this.#at++;
    const text = this.#until(delimiter);
    if (text === undefined) return null;
    const ignoreCase = this.#skip(/I/) !== '';
    return pattern(text, this.#syntax, ignoreCase) ?? null;
  }

  /** Up to the delimiter, which is taken as well; the delimiter itself stands behind a backslash. */
  #until(delimiter: string): string | undefined {
    let out = '';
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at++]!;
      if (char === '\\') {
        const next = this.#text[this.#at++] ?? '';
        out += next === delimiter ? next : `\\${next}`;
        continue;
      }
      if (char === delimiter) return out;
      out += char;
    }
    return undefined;
  }

  #substitution(): Instruction['does'] | undefined {
    const delimiter = this.#text[this.#at++] ?? '';
    if (delimiter === '') return undefined;
    const what = this.#until(delimiter);
    const by = what === undefined ? undefined : this.#until(delimiter);
    if (what === undefined || by === undefined) return undefined;
    const flags = this.#skip(/[gpIimM0-9]*/);
    if (this.#skip(/[ew]/)) return undefined;
    const compiled = pattern(what, this.#syntax, /[iI]/.test(flags));
    return compiled && { kind: 's', what: compiled, by, global: flags.includes('g') };
  }

  /** The text of `a`, `i` and `c`: to the line's end, lines joined by a backslash. */
  #added(): string {
    this.#skip(/[ \t]*/);
    if (this.#skip(/\\\r?\n/) === '') this.#skip(/\\/);
    const text = this.#skip(/(?:\\[\s\S]|[^\\\n])*/);
    return text.replace(/\\(\r?\n|[\s\S])/g, (_, char: string) => (char === 't' ? '\t' : char));
  }
}

/** `\1`, `&` and escapes of a replacement. */
function replaced(by: string, groups: readonly (string | undefined)[]): string {
  return by.replace(/\\([\s\S])|&/g, (whole, char: string | undefined) => {
    if (whole === '&') return groups[0] ?? '';
    if (char === undefined) return '';
    if (/\d/.test(char)) return groups[Number(char)] ?? '';
    return char === 'n' ? '\n' : char === 't' ? '\t' : char;
  });
}

function substituted(line: string, does: Instruction['does'] & { kind: 's' }): string {
  const { expression } = does.what;
  expression.lastIndex = 0;
  let done = false;
  return line.replace(expression, (...match: unknown[]) => {
    const whole = match[0] as string;
    if (done && !does.global) return whole;
    done = true;
    const offset = match.findIndex((each, index) => index > 0 && typeof each === 'number');
    return replaced(does.by, match.slice(0, offset) as string[]);
  });
}

const matches = ({ expression }: Pattern, line: string): boolean => {
  expression.lastIndex = 0;
  return expression.test(line);
};

/** Runs a script over known lines. */
export function sedLines(script: SedScript, input: readonly string[]): string[] {
  const out: string[] = [];
  const inRange = new Map<Instruction, boolean>();
  input.forEach((line, index) => {
    let space: string | undefined = line;
    const before: string[] = [];
    const after: string[] = [];
    for (const instruction of script.instructions) {
      if (space === undefined) break;
      const current: string = space;
      const at = (address: Address) =>
        address === '$'
          ? index === input.length - 1
          : typeof address === 'number'
            ? index + 1 === address
            : matches(address, current);
      let selected = true;
      if (instruction.from !== undefined) {
        if (instruction.to === undefined) selected = at(instruction.from);
        else {
          const inside = inRange.get(instruction) === true;
          selected = inside || at(instruction.from);
          if (selected) {
            const ends: boolean = inside
              ? at(instruction.to)
              : typeof instruction.to === 'number' && instruction.to <= index + 1;
            inRange.set(instruction, !ends);
          }
        }
      }
      if (selected === instruction.negated) continue;
      const { does } = instruction;
      if (does.kind === 's') space = substituted(space, does);
      else if (does.kind === 'd') space = undefined;
      else if (does.kind === 'p') before.push(space);
      else if (does.kind === 'a') after.push(does.text);
      else if (does.kind === 'i') before.push(does.text);
      else {
        before.push(does.text);
        space = undefined;
      }
    }
    out.push(...before);
    if (space !== undefined && !script.silent) out.push(space);
    out.push(...after);
  });
  return out.flatMap((line) => line.split('\n'));
}

/** Lines that the script is likely to meet: examples of its patterns, alone and in the middle of something. */
function exampleLines(script: SedScript): string[] {
  const out: string[] = [];
  for (const { from, to, does } of script.instructions) {
    const addresses = [from, to].filter((each): each is Pattern => typeof each === 'object');
    const around = addresses.flatMap((address) => address.examples);
    const inner = does.kind === 's' ? does.what.examples : [];
    out.push(...around, ...inner);
    for (const a of around) {
      for (const b of inner) out.push(a + b, b + a, `${a} ${b}`, `${a}x${b}`, `${b} ${a}`);
    }
    for (const what of does.kind === 's' ? [does.what] : []) {
      for (const example of what.examples) {
        const front = what.anchoredStart ? '' : 'key ';
        const back = what.anchoredEnd ? '' : ' end';
        out.push(front + example + back);
      }
    }
  }
  return [...new Set(out)].filter((line) => !line.includes('\n')).slice(0, 60);
}

/** What the script leaves of the lines it is likely to meet: of those it changes, as it leaves them. */
function leaves(script: SedScript): string[] {
  return exampleLines(script).flatMap((line) =>
    sedLines(script, [line]).filter((each) => each !== line),
  );
}

/**
 * Runs a script over text that may hold unknown parts. `key` names the script; `lacks` says of an unknown part whether
 * it is known to have no line like this.
 */
export function sedText(
  script: SedScript,
  text: Text,
  key: string,
  unknowns: Unknowns,
  lacks: (token: Text, line: string) => boolean,
): Text {
  const lines = linesOf(text);
  if (lines.every(isKnown)) return joinLines(sedLines(script, lines));
  const edit = editOf(script);
  const once = (token: Text) => unknowns.derived(key, token, { contains: leaves(script), edit });
  const edges = script.instructions.filter(({ from, negated }) => !negated && isEdge(from));
  if (edges.length > 0 && edges.length === script.instructions.length) {
    const first = edges.filter(({ from, does }) => from === 1 && does.kind === 'i');
    const last = edges.filter(({ from, does }) => from === '$' && does.kind === 'a');
    // `$d` and the like take another line away each time.
    const rest = first.length + last.length < edges.length ? [once(text)] : lines;
    // `$a\\` only ends the last line.
    return joinLines(
      [...first.map(addedBy), ...rest, ...last.map(addedBy)].filter((line) => line !== ''),
    );
  }
  const changed = edit.examples.filter((line) => joinLines(edit.lines([line])) !== `${line}\n`);
  const out: Text[] = [];
  let known: Text[] = [];
  for (const line of lines) {
    const [token] = unknowns.in(line);
    if (token === undefined || line !== token || !unknowns.of(token).lines) {
      known.push(line);
      continue;
    }
    out.push(...sedLines(script, known));
    known = [];
    const meetsNone = changed.length > 0 && changed.every((each) => lacks(token, each));
    out.push(meetsNone || unknowns.isDone(key, token, edit) ? token : once(token));
  }
  return joinLines([...out, ...sedLines(script, known)]);
}

/** Whether a second run over its own result changes the text once more. */
export const changesAgain = (script: SedScript): boolean => !settles(editOf(script));

const editOf = (script: SedScript): Edit => ({
  examples: exampleLines(script),
  lines: (input) => sedLines(script, input),
});

const isEdge = (from: Address | undefined) => from === 1 || from === '$';
function addedBy({ does }: Instruction): string {
  return does.kind === 'a' || does.kind === 'i' || does.kind === 'c' ? does.text : '';
}
