/**
 * Text as far as it is known before anything runs: ordinary characters, and between two characters of Unicode's private
 * use area the number of a part that is not known. Two texts are equal when they come out equal whatever the unknown
 * parts are, so the state after two runs is compared by comparing strings.
 */
export type Text = string;

/** Begins the key of what is another text after each step: a sum, a list that grows. */
export const growing = '+';

const open = '\uE000';
const close = '\uE001';
const part = /\uE000(\d+)\uE001/g;

/** A known way to make one text of another, line by line: what sed does. */
export interface Edit {
  /** Lines it is likely to meet. */
  readonly examples: readonly string[];
  lines(input: readonly string[]): string[];
}

interface Unknown {
  /** What names it, with the texts it was made from. */
  readonly key: string;
  /** As people would write it: `$NAME`, `$(command)`. */
  readonly name: string;
  /** Another value on each run: a date, a random number. */
  readonly varies: boolean;
  /** Several lines, or none: what a file held before. */
  readonly lines: boolean;
  /** What a program says that may look at what the script changes: `$(docker ps -q)`. */
  readonly looks: boolean;
  /** Lines that are certain to be among it. */
  readonly contains: readonly Text[];
  /** The program that made it, and from what: answers known of that hold for it as well. */
  readonly by: string | undefined;
  readonly from: Text | undefined;
  readonly edit: Edit | undefined;
}

/** The unknown parts of one rehearsal. The same key is the same part. */
export class Unknowns {
  readonly #byKey = new Map<string, Text>();
  readonly #all: Unknown[] = [];

  nameOf(token: Text): string {
    return this.of(token).name;
  }

  /** A part that is the same on each run: the host's name, a variable nobody sets, what a server sends. */
  stable(key: string, more: Partial<Omit<Unknown, 'varies'>> = {}): Text {
    return this.#part(key, { varies: this.varies(key), ...more });
  }

  /** A part that is another one each time it is made. */
  varying(key: string): Text {
    return this.#part(`${key}#${this.#all.length}`, { name: key, varies: true });
  }

  /** What a program makes of its input, when only that is known of it. */
  derived(
    by: string,
    from: Text,
    more: { readonly contains?: readonly Text[]; readonly edit?: Edit } = {},
  ): Text {
    return this.stable(`${by}(${from})`, { lines: true, by, from, ...more });
  }

  /**
   * Whether a program leaves what it or others have made of a text as it is: it has had it before, and nothing since
   * put back what it takes away.
   */
  isDone(by: string, token: Text, edit?: Edit): boolean {
    const since: (Edit | undefined)[] = [];
    for (let at: Text | undefined = token; at !== undefined; ) {
      const unknown: Unknown = this.of(at);
      since.unshift(unknown.edit);
      if (unknown.by === by) return converges(since, edit);
      at = unknown.from === undefined ? undefined : [...this.in(unknown.from)][0];
    }
    return false;
  }

