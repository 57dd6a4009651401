import type { Machine } from '../engine/format';
import {
  Call,
  type Closure,
  type Expression,
  type GroovyFile,
  type GroovyString,
  groovyChildren,
  type Statement,
  type Try,
} from '../syntax/groovy';
import { joinedText } from '../syntax/groovy-string';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { type ImageReference, imageName, parseImage } from './image';
import { embedShell, type Script } from './shell';
import type { ShellFacts } from './shell-model';

/** A Jenkinsfile (https://www.jenkins.io/doc/book/pipeline/syntax/), or a step of a shared library. */
export interface Pipeline extends Located {
  readonly kind: 'declarative' | 'scripted';
  /** Of a declarative one, its call of `pipeline`. */
  readonly call: Call | undefined;
  /** `options { … }` of a declarative pipeline. */
  readonly options: readonly Call[];
  readonly post: Post | undefined;
  readonly libraries: readonly Library[];
  /** Stages at any depth, outer ones first. */
  readonly stages: readonly Stage[];
  /** Steps of all stages and of what stands outside of them. */
  readonly steps: readonly Step[];
  readonly images: readonly AgentImage[];
  /** `dockerfile` of an `agent`: it is built for the run. */
  readonly agents: readonly Call[];
  /** Names of images the pipeline builds by `docker.build`. */
  readonly built: ReadonlySet<string>;
  /** Names of the methods the file defines itself. */
  readonly methods: ReadonlySet<string>;
  readonly body: readonly Statement[];
  /** Relative to the workspace, with `/`. */
  readonly path: string;
}

/** `post { failure { … } }` (https://www.jenkins.io/doc/book/pipeline/syntax/#post). */
export interface Post extends Located {
  readonly conditions: ReadonlyMap<string, Closure>;
}

/** `@Library('name@version')`, `library 'name@version'` (https://www.jenkins.io/doc/book/pipeline/shared-libraries/). */
export interface Library extends Located {
  readonly name: string;
  readonly version: string | undefined;
  /** It is fetched from where the pipeline says, not from where the server's configuration does. */
  readonly retrieved: boolean;
}

/** The image of an `agent`, or of `docker.image`. */
export interface AgentImage extends Located {
  readonly text: Source;
  readonly reference: ImageReference;
}

export interface Stage extends Located {
  /** Undefined where it is worked out. */
  readonly name: string | undefined;
  readonly call: Call;
  readonly parent: Stage | undefined;
  /** `when { … }` of a declarative stage. */
  readonly when: Closure | undefined;
  readonly post: Post | undefined;
  /** Its own steps, not those of stages in it. */
  readonly steps: readonly Step[];
}

/** A call in a pipeline that is no directive: `sh '…'`, `checkout scm`, a library's own step. */
export interface Step extends Located {
  readonly name: string;
  readonly call: Call;
  readonly stage: Stage | undefined;
  /** The steps whose blocks it stands in, nearest first: `catchError`, `timeout`, `withCredentials`. */
  readonly within: readonly Call[];
  /** The `try` whose body it stands in, nearest first. */
  readonly tries: readonly Try[];
  /** It stands in a `catch` or `finally`. */
  readonly handles: boolean;
  /** The condition of the `post` it stands in. */
  readonly post: string | undefined;
  /** What it comes to is asked about or kept. */
  readonly used: boolean;
  /** The script of `sh`, read when first asked for. */
  readonly script: Script | undefined;
  readonly embedded: ReturnType<typeof embedShell> | undefined;
  /** Where a node of the script stands in the file. */
  placeOf(node: Located): Located;
}

/** A string, or `undefined` for anything else. */
export const stringIn = (node: Expression | undefined): GroovyString | undefined =>
  node?.kind === 'string' ? node : undefined;

/** The text of a string in which nothing is put in. */
export const textIn = (node: Expression | undefined): string | undefined => stringIn(node)?.value;

/** Calls among statements, not those in their blocks. */
export const callsIn = (body: readonly Statement[]): readonly Call[] =>
  body.filter((node) => node.kind === 'call');

/** Whether the value of a named argument is `true`. */
export const isTrue = (node: Expression | undefined): boolean =>
  node?.kind === 'constant' && node.value === true;

