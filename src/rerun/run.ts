import { unwrap } from '../formats/shell-arguments';
import { canonicalName, classOf } from '../formats/shell-commands';
import {
  type FunctionDefinition,
  parseShell,
  type Redirect,
  type SimpleCommand,
  type Statement,
} from '../syntax/shell';
import { lookUp } from '../text/look-up';
import type { Located } from '../text/range';
import { builtins } from './builtins';
import { type Answer, type Call, type Why, wordsOf } from './call';
import { applyEffects } from './effects/apply';
import { anchored, expandText, fields, patternOfText, type Scope, single } from './expand';
import { programs } from './programs';
import { isKnown, linesOf, type Text } from './text';
import { type Denial, isPath, type Key, type World } from './world';

/** A command that ended with a status other than 0. */
export interface Failure {
  readonly by: Located;
  /** What comes of it is part of the script. */
  readonly asked: boolean;
  readonly status: number;
  readonly why: Why;
}

/** How a piece of a script is left before its end. */
export class Leave {
  readonly how: 'exit' | 'return' | 'break' | 'continue';
  readonly status: number;

  constructor(how: Leave['how'], status: number) {
    this.how = how;
    this.status = status;
  }
}

/** Thrown when a script goes on for longer than anybody would follow. */
export class TooLong extends Error {}

/** What one script shares over all its shells: how many commands may run, and which failed. */
export interface Trace {
  /** How many commands may still run, in all runs of the script together. */
  readonly budget: { left: number };
  readonly failures: Failure[];
  /** Told of each command that runs. */
  ran(syntax: SimpleCommand): void;
}

const mostRounds = 24;

/** What a pipe or a file gives to read, consumed by `read`. */
export interface Input {
  text: Text;
}

interface Descriptor {
  readonly key: Key | undefined;
  readonly adds: boolean;
  /** What opened it. */
  readonly by: Located;
}

/** The state of a shell: what a subshell gets a copy of. */
interface State {
  readonly variables: Map<string, Text>;
  readonly lists: Map<string, readonly Text[]>;
  /** What was missed when a variable got its value: who asks for it asks for that. */
  readonly denied: Map<string, readonly Denial[]>;
  readonly functions: Map<string, FunctionDefinition>;
  readonly descriptors: Map<number, Descriptor>;
  positional: readonly Text[];
  directory: Key;
  before: Key;
  errexit: boolean;
  pipefail: boolean;
  noclobber: boolean;
  status: number;
  trap: Text | undefined;
  user: string;
  /** Patterns that match nothing vanish. */
  nullglob: boolean;
}

/** How a statement runs: what it reads, and whether its failure is asked about. */
interface Around {
  readonly input: Input | undefined;
  readonly tested: boolean;
  readonly background?: boolean;
  /** Its status is lost in a pipe, and nobody has asked for it. */
  readonly piped?: boolean;
}

export interface ShellOptions {
  readonly bash: boolean;
  readonly stopsOnError: boolean;
  readonly pipefail: boolean;
  readonly args?: readonly Text[];
  /** Where it starts; the directory nothing is known of if left out. */
  readonly directory?: Key;
  /** What the text was read as, where it was read before. */
  readonly statements?: readonly Statement[];
}

/** A shell that runs a script on a world of which little is known. */
export class Shell {
  readonly world: World;
  readonly #text: string;
  readonly #statements: readonly Statement[] | undefined;
  readonly #bash: boolean;
  readonly #trace: Trace;
  /** The command of the outer script that started this one: what it does is that command's doing. */
  #within: Located | undefined;
  #state: State;
  #input: Input | undefined;
  #by: Located = { range: [0, 0] };

