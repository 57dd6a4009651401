import type { Wording } from '../engine/said';
import type { Command, Script } from '../formats/shell-model';
import type { SimpleCommand } from '../syntax/shell';
import { lookUp } from '../text/look-up';
import type { Located } from '../text/range';
import { builtins } from './builtins';
import { baseName, type Why } from './call';
import { rowsByCommand } from './effects';
import type { Does, Outside } from './effects/effect';
import { programs } from './programs';
import { type Failure, Shell, TooLong, type Trace } from './run';
import { filled, isKnown, type Text, Unknowns } from './text';
import {
  type Deed,
  type Entry,
  isPath,
  isSomewhere,
  type Key,
  outsideOf,
  said,
  World,
  type Write,
} from './world';

/**
 * What the second run does at a command: it fails, and the script with it, or on the quiet; it adds the same once more;
 * puts other content in the place of the old; changes its own result once more; makes one more of a kind; stores the
 * same password under another salt; overwrites the copy of what was there before.
 */
export type Effect =
  | 'fails'
  | 'fails unseen'
  | 'adds'
  | 'renews'
  | 'rewrites'
  | 'makes another'
  | 'makes a new name'
  | 'starts another'
  | 'stamps'
  | 'salts'
  | 'loses backup'
  | 'sends again'
  | 'differs';

export interface SecondRun extends Located {
  readonly effect: Effect;
  readonly why: Why['kind'] | undefined;
  /** What it is about, in words: a path, "user deploy". */
  readonly about: Wording;
  readonly key: Key;
  /** What is added, where it is one line that is known. */
  readonly line: string | undefined;
  readonly outside: Outside | undefined;
}

/** How far a script is followed: scenarios, and commands of all of them together. */
export interface Effort {
  readonly scenarios: number;
  readonly commands: number;
  /** The commands whose second run matters; further scenarios are tried only for them. All if left out. */
  readonly matters?: (command: Command) => boolean;
}

/** What a script is worth that is known to run again. */
export const usual: Effort = { scenarios: 16, commands: 5000 };

const known = new WeakMap<Script, Map<Effort['matters'], readonly SecondRun[]>>();

/**
 * Runs a script twice in the mind: once on a machine that is as a first run needs it, and once more on what that left.
 * Where a test asks what cannot be known, both answers are tried, each alike in both runs. Asked once more, a script
 * is not followed again.
 */
export function secondRun(script: Script, effort: Effort = usual): readonly SecondRun[] {
  const ofScript = known.get(script) ?? new Map();
  known.set(script, ofScript);
  let found = ofScript.get(effort.matters);
  if (!found) {
    found = rehearse(script, effort);
    ofScript.set(effort.matters, found);
  }
  return found;
}

function rehearse(script: Script, effort: Effort): readonly SecondRun[] {
  const found = new Map<string, SecondRun>();
  const unseen = new Set(
    script.commands.filter(effort.matters ?? mayMatter).map(({ syntax }) => syntax),
  );
  const open: (readonly boolean[])[] = [[]];
  const budget = { left: effort.commands };
  // Another answer is tried only while there are commands that no scenario has come to.
  for (let count = 0; count < effort.scenarios && budget.left > 0; count++) {
    const plan = open.shift();
    if (!plan || (count > 0 && unseen.size === 0)) break;
    const answers = new Answers(plan);
    const ran = new Set<SimpleCommand>();
    const trace: Trace = { budget, failures: [], ran: (syntax) => ran.add(syntax) };
    const told = scenario(script, answers, trace);
    if (told) for (const syntax of ran) unseen.delete(syntax);
    for (const each of told ?? []) {
      const place = `${each.range[0]} ${each.effect} ${each.key}`;
      if (!found.has(place)) found.set(place, each);
    }
    // Each answer of the first run that was free is turned round once.
    answers.given.slice(plan.length).forEach((_, index) => {
      const at = plan.length + index;
      open.push([...answers.given.slice(0, at), !answers.given[at]!]);
    });
  }
  return [...found.values()].sort((a, b) => a.range[0] - b.range[0]);
}

