import { say, type Wording } from '../engine/said';
import { lookUp } from '../text/look-up';
import type { Located } from '../text/range';
import type { Outside } from './effects/effect';
import { filled, isKnown, type Text, type Unknowns } from './text';

/**
 * The name of something that can be there or not: a path (`/etc/fstab`, `./dist`, below an unknown directory), or a
 * thing that is no file, as `user:deploy`, `table:shop/items`.
 */
export type Key = string;

/** What is known of a path or a thing. Never changed in place, so that a copy of the map is a copy of the world. */
export interface Entry {
  readonly present: boolean;
  readonly kind?: 'file' | 'dir' | 'link' | undefined;
  /** The text of a file, the target of a link, the settings of a thing. */
  readonly content?: Text | undefined;
  /** A directory of which everything in it is known. */
  readonly whole?: boolean | undefined;
  readonly executable?: boolean | undefined;
}

/** How a command changed something. */
export type Deed =
  | 'adds'
  | 'writes'
  | 'rewrites'
  | 'makes'
  | 'removes'
  | 'moves'
  | 'salts'
  | 'keeps'
  | 'sends';

export interface Write {
  readonly key: Key;
  readonly deed: Deed;
  readonly by: Located;
  readonly data: Text;
  /** The text before and after, where it is one. */
  readonly before: Text | undefined;
  readonly after: Text | undefined;
  /** What made it of the text before would change its own result. */
  readonly grows?: boolean;
}

/** Something that was asked for and is not there: a path or thing, or the answer to a question. */
export type Denial =
  | { readonly key: Key }
  | {
      readonly question: string;
      readonly answer: boolean;
      /** It is asked of what a program says. */
      readonly vague: boolean;
    };

/** Answers to what cannot be known, each given once: the second run finds the machine as the first one did. */
export interface Questions {
  ask(key: string, first: boolean): boolean;
}

const absent: Entry = { present: false };

export const isPath = (key: Key): boolean => !/^[a-z][\w !-]*:/.test(key);

/** The key of a thing that is no file, from `noun:name`, and of where it lies when not on the machine. */
export const thing = (text: Text, outside?: Outside): Key =>
  outside ? `${outside}!${text}` : text;

/** Where a thing lies that outlasts the machine. */
export const outsideOf = (key: Key): Outside | undefined =>
  isPath(key) || !key.includes('!') ? undefined : (key.slice(0, key.indexOf('!')) as Outside);