  constructor(
    text: string,
    world: World,
    trace: Trace,
    options: ShellOptions,
    inherited?: { readonly state: State; readonly within: Located | undefined },
  ) {
    this.world = world;
    this.#text = text;
    this.#statements = options.statements;
    this.#bash = options.bash;
    this.#trace = trace;
    this.#within = inherited?.within;
    const home = world.unknowns.stable('$HOME', { name: '$HOME' });
    this.#state = inherited
      ? copied(inherited.state)
      : {
          variables: new Map([['HOME', home]]),
          lists: new Map(),
          denied: new Map(),
          functions: new Map(),
          descriptors: new Map(),
          positional: [],
          directory: options.directory ?? '.',
          before: '.',
          errexit: false,
          pipefail: false,
          noclobber: false,
          status: 0,
          trap: undefined,
          user: '',
          nullglob: false,
        };
    Object.assign(this.#state, {
      errexit: options.stopsOnError,
      pipefail: options.pipefail,
      trap: undefined,
      ...(options.args && { positional: options.args }),
    });
  }

  get home(): Text {
    return this.variable('HOME') ?? '';
  }

  get state(): State {
    return this.#state;
  }

  get directory(): Key {
    return this.#state.directory;
  }

  /** Runs the script to its end and gives its exit status and output. */
  script(input?: Input): Required<Answer> {
    let out = '';
    let status = 0;
    try {
      const statements = this.#statements ?? parseShell(this.#text).statements;
      out = this.#list(statements, { input, tested: false });
      status = this.#state.status;
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      status = error.status;
    }
    const { trap } = this.#state;
    if (trap !== undefined) {
      this.#state.trap = undefined;
      try {
        out += this.#inner(trap, {}).out ?? '';
      } catch (error) {
        if (!(error instanceof Leave)) throw error;
      }
    }
    return { status, out };
  }

  // Words

  readonly scope: Scope = (() => {
    const shell = this;
    return {
      get unknowns() {
        return shell.world.unknowns;
      },
      get home() {
        return shell.home;
      },
      get bash() {
        return shell.#bash;
      },
      variable: (name: string) => this.variable(name),
      elements: (name: string) =>
        /^[@*]$/.test(name) ? this.#state.positional : this.#state.lists.get(name),
      assign: (name: string, value: Text) => this.assign(name, value),
      substitute: (body: readonly Statement[]) => this.#apart(body, undefined),
      process: (body: readonly Statement[]) => {
        const key = `/dev/fd/${this.#trace.budget.left}`;
        this.world.assume(key, {
          present: true,
          kind: 'file',
          content: this.#apart(body, undefined),
        });
        return key;
      },
      glob: (pattern: Text, matches: RegExp) => this.#glob(pattern, matches),
    };
  })();

  variable(name: string): Text | undefined {
    const denied = this.#state.denied.get(name);
    if (denied) this.world.denials.push(...denied);
    const element = /^(\w+)\[(\w+)\]$/.exec(name);
    if (element) return this.#state.lists.get(element[1]!)?.[Number(element[2])];
    switch (name) {
      case '?':
        return String(this.#state.status);
      case '#':
        return this.#state.positional.length > 0
          ? String(this.#state.positional.length)
          : undefined;
      case '@':
      case '*':
        return this.#state.positional.length > 0 ? this.#state.positional.join(' ') : undefined;
      case 'PWD':
        return this.workingDirectory;
      case '$':
      case 'RANDOM':
      case 'SRANDOM':
      case 'SECONDS':
      case 'EPOCHSECONDS':
      case 'EPOCHREALTIME':
      case 'BASHPID':
        return this.world.unknowns.varying(`$${name}`);
      default:
        break;
    }
    if (/^\d$/.test(name) && this.#state.positional.length > 0 && name !== '0') {
      return this.#state.positional[Number(name) - 1] ?? '';
    }
    return this.#state.variables.get(name) ?? this.#state.lists.get(name)?.[0];
  }

  assign(name: string, value: Text): void {
    this.#state.lists.delete(name);
    this.#state.variables.set(name, value);
  }

  unset(name: string): void {
    this.#state.variables.delete(name);
    this.#state.lists.delete(name);
    this.#state.functions.delete(name);
  }

  #glob(pattern: Text, matches: RegExp): readonly Text[] {
    const key = this.path(pattern);
    const written = key === pattern ? matches : anchoredAt(key, pattern, matches);
    // What was there before is in the rest: it may become known only after the first run has come by here.
    const found = this.world
      .made()
      .filter((each) => isPath(each) && written.test(each) && each !== key);
    // What lies there besides is one more path of that name.
    const rest = this.world.at(key);
    const known = rest !== undefined && !rest.present;
    const spelled = found.map((each) =>
      key === pattern ? each : back(each, this.directory, pattern),
    );
    if (!known) return [...spelled, pattern];
    return spelled.length > 0 || this.#state.nullglob ? spelled : [pattern];
  }

  /** The directory as `pwd` tells it: from the root on, where the script began being unknown. */
  get workingDirectory(): Text {
    return this.#state.directory.replace(/^\.(?=\/|$)/, this.#beginning);
  }

  /** The directory the script is started in. In keys it is a dot. */
  get #beginning(): Text {
    return this.world.unknowns.stable('$PWD', { name: '$PWD' });
  }

  /**
   * The key of a path as the shell sees it now. Throws TooLong where no system would have a path of that length
   * (https://man7.org/linux/man-pages/man0/limits.h.0p.html, PATH_MAX): then a loop goes down and down.
   */
  path(text: Text): Key {
    const key = this.#key(text);
    if (key.length > 4096) throw new TooLong();
    return key;
  }

  #key(text: Text): Key {
    if (text.startsWith('/')) return normal(text);
    const [first] = this.world.unknowns.in(text);
    if (first === undefined || !text.startsWith(first)) {
      return normal(`${this.#state.directory}/${text}`);
    }
    return normal(first === this.#beginning ? `.${text.slice(first.length)}` : text);
  }

  moveTo(directory: Key): void {
    this.#state.before = this.#state.directory;
    this.#state.directory = directory;
  }

  // Statements

  #list(statements: readonly Statement[], around: Around): Text {
    const { world } = this;
    const { guards } = world;
    let out = '';
    try {
      for (const statement of statements) {
        const asked = world.denials.length;
        out += this.#statement(statement, around);
        // `[ -e marker ] && exit`: all that follows depends on it.
        if (mayLeave(statement)) world.guards = [...world.guards, ...world.denials.slice(asked)];
      }
    } finally {
      world.guards = guards;
    }
    return out;
  }

  /** Runs what depends on the answers given since a mark. */
  #because(asked: number, body: () => Text): Text {
    const { world } = this;
    const { guards } = world;
    world.guards = [...guards, ...world.denials.slice(asked)];
    try {
      return body();
    } finally {
      world.guards = guards;
    }
  }

  #statement(statement: Statement, around: Around): Text {
    if (statement.background) {
      const state = this.#state;
      this.#state = copied(state);
      try {
        this.#plain(statement, { ...around, tested: true, background: true });
      } catch (error) {
        if (!(error instanceof Leave)) throw error;
      }
      const pid = this.world.unknowns.varying('$!');
      if (isEndless(statement))
        this.world.add('process:in the background', 'one\n', this.#within ?? statement);
      // What fails to start has ended before anybody looks for it.
      if (this.#state.status !== 0) this.world.assume(`process:${pid}`, { present: false });
      this.#state = state;
      this.#state.status = 0;
      state.variables.set('!', pid);
      return '';
    }
    return this.#plain(statement, around);
  }

  #plain(statement: Statement, around: Around): Text {
    switch (statement.kind) {
      case 'command':
        return this.#command(statement, around);
      case 'pipeline':
        return this.#pipeline(statement.stages, around);
      case 'and-or': {
        const asked = this.world.denials.length;
        const out = this.#statement(statement.left, { ...around, tested: true });
        if ((this.#state.status === 0) !== (statement.operator === '&&')) return out;
        return out + this.#because(asked, () => this.#statement(statement.right, around));
      }
      case 'not': {
        const out = this.#statement(statement.body, { ...around, tested: true });
        this.#state.status = this.#state.status === 0 ? 1 : 0;
        return out;
      }
      case 'if':
        return this.#redirected(statement.redirects, around, (inner) => {
          const asked = this.world.denials.length;
          for (const { condition, body } of statement.branches) {
            let said = '';
            if (condition) {
              said = this.#list(condition, { ...inner, tested: true });
              if (this.#state.status !== 0) continue;
            }
            this.#state.status = 0;
            return said + this.#because(asked, () => this.#list(body, inner));
          }
          this.#state.status = 0;
          return '';
        });
      case 'loop':
        return this.#redirected(statement.redirects, around, (inner) =>
          statement.loop === 'for' || statement.loop === 'select'
            ? this.#for(statement, inner)
            : this.#while(statement, inner),
        );
      case 'case':
        return this.#redirected(statement.redirects, around, (inner) =>
          this.#case(statement, inner),
        );
      case 'group':
        return this.#redirected(statement.redirects, around, (inner) => {
          if (!statement.subshell) return this.#list(statement.body, inner);
          return this.#apart(statement.body, inner);
        });
      case 'function':
        this.#state.functions.set(statement.name, statement);
        this.#state.status = 0;
        return '';
    }
  }

  /** Runs in a copy of this shell: a subshell, a substitution, a stage of a pipe. */
  #apart(body: readonly Statement[], around: Around | undefined): Text {
    const state = this.#state;
    this.#state = copied(state);
    let status = 0;
    let out = '';
    // Whether what stands in `$( )` succeeds is asked only where its status is the command's own: `if x=$(…)`.
    const tested = around?.tested ?? this.#asksSubstitution;
    if (!around) this.#state.errexit = false;
    try {
      out = this.#list(body, { input: around?.input ?? this.#input, tested });
      status = this.#state.status;
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      status = error.status;
    }
    this.#state = state;
    this.#ended(status, tested || !around);
    return out;
  }

  #asksSubstitution = false;

  /** Sets the exit status; under errexit a failure nobody asks about ends the script. */
  #ended(status: number, tested: boolean): void {
    this.#state.status = status;
    if (status !== 0 && !tested && this.#state.errexit) throw new Leave('exit', status);
  }

  #pipeline(stages: readonly Statement[], around: Around): Text {
    let { input } = around;
    let out = '';
    let worst = 0;
    const state = this.#state;
    for (const stage of stages) {
      this.#state = copied(state);
      try {
        out = this.#statement(stage, { input, tested: true, piped: !around.tested });
      } catch (error) {
        if (!(error instanceof Leave)) throw error;
        this.#state.status = error.status;
      }
      if (this.#state.status !== 0) worst = this.#state.status;
      input = { text: out };
    }
    const { status } = this.#state;
    this.#state = state;
    this.#ended(state.pipefail ? worst : status, around.tested);
    return out;
  }

  #for(loop: Statement & { kind: 'loop' }, around: Around): Text {
    const unnamed = loop.variable === undefined;
    const items = unnamed ? [''] : loop.items.flatMap((item) => fields(item, this.scope));
    const values = loop.items.length === 0 && !unnamed ? this.#state.positional : items;
    this.#state.status = 0;
    return this.#rounds(values.slice(0, mostRounds), (value) => {
      if (loop.variable !== undefined) this.assign(loop.variable, value);
      return this.#list(loop.body, around);
    });
  }

  #while(loop: Statement & { kind: 'loop' }, around: Around): Text {
    let out = '';
    const endless = loop.condition.length === 1 && isConstant(loop.condition[0]!);
    for (let round = 0; round < (endless ? 2 : mostRounds); round++) {
      const asked = this.world.answers;
      const reads = around.input?.text;
      out += this.#list(loop.condition, { ...around, tested: true });
      const holds = (this.#state.status === 0) === (loop.loop === 'while');
      this.#state.status = 0;
      // The same answer would come for ever: what is waited for has come.
      if (!holds || (round > 1 && this.world.answers !== asked && around.input?.text === reads))
        break;
      try {
        out += this.#list(loop.body, around);
      } catch (error) {
        if (!(error instanceof Leave) || error.how === 'exit' || error.how === 'return')
          throw error;
        if (error.how === 'break') break;
      }
    }
    return out;
  }

  #rounds<T>(values: readonly T[], body: (value: T) => Text): Text {
    let out = '';
    for (const value of values) {
      try {
        out += body(value);
      } catch (error) {
        if (!(error instanceof Leave) || error.how === 'exit' || error.how === 'return')
          throw error;
        if (error.how === 'break') break;
      }
    }
    return out;
  }

  #case(statement: Statement & { kind: 'case' }, around: Around): Text {
    const subject = statement.subject ? single(statement.subject, this.scope) : '';
    for (const arm of statement.arms) {
      const hit = arm.patterns.some((written) => {
        const bare = expandText(written.replace(/["']/g, ''), this.scope);
        const pattern = anchored(patternOfText(bare));
        if (pattern?.test(subject)) return true;
        return isKnown(subject)
          ? false
          : this.world.ask(`case ${this.world.origins(subject)} ${written}`, !bare.startsWith('*'));
      });
      if (!hit) continue;
      this.#state.status = 0;
      return this.#list(arm.body, around);
    }
    this.#state.status = 0;
    return '';
  }

  // Redirections

  /** Runs with the redirections of a statement: its input read before, its output put where it belongs. */
  #redirected(
    redirects: readonly Redirect[],
    around: Around,
    body: (around: Around) => Text,
    command?: Located,
  ): Text {
    if (redirects.length === 0) return body(around);
    let input = around.input;
    let to: Descriptor | undefined;
    for (const redirect of redirects) {
      const { operator, descriptor, target, heredoc } = redirect;
      const by = this.#within ?? command ?? redirect;
      if (heredoc) {
        let text = this.#text.slice(...heredoc.body);
        if (heredoc.stripTabs) text = text.replace(/^\t+/gm, '');
        input = { text: heredoc.quoted ? text : expandText(text, this.scope) };
      } else if (operator === '<<<') {
        input = { text: target ? `${single(target, this.scope)}\n` : '' };
      } else if (operator === '<') {
        const name = target ? single(target, this.scope) : '';
        input = { text: this.world.read(this.path(name)) };
      } else if (/^(?:&?>>?\|?|>&|>\|)$/.test(operator) && (descriptor ?? 1) === 1) {
        const name = target ? single(target, this.scope) : '';
        if (operator === '>&' && /^\d|^-$/.test(name)) {
          to = this.#state.descriptors.get(Number(name)) ?? { key: undefined, adds: false, by };
          continue;
        }
        const key = this.path(name);
        to = { key, adds: operator.includes('>>'), by };
        if (this.#refuses(key, operator, by)) return '';
      }
    }
    const text = body({ ...around, input });
    if (!to) return text;
    if (to.key !== undefined && !isDevice(to.key)) {
      if (to.adds) this.world.add(to.key, text, to.by);
      else this.world.write(to.key, text, to.by);
    }
    return '';
  }

  /** `set -C`, or a file the kernel swaps to. */
  #refuses(key: Key, operator: string, by: Located): boolean {
    const there =
      this.#state.noclobber && operator === '>' && !isDevice(key) && this.world.exists(key);
    const busy = this.world.at(`swap:${key}`)?.present === true;
    if (!there && !busy) return false;
    this.#by = by;
    this.#asked = false;
    this.#failed(1, { kind: there ? 'there' : 'busy', key });
    this.#ended(1, false);
    return true;
  }

  // Commands

  #command(syntax: SimpleCommand, around: Around): Text {
    if (this.#trace.budget.left-- <= 0) throw new TooLong();
    this.#trace.ran(syntax);
    const { own } = this.world;
    const failed = this.#trace.failures.length;
    const by = this.#within ?? syntax;
    this.#by = by;
    const outer = this.#input;
    this.#input = around.input;
    // `export A=1`: the assignment stands among the words as well.
    const isDeclared = ({ range }: Located) =>
      syntax.assignments.some((assignment) => assignment.range[0] === range[0]);
    const words = syntax.words
      .filter((word) => !isDeclared(word))
      .flatMap((word) => fields(word, this.scope));
    if (words.length === 0 || syntax.words.length > words.length) {
      this.#asksSubstitution = words.length === 0 && around.tested;
      if (words[0] === 'local') this.local(syntax.assignments.map(({ name }) => name));
      for (const assignment of syntax.assignments) this.#assignment(assignment);
      this.#asksSubstitution = false;
      // `x=$(false)` ends as the substitution did; `x=$?` ends well.
      const substitutes = syntax.assignments.some(({ value }) =>
        value?.parts.some(({ kind }) => kind === 'substitution'),
      );
      if (!substitutes) this.#state.status = 0;
    }
    this.#by = by;
    let status = this.#state.status;
    const isExec = words.length === 1 && words[0] === 'exec';
    if (isExec) {
      this.#descriptors(syntax.redirects, by);
      this.#input = outer;
      this.#state.status = 0;
      return '';
    }
    let ran = false;
    const out = this.#redirected(
      syntax.redirects,
      around,
      (inner) => {
        ran = true;
        // `$(<file)` gives what the file holds.
        if (words.length === 0) {
          return syntax.assignments.length === 0 ? (inner.input?.text ?? '') : '';
        }
        const answer = this.#call(words, syntax, inner, by);
        status = answer.status ?? 0;
        return answer.out ?? '';
      },
      syntax,
    );
    this.#input = outer;
    this.#by = by;
    if (!ran) return '';
    if (status !== 0 && this.#trace.failures.length === failed) {
      const isSure = this.world.own > own;
      this.#asked = around.tested && !around.piped;
      this.#failed(status, {
        kind: isSure ? 'other' : 'unclear',
        text: written(this.#text, syntax),
      });
    }
    this.#ended(status, around.tested);
    return out;
  }

  /** `exec 3>>file`, `exec 3>&-`. */
  #descriptors(redirects: readonly Redirect[], by: Located): void {
    for (const { operator, descriptor, target } of redirects) {
      if (descriptor === undefined || descriptor < 3 || !target) continue;
      const name = single(target, this.scope);
      if (name === '-') this.#state.descriptors.delete(descriptor);
      else if (/^>>?$/.test(operator)) {
        const key = this.path(name);
        if (operator === '>') this.world.write(key, '', by);
        this.#state.descriptors.set(descriptor, { key, adds: true, by });
      }
    }
  }

  #assignment({ name, value, append }: SimpleCommand['assignments'][number]): void {
    const list = value && /^\(/.test(value.text) ? value.text.slice(1, -1) : undefined;
    const bare = name.replace(/\[.*/, '');
    if (list !== undefined) {
      const [statement] = parseShell(`: ${list.replace(/\n/g, ' ')}`).statements;
      const words = statement?.kind === 'command' ? statement.words.slice(1) : [];
      const elements = words.flatMap((word) => fields(word, this.scope));
      const old = append ? (this.#state.lists.get(bare) ?? []) : [];
      this.#state.lists.set(bare, [...old, ...elements]);
      return;
    }
    const asked = this.world.denials.length;
    const text = value ? single(value, this.scope) : '';
    const denied = this.world.denials.slice(asked);
    if (denied.length > 0) this.#state.denied.set(bare, denied);
    else this.#state.denied.delete(bare);
    this.assign(bare, append ? `${this.variable(bare) ?? ''}${text}` : text);
  }

  /** Runs what words name, behind `sudo` and the like: a function, a builtin, a modelled program, or an unknown one. */
  #call(
    words: readonly Text[],
    syntax: SimpleCommand | undefined,
    around: Around,
    by: Located,
  ): Answer {
    const { front, index } = unwrap(words);
    if (front.includes('xargs')) return this.#xargs(words, words.slice(index), around, by);
    const given = words[index]!;
    const definition = this.#state.functions.get(given);
    const args = words.slice(index + 1);
    if (around.background && front.some((word) => word === 'nohup' || word === 'setsid')) {
      // It outlives the script, and each run starts one more.
      this.world.add(`process:${given}`, 'one\n', by);
      return {};
    }
    if (definition) return this.#function(definition, args, around);
    const name = canonicalName(given);
    const builtin = lookUp(builtins, name);
    if (builtin) {
      const answer = builtin({ shell: this, name, args, syntax, around, by });
      if (answer) return answer;
    }
    const call = this.#callOf(name, args, around, by, userOf(words.slice(0, index)));
    const program = lookUp(programs, name);
    if (program) return program(call);
    const own = given.includes('/') ? this.#written(given) : undefined;
    if (own !== undefined) return call.run(own, { stopsOnError: /^#!.*\s-\w*e/.test(own), args });
    return applyEffects(call) ?? this.#unknown(call);
  }

  /** A script that this one has written itself. */
  #written(path: Text): Text | undefined {
    const content = this.world.at(this.path(path))?.content;
    return content !== undefined && /^#!\s*\S*\b(?:ba|da|a)?sh\b/.test(content)
      ? content
      : undefined;
  }

  /** A program nothing is known of changes nothing that could be told; whether it succeeds is asked where it matters. */
  #unknown(call: Call): Answer {
    const said = call.output(call.stdin);
    const kind = classOf(call.name, call.operands, call.args);
    const looks = kind === 'probe' || kind === 'read';
    if (!looks) this.world.didUnknown(this.directory);
    if (!call.tested) return { out: said };
    const question = `status ${call.name} ${call.args.join(' ')}`;
    return this.world.succeeds(question, !looks) ? { out: said } : { status: 1 };
  }

  #callOf(
    name: string,
    args: readonly Text[],
    around: Around,
    by: Located,
    user: string | undefined,
  ): Call {
    const words = wordsOf(name, args);
    return {
      name,
      args,
      get operands() {
        return words.operands;
      },
      has: words.has,
      option: words.option,
      stdin: around.input?.text,
      tested: around.tested,
      background: around.background === true,
      by,
      world: this.world,
      home: this.home,
      user: user ?? this.#state.user,
      variable: (variable) => this.variable(variable),
      variables: () => [...this.#state.variables.keys()],
      path: (text) => this.path(text),
      fail: (status, why) => {
        this.#by = by;
        this.#asked = around.tested && !around.piped;
        this.#failed(status, why);
        return { status };
      },
      run: (script, options) => this.#inner(script, options ?? {}, around.input),
      command: (inner, stdin) =>
        this.#call(
          inner,
          undefined,
          { ...around, ...(stdin !== undefined && { input: { text: stdin } }) },
          by,
        ),
      output: (more = '') =>
        `${this.world.unknowns.stable(`output ${[name, ...args].join(' ')} ${more}`, {
          name: `$(${name} …)`,
          lines: true,
          looks: !ofTheMachine.test(name),
        })}\n`,
    };
  }

  #xargs(words: readonly Text[], inner: readonly Text[], around: Around, by: Located): Answer {
    const { option, has } = wordsOf(
      'xargs',
      words.slice(words.indexOf('xargs') + 1, words.length - inner.length),
    );
    const read = around.input?.text ?? '';
    const put = option('-I', '--replace') ?? (has('-i') ? '{}' : undefined);
    const items = put === undefined ? read.split(/\s+/).filter(Boolean) : linesOf(read);
    const run = (each: readonly Text[]) =>
      this.#call(each, undefined, { ...around, input: undefined }, by);
    if (items.length === 0)
      return has('-r', '--no-run-if-empty') || put !== undefined ? {} : run(inner);
    if (put === undefined) return run([...inner, ...items]);
    let last: Answer = {};
    let out = '';
    for (const item of items.slice(0, mostRounds)) {
      const answer = run(inner.map((word) => word.replaceAll(put, item)));
      out += answer.out ?? '';
      if (answer.status) last = { status: 123 };
    }
    return { ...last, out };
  }

  #function(definition: FunctionDefinition, args: readonly Text[], around: Around): Answer {
    const { positional } = this.#state;
    const variables = new Map(this.#state.variables);
    this.#state.positional = args;
    let out = '';
    let status = 0;
    try {
      out = this.#list(definition.body, around);
      status = this.#state.status;
    } catch (error) {
      if (!(error instanceof Leave) || error.how !== 'return') throw error;
      status = error.status;
    } finally {
      this.#state.positional = positional;
      // Names that were free before a function took them as `local` are free again.
      for (const name of this.#locals.splice(0)) {
        const old = variables.get(name);
        if (old === undefined) this.#state.variables.delete(name);
        else this.#state.variables.set(name, old);
      }
    }
    return { status, out };
  }

  #asked = false;

  readonly #locals: string[] = [];

  /** Names a function declares as its own. */
  local(names: readonly string[]): void {
    this.#locals.push(...names);
  }

  /** Another shell: `bash -c`, a here-document fed to one. What it does is the doing of the command that starts it. */
  #inner(
    script: Text,
    options: { readonly stopsOnError?: boolean; readonly args?: readonly Text[] },
    input?: Input,
  ): Answer {
    const shell = new Shell(
      script,
      this.world,
      this.#trace,
      {
        bash: this.#bash,
        stopsOnError: options.stopsOnError === true,
        pipefail: false,
        ...(options.args && { args: options.args }),
      },
      { state: this.#state, within: this.#within ?? this.#by },
    );
    return shell.script(input);
  }

  /** Runs text in this shell: `eval`. What it does is the doing of the command that evaluates it. */
  evaluate(
    text: Text,
    around: { readonly input: Input | undefined; readonly tested: boolean },
    by: Located,
  ): Answer {
    const within = this.#within;
    this.#within = within ?? by;
    try {
      const out = this.#list(parseShell(text).statements, around);
      return { status: this.#state.status, out };
    } finally {
      this.#within = within;
    }
  }

  #failed(status: number, why: Why): void {
    this.#trace.failures.push({ by: this.#by, asked: this.#asked, status, why });
  }
}

