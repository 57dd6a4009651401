import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Machine,
  type Probe,
  type Visit,
} from '../engine/format';
import type { Link, Part } from '../engine/part';
import {
  many,
  map,
  parseYaml,
  scalar,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { linksOf, pathIn, toFile, unique } from './delivery';
import { type ImageReference, image, parseImage } from './image';
import { embedShell, type Script, type ShellDocument } from './shell';
import type { ShellFacts } from './shell-model';

/** A configuration of CircleCI: the one it reads first, or one that continues it. */
export interface Config extends Located {
  readonly root: YamlMap;
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly orbs: readonly Orb[];
  readonly jobs: readonly Job[];
  job(name: string): Job | undefined;
  readonly workflows: readonly Workflow[];
  /** Of all executors and jobs, each place once. */
  readonly images: readonly ExecutorImage[];
  /** `image:` of `machine`, each place once. */
  readonly machineImages: readonly YamlScalar[];
}

/** `node: circleci/node@5.2.0` */
export interface Orb {
  readonly alias: string;
  readonly written: YamlScalar;
  /** `circleci/node` */
  readonly name: string;
  /** What stands behind the `@`; undefined without. */
  readonly version: string | undefined;
}

export interface Job extends Located {
  readonly name: YamlScalar;
  readonly map: YamlMap;
  readonly config: Config;
  readonly system: 'linux' | 'macos' | 'windows';
  /** Steps of the commands it calls among them, in the order they run. */
  readonly steps: readonly Step[];
}

/** A step as it runs: a script, or what CircleCI or an orb brings. */
export interface Step extends Located {
  /** `run`, `checkout`, `node/install`. */
  readonly kind: string;
  readonly title: string | undefined;
  /** `always`, `on_fail`: https://circleci.com/docs/reference/configuration-reference/#the-when-attribute */
  readonly when: YamlScalar | undefined;
  /** What it runs in sh or bash; undefined for other shells and other kinds of step. */
  readonly script: Script | undefined;
  readonly embedded: ScriptPiece | undefined;
}

export interface Workflow extends Located {
  readonly name: YamlScalar;
  readonly map: YamlMap;
  readonly config: Config;
  /** It is started by the clock alone. */
  readonly scheduled: boolean;
  readonly jobs: readonly WorkflowJob[];
}

/** A job as a workflow runs it. */
export interface WorkflowJob extends Located {
  readonly workflow: Workflow;
  /** What it names: a job of the file, or one of an orb. */
  readonly key: YamlScalar;
  /** What others require it by. */
  readonly name: string;
  /** Its settings; undefined where only its name stands. */
  readonly map: YamlMap | undefined;
  /** Somebody has to press a button. */
  readonly approval: boolean;
  readonly requires: readonly string[];
  /** Undefined where the file does not hold it. */
  readonly job: Job | undefined;
}

export interface ExecutorImage {
  readonly written: YamlScalar;
  readonly source: Source;
  readonly reference: ImageReference;
}

export type CircleciNodes = { config: Config; job: Job; workflow: Workflow };

/** A script's text and how it is run. */
type ScriptPiece = Omit<Embedded, 'parse'> & { parse(): ShellDocument };

/**
 * Parameters, values of the pipeline and files, put in before anything runs
 * (https://circleci.com/docs/reference/reusing-config/#using-the-parameters-declaration). A here-document is none.
 */
const values =
  /(?<!\\)<<[ \t]*[#/^]?[ \t]*(?:(?:parameters|pipeline|matrix)\.[^<>\n]+|include\([^)\n]*\)[ \t]*)>>/g;

/** CircleCI (https://circleci.com/docs/reference/configuration-reference/). */
export const circleci = defineFormat<CircleciNodes, { readonly machine: Machine | undefined }>({
  id: 'circleci',
  title: 'CircleCI configuration',
  files: ['**/.circleci/**/*.{yml,yaml}'],
  nodes: ['config', 'job', 'workflow'],

  recognises(file) {
    if (!/(?:^|\/)\.circleci\/.*\.ya?ml$/.test(file.path)) return undefined;
    if (/(?:^|\/)\.circleci\/config\.ya?ml$/.test(file.path)) return 'by-name';
    return isConfig(file) ? 'by-content' : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, facts) {
    return configDocument(source, facts.machine);
  },
});

/** A configuration that another one continues with, or that scripts put together. */
function isConfig(file: Probe): boolean {
  const keys = file.topLevelKeys();
  if (keys.has('apiVersion') || keys.has('AWSTemplateFormatVersion') || keys.has('on'))
    return false;
  return ['jobs', 'workflows', 'orbs', 'executors'].some((key) => keys.has(key));
}

function configDocument(source: Source, machine: Machine | undefined): Document<CircleciNodes> {
  const masked = source.mask(values);
  const file = parseYaml(masked);
  const root = map(file.roots[0]);
  const reader = root && new Reader(root, source.path, machine);
  return {
    source: masked,
    problems: file.problems,
    get embedded() {
      return reader ? [...reader.pieces()] : [];
    },
    get parts() {
      return reader ? reader.parts() : [];
    },
    route: (offset) => yamlRoute(file.roots, offset),
    *walk(): Iterable<Visit<CircleciNodes>> {
      if (!reader) return;
      yield ['config', reader.config];
      for (const job of reader.config.jobs) yield ['job', job];
      for (const workflow of reader.config.workflows) yield ['workflow', workflow];
    },
  };
}

/** What a list of steps runs in. */
type Surroundings = Pick<Job, 'system'> & {
  /** `shell:` of the job or its executor. */
  readonly shell: string | undefined;
  readonly directory: string | undefined;
  readonly machine: Machine | undefined;
};

class Reader {
  readonly config: Config;
  readonly #root: YamlMap;
  readonly #machine: Machine | undefined;
  /** The folder `.circleci` stands in, with a slash at its end; steps start there once the project is checked out. */
  readonly #repository: string;
  readonly #jobs = new Map<string, Job>();
  /** By the place of the script. */
  readonly #scripts = new Map<number, ScriptPiece>();

  constructor(root: YamlMap, path: string, machine: Machine | undefined) {
    this.#root = root;
    this.#machine = machine;
    this.#repository = /^(.*\/)?\.circleci\//.exec(path)?.[1] ?? '';
    const reader = this;
    const workflows: Workflow[] = [];
    let images: readonly ExecutorImage[] | undefined;
    this.config = {
      root,
      path,
      orbs: orbsOf(root),
      get jobs() {
        return [...reader.#jobs.values()];
      },
      job: (name) => this.#jobs.get(name),
      workflows,
      get images() {
        images ??= [...reader.#images()];
        return images;
      },
      get machineImages() {
        const written = reader.#executors().flatMap((each) => {
          const found = scalar(map(each.get('machine'))?.get('image'));
          return found ? [found] : [];
        });
        return [...new Set(written)];
      },
      range: root.range,
    };
    for (const { key, value } of map(root.get('jobs'))?.entries ?? [])
      if (value?.kind === 'map') this.#jobs.set(key.string, this.#job(key, value));
    for (const { key, value } of map(root.get('workflows'))?.entries ?? [])
      if (value?.kind === 'map') workflows.push(readWorkflow(key, value, this.config));
  }

  /** The scripts of all jobs and commands, and the images, each place once. */
  *pieces(): Iterable<Embedded> {
    const seen = new Set<ScriptPiece>();
    for (const step of this.#allSteps()) {
      if (!step.embedded || seen.has(step.embedded)) continue;
      seen.add(step.embedded);
      yield step.embedded;
    }
    for (const { source, reference, written } of this.config.images)
      yield embed(image, source, reference, written);
  }

  /** The configuration and its jobs, for the delivery map. */
  parts(): readonly Part[] {
    const { config } = this;
    const first = /(?:^|\/)\.circleci\/config\.ya?ml$/.test(config.path);
    const events = [
      ...(config.workflows.length === 0 || config.workflows.some((each) => !each.scheduled)
        ? ['push']
        : []),
      ...(config.workflows.some((each) => each.scheduled) ? ['schedule'] : []),
    ];
    return [
      {
        kind: first ? 'pipeline' : 'task',
        name: '',
        ...(first && { events }),
        links: unique(this.#continuations()),
        range: [config.range[0], config.range[0]],
      },
      ...this.#jobParts(),
    ];
  }

  /** https://circleci.com/docs/guides/orchestrate/dynamic-config/ */
  #continuations(): readonly Link[] {
    const found: Link[] = [];
    const open: YamlNode[] = [this.#root];
    for (let node = open.pop(); node; node = open.pop()) {
      if (node.kind === 'list') open.push(...node.items);
      if (node.kind !== 'map') continue;
      for (const { key, value } of node.entries) {
        if (value) open.push(value);
        const path = scalar(value)?.string;
        if (!path || !/^(?:configuration_path|config-path)$/.test(key.string)) continue;
        const from = /__/.test(path) ? undefined : pathIn(this.#repository, path);
        if (from !== undefined) found.push(toFile('runs', from));
      }
    }
    return found;
  }

  *#jobParts(): Iterable<Part> {
    const uses = new Map<string, WorkflowJob[]>();
    for (const each of this.config.workflows.flatMap(({ jobs }) => jobs))
      uses.set(each.key.string, [...(uses.get(each.key.string) ?? []), each]);
    for (const name of new Set([...this.#jobs.keys(), ...uses.keys()])) {
      const job = this.#jobs.get(name);
      const links: Link[] = [];
      for (const use of uses.get(name) ?? []) {
        for (const required of use.requires) {
          const key = use.workflow.jobs.find((each) => each.name === required)?.key.string;
          if (key !== undefined) links.push({ verb: 'follows', to: { kind: 'job', key } });
        }
      }
      for (const step of job?.steps ?? [])
        if (step.embedded) links.push(...linksOf(step.embedded.parse()));
      yield {
        kind: 'job',
        name,
        links: unique(links),
        range: (job?.name ?? uses.get(name)![0]!.key).range,
      };
    }
  }

  /** Maps that say what steps run in. */
  #executors(): readonly YamlMap[] {
    return ['executors', 'jobs'].flatMap((key) =>
      (map(this.#root.get(key))?.entries ?? []).flatMap(({ value }) =>
        value?.kind === 'map' ? [value] : [],
      ),
    );
  }

  *#images(): Iterable<ExecutorImage> {
    const seen = new Set<YamlScalar>();
    for (const executor of this.#executors()) {
      for (const each of many(executor.get('docker'))) {
        const written = scalar(map(each)?.get('image'));
        if (!written || written.string === '' || seen.has(written)) continue;
        seen.add(written);
        const source = written.text().mask(/\$\{?\w+\}?/g);
        const incomplete = written.templated || source.text !== written.string;
        const facts = { use: 'tool', incomplete, defaulted: [] } as const;
        yield { written, source, reference: parseImage(source.text, facts) };
      }
    }
  }

  #job(name: YamlScalar, node: YamlMap): Job {
    const reader = this;
    const surroundings = this.#surroundings(node);
    let steps: readonly Step[] | undefined;
    return {
      name,
      map: node,
      config: this.config,
      system: surroundings.system,
      get steps() {
        steps ??= [...reader.#steps(node.get('steps'), surroundings)];
        return steps;
      },
      range: node.range,
    };
  }

  #surroundings(job: YamlMap): Surroundings {
    const named = scalar(job.get('executor')) ?? scalar(map(job.get('executor'))?.get('name'));
    const executor = named && map(map(this.#root.get('executors'))?.get(named.string));
    const setting = (key: string) => job.get(key) ?? executor?.get(key);
    const own = scalar(map(setting('machine'))?.get('image'))?.string ?? '';
    const resources =
      scalar(setting('resource_class') ?? map(setting('machine'))?.get('resource_class'))?.string ??
      '';
    const orb = this.config.orbs.find((each) => each.alias === named?.string.split('/')[0]);
    const windows = /windows|\bwin\//i.test(`${own} ${resources} ${orb?.name} ${named?.string}`);
    const macos = setting('macos') !== undefined || /\bmac(?:os)?\b/i.test(`${named?.string}`);
    // A class of one's own namespace is a runner of one's own: https://circleci.com/docs/guides/execution-runner/runner-concepts/
    const ownRunner = setting('docker') === undefined && resources.includes('/');
    return {
      system: windows ? 'windows' : macos ? 'macos' : 'linux',
      shell: scalar(
        job.get('shell') ?? map(job.get('executor'))?.get('shell') ?? executor?.get('shell'),
      )?.string,
      directory: scalar(setting('working_directory'))?.string,
      machine: this.#machine ?? (ownRunner ? undefined : 'fresh'),
    };
  }

  /** Steps in the order they run; those of commands and conditions stand in their place. */
  *#steps(
    node: YamlNode | undefined,
    surroundings: Surroundings,
    within: readonly string[] = [],
  ): Iterable<Step> {
    if (node?.kind !== 'list' || within.length > 10) return;
    for (const item of node.items) {
      if (item.kind === 'list') yield* this.#steps(item, surroundings, [...within, '[]']);
      const [only] = map(item)?.entries ?? [];
      const name = scalar(item) ?? only?.key;
      if (!name) continue;
      const kind = name.string;
      const command = map(map(this.#root.get('commands'))?.get(kind));
      if (command && !within.includes(kind)) {
        yield* this.#steps(command.get('steps'), surroundings, [...within, kind]);
      } else if (kind === 'when' || kind === 'unless') {
        yield* this.#steps(map(only?.value)?.get('steps'), surroundings, [...within, kind]);
      } else {
        yield this.#step(kind, name, only?.value, surroundings);
      }
    }
  }

  #step(
    kind: string,
    name: YamlScalar,
    value: YamlNode | undefined,
    surroundings: Surroundings,
  ): Step {
    const settings = map(value);
    const run = kind === 'run' ? (scalar(value) ?? scalar(settings?.get('command'))) : undefined;
    const embedded = run && this.#piece(run, settings, surroundings);
    return {
      kind,
      title: scalar(settings?.get('name'))?.string,
      when: scalar(settings?.get('when')),
      get script() {
        return embedded?.parse().script;
      },
      embedded,
      range: [name.range[0], value?.range[1] ?? name.range[1]],
    };
  }

  #piece(
    run: YamlScalar,
    settings: YamlMap | undefined,
    surroundings: Surroundings,
  ): ScriptPiece | undefined {
    const facts = shellFacts(settings, surroundings, this.#repository);
    if (facts.dialect === 'other' || run.string === '') return undefined;
    // Jobs of two systems may call one command: it is read as the first of them runs it.
    const known = this.#scripts.get(run.range[0]);
    if (known) return known;
    const piece = embedShell(unescaped(run.text()), facts, run);
    this.#scripts.set(run.range[0], piece);
    return piece;
  }

  /** Steps of all jobs, of what workflows put around them, and of commands that nobody here calls. */
  *#allSteps(): Iterable<Step> {
    for (const job of this.config.jobs) yield* job.steps;
    for (const { job, map: settings } of this.config.workflows.flatMap(({ jobs }) => jobs)) {
      const surroundings = this.#surroundings(job?.map ?? this.#root);
      for (const key of ['pre-steps', 'post-steps'])
        yield* this.#steps(settings?.get(key), surroundings);
    }
    const surroundings = this.#surroundings(this.#root);
    for (const { value } of map(this.#root.get('commands'))?.entries ?? [])
      yield* this.#steps(map(value)?.get('steps'), surroundings);
  }
}

/** Inline orbs are maps and have no version (https://circleci.com/docs/orbs/author/create-test-and-use-orbs/). */
function orbsOf(root: YamlMap): readonly Orb[] {
  return (map(root.get('orbs'))?.entries ?? []).flatMap(({ key, value }) => {
    if (value?.kind !== 'scalar') return [];
    const [name = '', version] = value.string.split('@');
    return [{ alias: key.string, written: value, name, version }];
  });
}

function readWorkflow(name: YamlScalar, node: YamlMap, config: Config): Workflow {
  const triggers = many(node.get('triggers')).flatMap((each) => map(each)?.entries ?? []);
  const jobs: WorkflowJob[] = [];
  const workflow: Workflow = {
    name,
    map: node,
    config,
    scheduled: triggers.length > 0 && triggers.every(({ key }) => key.string === 'schedule'),
    jobs,
    range: node.range,
  };
  for (const item of many(node.get('jobs'))) {
    const [only] = map(item)?.entries ?? [];
    const key = scalar(item) ?? only?.key;
    if (!key) continue;
    const settings = map(only?.value);
    jobs.push({
      workflow,
      key,
      name: scalar(settings?.get('name'))?.string ?? key.string,
      map: settings,
      approval: scalar(settings?.get('type'))?.string === 'approval',
      // A status may be asked for: `- build: [success, failed]`.
      requires: many(settings?.get('requires')).flatMap(
        (each) => (scalar(each) ?? map(each)?.entries[0]?.key)?.string ?? [],
      ),
      job: config.job(key.string),
      range: [key.range[0], only?.value?.range[1] ?? key.range[1]],
    });
  }
  return workflow;
}

/**
 * Without a shell of its own a script runs in `/bin/bash -eo pipefail`, or in sh with the same options where there is no
 * bash; on Windows in PowerShell (https://circleci.com/docs/reference/configuration-reference/#default-shell-options).
 */
function shellFacts(
  settings: YamlMap | undefined,
  { system, shell, directory, machine }: Surroundings,
  repository: string,
): ShellFacts {
  const written = scalar(settings?.get('shell'))?.string ?? shell;
  const program = written
    ?.trim()
    .split(/\s+/)[0]
    ?.replace(/^.*[/\\]/, '');
  const known = program === undefined || /^(?:bash|sh|dash|ash)(?:\.exe)?$/.test(program);
  const other = !known || (program === undefined && system === 'windows');
  const options = written ?? '-eo pipefail';
  const own = scalar(settings?.get('working_directory'))?.string ?? '';
  const root = (directory ?? '~/project').replace(/\/$/, '');
  const relative =
    own === root ? '' : own.startsWith(`${root}/`) ? own.slice(root.length + 1) : own;
  return {
    dialect: other ? 'other' : /^(?:sh|dash|ash)/.test(program ?? 'bash') ? 'sh' : 'bash',
    stopsOnError: /\s-[a-z]*e|^-\w*e|\berrexit\b/.test(options),
    pipefail: /\bpipefail\b/.test(options),
    machine,
    use: 'ci',
    ...(!/[$~]|^\/|\.\.|__/.test(relative) && {
      directory: `${repository}${relative.replace(/^\.\/|^\.$|\/$/g, '')}`,
    }),
  };
}

/** `\<<` is how a here-document is written where `<<` begins a parameter. */
function unescaped(source: Source): Source {
  if (!source.text.includes('\\<<')) return source;
  const built = source.derive();
  let at = 0;
  for (const match of source.text.matchAll(/\\<</g)) {
    built.copy(source.text.slice(at, match.index), at);
    built.decoded('<<', match.index, 3);
    at = match.index + 3;
  }
  return built.copy(source.text.slice(at), at).build();
}
