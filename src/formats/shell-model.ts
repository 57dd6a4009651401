import type { Machine } from '../engine/format';
import type {
  Redirect,
  ShellSyntax,
  SimpleCommand,
  Statement,
  Word,
  WordPart,
} from '../syntax/shell';
import type { Located, Range } from '../text/range';
import { hasFlag, operandsAt, optionAt, unwrap } from './shell-arguments';
import { type CommandClass, canonicalName, classByName, classOf } from './shell-commands';

/** Where a script runs, as its host knows. */
export type ShellUse = 'image-build' | 'ci' | 'provisioning' | 'startup' | 'healthcheck' | 'script';

/** What the place a script stands in says about how it runs. */
export interface ShellFacts {
  readonly dialect: 'sh' | 'bash' | 'other';
  /** The shell is started with errexit. */
  readonly stopsOnError: boolean;
  readonly pipefail: boolean;
  /** Undefined where nothing tells. */
  readonly machine: Machine | undefined;
  readonly use: ShellUse;
  /** It runs on another host, by ssh. */
  readonly remote?: boolean;
  /** `creates:` and the like: the host itself asks before it runs the script again. */
  readonly guarded?: boolean;
  /** What the host does before it on the same machine, as it is written there. */
  readonly precededBy?: string;
  /** Its folder is checked out anew before it runs: what was left there is gone or put back. */
  readonly checkedOut?: boolean;
  /** What the host calls it says that it can be done without. */
  readonly optional?: boolean;
  /** Its words are split, and no shell reads them: Ansible's `command`. */
  readonly wordsOnly?: boolean;
  /** Where it starts, relative to the workspace, with `/`; `` is the workspace's root, undefined is not known. */
  readonly directory?: string | undefined;
  /** The cluster it works on was made for it: what is there goes with it. */
  readonly ownCluster?: boolean;
  /** Where on the machine it starts, an absolute path: Chef's and Puppet's `cwd`. */
  readonly startsIn?: string | undefined;
}

/** A question whose answer decides whether a command runs. */
export interface Guard extends Located {
  readonly test: Command;
  readonly runsWhen: boolean;
}

/** What `||` does when a command before it fails. */
export interface Fallback extends Located {
  /** `||` and all behind it; `range` starts at the end of what it follows. */
  readonly statement: Statement;
}

/** A simple command as rules ask about it: behind `sudo`, `env` and the like, with what surrounds it. */
export interface Command extends Located {
  /** Its usual name (`pip3` is `pip`), or undefined where the name is not known before it runs. */
  readonly name: string | undefined;
  /** The word that names it; undefined for a bare assignment or redirection. */
  readonly word: Word | undefined;
  readonly args: readonly Word[];
  /** Arguments that are neither flags nor values of flags. */
  readonly operands: readonly Word[];
  /** `sudo`, `env`, … in front of it. */
  readonly wrappers: readonly string[];
  readonly class: CommandClass | undefined;
  readonly redirects: readonly Redirect[];
  readonly syntax: SimpleCommand;
  /** The questions that decide whether it runs, outermost first. */
  readonly guards: readonly Guard[];
  /** Its `|| …`, nearest first. */
  readonly fallbacks: readonly Fallback[];
  /** Its exit status is asked about: a condition, a negation, the left of `&&` or `||`. */
  readonly tested: boolean;
  /** Stages of its pipeline, itself included; one for a command without a pipe. */
  readonly pipeline: readonly Command[];
  readonly stage: number;
  /** errexit and pipefail as set when it runs. */
  readonly stopsOnError: boolean;
  readonly pipefail: boolean;
  readonly background: boolean;
  /** It runs inside `$(…)` or `<(…)`. */
  readonly substituted: boolean;
  readonly loop: boolean;
  /** The function it stands in. */
  readonly inFunction: string | undefined;
  /** The innermost `( … )` it stands in, by the offset it starts at. */
  readonly subshell: number | undefined;
  /** The statement of the script's outermost list it belongs to, by index. */
  readonly step: number;
  /** Any of the flags: `-f` also inside a cluster such as `-fsSL`; `--fail` also as `--fail=x`. */
  has(...flags: readonly string[]): boolean;
  /** The value of a flag: `-o x`, `-ox`, `--output x`, `--output=x`. */
  option(...flags: readonly string[]): Word | undefined;
}