/** `user:deploy` as people say it: "user deploy". */
export function said(key: Key, unknowns: Unknowns): Wording {
  if (isPath(key)) return spelled(key, unknowns).replace(/^\.\//, '');
  const text = spelled(key.slice(key.indexOf('!') + 1), unknowns);
  const [, row, table] = /^(rows:)?table:.*\/(.*)$/s.exec(text) ?? [];
  if (table !== undefined) return row ? say`row of table ${table}` : say`table ${table}`;
  const [, name, address] = /^interface:(.*)\/(address .*)/.exec(text) ?? [];
  if (name !== undefined) return `${address} of ${name}`;
  const at = text.indexOf(':');
  return { template: `${text.slice(0, at)} {0}`, filled: [text.slice(at + 1)] };
}

/** Unknown parts by the name they were made from: `$HOME/.bashrc`. */
function spelled(text: Text, unknowns: Unknowns): string {
  let out = text;
  for (const token of unknowns.in(text)) out = out.replace(token, unknowns.nameOf(token));
  return out;
}

/** Files in which the system itself keeps what there is. */
const registers: Readonly<
  Record<string, { readonly noun: string; readonly line: (name: string) => Text }>
> = {
  '/etc/passwd': { noun: 'user', line: (name) => `${name}:x:\n` },
  '/etc/group': { noun: 'group', line: (name) => `${name}:x:\n` },
  '/proc/mounts': { noun: 'mount', line: (name) => `none ${name} none\n` },
  '/etc/mtab': { noun: 'mount', line: (name) => `none ${name} none\n` },
  '/proc/swaps': { noun: 'swap', line: (name) => `${name} file\n` },
};

/** A machine as far as a script has touched it or asked about it. */
export class World {
  readonly unknowns: Unknowns;
  readonly #questions: Questions;
  /** What the script made, changed or removed. */
  #entries = new Map<Key, Entry>();
  /** What was there before, as far as anything depends on it. */
  readonly #before = new Map<Key, Entry>();
  /** All changes of the present run. */
  writes: Write[] = [];

  constructor(unknowns: Unknowns, questions: Questions) {
    this.unknowns = unknowns;
    this.#questions = questions;
  }

  /** A copy of what is known now. */
  snapshot(): ReadonlyMap<Key, Entry> {
    return new Map(this.#entries);
  }

  /** All that is known to be there. */
  keys(): readonly Key[] {
    const all = new Set([...this.#entries.keys(), ...this.#before.keys()]);
    return [...all].filter((key) => this.at(key)?.present);
  }

  /** Paths and things that are there and that the script has made or changed. */
  made(): readonly Key[] {
    return [...this.#entries].filter(([, { present }]) => present).map(([key]) => key);
  }

  /** Paths and things that were taken away. */
  removed(): readonly Key[] {
    return [...this.#entries].filter(([, { present }]) => !present).map(([key]) => key);
  }

  readonly #lacks = new Map<Text, ((line: string) => boolean)[]>();

  /** Asks whether an unknown part of a text has a line that matches; if not, it has none the second time either. */
  hasLine(token: Text, question: string, matches: (line: string) => boolean): boolean {
    const has = this.ask(`line ${question} in ${token}`, false);
    if (!has) this.#lacks.set(token, [...(this.#lacks.get(token) ?? []), matches]);
    return has;
  }

  /** Whether an unknown part is known to have no line like this. */
  lacks(token: Text, line: string): boolean {
    return this.#lacks.get(token)?.some((matches) => matches(line)) === true;
  }

  /** What is known, or undefined. */
  at(key: Key, entries: ReadonlyMap<Key, Entry> = this.#entries): Entry | undefined {
    const own = entries.get(key);
    if (own) return own;
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      const above = entries.get(key.slice(0, end));
      if (!above) continue;
      if (!above.present || above.whole) return absent;
      break;
    }
    return this.#before.get(key);
  }

  /** Whether it is there. Where that is not known, it is asked and stays so. */
  exists(key: Key, first = false): boolean {
    const known = this.at(key);
    const there = known ? known.present : this.#questions.ask(`there ${key}`, first);
    if (!known) this.#before.set(key, { present: there });
    if (!there) this.denials.push({ key });
    this.#heed(key);
    return there;
  }

  #heed(key: Key): void {
    if (this.#entries.has(key)) this.own++;
    if (this.second && this.#likely.has(key)) this.guesses++;
  }

  /** Whether it is there and of a kind. A link is what it leads to. */
  is(key: Key, kind: 'file' | 'dir' | 'link'): boolean {
    const known = this.at(key);
    const there = known
      ? known.present && (!known.kind || known.kind === kind || known.kind === 'link')
      : this.#questions.ask(`there ${key}`, false);
    if (!known) this.#before.set(key, there ? { present: true, kind } : absent);
    if (!there) this.denials.push({ key });
    this.#heed(key);
    return there;
  }

  /** Takes for granted what a first run that went well must have found. */
  assume(key: Key, entry: Entry): void {
    if (!this.at(key)) this.#before.set(key, entry);
  }

  /** How often an answer was needed that nothing known gives. */
  answers = 0;
  /** It is the second run. */
  second = false;
  /** What was asked for and not found, in order. */
  readonly denials: Denial[] = [];
  /** Of these, what the commands that run now were made to depend on. */
  guards: readonly Denial[] = [];
  /** Answers of the first run, by the question without its unknown parts. */
  readonly #first = new Map<string, boolean>();
  /** Questions whose answer the script itself may have changed, with the answer from then on. */
  readonly #settled = new Map<string, boolean>();

  /**
   * An answer about something that is no path or thing of its own. A question that the first run asked of a text the
   * script has changed since, in a way that cannot be followed, is taken to see that change: what is unknown protects.
   */
  ask(question: string, first: boolean): boolean {
    const answer = this.#answer(question, first);
    const vague = this.unknowns.looks(question);
    // Nothing that runs changes a variable the script itself does not set.
    const isFixed = this.unknowns.areVariables(question);
    if (!isFixed && (!answer || vague)) this.denials.push({ question, answer, vague });
    return answer;
  }

  #answer(question: string, first: boolean): boolean {
    this.answers++;
    const settled = this.second ? this.#settled.get(question) : undefined;
    if (settled !== undefined) return this.#guess(settled);
    const bare = filled(question, '?');
    const before = this.#first.get(bare);
    const isNew = this.second && !this.#asked.has(question);
    if (isNew && before !== undefined) return this.#guess(true);
    this.#asked.add(question);
    const answer = this.#questions.ask(question, first);
    if (isNew) this.#guess(answer);
    if (!this.second) this.#first.set(bare, answer);
    return answer;
  }

  readonly #asked = new Set<string>();

  /** How often the second run went by an answer that is only likely. */
  guesses = 0;
  /** How often something was asked that the script itself has settled. */
  own = 0;

  #guess(answer: boolean): boolean {
    this.guesses++;
    return answer;
  }

  readonly #likely = new Set<Key>();

  /**
   * Whether a program succeeds of which nothing is known. Where it did not the first time, and the script has changed
   * something because of that, it is taken to see what was changed.
   */
  succeeds(question: string, first: boolean): boolean {
    const before = this.#first.get(filled(question, '?'));
    if (this.second && before === false && this.changed) return this.#guess(true);
    return this.ask(question, first);
  }

  /** The first run has changed something. */
  changed = false;

  /**
   * A command has run whose effects cannot be followed: what was missed, and was the reason to run it, may be there
   * from now on. So may be what was taken away where it works: builds put things back.
   */
  didUnknown(directory?: Key): void {
    if (directory !== undefined && !/^\/(?:etc|usr|var)?(?:\/|$)/.test(directory)) {
      for (const key of this.below(directory)) this.restore(key);
    }
    for (const denial of this.guards) {
      if ('question' in denial) this.#settled.set(denial.question, !denial.answer);
      else if (this.at(denial.key)?.present === false) {
        this.#entries.delete(denial.key);
        this.#before.set(denial.key, { present: true });
        this.#likely.add(denial.key);
      }
    }
  }

  /** The unknown parts a text goes back to, whatever was made of it since. */
  origins(text: Text): string {
    return [...this.unknowns.in(text)].map((token) => this.unknowns.origin(token)).join('');
  }

  /** The text of a file or thing. */
  read(key: Key): Text {
    const entry = this.at(key);
    const listed = lookUp(registers, key);
    if (listed && (entry?.content === undefined || entry.present)) {
      const old = entry?.content ?? `${this.unknowns.stable(`content ${key}`, { lines: true })}\n`;
      return `${old}${this.named(listed.noun).map(listed.line).join('')}`;
    }
    if (entry && !entry.present) return '';
    if (entry?.content !== undefined) return entry.content;
    if (/^\/dev\/u?random$|^\/proc\/sys\/kernel\/random\//.test(key)) {
      return this.unknowns.varying(key);
    }
    if (key === '/dev/zero' || key === '/dev/null') return '';
    return `${this.unknowns.stable(`content ${key}`, { lines: true })}\n`;
  }

  #set(key: Key, entry: Entry): void {
    this.#entries.set(key, entry);
  }

  #log(key: Key, deed: Deed, by: Located, data: Text, before?: Text, after?: Text): void {
    // What was asked of a program, and was the reason for this, the program may see from now on.
    for (const denial of this.guards) {
      if ('question' in denial && denial.vague) {
        this.#settled.set(denial.question, !denial.answer);
      }
    }
    this.writes.push({ key, deed, by, data, before, after });
  }

  /** Replaces a text. */
  write(key: Key, data: Text, by: Located, deed: 'writes' | 'salts' | 'keeps' = 'writes'): void {
    const old = this.at(key);
    this.#parents(key);
    // What was noted of the old text: patches.
    for (const each of this.below(key)) this.#entries.delete(each);
    this.#set(key, { ...old, present: true, kind: 'file', content: limited(data) });
    this.#log(key, deed, by, data, undefined, data);
  }

  /** Adds to a text's end. */
  add(key: Key, data: Text, by: Located, deed: 'adds' | 'sends' = 'adds'): void {
    const before = this.read(key);
    const after = limited(before + data);
    this.#set(key, { ...this.at(key), present: true, kind: 'file', content: after });
    this.#log(key, deed, by, data, before, after);
  }

  /** Puts in the place of a text what was made of it. */
  rewrite(key: Key, after: Text, by: Located, grows = false): void {
    const before = this.read(key);
    this.#set(key, { ...this.at(key), present: true, content: limited(after) });
    this.#log(key, 'rewrites', by, after, before, after);
    if (grows) this.writes[this.writes.length - 1] = { ...this.writes.at(-1)!, grows };
  }

  /** Makes something that is not there, or makes sure that it is. */
  make(key: Key, entry: Omit<Entry, 'present'>, by: Located): void {
    this.#parents(key);
    this.#set(key, { ...entry, present: true });
    this.#log(key, 'makes', by, `${key}${entry.content ?? ''}`);
  }

  /** Sets a property without a trace in the log where nothing changes. */
  executable(key: Key, executable: boolean, by: Located): void {
    const entry = this.at(key) ?? { present: true };
    if (entry.executable === executable) return;
    this.#set(key, { ...entry, present: true, executable });
    this.#log(key, 'makes', by, `${key} ${executable}`);
  }

  remove(key: Key, by: Located): void {
    for (const each of this.below(key)) this.#entries.delete(each);
    this.#set(key, absent);
    this.#log(key, 'removes', by, key);
  }

  /** Forgets that something below was taken away: it was put back by what cannot be looked into. */
  restore(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry && !entry.present) {
      this.#entries.delete(key);
      this.#before.set(key, { present: true });
    }
  }

  copy(from: Key, to: Key, by: Located, deed: 'writes' | 'moves' | 'keeps' = 'writes'): void {
    const entry = this.at(from);
    const content = entry?.kind === 'dir' ? entry.content : this.read(from);
    this.#parents(to);
    if (entry?.kind !== 'dir') for (const each of this.below(to)) this.#entries.delete(each);
    for (const each of this.below(from)) {
      const below = this.#entries.get(each)!;
      if (below.present) this.#set(to + each.slice(from.length), below);
    }
    this.#set(to, { ...entry, present: true, content });
    this.#log(to, deed, by, content ?? to, undefined, content);
  }

  move(from: Key, to: Key, by: Located): void {
    this.copy(from, to, by, 'moves');
    for (const each of this.below(from)) this.#entries.delete(each);
    this.#set(from, absent);
    this.#log(from, 'removes', by, from);
  }

  /** Remembers something that is no state of the machine. */
  note(key: Key, content: Text): void {
    this.#before.set(key, { present: true, content });
  }

  /** A clean machine: only what lies outside it is as it was left. */
  replaceMachine(): void {
    for (const key of this.#entries.keys()) {
      if (outsideOf(key) === undefined) this.#entries.delete(key);
    }
  }

  /** As if it had never been touched or asked about. */
  forget(key: Key): void {
    this.#entries.delete(key);
    this.#before.delete(key);
  }

  /** Says of something that is there what kind it is. */
  become(key: Key, kind: 'file' | 'dir'): void {
    const entry = this.#entries.get(key);
    if (entry) this.#set(key, { ...entry, kind });
  }

  /** What was made or changed below a path. */
  below(key: Key): Key[] {
    const start = key === '/' ? '/' : `${key}/`;
    return [...this.#entries.keys()].filter((each) => each !== key && each.startsWith(start));
  }

  /** Things of one kind that are there: `container` gives the names of all `container:…`. */
  named(noun: string): string[] {
    return [...this.#entries]
      .filter(([key, { present }]) => present && !isPath(key))
      .map(([key]) => key.slice(key.indexOf('!') + 1))
      .filter((key) => key.startsWith(`${noun}:`))
      .map((key) => key.slice(noun.length + 1));
  }

  /** What is written to lies in directories that are there. */
  #parents(key: Key): void {
    if (!isPath(key)) return;
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      const parent = key.slice(0, end);
      const entry = this.#entries.get(parent);
      if (entry?.present) break;
      if (entry) this.#set(parent, { present: true, kind: 'dir' });
    }
  }
}

const limit = 20_000;

/** Texts stay small: nobody reads the end of a long one. */
const limited = (text: Text): Text => (text.length > limit ? text.slice(0, limit) : text);

/** Whether a path begins with a part nothing is known of, but for the user's home and the working directory. */
export const isSomewhere = (key: Key, home: Text): boolean => {
  const first = key.split('/')[0]!;
  return first !== '' && first !== '.' && !first.startsWith(home) && !isKnown(first);
};