/** Whether a command can make a second run differ: it is modelled and no mere filter, or writes to a file. */
function mayMatter({ name, redirects, background }: Command): boolean {
  if (
    redirects.some(
      ({ operator, target }) =>
        /^&?>>?\|?$/.test(operator) && target && target.value !== '/dev/null',
    )
  ) {
    return true;
  }
  if (name === undefined || background) return true;
  return !onlyPrints.has(name) && (Object.hasOwn(programs, name) || rowsByCommand.has(name));
}

/** Whether the effects of all its commands are known: nothing in it is a program nobody has described. */
export const isUnderstood = (script: Script): boolean =>
  script.commands.every(
    ({ name, word }) =>
      (name === undefined && word === undefined) ||
      (name !== undefined &&
        (Object.hasOwn(programs, name) ||
          Object.hasOwn(builtins, name) ||
          rowsByCommand.has(name))),
  );

/** Whether a command may change what lies outside the machine: a cluster, a cloud, a registry. */
export function actsOutside({ name, operands }: Command): boolean {
  if (name === undefined) return false;
  const isSaid = (word: string, at: number) => {
    const value = operands[at]?.value;
    return at < operands.length && (value === undefined || word.split('|').includes(value));
  };
  return (
    lookUp(outsideCalls, name)?.test(operands.map(({ value = '' }) => value).join(' ')) === true ||
    rowsByCommand.get(name)?.some(
      ({ row: [on, does], outside }) =>
        outside !== undefined &&
        !asks.has(does) &&
        on
          .split(' ')
          .slice(1)
          .filter((word) => !word.startsWith('-'))
          .every(isSaid),
    ) === true
  );
}

const asks: ReadonlySet<Does> = new Set(['probe', 'list', 'nothing']);

/** Calls, by their operands, of programs that are more than a table of effects. */
const outsideCalls: Readonly<Record<string, RegExp>> = {
  aws: /./,
  gcloud: /./,
  kubectl: /^(?:create|$|\s)/,
  oc: /^(?:create|$|\s)/,
};

/** Programs that change nothing but what they print. */
const onlyPrints: ReadonlySet<string> = new Set([
  'awk',
  'cat',
  'column',
  'cut',
  'date',
  'echo',
  'egrep',
  'fgrep',
  'find',
  'grep',
  'head',
  'jq',
  'ls',
  'nl',
  'od',
  'printf',
  'seq',
  'sort',
  'tac',
  'tail',
  'tr',
  'uniq',
  'wc',
  'xxd',
]);

/** Answers by a plan, then as the question prefers; each question has one answer. */
class Answers {
  readonly #plan: readonly boolean[];
  readonly #known = new Map<string, boolean>();
  readonly given: boolean[] = [];

  constructor(plan: readonly boolean[]) {
    this.#plan = plan;
  }

  ask(key: string, first: boolean): boolean {
    let answer = this.#known.get(key);
    if (answer === undefined) {
      answer = this.#plan[this.given.length] ?? first;
      this.given.push(answer);
      this.#known.set(key, answer);
    }
    return answer;
  }
}