/** A parsed script with what its host says of it. */
export interface Script extends Located, ShellFacts {
  readonly text: string;
  readonly syntax: ShellSyntax;
  readonly commands: readonly Command[];
  /** Names of the functions it defines. */
  readonly functions: ReadonlySet<string>;
  /** What a word comes to, following variables set once to a constant; undefined where that is not known. */
  resolve(word: Word | undefined): string | undefined;
  /**
   * Where a command runs, relative to the workspace: where the script starts and the `cd`s before it. Undefined
   * where that is not known.
   */
  directoryOf(command: Command, from?: Start): string | undefined;
}

/** What a reader supposes of where a script runs. */
export interface Start {
  /** Where it starts, where its host says nothing of it. */
  readonly folder: string;
  /** What a word of it comes to; a path that begins with `//` is one from the workspace's root. */
  path(word: Word): string | undefined;
}

/** Builds the model. `text` is the script's text, in whose offsets all ranges are. */
export function scriptModel(text: string, syntax: ShellSyntax, facts: ShellFacts): Script {
  const { commands, functions, constants } = partsOf(syntax, facts);
  const resolved = (word: Word | undefined) => word && resolve(word, constants, 0);
  return {
    ...facts,
    text,
    syntax,
    range: [0, text.length],
    commands,
    functions,
    resolve: resolved,
    directoryOf: (command, from) =>
      directoryOf(
        command,
        commands,
        facts.directory ?? from?.folder,
        (word) => (word && from?.path(word)) ?? resolved(word),
      ),
  };
}

interface Parts {
  readonly commands: readonly Command[];
  readonly functions: ReadonlySet<string>;
  readonly constants: ReturnType<typeof constantsOf>;
}

/** By what was parsed, and how the shell is started: all they depend on. Who types leaves most scripts as they are. */
const knownParts = new WeakMap<ShellSyntax, Map<string, Parts>>();

function partsOf(syntax: ShellSyntax, facts: Pick<ShellFacts, 'stopsOnError' | 'pipefail'>): Parts {
  const bySettings = knownParts.get(syntax) ?? new Map<string, Parts>();
  knownParts.set(syntax, bySettings);
  const settings = `${facts.stopsOnError} ${facts.pipefail}`;
  const known = bySettings.get(settings);
  if (known) return known;
  const builder = new Builder(facts);
  builder.list(syntax.statements, builder.start, true);
  const { commands, functions } = builder;
  callFunctions(commands, functions);
  const parts = {
    commands,
    functions,
    constants: constantsOf(commands, builder.loopVariables),
  };
  bySettings.set(settings, parts);
  return parts;
}

/**
 * What callers add to the commands of a function: the guards of its calls (of any of them, so that a rule which asks
 * for a guard stays silent), and errexit and pipefail as they are set when it is called.
 */
function callFunctions(commands: readonly Command[], functions: ReadonlySet<string>): void {
  if (functions.size === 0) return;
  const calls = new Map<string, Command[]>();
  for (const command of commands) {
    const { name } = command;
    if (name === undefined || !functions.has(name)) continue;
    // A function's name hides the program of that name.
    Object.assign(command, { class: classByName(name) });
    if (command.inFunction !== name) calls.set(name, [...(calls.get(name) ?? []), command]);
  }
  const setsItself = new Set(
    commands.filter((each) => each.name === 'set').map((each) => each.inFunction),
  );
  const inherited = new Map([...calls].map(([name]) => [name, guardsOfCalls(name, calls)]));
  for (const command of commands) {
    const name = command.inFunction ?? '';
    const from = calls.get(name);
    if (!from) continue;
    Object.assign(command, { guards: [...inherited.get(name)!, ...command.guards] });
    if (setsItself.has(name)) continue;
    Object.assign(command, {
      stopsOnError: from.every((call) => call.stopsOnError && !call.tested),
      pipefail: from.every((call) => call.pipefail),
    });
  }
}

/** As many guards of calls as are looked at: a function called from everywhere is guarded by nothing in particular. */
const mostGuards = 100;

/** The guards of all calls of a function, and of the calls of the functions those stand in. */
function guardsOfCalls(
  name: string,
  calls: ReadonlyMap<string, readonly Command[]>,
): readonly Guard[] {
  const found = new Set<Guard>();
  const seen = new Set([name]);
  const open = [...(calls.get(name) ?? [])];
  for (let call = open.pop(); call && found.size < mostGuards; call = open.pop()) {
    for (const guard of call.guards) found.add(guard);
    const outer = call.inFunction;
    if (outer === undefined || seen.has(outer)) continue;
    seen.add(outer);
    open.push(...(calls.get(outer) ?? []));
  }
  return [...found];
}

