import type { Embedded, Machine } from '../engine/format';
import {
  map,
  scalar,
  type YamlEntry,
  type YamlList,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../syntax/yaml';
import type { Located, Range } from '../text/range';
import type { Source } from '../text/source';
import {
  commandArguments,
  commandModules,
  isNo,
  isTaskKeyword,
  isYes,
  shortModule,
} from './ansible-words';
import { embedShell, type Script } from './shell';
import type { ShellFacts } from './shell-model';

/** A playbook, or a file of tasks or handlers. */
export interface AnsibleFile extends Located {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly kind: 'playbook' | 'tasks' | 'handlers';
  /** The role it belongs to, by its folder. */
  readonly role: string | undefined;
  /** A Molecule scenario, or below a folder of tests. */
  readonly testing: boolean;
  readonly plays: readonly Play[];
  /** All tasks, handlers and those inside blocks included, as they are written. */
  readonly tasks: readonly Task[];
  /** Where a variable's name stands in the file, apart from `register:`. */
  mentions(name: string): readonly Range[];
}

/** One item of a playbook. `import_playbook` is a play without tasks. */
export interface Play extends Located {
  readonly kind: 'play';
  readonly map: YamlMap;
  readonly name: YamlScalar | undefined;
  readonly hosts: YamlNode | undefined;
  /** `ignore_errors: true`, for all its tasks. */
  readonly ignoresFailure: YamlEntry | undefined;
  readonly tags: readonly string[];
  readonly file: AnsibleFile;
}

/** `block:` with its `rescue:` and `always:`. */
export interface Block extends Located {
  readonly kind: 'block';
  readonly map: YamlMap;
  readonly name: YamlScalar | undefined;
  readonly file: AnsibleFile;
  readonly hasRescue: boolean;
  /** `ignore_errors: true`, for all its tasks. */
  readonly ignoresFailure: YamlEntry | undefined;
  readonly conditions: readonly string[];
}

/** A value given to a module, in whatever spelling. The range is that of the value, in the file. */
export interface Argument extends Located {
  readonly name: string;
  /** The value as text; empty for a list or map. */
  readonly text: string;
  /** Undefined for `key=value`. */
  readonly node: YamlNode | undefined;
  /** Part of it is a template. */
  readonly templated: boolean;
}

/** One task or handler. */
export interface Task extends Located {
  readonly kind: 'task';
  readonly map: YamlMap;
  readonly file: AnsibleFile;
  /** The play and the blocks it stands in, outermost first. */
  readonly parents: readonly (Play | Block)[];
  /** It stands in the `rescue:` or `always:` of a block. */
  readonly rescues: boolean;
  readonly handler: boolean;
  readonly name: YamlScalar | undefined;
  /** The module by its short name: `shell` for `ansible.builtin.shell`. */
  readonly module: string;
  /** Where the module is named. */
  readonly moduleKey: YamlScalar;
  /** The comment above it and those above the blocks it stands in; empty where there is none. */
  readonly comment: string;
  readonly args: readonly Argument[];
  arg(name: string): Argument | undefined;
  /** What a command module runs (`cmd`, `argv` or free-form, without `creates=` and the like), templates masked. */
  readonly command: Source | undefined;
  /** The shell of shell, raw and command, read when first asked for. */
  readonly script: Script | undefined;
  readonly embedded: Embedded | undefined;
  /** Its own `when` and those of what it stands in. */
  readonly conditions: readonly string[];
  /** It runs only when an earlier answer calls for it: `creates`, `removes`, `when: x is changed`, `not st.stat.exists`. */
  readonly guarded: boolean;
  readonly register: string | undefined;
  readonly changedWhen: YamlNode | undefined;
  readonly failedWhen: YamlNode | undefined;
  /** The `ignore_errors: true` or `failed_when: false` of its own that lets it fail and the play go on. */
  readonly ignoresFailure: YamlEntry | undefined;
  /** `until`, with `retries`: it waits for something. */
  readonly until: YamlNode | undefined;
  /** `async` with `poll: 0`: started and left alone, without a result. */
  readonly detached: boolean;
  readonly loop: YamlNode | undefined;
  readonly notify: readonly string[];
  /** Its own tags and those of what it stands in. */
  readonly tags: readonly string[];
  readonly become: YamlScalar | undefined;
  readonly delegateTo: YamlScalar | undefined;
}

/** What Jinja replaces: expressions, statements, comments (https://jinja.palletsprojects.com/templates/#synopsis). */
export const jinja = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;

/** Whether a text is a template, so that its value is not known here. */
export const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%');

const list = (node: YamlNode | undefined): YamlList | undefined =>
  node?.kind === 'list' ? node : undefined;
/** A list's texts, or those of a comma-separated value. */
const texts = (node: YamlNode | undefined): readonly string[] =>
  node?.kind === 'list'
    ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.string] : []))
    : node?.kind === 'scalar'
      ? node.string.split(',').map((each) => each.trim())
      : [];

