import {
  type Document,
  defineFormat,
  type Embedded,
  type Machine,
  type Visit,
} from '../engine/format';
import type { Link, Part } from '../engine/part';
import {
  parseRuby,
  type RubyBlock,
  type RubyCall,
  type RubyNode,
  type RubyString,
  rubyChildren,
  rubyWord,
  walkRuby,
} from '../syntax/ruby';
import type { Located, Value } from '../text/range';
import type { Source } from '../text/source';
import { recipesOf, toFile, unique } from './delivery';
import { namesOf, type RubyNames, stringOf } from './ruby-values';
import { embedShell, type Script } from './shell';
import type { ShellFacts } from './shell-model';

/** A property set in a resource: `command 'make'`, `ignore_failure true`. */
export interface ChefProperty extends Located {
  readonly name: Value;
  readonly value: RubyNode | undefined;
  readonly args: readonly RubyNode[];
}

/** `notifies :restart, 'service[nginx]'`. */
export interface ChefNotification extends Located {
  readonly action: string;
  /** `service[nginx]`. */
  readonly target: string;
}

/** `not_if` or `only_if` (https://docs.chef.io/resource_common/#guards). */
export interface ChefGuard extends Located {
  readonly kind: 'not_if' | 'only_if';
  readonly name: Value;
  /** What stands behind it: a command for the shell is a string. */
  readonly given: RubyNode | undefined;
  readonly block: RubyBlock | undefined;
}

/** `type 'name' do … end` (https://docs.chef.io/resource/). */
export interface ChefResource extends Located {
  readonly type: Value;
  readonly name: string;
  readonly block: RubyBlock | undefined;
  readonly properties: readonly ChefProperty[];
  property(name: string): ChefProperty | undefined;
  readonly guards: readonly ChefGuard[];
  /** As written; empty where the default of its type holds. */
  readonly actions: readonly string[];
  readonly notifies: readonly ChefNotification[];
  /** It runs only when another resource tells it to, or when something says that it has not run. */
  readonly guarded: boolean;
  /** The shell of `execute`, `bash` and `script`, read when first asked for. */
  readonly script: Script | undefined;
  readonly embedded: Embedded | undefined;
}

export type ChefNodes = { resource: ChefResource };

interface ChefFacts {
  readonly machine: Machine | undefined;
}

const folder = /(?:^|\/)(?:recipes|resources|providers)\/(?:[^/]+\/)*[^/]+\.rb$/;