  #part(key: string, unknown: Partial<Unknown>): Text {
    let made = this.#byKey.get(key);
    if (made === undefined) {
      made = `${open}${this.#all.length}${close}`;
      this.#all.push({
        key,
        name: '…',
        varies: false,
        lines: false,
        looks: false,
        contains: [],
        by: undefined,
        from: undefined,
        edit: undefined,
        ...unknown,
      });
      this.#byKey.set(key, made);
    }
    return made;
  }

  /** The unknown parts of a text, in order. */
  *in(text: Text): Iterable<Text> {
    for (const [whole] of text.matchAll(part)) yield whole;
  }

  of(token: Text): Unknown {
    return this.#all[Number(token.slice(1, -1))]!;
  }

  /** Lines that are certain to be in an unknown part, as later edits have left them. */
  certain(token: Text): readonly Text[] {
    const { contains, from, edit }: Unknown = this.of(token);
    const before: Text | undefined = from === undefined ? undefined : [...this.in(from)][0];
    const kept = before === undefined ? [] : this.certain(before);
    const known = kept.filter(isKnown);
    return [...contains, ...(edit && known.length > 0 ? edit.lines(known) : kept)];
  }

  /** The known edits that made a text of what it was, the last one first. */
  *edits(token: Text): Iterable<Edit> {
    for (let at: Text | undefined = token; at !== undefined; ) {
      const unknown: Unknown = this.of(at);
      if (unknown.edit) yield unknown.edit;
      at = unknown.from === undefined ? undefined : [...this.in(unknown.from)][0];
    }
  }

  /** What an unknown part was made from in the first place. */
  origin(token: Text): Text {
    let origin = token;
    for (let at: Text | undefined = token; at !== undefined; ) {
      origin = at;
      const { from }: Unknown = this.of(at);
      at = from === undefined ? undefined : [...this.in(from)][0];
    }
    return origin;
  }

  /** Whether all that is unknown in a text are variables: `$NAME`, not `$(command)`. */
  areVariables(text: Text): boolean {
    const tokens = [...this.in(text)];
    return tokens.length > 0 && tokens.every((token) => /^\$\w/.test(this.nameOf(token)));
  }

  /** Whether all that varies in a text is the time, or a number that was reckoned: `$((RANDOM % 60))`. */
  isStamped(text: Text): boolean {
    const varying = [...this.in(text)].filter((token) => this.of(token).varies);
    return varying.every((token) => /^(?:date$|\$\(\()/.test(this.nameOf(this.origin(token))));
  }

  /** Whether a part of a text was made from a part of another one, in a way that makes it another one each time. */
  isMadeFrom(text: Text, other: Text): boolean {
    const parts = [...this.in(other)];
    return [...this.in(text)].some((token) => {
      const { key } = this.of(token);
      return key.startsWith(growing) && parts.some((each) => key.includes(each));
    });
  }

  /** Whether it goes back to what a program says that may look at what the script changes. */
  looks(text: Text): boolean {
    return [...this.in(text)].some((token) => this.of(this.origin(token)).looks);
  }

  /**
   * Whether two texts are the same as far as can be told: line by line, and where edits of one origin made them, by
   * what these make of their examples.
   */
  alike(a: Text | undefined, b: Text | undefined): boolean {
    if (a === b) return true;
    const left = linesOf(a ?? '');
    const right = linesOf(b ?? '');
    return (
      left.length === right.length &&
      left.every((line, index) => line === right[index] || this.#alike(line, right[index]!))
    );
  }

  #alike(a: Text, b: Text): boolean {
    const [left] = this.in(a);
    const [right] = this.in(b);
    if (left !== a || right !== b || this.origin(left) !== this.origin(right)) return false;
    const [first, second] = [this.#made(left), this.#made(right)];
    if (!first || !second) return false;
    const examples = [...first, ...second].flatMap((edit) => edit.examples);
    const made = (edits: readonly Edit[], line: string) =>
      joinLines(edits.reduce((lines, edit) => edit.lines(lines), [...filler, line, ...filler]));
    return [...new Set(examples), 'Qy']
      .slice(0, 120)
      .every((line) => made(first, line) === made(second, line));
  }

  /** All edits from the origin on, in order; undefined where one of the steps is not known. */
  #made(token: Text): Edit[] | undefined {
    const out: Edit[] = [];
    for (let at: Text | undefined = token; at !== undefined; ) {
      const { edit, from }: Unknown = this.of(at);
      if (from === undefined) return out;
      if (!edit) return undefined;
      out.unshift(edit);
      at = [...this.in(from)][0];
    }
    return out;
  }

  /** Whether a run makes this text another one than the run before. */
  varies(text: Text): boolean {
    for (const token of this.in(text)) if (this.of(token).varies) return true;
    return false;
  }
}

/** Whether all of it is known. */
export const isKnown = (text: Text): boolean => !text.includes(open);

/** Whether nothing of it is known. */
export const isUnknown = (text: Text): boolean => text !== '' && text.replace(part, '') === '';

/** Known characters only, with `with` in the place of each unknown part. */
export const filled = (text: Text, put: string): string => text.replace(part, put);

/** The lines of a text without their ends; a last line without an end counts. */
export function linesOf(text: Text): Text[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines with their ends. */
export const joinLines = (lines: readonly Text[]): Text =>
  lines.length === 0 ? '' : `${lines.join('\n')}\n`;

/**
 * Whether a line of the text answers: true or false, or the unknown parts of which it depends.
 */
export function anyLine(
  text: Text,
  answers: (line: Text) => boolean,
  unknowns: Unknowns,
): boolean | readonly Text[] {
  const open: Text[] = [];
  for (const line of linesOf(text)) {
    if (answers(line)) return true;
    for (const token of unknowns.in(line)) {
      if (unknowns.certain(token).some((each) => linesOf(each).some(answers))) return true;
      open.push(token);
    }
  }
  return open.length > 0 ? open : false;
}

const filler = ['Qy', 'Zk'];

/** Whether an edit leaves its own result alone, as far as examples show. */
export const settles = (edit: Edit): boolean => converges([edit], edit);

/** Whether the first of these edits leaves alone what all of them have made, as far as examples show. */
function converges(edits: readonly (Edit | undefined)[], first: Edit | undefined): boolean {
  if (!first || edits.includes(undefined)) return true;
  const examples = edits.flatMap((edit) => edit!.examples);
  return [...new Set(examples), 'Qy'].slice(0, 120).every((line) => {
    let made: string[] = [...filler, line, ...filler];
    for (const edit of edits) made = edit!.lines(made);
    return joinLines(first.lines(made)) === joinLines(made);
  });
}