const leaving = new WeakMap<Statement, boolean>();

/** Whether a list or condition may leave what it stands in: `[ -e marker ] && exit`, `if …; then return; fi`. */
function mayLeave(statement: Statement): boolean {
  let leaves = leaving.get(statement);
  if (leaves === undefined) {
    const any = (statements: readonly Statement[]) => statements.some(inside);
    const inside = (each: Statement): boolean =>
      each.kind === 'command'
        ? /^(?:exit|return|continue|break)$/.test(each.words[0]?.value ?? '')
        : each.kind === 'group'
          ? any(each.body)
          : mayLeave(each);
    leaves =
      statement.kind === 'and-or'
        ? any([statement.left, statement.right])
        : statement.kind === 'if' && statement.branches.some(({ body }) => any(body));
    leaving.set(statement, leaves);
  }
  return leaves;
}

/** Something started in the background that never ends by itself. */
const isEndless = (statement: Statement): boolean =>
  statement.kind === 'group'
    ? statement.body.some(isEndless)
    : statement.kind === 'loop' &&
      statement.condition.length === 1 &&
      isConstant(statement.condition[0]!);

/** Programs that tell of the machine what no script changes. */
const ofTheMachine =
  /^(?:arch|basename|dirname|dpkg|getconf|git|hostname|id|lsb_release|nproc|pwd|readlink|realpath|sw_vers|tty|uname|whoami|which)$/;