/** A condition that asks for the outcome of something before. */
const asksOutcome =
  /\b(?:is|is\s+not)\s+(?:changed|failed|success|successful|succeeded|skipped)\b|\|\s*(?:changed|failed|success|succeeded|skipped)\b|(?:\.|\[['"])(?:changed|failed|rc|stat|stdout|stdout_lines|stderr|stderr_lines|exists|results|status|skipped|json|content|matched)\b|\bansible_local\b|(?:_|\.)installed\b|_(?:changed|exists|missing|needed|required|installed|result|check)\b/;

/** Reads the model from a file's root. */
export function readAnsible(
  source: Source,
  root: YamlList,
  kind: AnsibleFile['kind'],
  machine: Machine | undefined,
): AnsibleFile {
  return new Reader(source, machine).file(root, kind);
}

interface Place {
  readonly parents: readonly (Play | Block)[];
  readonly rescues: boolean;
  readonly handler: boolean;
}

class Reader {
  readonly #source: Source;
  readonly #machine: Machine | undefined;
  readonly #tasks: Task[] = [];
  readonly #plays: Play[] = [];
  readonly #registered = new Set<string>();
  #mentions: Map<string, Range[]> | undefined;
  #file!: AnsibleFile;

  constructor(source: Source, machine: Machine | undefined) {
    this.#source = source;
    this.#machine = machine;
  }

  file(root: YamlList, kind: AnsibleFile['kind']): AnsibleFile {
    const { path } = this.#source;
    this.#file = {
      path,
      kind,
      role: /(?:^|\/)roles\/([^/]+)\//.exec(path)?.[1],
      testing: /(?:^|\/)(?:molecule|tests?|[\w-]*integration[\w-]*|test-infra|e2e)\//.test(path),
      range: root.range,
      plays: this.#plays,
      tasks: this.#tasks,
      mentions: (name) => this.#mentionsOf(name),
    };
    if (kind === 'playbook') {
      for (const item of root.items) if (item.kind === 'map') this.#play(item);
    } else this.#list(root, { parents: [], rescues: false, handler: kind === 'handlers' }, 0);
    return this.#file;
  }

  #play(node: YamlMap): void {
    const play: Play = {
      kind: 'play',
      map: node,
      name: scalar(node.get('name')),
      hosts: node.get('hosts'),
      ignoresFailure: ignoredFailure(node),
      tags: texts(node.get('tags')),
      file: this.#file,
      range: node.range,
    };
    this.#plays.push(play);
    const place = { parents: [play], rescues: false, handler: false };
    for (const { key, value } of node.entries) {
      if (!/^(?:pre_tasks|tasks|post_tasks|handlers)$/.test(key.string)) continue;
      this.#list(value, { ...place, handler: key.string === 'handlers' }, 0);
    }
  }

  #list(node: YamlNode | undefined, place: Place, depth: number): void {
    // Aliases may lead a block into itself.
    if (depth > 40) return;
    for (const item of list(node)?.items ?? []) {
      if (item.kind !== 'map') continue;
      if (!item.has('block')) {
        this.#task(item, place);
        continue;
      }
      const block: Block = {
        kind: 'block',
        map: item,
        name: scalar(item.get('name')),
        file: this.#file,
        hasRescue: item.has('rescue'),
        ignoresFailure: ignoredFailure(item),
        conditions: conditionsOf(item.get('when')),
        range: item.range,
      };
      const parents = [...place.parents, block];
      this.#list(item.get('block'), { ...place, parents }, depth + 1);
      for (const part of ['rescue', 'always']) {
        this.#list(item.get(part), { ...place, parents, rescues: true }, depth + 1);
      }
    }
  }

  /** Most of a task is never asked for: it is read when it is. */
  #task(node: YamlMap, place: Place): void {
    const called = moduleOf(node);
    if (!called) return;
    const { entry, values } = called;
    const module = shortModule(called.name);
    const isCommand = commandModules.has(module);
    const maps = [...place.parents.map((parent) => parent.map), node];
    const { text } = this.#source;
    const written = once(() => {
      const freeForm = called.freeForm();
      return freeForm && keyValues(freeForm, isCommand);
    });
    const args = once(() => [
      ...(written()?.args ?? []),
      ...values.flatMap((each) => each.entries).map(argumentOf),
    ]);
    const arg = (name: string) => args().find((each) => each.name === name);
    const conditions = once(() => maps.flatMap((each) => conditionsOf(each.get('when'))));
    const guarded = once(
      () =>
        arg('creates') !== undefined ||
        arg('removes') !== undefined ||
        conditions().some((each) => asksOutcome.test(each) || this.#asksRegistered(each)),
    );
    const command = once(() => (isCommand ? commandOf(arg, values, written()?.rest) : undefined));
    const script = once(() => {
      const source = command();
      const isAside =
        place.handler ||
        place.rescues ||
        this.#file.testing ||
        node.has('failed_when') ||
        ignoredFailure(node) !== undefined;
      return source && this.#script(module, source, arg('executable'), guarded() || isAside, entry);
    });
    const register = scalar(node.get('register'))?.string;
    if (register !== undefined) this.#registered.add(register);
    const isLoop = (key: string) => key === 'loop' || key.startsWith('with_');
    this.#tasks.push({
      kind: 'task',
      map: node,
      file: this.#file,
      ...place,
      name: scalar(node.get('name')),
      module,
      moduleKey: entry.key,
      get comment() {
        return maps
          .filter((each) => each === node || each.has('block'))
          .map((each) => commentAbove(text, each.range[0]))
          .join('\n');
      },
      get args() {
        return args();
      },
      arg,
      get command() {
        return command();
      },
      get script() {
        return script()?.parse().script;
      },
      get embedded() {
        return script();
      },
      get conditions() {
        return conditions();
      },
      get guarded() {
        return guarded();
      },
      register,
      changedWhen: node.get('changed_when'),
      failedWhen: node.get('failed_when'),
      until: node.get('until'),
      get detached() {
        return node.has('async') && scalar(node.get('poll'))?.string === '0';
      },
      ignoresFailure: ignoredFailure(node),
      get loop() {
        return node.entries.find(({ key }) => isLoop(key.string))?.value;
      },
      get notify() {
        return texts(node.get('notify'));
      },
      get tags() {
        return maps.flatMap((each) => texts(each.get('tags')));
      },
      get become() {
        return scalar(node.get('become'));
      },
      get delegateTo() {
        return scalar(node.get('delegate_to'));
      },
      range: node.range,
    });
  }

  #asksRegistered(condition: string): boolean {
    for (const [word] of condition.matchAll(/[A-Za-z_]\w*/g)) {
      if (this.#registered.has(word)) return true;
    }
    return false;
  }

  /** Shell on a machine Ansible reaches: no errexit, no pipefail; a lasting one unless the configuration says else. */
  #script(
    module: string,
    text: Source,
    executable: Argument | undefined,
    guarded: boolean,
    host: YamlEntry,
  ): ReturnType<typeof embedShell> | undefined {
    if (module !== 'shell' && module !== 'command' && module !== 'raw') return undefined;
    const program = executable?.text.slice(executable.text.lastIndexOf('/') + 1);
    if (program && !/^(?:ba|da|a)?sh$/.test(program)) return undefined;
    const facts: ShellFacts = {
      dialect: program === 'bash' ? 'bash' : 'sh',
      stopsOnError: false,
      pipefail: false,
      machine: this.#machine ?? 'lasting',
      use: 'provisioning',
      ...(guarded && { guarded }),
      ...(module === 'command' && { wordsOnly: true }),
      precededBy: this.#source.text.slice(0, host.key.range[0]),
    };
    const at = host.value ?? host.key;
    return embedShell(module === 'command' ? wordsOnly(text) : text, facts, at);
  }

  #mentionsOf(name: string): readonly Range[] {
    if (!this.#mentions) {
      const found = new Map<string, Range[]>();
      const { text } = this.#source;
      for (const line of text.matchAll(
        /^(?![ \t]*#)(?![ \t-]*(?:register[ \t]*:|name[ \t]*:(?![^\r\n]*\{\{)))[^\r\n]+/gm,
      )) {
        for (const word of line[0].matchAll(/[A-Za-z_]\w*/g)) {
          if (!this.#registered.has(word[0])) continue;
          const at = line.index + word.index;
          const places = found.get(word[0]) ?? [];
          places.push([at, at + word[0].length]);
          found.set(word[0], places);
        }
      }
      this.#mentions = found;
    }
    return this.#mentions.get(name) ?? [];
  }
}