function directoryOf(
  command: Command,
  commands: readonly Command[],
  start: string | undefined,
  resolved: (word: Word | undefined) => string | undefined,
): string | undefined {
  let here = start;
  for (const each of commands) {
    if (each === command) break;
    if (each.name === 'popd') here = undefined;
    if (each.name !== 'cd' && each.name !== 'pushd') continue;
    if (each.substituted || (each.subshell ?? command.subshell) !== command.subshell) continue;
    const sure =
      (each.inFunction ?? command.inFunction) === command.inFunction &&
      each.guards.every((guard) => command.guards.some((own) => own.test === guard.test));
    const to = resolved(each.operands[0]);
    here =
      !sure || to === undefined || (here === undefined && !to.startsWith('//'))
        ? undefined
        : joined(here ?? '', to);
  }
  return here;
}

/** A path put behind a directory; undefined where it leaves the workspace or starts at the root. */
function joined(directory: string, path: string): string | undefined {
  if (path.startsWith('//')) return joined('', path.slice(2));
  if (path.startsWith('/') || path.startsWith('~') || path === '-') return undefined;
  const parts = directory === '' ? [] : directory.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

interface Place {
  readonly guards: readonly Guard[];
  readonly fallbacks: readonly Fallback[];
  readonly tested: boolean;
  readonly background: boolean;
  readonly substituted: boolean;
  readonly loop: boolean;
  readonly inFunction: string | undefined;
  readonly subshell: number | undefined;
}

class Builder {
  readonly commands: Command[] = [];
  readonly functions = new Set<string>();
  readonly #bySyntax = new Map<SimpleCommand, Command>();
  readonly loopVariables = new Set<string>();
  readonly start: Place = {
    guards: [],
    fallbacks: [],
    tested: false,
    background: false,
    substituted: false,
    loop: false,
    inFunction: undefined,
    subshell: undefined,
  };
  #stopsOnError: boolean;
  #pipefail: boolean;
  #step = 0;

  constructor(facts: Pick<ShellFacts, 'stopsOnError' | 'pipefail'>) {
    this.#stopsOnError = facts.stopsOnError;
    this.#pipefail = facts.pipefail;
  }

  /** Statements one after another. An early exit guards all that follow. */
  list(statements: readonly Statement[], place: Place, outermost = false): void {
    let here = place;
    statements.forEach((statement, index) => {
      if (outermost) this.#step = index;
      const before = this.commands.length;
      const state = [this.#stopsOnError, this.#pipefail] as const;
      this.#statement(statement, statement.background ? { ...here, background: true } : here);
      if (statement.background) [this.#stopsOnError, this.#pipefail] = state;
      const exits = earlyExit(statement, this.commands.slice(before));
      if (exits.length > 0) here = { ...here, guards: [...here.guards, ...exits] };
    });
  }

  #statement(statement: Statement, place: Place): void {
    switch (statement.kind) {
      case 'command':
        this.#command(statement, place);
        return;
      case 'pipeline': {
        const stages: Command[] = [];
        for (const stage of statement.stages) {
          const before = this.commands.length;
          const state = [this.#stopsOnError, this.#pipefail] as const;
          this.#statement(stage, place);
          [this.#stopsOnError, this.#pipefail] = state;
          const made = this.commands
            .slice(before)
            .filter((each) => !each.substituted || place.substituted);
          if (made[0])
            stages.push(stage.kind === 'command' ? made.find((c) => c.syntax === stage)! : made[0]);
        }
        stages.forEach((stage, index) => {
          Object.assign(stage, { pipeline: stages, stage: index });
        });
        return;
      }
      case 'and-or': {
        const range: Range = [statement.left.range[1], statement.range[1]];
        const onFailure: Fallback[] =
          statement.operator === '||' ? [{ statement: statement.right, range }] : [];
        this.#statement(statement.left, {
          ...place,
          tested: true,
          fallbacks: [...onFailure, ...place.fallbacks],
        });
        const guards = this.#questions(statement.left, statement.operator === '&&', asks);
        this.#statement(statement.right, { ...place, guards: [...place.guards, ...guards] });
        return;
      }
      case 'not':
        this.#statement(statement.body, { ...place, tested: true });
        return;
      case 'if': {
        let otherwise: readonly Guard[] = [];
        for (const branch of statement.branches) {
          const before = { ...place, guards: [...place.guards, ...otherwise] };
          let guards: readonly Guard[] = [];
          const last = branch.condition?.at(-1);
          if (last) {
            this.#condition(branch.condition!, before);
            guards = this.#questions(last, true, decides);
            otherwise = [...otherwise, ...this.#questions(last, false, decides)];
          }
          this.list(branch.body, { ...before, guards: [...before.guards, ...guards] });
        }
        this.#redirects(statement.redirects, place);
        return;
      }
      case 'loop': {
        if (statement.variable) this.loopVariables.add(statement.variable);
        for (const item of statement.items) this.#word(item, place);
        this.#condition(statement.condition, { ...place, loop: true });
        const last = statement.condition.at(-1);
        const guards = last ? this.#questions(last, statement.loop !== 'until', decides) : [];
        this.list(statement.body, { ...place, loop: true, guards: [...place.guards, ...guards] });
        this.#redirects(statement.redirects, place);
        return;
      }
      case 'case': {
        const before = this.commands.length;
        if (statement.subject) this.#word(statement.subject, place);
        // `case $(cat file) in *line*)`: what the subject reads decides.
        const guards = this.commands
          .slice(before)
          .filter(asks)
          .map((test): Guard => ({ test, runsWhen: true, range: test.range }));
        for (const arm of statement.arms) {
          this.list(arm.body, { ...place, guards: [...place.guards, ...guards] });
        }
        this.#redirects(statement.redirects, place);
        return;
      }
      case 'group': {
        const before = [this.#stopsOnError, this.#pipefail] as const;
        const inside = statement.subshell ? { ...place, subshell: statement.range[0] } : place;
        this.list(statement.body, inside);
        if (statement.subshell) [this.#stopsOnError, this.#pipefail] = before;
        this.#redirects(statement.redirects, place);
        return;
      }
      case 'function': {
        const before = [this.#stopsOnError, this.#pipefail] as const;
        this.functions.add(statement.name);
        this.list(statement.body, { ...this.start, inFunction: statement.name });
        [this.#stopsOnError, this.#pipefail] = before;
        return;
      }
    }
  }

  #condition(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) this.#statement(statement, { ...place, tested: true });
  }

  /**
   * The guards a statement gives to what runs when it comes out as `runsWhen`. All questions in it count, those of
   * `a || b` as well, of which only one need hold. A bare `a && b` is a sequence, not a guard: `counts` tells
   * questions from deeds.
   */
  #questions(
    statement: Statement,
    runsWhen: boolean,
    counts: (command: Command) => boolean,
  ): readonly Guard[] {
    switch (statement.kind) {
      case 'command': {
        const test = this.#bySyntax.get(statement);
        return test && counts(test) ? [{ test, runsWhen, range: test.range }] : [];
      }
      case 'not':
        return this.#questions(statement.body, !runsWhen, counts);
      case 'and-or':
        return [statement.left, statement.right].flatMap((each) =>
          this.#questions(each, runsWhen, counts),
        );
      case 'pipeline':
        return this.#questions(statement.stages.at(-1)!, runsWhen, counts);
      case 'group': {
        const last = statement.body.at(-1);
        return last ? this.#questions(last, runsWhen, counts) : [];
      }
      default:
        return [];
    }
  }

  #redirects(redirects: readonly Redirect[], place: Place): void {
    for (const redirect of redirects) if (redirect.target) this.#word(redirect.target, place);
  }

  /** The commands inside a word's substitutions. */
  #word(word: Word, place: Place): void {
    for (const part of word.parts) {
      if (part.kind !== 'substitution' && part.kind !== 'process') continue;
      this.list(part.body, { ...place, substituted: true, fallbacks: [], tested: false });
    }
  }

  #command(syntax: SimpleCommand, place: Place): Command {
    for (const assignment of syntax.assignments) {
      if (assignment.value) this.#word(assignment.value, place);
    }
    for (const word of syntax.words) this.#word(word, place);
    this.#redirects(syntax.redirects, place);
    const command = makeCommand(syntax, place, this.#step, this.#stopsOnError, this.#pipefail);
    this.commands.push(command);
    this.#bySyntax.set(syntax, command);
    if (command.name === 'set' && !place.substituted) this.#set(command.args);
    return command;
  }

  /** https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html */
  #set(args: readonly Word[]): void {
    args.forEach((arg, index) => {
      const match = /^([-+])([A-Za-z]+)$/.exec(arg.value ?? '');
      if (!match) return;
      const on = match[1] === '-';
      if (match[2]!.includes('e')) this.#stopsOnError = on;
      if (!match[2]!.includes('o')) return;
      const name = args[index + 1]?.value;
      if (name === 'errexit') this.#stopsOnError = on;
      if (name === 'pipefail') this.#pipefail = on;
    });
  }
}

function makeCommand(
  syntax: SimpleCommand,
  place: Place,
  step: number,
  stopsOnError: boolean,
  pipefail: boolean,
): Command {
  const { front, index } = unwrap(syntax.words.map((each) => each.value ?? each.text));
  const word = syntax.words[index];
  const name = word?.value === undefined ? undefined : canonicalName(word.value);
  const args = syntax.words.slice(index + 1);
  const texts = args.map((each) => each.value ?? each.text);
  const operands = operandsAt(name ?? '', texts).map((at) => args[at]!);
  const command: Command = {
    range: syntax.range,
    name,
    word,
    args,
    operands,
    wrappers: front,
    class:
      name === undefined
        ? undefined
        : classOf(
            name,
            operands.map((each) => each.value ?? each.text),
            texts,
          ),
    redirects: syntax.redirects,
    syntax,
    ...place,
    pipeline: [],
    stage: 0,
    stopsOnError,
    pipefail,
    step,
    has: (...flags) => flags.some((flag) => hasFlag(name ?? '', texts, flag)),
    option: (...flags) => {
      for (const flag of flags) {
        const at = optionAt(name ?? '', texts, flag);
        if (at) return at.from > 0 ? tail(args[at.index]!, at.from) : args[at.index];
      }
      return undefined;
    },
  };
  Object.assign(command, { pipeline: [command] });
  return command;
}

/** A word without its first characters, which are plain text in every flag. */
function tail(word: Word, length: number): Word {
  const [first, ...rest] = word.parts;
  const parts: readonly WordPart[] =
    first?.kind === 'literal'
      ? [{ ...first, text: first.text.slice(length) }, ...rest]
      : word.parts;
  return {
    text: word.text.slice(length),
    parts,
    value: word.value?.slice(length),
    range: [Math.min(word.range[0] + length, word.range[1]), word.range[1]],
  };
}

/** Commands whose only purpose is an answer; any of them can guard. */
const asks = (command: Command) => command.class === 'probe' || command.class === 'read';

/** In a condition a command nothing is known of, such as a function, is a question as well. */
const decides = (command: Command) => asks(command) || command.class === undefined;

/** `[ -f x ] && exit`, `test … || return`, `if …; then exit; fi`: the guards that hold for all that follows. */
function earlyExit(statement: Statement, commands: readonly Command[]): readonly Guard[] {
  const leaves = (command: Command | undefined) =>
    command !== undefined &&
    (command.name === 'exit' || command.name === 'return' || command.name === 'continue');
  const exit = commands.find(leaves);
  if (!exit || exit.substituted) return [];
  if (statement.kind !== 'and-or' && statement.kind !== 'if') return [];
  return exit.guards
    .filter((each) => commands.includes(each.test))
    .map((guard) => ({ ...guard, runsWhen: !guard.runsWhen }));
}

function constantsOf(
  commands: readonly Command[],
  changing: ReadonlySet<string>,
): ReadonlyMap<string, Word> {
  const constants = new Map<string, Word>();
  const several = new Set(changing);
  for (const command of commands) {
    const own = command.syntax;
    const exported =
      command.name === 'export' ||
      command.name === 'readonly' ||
      command.name === 'local' ||
      command.name === 'declare';
    if (command.name === 'read') for (const arg of command.args) several.add(arg.value ?? '');
    // `A=1 command` sets A for that command alone.
    if (own.words.length > 0 && !exported) continue;
    for (const { name, value, append } of own.assignments) {
      if (append || constants.has(name) || command.loop) several.add(name);
      if (value) constants.set(name, value);
    }
  }
  for (const name of several) constants.delete(name);
  return constants;
}

function resolve(
  word: Word,
  constants: ReadonlyMap<string, Word>,
  depth: number,
): string | undefined {
  if (word.value !== undefined) return word.value;
  if (depth > 8) return undefined;
  let out = '';
  for (const part of word.parts) {
    if (part.kind === 'literal') out += part.text;
    else if (part.kind === 'variable') {
      const set = constants.get(part.name);
      const plain = part.operator === undefined || part.operator === ':-' || part.operator === '-';
      if (set && plain) {
        const value = resolve(set, constants, depth + 1);
        if (value === undefined) return undefined;
        out += value;
      } else if (!set && (part.operator === ':-' || part.operator === '-')) {
        if (part.operand === undefined || /[$`]/.test(part.operand)) return undefined;
        out += part.operand.replace(/["']/g, '');
      } else return undefined;
    } else return undefined;
  }
  return out;
}