/** A command as it is written, in one line. */
const written = (text: string, { range }: Located): string =>
  text
    .slice(...range)
    .replace(/\s+/g, ' ')
    .slice(0, 80);

/** `while true`, `while :`: it ends from inside, or never. */
const isConstant = (statement: Statement): boolean =>
  statement.kind === 'command' && /^(?:true|:)$/.test(statement.words[0]?.value ?? '');

function copied(state: State): State {
  return {
    ...state,
    variables: new Map(state.variables),
    lists: new Map(state.lists),
    denied: new Map(state.denied),
    functions: new Map(state.functions),
    descriptors: new Map(state.descriptors),
  };
}

const isDevice = (key: Key) => /^\/dev\/(?:null|stdout|stderr|tty|fd\/\d|tcp\/|udp\/)/.test(key);

/** Without `.`, `..`, doubled and last slashes. */
export function normal(path: Text): Key {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  if (path.startsWith('/')) return `/${parts.join('/')}`;
  return path.startsWith('.') ? ['.', ...parts].join('/') : parts.join('/') || '.';
}

function anchoredAt(key: Key, pattern: Text, matches: RegExp): RegExp {
  const front = key.slice(0, key.length - pattern.replace(/^\.\//, '').length);
  const escaped = front.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`^${escaped}${matches.source.slice(1)}`);
}

/** A key as it is written from a directory. */
const back = (key: Key, directory: Key, pattern: Text): Text =>
  pattern.startsWith('/') || !key.startsWith(`${directory}/`)
    ? key
    : key.slice(directory.length + 1);

function userOf(front: readonly string[]): string | undefined {
  const at = front.findIndex((word) => word === '-u' || word === '--user');
  return at >= 0 && front[0] === 'sudo' ? front[at + 1] : undefined;
}