/** Undefined where the first run fails or goes on too long: it says nothing of a second one then. */
function scenario(
  script: Script,
  answers: Answers,
  trace: Trace,
): readonly SecondRun[] | undefined {
  const unknowns = new Unknowns();
  const world = new World(unknowns, answers);
  const first = run(script, world, trace);
  if (first?.status !== 0) return undefined;
  const between = world.snapshot();
  const before = world.writes;
  world.changed = world.writes.length > 0;
  world.second = true;
  if (script.machine === 'fresh') world.replaceMachine();
  world.writes = [];
  const second = run(script, world, trace);
  if (!second) return undefined;
  const out: SecondRun[] = [];
  const add = (each: Omit<SecondRun, 'about' | 'outside'>) => {
    out.push({ ...each, about: said(each.key, unknowns), outside: outsideOf(each.key) });
  };
  const home = unknowns.stable('$HOME', { name: '$HOME' });
  const last = second.status === 0 ? undefined : second.failures.at(-1);
  for (const failure of second.failures) {
    const decisive = failure === last;
    const { why } = failure;
    if (why.kind === 'unclear') continue;
    if (!decisive && (failure.asked || 'text' in why || alike(failure, first.failures))) continue;
    const key = 'text' in why ? `: ${why.text}` : why.key;
    // What a pattern names may be made by a program nobody has described.
    if (/[*?[]/.test(key) && isPath(key) && !isUnderstood(script)) continue;
    if (!('text' in why) && isPath(key) && isSomewhere(key, home)) continue;
    // Who names what is to be made, names another the next time.
    if (why.kind === 'there' && isGiven(key, unknowns)) continue;
    // What a list named that the script has emptied.
    if (why.kind === 'gone' && unknowns.looks(key)) continue;
    // A place the first run never came to was reached by guessing.
    if (world.guesses > 0 && !first.places.has(failure.by.range[0])) continue;
    add({
      range: failure.by.range,
      effect: decisive ? 'fails' : 'fails unseen',
      why: why.kind,
      key,
      line: undefined,
    });
  }
  for (const change of changes(world, between, second.status !== 0)) {
    if (isPath(change.key) && (isSomewhere(change.key, home) || isPassing(change.key))) continue;
    if (isFromElsewhere(change, before)) continue;
    // What the first run had no reason to do is done once.
    const [place] = change.range;
    const isNew = second.places.has(place) && !first.places.has(place);
    if (isOneMore.has(change.effect) && isNew) continue;
    add(change);
  }
  return out;
}

/**
 * The first run wrote a file of this name from another directory: one nobody can tell from this, for where the script
 * starts is not known (`cd ../api && … && cd ../web`).
 */
const isFromElsewhere = (
  { key, range }: Pick<SecondRun, 'key' | 'range'>,
  first: readonly Write[],
) =>
  key.startsWith('.') &&
  first.every((write) => write.key !== key) &&
  first.some(
    (write) =>
      write.by.range[0] === range[0] &&
      write.key.startsWith('.') &&
      baseName(write.key) === baseName(key),
  );

const isOneMore: ReadonlySet<Effect> = new Set(['adds', 'makes another', 'sends again']);

/** Whether it is named by an argument of the script. */
const isGiven = (key: Key, unknowns: Unknowns): boolean =>
  [...unknowns.in(key)].some((token) => /^\$\{?[1-9@*]/.test(unknowns.nameOf(token)));

/** A failure the first run had at the same place. */
const alike = (failure: Failure, others: readonly Failure[]) =>
  others.some(({ by, status }) => by.range[0] === failure.by.range[0] && status === failure.status);

interface Ran {
  readonly status: number;
  /** Where commands ran, by their offset. */
  readonly places: ReadonlySet<number>;
  readonly failures: readonly Failure[];
}

/** Undefined where the script is too long to follow. */
function run(script: Script, world: World, shared: Trace): Ran | undefined {
  const places = new Set<number>();
  const trace: Trace = {
    budget: shared.budget,
    failures: [],
    ran: (syntax) => {
      places.add(syntax.range[0]);
      shared.ran(syntax);
    },
  };
  const shell = new Shell(script.text, world, trace, {
    bash: script.dialect !== 'sh' || /^#!.*bash/.test(script.text),
    stopsOnError: script.stopsOnError,
    pipefail: script.pipefail,
    statements: script.syntax.statements,
    ...(/^\/[\w./-]*$/.test(script.startsIn ?? '') && { directory: script.startsIn! }),
  });
  try {
    const { status } = shell.script();
    return { status, failures: trace.failures, places };
  } catch (error) {
    if (error instanceof TooLong || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Where nothing is kept, or what grows on purpose. */
const isPassing = (key: Key): boolean =>
  /^\/(?:tmp|var\/tmp|var\/log|var\/cache|dev|proc|sys|var\/lib\/apt\/lists)(?:\/|$)/.test(key) ||
  /\.log$|(?:^|\/)logs?(?:\/|\.txt$)/.test(key) ||
  /[\uE002\uE003]/.test(key);

function* changes(
  world: World,
  between: ReadonlyMap<Key, Entry>,
  broke: boolean,
): Iterable<Omit<SecondRun, 'about' | 'outside'>> {
  const byKey = new Map<Key, Write[]>();
  for (const write of world.writes) byKey.set(write.key, [...(byKey.get(write.key) ?? []), write]);
  const secondary: Omit<SecondRun, 'about' | 'outside'>[] = [];
  let any = false;
  for (const [key, writes] of byKey) {
    const before = world.at(key, between);
    const after = world.at(key);
    if (same(before, after, world.unknowns)) continue;
    const own = responsible(writes, world.unknowns, world.guesses === 0);
    for (const write of own) {
      any = true;
      yield told(key, write, effectOf(write, before, world.unknowns), world.unknowns);
    }
    // What a run that broke off has not put back is no change of its own.
    if (own.length > 0 || broke) continue;
    const last = writes.at(-1)!;
    const shows = isGrown(before, after, world.unknowns) || isNested(before, after, last);
    if (isPath(key) && shows && world.guesses === 0) {
      secondary.push(told(key, last, 'differs', world.unknowns));
    }
  }
  if (!any) yield* secondary;
}

const told = (key: Key, write: Write, effect: Effect, unknowns: Unknowns) => ({
  range: write.by.range,
  effect,
  why: undefined,
  key,
  line: lineOf(write.data, unknowns),
});

function lineOf(data: Text, unknowns: Unknowns): string | undefined {
  const bare = data.replace(/\n$/, '');
  if (bare === '' || bare.includes('\n') || bare.length > 200) return undefined;
  let out = bare;
  for (const token of unknowns.in(bare)) {
    // Variables are told by name; what a program printed has none.
    const name = unknowns.nameOf(token);
    out = out.replace(token, /^(?:\$|\{\{)/.test(name) ? name : '…');
  }
  const line = filled(out, '…');
  return /^[…\s]*$/.test(line) ? undefined : line;
}

/** The text of the first run and more, or what was made of that: a header once more in front, a number higher by one. */
const isGrown = (
  before: Entry | undefined,
  after: Entry | undefined,
  unknowns: Unknowns,
): boolean => {
  const [old, now] = [before?.content?.trim(), after?.content ?? ''];
  return (
    before?.executable !== after?.executable ||
    (old !== undefined &&
      old !== '' &&
      ((isKnown(old) && isKnown(now)) || now.includes(old) || unknowns.isMadeFrom(now, old)))
  );
};

/** What the first run put at a place, the second puts inside it. */
const isNested = (before: Entry | undefined, after: Entry | undefined, { deed }: Write): boolean =>
  before?.present !== true &&
  after?.present === true &&
  (deed === 'moves' || deed === 'makes' || deed === 'writes');

const same = (a: Entry | undefined, b: Entry | undefined, unknowns: Unknowns): boolean =>
  (a?.present === true) === (b?.present === true) &&
  (a?.present !== true ||
    (a.kind === b?.kind &&
      unknowns.alike(a.content, b?.content) &&
      a.executable === b?.executable));

/** Of the writes to one text those by which it differs: what adds to what was kept, and what varies in itself. */
function responsible(
  writes: readonly Write[],
  unknowns: Unknowns,
  isSure: boolean,
): readonly Write[] {
  let out: Write[] = [];
  let fresh = false;
  for (const write of writes) {
    const varies = unknowns.varies(write.data) || unknowns.varies(write.key);
    switch (write.deed) {
      case 'adds':
      case 'sends':
        if (!fresh) out.push(write);
        else if (varies) out.push({ ...write, deed: 'writes' });
        break;
      case 'rewrites':
        if (varies || write.before !== write.after) out.push(write);
        break;
      case 'removes':
        out = [];
        fresh = true;
        break;
      default:
        out = varies || write.deed === 'keeps' ? [write] : [];
        fresh = true;
    }
  }
  // Of several edits those count that do not converge by themselves.
  const growing = out.filter(
    ({ deed, grows, data }) => deed !== 'rewrites' || grows || unknowns.varies(data),
  );
  return growing.length > 0 || !isSure ? growing : out;
}

function effectOf(
  { deed, data, key }: Write,
  before: Entry | undefined,
  unknowns: Unknowns,
): Effect {
  switch (deed as Deed) {
    case 'adds':
      if (isPath(key)) return 'adds';
      return key.startsWith('process:') ? 'starts another' : 'makes another';
    case 'rewrites':
      if (!unknowns.varies(data)) return 'rewrites';
      return unknowns.isStamped(data) ? 'stamps' : 'renews';
    case 'sends':
      return 'sends again';
    case 'salts':
      return 'salts';
    case 'keeps':
      return 'loses backup';
    default:
      if (unknowns.varies(key)) return isPath(key) ? 'makes a new name' : 'makes another';
      if (before?.present !== true) return 'makes another';
      return unknowns.isStamped(data) ? 'stamps' : 'renews';
  }
}