/** Whether the host of a script is a step that gives its status back in place of failing by it. */
export const givesStatus = (host: Located): boolean =>
  host instanceof Call && isTrue(host.named('returnStatus'));

/** What surrounds a node while the file is walked. */
interface Place {
  readonly stage: StageDraft | undefined;
  readonly within: readonly Call[];
  readonly tries: readonly Try[];
  readonly handles: boolean;
  readonly post: string | undefined;
  readonly machine: Machine | undefined;
  /** Relative to where the repository is checked out; undefined where that is not known. */
  readonly directory: string | undefined;
}

type StageDraft = { -readonly [K in keyof Stage]: Stage[K] } & { readonly steps: Step[] };
type Draft = { -readonly [K in keyof Pipeline]: Pipeline[K] } & {
  readonly options: Call[];
  readonly libraries: Library[];
  readonly stages: StageDraft[];
  readonly steps: Step[];
  readonly images: AgentImage[];
  readonly agents: Call[];
  readonly built: Set<string>;
  readonly methods: Set<string>;
};

/** Reads the model. `machine` is what the configuration says of the machines the file's scripts run on. */
export function readPipeline(
  source: Source,
  file: GroovyFile,
  machine: Machine | undefined,
): Pipeline {
  return new Reader(source, machine).read(file.body);
}

/** Labels of the machine Jenkins itself runs on: https://www.jenkins.io/doc/book/managing/built-in-node-migration/. */
const controllers = new Set(['built-in', 'master']);

/** Steps and extensions of a checkout after which nothing of the last build is left in the workspace. */
const wipes = /\b(?:cleanWs|deleteDir|WsCleanup|WipeWorkspace|CleanBeforeCheckout|CleanCheckout)\b/;

/** Steps that come to what their block comes to. */
const givesBack = new Set([
  'ansiColor',
  'catchError',
  'container',
  'dir',
  'inside',
  'lock',
  'node',
  'podTemplate',
  'retry',
  'script',
  'sshagent',
  'stage',
  'timeout',
  'timestamps',
  'warnError',
  'withCredentials',
  'withEnv',
  'wrap',
  'ws',
]);

/** Commands and steps that make a cluster or machine for the build: what is done there is never done a second time. */
const makesMachines =
  /\b(?:eksctl create cluster|gcloud container clusters create|az aks create|doctl kubernetes cluster create|rosa create cluster|minikube start|kind create cluster|k3d cluster create|openshift-install create|ec2 run-instances|vagrant up|molecule (?:create|converge|test)|\w*SpotInstance)\b/;

class Reader {
  readonly #source: Source;
  readonly #machine: Machine | undefined;
  readonly #wiped: boolean;
  readonly #ownMachines: boolean;
  readonly #out: Draft;
  /** The scripts read so far. */
  readonly #before: string[] = [];