/** What only a recipe has: a resource of Chef's own by its name, or another recipe. */
const inRecipe =
  /^[ \t]*(?:include_recipe[ (]|(?:apt_\w+|bash|chef_gem|cookbook_file|cron|directory|execute|file|git|group|link|log|package|remote_directory|remote_file|ruby_block|script|service|systemd_unit|template|user|yum_\w+|windows_\w+|powershell_script)[ (]+(?:['"%:]|[a-z_]+[^=\n]*\bdo\b))/m;

/** What only a custom resource has (https://docs.chef.io/custom_resources/). */
const inResource = /^[ \t]*action[ (]+:\w+\)?[^\n]*(?:do|\{)[ \t]*(?:\r?$|\|)/m;

/** Ruby that is something else: Capistrano's tasks, classes. */
const otherRuby = /^[ \t]*(?:namespace|task|desc)[ (]+[:'"]|^class[ \t]+(?!Chef)/m;

/** Recipes of Chef and Cinc, and custom resources (https://docs.chef.io/recipes/). */
export const chef = defineFormat<ChefNodes, ChefFacts>({
  id: 'chef',
  title: 'Chef recipe or custom resource',
  files: ['**/{recipes,resources,providers}/**/*.rb'],
  nodes: ['resource'],

  recognises(file) {
    if (!folder.test(file.path) || otherRuby.test(file.text)) return undefined;
    const isRecipe = /(?:^|\/)recipes\//.test(file.path);
    return (isRecipe ? inRecipe : inResource).test(file.text) ? 'by-content' : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, { machine }) {
    return chefDocument(source, machine);
  },
});

function chefDocument(source: Source, machine: Machine | undefined): Document<ChefNodes> {
  const { body, problems } = parseRuby(source);
  const nodes = [...walkRuby(body)];
  const reader = new Reader(source, namesOf(nodes), machine ?? 'lasting');
  reader.read(body, { asked: false, inAction: false });
  const { resources } = reader;
  return {
    source,
    problems,
    get embedded() {
      return resources.flatMap((each) => each.embedded ?? []);
    },
    get parts() {
      return [recipe(source.path, nodes)];
    },
    route(offset) {
      const at = resources.findLast(({ range }) => range[0] <= offset && offset <= range[1]);
      return at ? `${at.type.value}[${at.name}]` : '';
    },
    *walk(): Iterable<Visit<ChefNodes>> {
      for (const resource of resources) yield ['resource', resource];
    },
  };
}

/** A recipe and those it includes, of cookbooks that stand beside its own (https://docs.chef.io/recipes/#include-recipes). */
function recipe(path: string, nodes: readonly RubyNode[]): Part {
  const [, cookbooks] = /^(.*?)\/?[^/]+\/recipes\//.exec(path) ?? [];
  const included = nodes.flatMap((node) =>
    node.kind === 'call' && !node.receiver && node.name.value === 'include_recipe'
      ? node.args.flatMap((each) => rubyWord(each) ?? [])
      : [],
  );
  const links = cookbooks === undefined ? [] : recipesOf(included, [cookbooks]);
  return {
    kind: 'configuration',
    name: '',
    links: unique([...links].map(({ to }): Link => toFile('uses', to.key, 'chef'))),
    range: [0, 0],
  };
}

/** What surrounds a statement. */
interface Place {
  /** A condition around it asks how things are. */
  readonly asked: boolean;
  readonly inAction: boolean;
}

/** Calls with a text and a block that are no resources. */
const noResource = new Set([
  'action',
  'context',
  'converge_by',
  'converge_if_changed',
  'define',
  'describe',
  'it',
  'notifying_block',
  'only_if',
  'not_if',
  'property',
  'with_run_context',
]);

/** Calls whose block runs only when something has to change. */
const asks = new Set(['converge_by', 'converge_if_changed']);

class Reader {
  readonly resources: ChefResource[] = [];
  readonly #source: Source;
  readonly #names: RubyNames;
  readonly #machine: Machine;

  constructor(source: Source, names: RubyNames, machine: Machine) {
    this.#source = source;
    this.#names = names;
    this.#machine = machine;
  }

  read(nodes: readonly RubyNode[], place: Place): void {
    for (const node of nodes) this.#node(node, place);
  }

  #node(node: RubyNode, place: Place): void {
    switch (node.kind) {
      case 'call': {
        const resource = this.#resource(node, place);
        if (resource) {
          this.resources.push(resource);
          return;
        }
        const asked = place.asked || asks.has(node.name.value);
        const inAction = place.inAction || node.name.value === 'action';
        if (node.receiver) this.#node(node.receiver, place);
        this.read(node.block?.body ?? [], { asked, inAction });
        return;
      }
      case 'condition': {
        const asked = place.asked || asksState(node.test, this.#source.text);
        this.read([...node.whenTrue, ...node.whenFalse], { ...place, asked });
        return;
      }
      case 'case': {
        const asked = place.asked || (!!node.subject && asksState(node.subject, this.#source.text));
        const bodies = [...node.branches.map((each) => each.body), node.else];
        for (const body of bodies) this.read(body, { ...place, asked });
        return;
      }
      case 'definition':
        // Who calls it, and when, is not known.
        this.read(node.body, { ...place, asked: true });
        return;
      case 'assignment':
        this.#node(node.value, place);
        return;
      case 'rescue':
      case 'loop':
      case 'other':
        this.read(rubyChildren(node), place);
    }
  }

  #resource(call: RubyCall, place: Place): ChefResource | undefined {
    const { block } = call;
    let { name: type, args } = call;
    if (call.receiver || noResource.has(type.value) || !/^[a-z]\w*$/.test(type.value)) {
      return undefined;
    }
    if (/^(?:declare|edit|find)_resource!?$/.test(type.value)) {
      const declared = args[0];
      if (declared?.kind !== 'symbol') return undefined;
      type = { value: declared.value, range: type.range };
      args = args.slice(1);
    }
    const [first] = args;
    if (!first || first.kind === 'symbol' || first.kind === 'literal') return undefined;
    // `search(:node, …) do |found|` hands something to its block; a resource does not.
    if (block ? block.parameters.length > 0 : !runs.has(type.value) || first.kind !== 'string') {
      return undefined;
    }
    const inner = block ? statementsOf(block.body) : [];
    const properties = inner.flatMap((each): readonly ChefProperty[] =>
      each.kind === 'call' && !each.receiver && !isGuard(each.name.value)
        ? [{ name: each.name, value: each.args[0], args: each.args, range: each.range }]
        : [],
    );
    const property = (name: string) => properties.find((each) => each.name.value === name);
    const guards = inner.flatMap((each): readonly ChefGuard[] => {
      if (each.kind !== 'call' || each.receiver || !isGuard(each.name.value)) return [];
      const kind = each.name.value as ChefGuard['kind'];
      return [{ kind, name: each.name, given: each.args[0], block: each.block, range: each.range }];
    });
    const action = property('action')?.value;
    const actions = (action?.kind === 'list' ? action.items : [action]).flatMap(
      (each) => rubyWord(each) ?? [],
    );
    const notifies = properties.flatMap(({ name, args: given, range }) => {
      const [action, target] = given;
      const told = target && stringOf(target, this.#names)?.text;
      return name.value === 'notifies' && action?.kind === 'symbol' && told !== undefined
        ? [{ action: action.value, target: told, range }]
        : [];
    });
    const guarded =
      place.asked ||
      guards.length > 0 ||
      property('creates') !== undefined ||
      // An action that only a variable knows may be :nothing.
      (action !== undefined && (actions.length === 0 || actions.includes('nothing')));
    const name = stringOf(first, this.#names)?.text ?? this.#source.text.slice(...first.range);
    let embedded: ReturnType<typeof embedShell> | undefined | null = null;
    const script = () => {
      if (embedded === null) {
        const range = [call.range[0], block?.range[0] ?? call.range[1]] as const;
        embedded = this.#script(type.value, first, property, guarded, { range });
      }
      return embedded;
    };
    return {
      type,
      name,
      block,
      properties,
      property,
      guards,
      actions,
      notifies,
      guarded,
      get script() {
        return script()?.parse().script;
      },
      get embedded() {
        return script();
      },
      range: call.range,
    };
  }

  /**
   * `execute` hands its command to `/bin/sh -c` (https://docs.chef.io/resources/execute/), an array to no shell;
   * `bash` and `script` write their code to a file and give it to the interpreter with `flags`
   * (https://docs.chef.io/resources/bash/, https://docs.chef.io/resources/script/). Neither stops on an error by
   * itself. The client converges the same machine again and again (https://docs.chef.io/chef_client_overview/).
   */
  #script(
    type: string,
    name: RubyNode,
    property: (name: string) => ChefProperty | undefined,
    guarded: boolean,
    host: Located,
  ): ReturnType<typeof embedShell> | undefined {
    const isExecute = type === 'execute';
    if (!isExecute && type !== 'bash' && type !== 'script') return undefined;
    const interpreter =
      type === 'script'
        ? (rubyWord(property('interpreter')?.value) ?? '')
        : isExecute
          ? 'sh'
          : type;
    const program = interpreter.slice(interpreter.lastIndexOf('/') + 1);
    if (!/^(?:ba|da|a)?sh$/.test(program)) return undefined;
    const given = property(isExecute ? 'command' : 'code');
    const text: RubyString | undefined = given
      ? stringOf(given.value, this.#names)
      : isExecute
        ? stringOf(name, this.#names)
        : undefined;
    if (!text) return undefined;
    const flags = rubyWord(property('flags')?.value) ?? '';
    const aside = property('ignore_failure') !== undefined || property('returns') !== undefined;
    const facts: ShellFacts = {
      dialect: program === 'bash' ? 'bash' : 'sh',
      stopsOnError: /(?:^|\s)-\w*e/.test(flags),
      pipefail: /pipefail/.test(flags),
      machine: this.#machine,
      use: 'provisioning',
      ...((guarded || aside) && { guarded: true }),
      precededBy: this.#source.text.slice(0, host.range[0]),
      startsIn: stringOf(property('cwd')?.value, this.#names)?.text,
    };
    return embedShell(text.body, facts, host);
  }
}

/** Resources that run a command. */
const runs = new Set(['bash', 'batch', 'execute', 'powershell_script', 'script']);

const isGuard = (name: string): name is ChefGuard['kind'] =>
  name === 'not_if' || name === 'only_if';

/** The statements of a resource, those under a condition in it as well. */
function statementsOf(nodes: readonly RubyNode[]): readonly RubyNode[] {
  return nodes.flatMap((node) =>
    node.kind === 'condition'
      ? statementsOf([...node.whenTrue, ...node.whenFalse])
      : node.kind === 'case'
        ? statementsOf([...node.branches.flatMap((each) => each.body), ...node.else])
        : [node],
  );
}

const saysState =
  /install|exist|current|already|done|running|configured|initiali|bootstrap|present|missing|status|version|changed|updated/i;

/**
 * Whether a condition asks how the machine is. Attributes, the platform and what the resource was given are the same on
 * each run; of anything else it has to be supposed.
 */
function asksState(test: RubyNode, text: string): boolean {
  if (saysState.test(text.slice(...test.range))) return true;
  const open = [test];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'call') {
      let root: RubyNode = node;
      while (root.kind === 'call' && root.receiver) root = root.receiver;
      const name = root.kind === 'name' ? root.name : root.kind === 'call' ? root.name.value : '';
      if (!/^(?:node|new_resource|platform\?|platform_family\?|\w+\?|Chef|Gem::\w+)$/.test(name)) {
        return true;
      }
      continue;
    }
    if (node.kind === 'name' && !/^(?:node|new_resource)$/.test(node.name)) return true;
    open.push(...rubyChildren(node));
  }
  return false;
}