function ignoredFailure(node: YamlMap): YamlEntry | undefined {
  const yes = node.entry('ignore_errors');
  const told = scalar(yes?.value)?.string;
  if (told !== undefined && isYes(told)) return yes;
  const never = node.entry('failed_when');
  const [when, more] = conditionsOf(never?.value);
  return when !== undefined && more === undefined && isNo(when) ? never : undefined;
}

/** The comment lines above a line, a blank line between them and it allowed. */
export function commentAbove(text: string, offset: number): string {
  let end = text.lastIndexOf('\n', offset - 1);
  const lines: string[] = [];
  let blank = 0;
  while (end > 0) {
    const from = text.lastIndexOf('\n', end - 1);
    const line = text.slice(from + 1, end).trim();
    if (line.startsWith('#')) lines.unshift(line.replace(/^#+\s*/, ''));
    else if (line !== '' || lines.length > 0 || blank++ > 0) break;
    end = from;
  }
  return lines.join('\n');
}

function conditionsOf(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === 'list') return node.items.flatMap(conditionsOf);
  return node?.kind === 'scalar' ? [node.string] : [];
}

/** The module of a task with what is given to it: below its key, below `args`, or in `action:`. */
function moduleOf(
  task: YamlMap,
):
  | { name: string; entry: YamlEntry; freeForm: () => Source | undefined; values: YamlMap[] }
  | undefined {
  const entry =
    task.entries.find(({ key }) => !isTaskKeyword(key.string)) ??
    task.entry('action') ??
    task.entry('local_action');
  if (!entry) return undefined;
  const own = map(entry.value);
  const extra = map(task.get('args'));
  const values = [...(own ? [own] : []), ...(extra ? [extra] : [])];
  const text = scalar(entry.value);
  const key = entry.key.string;
  if (key !== 'action' && key !== 'local_action') {
    return { name: key, entry, freeForm: () => text?.text(), values };
  }
  const first = text && /^\s*(\S+)\s*/.exec(text.string);
  const name = first?.[1] ?? scalar(own?.get('module'))?.string;
  const freeForm = () =>
    first ? text?.text().slice([first[0].length, text.string.length]) : undefined;
  return name === undefined ? undefined : { name, entry, freeForm, values };
}

/** Works a value out when it is first asked for. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function argumentOf({ key, value }: YamlEntry): Argument {
  const text = scalar(value)?.string ?? '';
  return {
    name: key.string,
    text,
    node: value,
    templated: isTemplate(text),
    range: (value ?? key).range,
  };
}

const token = /(?:\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s"']|["'])+/g;

/** Splits `key=value` out of a module's free-form text; for a command only what does not belong to the command. */
function keyValues(
  source: Source,
  isCommand: boolean,
): { args: readonly Argument[]; rest: Source } {
  const { text } = source;
  const args: Argument[] = [];
  const rest = source.derive();
  let at = 0;
  for (const match of text.matchAll(token)) {
    const pair = /^(\w+)=([\s\S]*)$/.exec(match[0]);
    if (!pair || (isCommand && !commandArguments.has(pair[1]!))) continue;
    const [, name = '', raw = ''] = pair;
    const start = match.index + name.length + 1;
    const quoted = /^(["'])([\s\S]*)\1$/.exec(raw);
    const range: Range = quoted ? [start + 1, start + raw.length - 1] : [start, start + raw.length];
    args.push({
      name,
      text: quoted?.[2] ?? raw,
      node: undefined,
      templated: isTemplate(raw),
      range: source.toFile(range)?.range ?? [0, 0],
    });
    rest.copy(text.slice(at, match.index), at);
    at = match.index + match[0].length;
  }
  return { args, rest: rest.copy(text.slice(at), at).build() };
}

/** The command of a command module. An `argv` of plain words is read as if it were written in one line. */
function commandOf(
  arg: (name: string) => Argument | undefined,
  values: readonly YamlMap[],
  rest: Source | undefined,
): Source | undefined {
  const given = scalar(arg('cmd')?.node) ?? scalar(arg('_raw_params')?.node);
  if (given) return given.text().mask(jinja);
  const argv = values.map((each) => list(each.get('argv'))).find((each) => each !== undefined);
  if (argv) return wordsOf(argv)?.mask(jinja);
  return rest && rest.text.trim() !== '' ? rest.mask(jinja) : undefined;
}

function wordsOf(argv: YamlList): Source | undefined {
  const [first] = argv.items;
  if (first?.kind !== 'scalar') return undefined;
  // One scalar maps exactly; of several only the first word can, which is what names the command.
  const source = first.text();
  const builder = source.derive();
  builder.copy(source.text, 0);
  for (const item of argv.items.slice(1)) {
    if (item.kind !== 'scalar') return undefined;
    builder.insert(
      ` ${/^[\w./:=@%+,-]+$/.test(item.string) ? item.string : `'${item.string.replaceAll("'", '_')}'`}`,
    );
  }
  return builder.build();
}

/**
 * The text of `command` as shell that means the same: it is split into words and nothing else, so operators outside
 * quotes are words like others and a line break is a space
 * (https://docs.ansible.com/ansible/latest/collections/ansible/builtin/command_module.html).
 */
function wordsOnly(source: Source): Source {
  const { text } = source;
  const special = /"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[|&;<>()`#!]+|\$\(|\s*\r?\n\s*/g;
  const builder = source.derive();
  let at = 0;
  for (const match of text.matchAll(special)) {
    const [found] = match;
    if (/^["'\\]/.test(found)) continue;
    builder.copy(text.slice(at, match.index), at);
    if (/\n/.test(found)) builder.decoded(' ', match.index, found.length);
    else builder.mask(found, match.index);
    at = match.index + found.length;
  }
  return builder.copy(text.slice(at), at).build();
}