  constructor(source: Source, machine: Machine | undefined) {
    this.#source = source;
    this.#machine = machine;
    this.#wiped = wipes.test(source.text);
    this.#ownMachines = makesMachines.test(source.text);
    this.#out = {
      kind: 'scripted',
      call: undefined,
      options: [],
      post: undefined,
      libraries: [],
      stages: [],
      steps: [],
      images: [],
      agents: [],
      built: new Set(),
      methods: new Set(),
      body: [],
      path: source.path,
      range: [0, source.text.length],
    };
  }

  read(body: readonly Statement[]): Pipeline {
    const out = this.#out;
    out.body = body;
    const start: Place = {
      stage: undefined,
      within: [],
      tries: [],
      handles: false,
      post: undefined,
      machine: undefined,
      directory: undefined,
    };
    this.#all(body, start);
    return out;
  }

  #all(body: readonly Statement[], place: Place): void {
    for (const node of body) this.#visit(node, place, false);
  }

  /** `used`: what the node comes to is asked for by what stands around it. */
  #visit(node: Statement, place: Place, used: boolean): void {
    switch (node.kind) {
      case 'annotation':
        if (node.name === 'Library') for (const arg of node.args) this.#libraries(arg.value);
        return;
      case 'definition': {
        if (node.what === 'method') this.#out.methods.add(node.name);
        // Whoever calls it decides where it runs; its last statement is what it returns.
        const inside = { ...place, machine: undefined, directory: undefined, stage: undefined };
        for (const each of node.body) this.#visit(each, inside, each === node.body.at(-1));
        return;
      }
      case 'try': {
        this.#all(node.body, { ...place, tries: [node, ...place.tries] });
        const handling = { ...place, handles: true };
        for (const { body } of node.catches) this.#all(body, handling);
        this.#all(node.finally, handling);
        return;
      }
      case 'if':
        this.#visit(node.condition, place, true);
        this.#all(node.then, place);
        this.#all(node.otherwise, place);
        return;
      case 'loop':
        for (const each of node.head) this.#visit(each, place, true);
        this.#all(node.body, place);
        return;
      case 'closure':
        for (const each of node.body) this.#visit(each, place, used && each === node.body.at(-1));
        return;
      case 'call':
        this.#call(node, place, used);
        return;
      default:
        for (const each of groovyChildren(node)) this.#visit(each, place, true);
    }
  }

  #call(call: Call, place: Place, used: boolean): void {
    const { name, block } = call;
    if (name === 'pipeline' && block && !call.receiver) {
      this.#pipeline(call, block, place);
      return;
    }
    const stage = name === 'stage' && !call.receiver ? this.#stage(call, place) : undefined;
    const inside = this.#inside(call, stage ? { ...place, stage } : place);
    if (name !== undefined && !stage) this.#step(call, name, place, used);
    if (call.receiver) this.#visit(call.receiver, place, true);
    for (const { key, value } of call.args) {
      if (key) this.#visit(key, place, true);
      // The branches of `parallel` and the like are blocks too.
      if (value === block) continue;
      const branch = value.kind === 'closure';
      this.#visit(value, branch ? inside : place, !(branch && name === 'parallel'));
    }
    if (block) this.#visit(block, inside, !givesBack.has(name ?? '') || used);
  }

  /** `pipeline { … }`: https://www.jenkins.io/doc/book/pipeline/syntax/#declarative-pipeline. */
  #pipeline(call: Call, block: Closure, outer: Place): void {
    const out = this.#out;
    out.kind = 'declarative';
    out.call = call;
    // A declarative pipeline checks its repository out before the first stage.
    const place: Place = { ...outer, directory: '' };
    out.post = this.#directives(block, place, undefined) ?? out.post;
  }

  /** The directives of a pipeline or stage; gives back its `post`. */
  #directives(block: Closure, outer: Place, stage: StageDraft | undefined): Post | undefined {
    const agent = callsIn(block.body).find((each) => each.name === 'agent');
    const place = agent ? this.#agent(agent, outer) : outer;
    let post: Post | undefined;
    for (const node of block.body) {
      if (node.kind !== 'call') {
        this.#visit(node, place, false);
        continue;
      }
      const { name, block: inner } = node;
      switch (name) {
        case 'agent':
        case 'parameters':
        case 'tools':
        case 'triggers':
        case 'axes':
        case 'excludes':
        case 'input':
          break;
        case 'options':
          if (!stage && inner) this.#out.options.push(...callsIn(inner.body));
          break;
        case 'libraries':
          for (const lib of inner ? callsIn(inner.body) : []) this.#libraries(lib.first);
          break;
        case 'when':
          if (stage && inner) stage.when = inner;
          if (inner) this.#visit(inner, place, true);
          break;
        case 'stages':
        case 'parallel':
        case 'matrix':
          if (inner) this.#directives(inner, place, stage);
          break;
        case 'stage': {
          const nested = this.#stage(node, place);
          if (inner) nested.post = this.#directives(inner, { ...place, stage: nested }, nested);
          break;
        }
        case 'post':
          if (inner) post = this.#post(node, inner, place);
          break;
        case 'steps':
        case 'environment':
          if (inner) this.#all(inner.body, place);
          break;
        default:
          this.#visit(node, place, false);
      }
    }
    return post;
  }

  #post(call: Call, block: Closure, place: Place): Post {
    const conditions = new Map<string, Closure>();
    for (const each of callsIn(block.body)) {
      if (each.name === undefined || !each.block) continue;
      conditions.set(each.name, each.block);
      this.#all(each.block.body, { ...place, post: each.name });
    }
    return { conditions, range: call.range };
  }

  #stage(call: Call, place: Place): StageDraft {
    const stage: StageDraft = {
      name: textIn(call.first ?? call.named('name')),
      call,
      parent: place.stage,
      when: undefined,
      post: undefined,
      steps: [],
      range: call.range,
    };
    this.#out.stages.push(stage);
    return stage;
  }

  /** https://www.jenkins.io/doc/book/pipeline/syntax/#agent */
  #agent(agent: Call, place: Place): Place {
    // `agent any`, `agent { label 'x' }`, `agent { docker { image 'x' } }`, `agent { node { label 'x' } }`.
    const [kind] = callsIn(agent.block?.body ?? []);
    switch (kind?.name) {
      case 'docker':
      case 'dockerContainer': {
        const inner = callsIn(kind.block?.body ?? []);
        const written = kind.first ?? kind.named('image') ?? inner.find(isImage)?.first;
        this.#image(written);
        return { ...place, machine: 'fresh' };
      }
      case 'dockerfile':
        this.#out.agents.push(kind);
        return { ...place, machine: 'fresh' };
      case 'kubernetes':
        return { ...place, machine: 'fresh' };
      case 'node':
      case 'label': {
        const label = kind.name === 'label' ? kind : callsIn(kind.block?.body ?? []).find(isLabel);
        return { ...place, machine: this.#machineOf(textIn(label?.first)) };
      }
      default:
        return { ...place, machine: undefined };
    }
  }

  /**
   * Whether a node's machine is the same one in the next build, with what the last one left. Only of the controller
   * that is certain: other labels may name machines that are made for the build
   * (https://www.jenkins.io/doc/book/scaling/architecting-for-scale/).
   */
  #machineOf(label: string | undefined): Machine | undefined {
    const lasts = label !== undefined && controllers.has(label) && !this.#wiped;
    return lasts ? 'lasting' : undefined;
  }

  #image(written: Expression | undefined): void {
    const string = stringIn(written);
    if (!string) return;
    const { body: text, range } = string;
    const incomplete = string.value === undefined;
    const reference = parseImage(text.text, { use: 'tool', incomplete, defaulted: [] });
    this.#out.images.push({ text, reference, range });
  }

  /** What holds in the block of a step. */
  #inside(call: Call, place: Place): Place {
    const within = [call, ...place.within];
    switch (call.name) {
      case 'node':
        return {
          ...place,
          within,
          machine: this.#machineOf(textIn(call.first)),
          directory: undefined,
        };
      case 'inside':
      case 'withRun':
      case 'withDockerContainer':
        return { ...place, within, ...(call.name !== 'withRun' && { machine: 'fresh' }) };
      // https://plugins.jenkins.io/kubernetes/: a pod is made for the build and deleted after it.
      case 'podTemplate':
      case 'container':
        return { ...place, within, machine: 'fresh' };
      case 'dir': {
        const path = textIn(call.first ?? call.named('path'));
        const plain = path !== undefined && !/^[/~]|\.\.|\$/.test(path);
        const directory =
          plain && place.directory !== undefined ? join(place.directory, path) : undefined;
        return { ...place, within, directory };
      }
      case 'ws':
      case 'sshagent':
        return { ...place, within, ...(call.name === 'ws' && { directory: undefined }) };
      default:
        return { ...place, within };
    }
  }

  #step(call: Call, name: string, place: Place, used: boolean): void {
    const { stage, within, tries, handles, post } = place;
    if (name === 'library') this.#library(call);
    // An image that is only named or pushed is the pipeline's own.
    const { receiver } = call;
    if (/^(?:inside|withRun|run|pull)$/.test(name) && receiver?.kind === 'call') {
      if (receiver.name === 'image' && isDocker(receiver)) this.#image(receiver.first);
    }
    // https://www.jenkins.io/doc/book/pipeline/docker/#building-containers
    const built = name === 'build' && isDocker(call) ? textIn(call.first) : undefined;
    if (built) this.#out.built.add(imageName(built));
    const isShell = name === 'sh' && !call.receiver;
    const text = isShell ? this.#script(call) : undefined;
    const facts = text && shellFacts(text.text, this.#machine ?? place.machine, place.directory);
    const readable = facts && facts.dialect !== 'other';
    const before = this.#before.join('');
    const known: Partial<ShellFacts> = {
      ...(before !== '' && { precededBy: before }),
      ...(this.#ownMachines && { guarded: true }),
    };
    const embedded = text && readable ? embedShell(text, { ...facts, ...known }, call) : undefined;
    if (text) this.#before.push(`- ${text.text.replace(/\n\s*- /g, '\n')}\n`);
    const step: Step = {
      name,
      call,
      stage,
      within,
      tries,
      handles,
      post,
      used,
      get script() {
        return embedded?.parse().script;
      },
      embedded,
      placeOf: (at) => text?.toFile(at.range) ?? call,
      range: call.range,
    };
    stage?.steps.push(step);
    this.#out.steps.push(step);
  }

  /** The text of `sh`, as far as it is written there. */
  #script(call: Call): Source | undefined {
    const written = unwrap(call.named('script') ?? call.first);
    if (written?.kind === 'string') return written.body;
    if (written?.kind !== 'operation' || !written.operators.every((each) => each === '+'))
      return undefined;
    const parts = written.operands.map((each) => unwrap(each)!);
    return parts.some((part) => part.kind === 'string')
      ? joinedText(this.#source, parts)
      : undefined;
  }

  /** The strings of `@Library(['a', 'b@1'])`. */
  #libraries(written: Expression | undefined): void {
    if (written?.kind === 'list') for (const item of written.items) this.#libraries(item);
    const text = textIn(written);
    if (text !== undefined) this.#addLibrary(written!, text, false);
  }

  /** https://www.jenkins.io/doc/pipeline/steps/pipeline-groovy-lib/#library-load-a-library-on-the-fly */
  #library(call: Call): void {
    const written = call.named('identifier') ?? call.first;
    const text = textIn(written);
    if (text === undefined) return;
    this.#addLibrary(written!, text, call.named('retriever') !== undefined);
  }

  #addLibrary(at: Located, text: string, retrieved: boolean): void {
    const [name = '', version] = text.split('@', 2);
    this.#out.libraries.push({ name, version, retrieved, range: at.range });
  }
}

/** A call of Docker Pipeline's variable: https://www.jenkins.io/doc/book/pipeline/docker/. */
const isDocker = ({ receiver }: Call) =>
  receiver?.kind === 'reference' && receiver.name === 'docker';
const isImage = (call: Call) => call.name === 'image';
const isLabel = (call: Call) => call.name === 'label';

const join = (directory: string, path: string) =>
  [directory, path.replace(/^\.\/|\/$/g, '')]
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** Without parentheses around it, and without `stripIndent()` and the like behind it. */
function unwrap(node: Expression | undefined): Expression | undefined {
  if (node?.kind === 'operation' && node.operators[0] === '()') return unwrap(node.operands[0]);
  const trims =
    node?.kind === 'call' && /^(?:stripIndent|stripMargin|trim|toString)$/.test(node.name ?? '');
  return trims && node.receiver?.kind === 'string' ? node.receiver : node;
}

const shebang = /^#!\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+)*(?:\S*\/)?)?(\w+)([^\n]*)/;

/**
 * How `sh` is started: with `sh -xe`, or the server's shell in its place, unless the very first characters are `#!`;
 * then by what stands there, and without those flags
 * (https://www.jenkins.io/doc/pipeline/steps/workflow-durable-task-step/#sh-shell-script).
 */
function shellFacts(
  text: string,
  machine: Machine | undefined,
  directory: string | undefined,
): ShellFacts {
  const [first, program, flags = ''] = shebang.exec(text) ?? [];
  const dialect = program === undefined || /^(?:sh|dash|ash)$/.test(program) ? 'sh' : program;
  return {
    dialect: dialect === 'sh' || dialect === 'bash' ? dialect : 'other',
    stopsOnError: first === undefined || /\s-\w*e/.test(flags),
    pipefail: /\bpipefail\b/.test(flags),
    machine,
    use: 'ci',
    ...(directory !== undefined && { directory }),
  };
}
