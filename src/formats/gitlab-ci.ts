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
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import { Source } from '../text/source';
import { linksOf, pathIn, toFile, unique } from './delivery';
import { type ImageFacts, type ImageReference, image, parseImage } from './image';
import { embedShell, type Script, type ShellDocument } from './shell';
import { expandVariables } from './variables';

/** A file of GitLab CI: the pipeline itself, or jobs and templates that it includes. */
export interface Pipeline extends Located {
  readonly root: YamlMap;
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** In their order; GitLab's own where the file names none (https://docs.gitlab.com/ci/yaml/#stages). */
  readonly stages: readonly string[];
  /** Jobs and hidden jobs, in the order of the file. */
  readonly jobs: readonly Job[];
  job(name: string): Job | undefined;
  readonly images: readonly JobImage[];
  /** Whether other files may add jobs or settings to it. */
  readonly includes: boolean;
  /** What it takes from outside of the project by address or as a component. */
  readonly borrowed: readonly Borrowed[];
}

/** https://docs.gitlab.com/ci/yaml/#includeremote, https://docs.gitlab.com/ci/yaml/#includecomponent */
export interface Borrowed {
  readonly kind: 'remote' | 'component';
  readonly written: YamlScalar;
  /** The text behind the address is held to a hash (https://docs.gitlab.com/ci/yaml/#includeintegrity). */
  readonly checked: boolean;
}

/** A pipeline a job starts (https://docs.gitlab.com/ci/yaml/#trigger). */
export interface Trigger {
  readonly key: YamlScalar;
  /** Written as a map of settings; undefined for the mere name of a project. */
  readonly settings: YamlMap | undefined;
  /** It is one of the same commit, not one of another project. */
  readonly isChild: boolean;
  /** The job is done when that pipeline is, and fails with it. */
  readonly waits: boolean;
}

/** A job, with what it takes over by `extends` and `default`. */
export interface Job extends Located {
  readonly name: YamlScalar;
  readonly map: YamlMap;
  readonly pipeline: Pipeline;
  /** A template: its name begins with a dot, and it never runs by itself. */
  readonly hidden: boolean;
  readonly stage: string;
  /** The entry that applies for a keyword: its own, else that of what it extends, else the file's default. */
  setting(keyword: string): YamlEntry | undefined;
  /** Its `rules:`, each a map; empty without. */
  readonly rules: readonly YamlMap[];
  /** Name of the environment it deploys to, and what it does there (`start` unless it says `stop`, `prepare`, …). */
  readonly environment: { readonly name: string; readonly action: string } | undefined;
  /** Names of the jobs it waits for; undefined where it waits for all of the stages before. */
  readonly needs: readonly string[] | undefined;
  /** Whether some of what it takes over stands in another file. */
  readonly incomplete: boolean;
  /** `before_script` and `script`, which one shell runs; undefined without, and where no sh or bash reads them. */
  readonly script: Script | undefined;
  readonly afterScript: Script | undefined;
  readonly trigger: Trigger | undefined;
}

/** An image a job runs in, or beside it as a service. */
export interface JobImage {
  readonly written: YamlScalar;
  readonly source: Source;
  readonly facts: ImageFacts;
  readonly reference: ImageReference;
}

export type GitlabNodes = { pipeline: Pipeline; job: Job };

/** Keywords of a file that are no jobs (https://docs.gitlab.com/ci/yaml/#global-keywords). */
const globals = new Set([
  'default',
  'include',
  'stages',
  'types',
  'variables',
  'workflow',
  'spec',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
]);

/** What a job takes from `default` and from the margin of the file (https://docs.gitlab.com/ci/yaml/#default). */
const inherited = new Set([
  'after_script',
  'artifacts',
  'before_script',
  'cache',
  'hooks',
  'id_tokens',
  'image',
  'interruptible',
  'retry',
  'services',
  'tags',
  'timeout',
]);

const usualStages = ['.pre', 'build', 'test', 'deploy', '.post'];

/** What GitLab puts in before it reads the file: https://docs.gitlab.com/ci/inputs/ */
const inputs = /\$\[\[[^\]]*\]\]/g;

/** GitLab CI (https://docs.gitlab.com/ci/yaml/). */
export const gitlabCi = defineFormat<GitlabNodes, { readonly machine: Machine | undefined }>({
  id: 'gitlab-ci',
  title: 'GitLab CI configuration',
  files: ['**/*.gitlab-ci.{yml,yaml}', '**/.gitlab/**/*.{yml,yaml}', '**/*gitlab*/**/*.{yml,yaml}'],
  nodes: ['pipeline', 'job'],

  recognises(file) {
    if (/(?:^|[/.])gitlab-ci\.ya?ml$/.test(file.path)) return 'by-name';
    return /\.ya?ml$/.test(file.name) && isPipeline(file) ? 'by-content' : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, facts) {
    return pipelineDocument(source, facts.machine);
  },
});

/** Keywords that only GitLab's jobs have, besides a script in a list: a file that another one includes. */
function isPipeline(file: Probe): boolean {
  if (/^values[\w.-]*\.ya?ml$/.test(file.name)) return false;
  if (!/^ {1,8}(?:script|before_script|extends|trigger):/m.test(file.text)) return false;
  const keys = file.topLevelKeys();
  for (const other of ['jobs', 'pipelines', 'language', 'pool', 'on', 'tasks', 'steps'])
    if (keys.has(other)) return false;
  if (keys.has('apiVersion') || /^- /m.test(file.text)) return false;
  return (
    /^ {1,8}(?:stage|rules|only|except|needs|artifacts|extends|allow_failure):/m.test(file.text) &&
    /^[\w.&][^\n]*:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)* {1,8}(?:stage|image|extends|script|before_script|rules|only|needs|tags|variables|interruptible|trigger|<<):/m.test(
      file.text,
    )
  );
}

function pipelineDocument(source: Source, machine: Machine | undefined): Document<GitlabNodes> {
  const masked = source.mask(inputs);
  const file = parseYaml(masked);
  // A component's header stands in a document of its own (https://docs.gitlab.com/ci/yaml/#spec).
  const root = file.roots.map(map).find((each) => each !== undefined && !each.has('spec'));
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
    *walk(): Iterable<Visit<GitlabNodes>> {
      if (!reader) return;
      yield ['pipeline', reader.pipeline];
      for (const job of reader.pipeline.jobs) yield ['job', job];
    },
  };
}

function* borrowedBy(node: YamlNode): Iterable<Borrowed> {
  const entry = map(node);
  for (const kind of ['remote', 'component'] as const) {
    const written = scalar(entry?.get(kind));
    if (written) yield { kind, written, checked: entry?.has('integrity') === true };
  }
}

/** A script's text and how it is run; one for all jobs that run the same lines. */
type ScriptPiece = Omit<Embedded, 'parse'> & { parse(): ShellDocument };

/**
 * Whether a job finds what the one before it left in the folder; else git cleans it:
 * https://docs.gitlab.com/ci/runners/configure_runners/#git-clean-flags.
 */
const keepsFolder = (variables: YamlMap | undefined): boolean =>
  ['GIT_STRATEGY', 'GIT_CLEAN_FLAGS'].some((name) =>
    /^(?:none|empty)$/.test(scalar(variables?.get(name))?.string ?? ''),
  );

class Reader {
  readonly pipeline: Pipeline;
  readonly #machine: Machine | undefined;
  /** Where jobs start: the folder of the file GitLab reads. */
  readonly #directory: string | undefined;
  readonly #variables: YamlMap | undefined;
  readonly #byName = new Map<string, Job>();
  /** By the places of their lines and what they are told. */
  readonly #scripts = new Map<string, ScriptPiece>();

  constructor(root: YamlMap, path: string, machine: Machine | undefined) {
    this.#machine = machine;
    this.#variables = map(root.get('variables'));
    this.#directory = /^(.*\/)?\.gitlab-ci\.ya?ml$/.test(path)
      ? path.replace(/[^/]*$/, '')
      : undefined;
    const reader = this;
    let images: readonly JobImage[] | undefined;
    const jobs: Job[] = [];
    const named = many(root.get('stages') ?? root.get('types')).flatMap(
      (each) => scalar(each)?.string ?? [],
    );
    this.pipeline = {
      root,
      path,
      stages: named.length > 0 ? ['.pre', ...named, '.post'] : usualStages,
      jobs,
      job: (name) => this.#byName.get(name),
      get images() {
        images ??= [...reader.#images()];
        return images;
      },
      includes: root.has('include'),
      borrowed: many(root.get('include')).flatMap((each) => [...borrowedBy(each)]),
      range: root.range,
    };
    for (const { key, value } of root.entries) {
      if (globals.has(key.string) || value?.kind !== 'map') continue;
      const job = this.#job(key, value);
      jobs.push(job);
      this.#byName.set(key.string, job);
    }
  }

  /** The scripts and images of all jobs, each place once. */
  *pieces(): Iterable<Embedded> {
    const seen = new Set<unknown>();
    for (const job of this.pipeline.jobs) {
      for (const piece of [this.#scriptOf(job), this.#afterScriptOf(job)]) {
        if (!piece || seen.has(piece)) continue;
        seen.add(piece);
        yield piece;
      }
    }
    for (const { source, facts, written } of this.pipeline.images)
      yield embed(image, source, facts, written);
  }

  /** The pipeline and its jobs, for the delivery map. */
  parts(): readonly Part[] {
    const { root, jobs, stages } = this.pipeline;
    const includes = many(root.get('include')).flatMap((each): Link[] => {
      const local = scalar(map(each)?.get('local')) ?? scalar(each);
      const path =
        local && !/^https?:/.test(local.string)
          ? pathIn('', local.string.replace(/^\//, ''))
          : undefined;
      return path === undefined ? [] : [toFile('runs', path)];
    });
    const parts: Part[] = [];
    // Jobs of an included file belong to the pipeline that includes it.
    parts.push({
      kind: this.#directory === undefined ? 'task' : 'pipeline',
      name: '',
      ...(this.#directory !== undefined && { events: ['push'] }),
      links: includes,
      range: [root.range[0], root.range[0]],
    });
    for (const job of jobs) {
      if (job.hidden) continue;
      const links: Link[] = [];
      const stage = stages.indexOf(job.stage);
      const before =
        job.needs ??
        jobs
          .filter((each) => !each.hidden && stages.indexOf(each.stage) < stage)
          .filter((each, _, all) =>
            all.every((other) => stages.indexOf(other.stage) <= stages.indexOf(each.stage)),
          )
          .map((each) => each.name.string);
      for (const key of before) links.push({ verb: 'follows', to: { kind: 'job', key } });
      const script = this.#scriptOf(job);
      if (script) links.push(...linksOf(script.parse()));
      const { environment } = job;
      if (environment?.action === 'start' && !links.some((each) => each.verb === 'deploys'))
        links.push(toFile('deploys', this.#directory?.replace(/\/$/, '') ?? '', 'environment'));
      parts.push({
        kind: 'job',
        name: job.name.string,
        links: unique(links),
        range: job.name.range,
      });
    }
    return parts;
  }

  /** The images of all jobs, each place once. */
  *#images(): Iterable<JobImage> {
    const seen = new Set<unknown>();
    for (const job of this.pipeline.jobs) {
      for (const node of [job.setting('image')?.value, ...many(job.setting('services')?.value)]) {
        const written = scalar(node) ?? scalar(map(node)?.get('name'));
        if (!written || written.string === '' || seen.has(written)) continue;
        seen.add(written);
        const { source, complete, defaulted } = expandVariables(written.text(), (name) => {
          const value = this.#variable(job, name);
          return value === undefined ? undefined : { value, isDefault: false };
        });
        const facts = { use: 'tool', incomplete: !complete, defaulted } as const;
        yield { written, source, facts, reference: parseImage(source.text, facts) };
      }
    }
  }

  #job(name: YamlScalar, node: YamlMap): Job {
    const reader = this;
    const lookup = new Map<string, YamlEntry | undefined>();
    const job: Job = {
      name,
      map: node,
      pipeline: this.pipeline,
      hidden: name.string.startsWith('.'),
      get stage() {
        return scalar(job.setting('stage')?.value)?.string ?? 'test';
      },
      setting(keyword) {
        if (!lookup.has(keyword)) {
          lookup.set(
            keyword,
            reader.#own(job, keyword, new Set()) ?? reader.#fallback(job, keyword),
          );
        }
        return lookup.get(keyword);
      },
      get rules() {
        return reader.#items(job.setting('rules')?.value).filter((each) => each.kind === 'map');
      },
      get environment() {
        const value = job.setting('environment')?.value;
        const written = scalar(value) ?? scalar(map(value)?.get('name'));
        if (!written) return undefined;
        const action = scalar(map(value)?.get('action'))?.string ?? 'start';
        return { name: written.string, action };
      },
      get needs() {
        const value = job.setting('needs')?.value;
        if (value === undefined) return undefined;
        return reader.#items(value).flatMap((each) => {
          const needed = scalar(each) ?? scalar(map(each)?.get('job'));
          return needed?.string ?? [];
        });
      },
      get incomplete() {
        return reader.#isIncomplete(job, new Set());
      },
      get script() {
        return reader.#scriptOf(job)?.parse().script;
      },
      get afterScript() {
        return reader.#afterScriptOf(job)?.parse().script;
      },
      get trigger() {
        const entry = job.map.entry('trigger');
        const settings = map(entry?.value);
        return (
          entry && {
            key: entry.key,
            settings,
            isChild: settings?.has('include') === true && !settings.has('project'),
            waits: settings?.has('strategy') === true,
          }
        );
      },
      range: node.range,
    };
    return job;
  }

  /** Jobs named by `extends`, the last first: it overrides those before (https://docs.gitlab.com/ci/yaml/#extends). */
  #bases(job: Job): readonly (Job | undefined)[] {
    return many(job.map.get('extends'))
      .flatMap((each) => scalar(each)?.string ?? [])
      .map((name) => this.#byName.get(name))
      .reverse();
  }

  #own(job: Job, keyword: string, seen: Set<Job>): YamlEntry | undefined {
    if (seen.has(job)) return undefined;
    seen.add(job);
    const entry = job.map.entry(keyword);
    if (entry) return entry;
    for (const base of this.#bases(job)) {
      const found = base && this.#own(base, keyword, seen);
      if (found) return found;
    }
    return undefined;
  }

  #fallback(job: Job, keyword: string): YamlEntry | undefined {
    if (!inherited.has(keyword)) return undefined;
    const inherit = map(this.#own(job, 'inherit', new Set())?.value)?.get('default');
    if (scalar(inherit)?.value === false) return undefined;
    if (inherit?.kind === 'list' && !many(inherit).some((each) => scalar(each)?.string === keyword))
      return undefined;
    const { root } = this.pipeline;
    return map(root.get('default'))?.entry(keyword) ?? root.entry(keyword);
  }

  #isIncomplete(job: Job, seen: Set<Job>): boolean {
    if (seen.has(job)) return false;
    seen.add(job);
    return this.#bases(job).some((base) => base === undefined || this.#isIncomplete(base, seen));
  }

  /** A variable's value as the file gives it to the job; undefined where it is set elsewhere. */
  #variable(job: Job, name: string, seen = new Set<Job>()): string | undefined {
    const read = (node: YamlNode | undefined) => {
      const value = map(node)?.get(name);
      const text = scalar(value) ?? scalar(map(value)?.get('value'));
      return text?.string.includes('$') ? undefined : text?.string;
    };
    if (seen.has(job)) return undefined;
    const first = seen.size === 0;
    seen.add(job);
    const own = read(job.map.get('variables'));
    if (own !== undefined) return own;
    for (const base of this.#bases(job)) {
      const found = base && this.#variable(base, name, seen);
      if (found !== undefined) return found;
    }
    return first ? read(this.pipeline.root.get('variables')) : undefined;
  }

  /** The items of a list; lists in it, by anchors and `!reference`, are taken apart. */
  #items(node: YamlNode | undefined, depth = 0): readonly YamlNode[] {
    if (depth > 10 || node === undefined) return [];
    if (node.kind !== 'list') return [node];
    const target = this.#referenced(node);
    if (target !== node) return this.#items(target, depth + 1);
    return node.items.flatMap((each) =>
      each.kind === 'list' ? this.#items(each, depth + 1) : [each],
    );
  }

  /** Where `!reference [job, keyword, …]` leads (https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags). */
  #referenced(node: YamlNode): YamlNode | undefined {
    if (node.kind !== 'list' || node.tag !== '!reference') return node;
    return node.items.reduce<YamlNode | undefined>(
      (at, step) => map(at)?.get(scalar(step)?.string ?? ''),
      this.pipeline.root,
    );
  }

  #scriptOf(job: Job): ScriptPiece | undefined {
    const script = job.setting('script');
    if (!script) return undefined;
    const lines = [
      ...this.#items(job.setting('before_script')?.value),
      ...this.#items(script.value),
    ];
    return this.#piece(job, lines);
  }

  /** A shell of its own; GitLab looks at no exit status there (https://docs.gitlab.com/ci/yaml/#after_script). */
  #afterScriptOf(job: Job): ScriptPiece | undefined {
    return this.#piece(job, this.#items(job.setting('after_script')?.value));
  }

  /**
   * The runner's script sets errexit, and pipefail where the shell knows it
   * (https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/shells/bash.go); each item is a line of it.
   */
  #piece(job: Job, nodes: readonly YamlNode[]): ScriptPiece | undefined {
    const lines = nodes.flatMap((each) =>
      each.kind === 'scalar' && each.string !== '' ? [each] : [],
    );
    const [first, ...rest] = lines;
    if (!first || this.#isOtherShell(job, lines)) return undefined;
    const machine = this.#machineOf(job);
    const key = `${lines.map((each) => each.range[0])} ${machine}`;
    const known = this.#scripts.get(key);
    if (known) return known;
    const piece = embedShell(
      Source.joined([first.text(), ...rest.map((each) => each.text())], '\n'),
      {
        dialect: 'bash',
        stopsOnError: true,
        pipefail: true,
        machine,
        use: 'ci',
        ...(![map(job.setting('variables')?.value), this.#variables].some(keepsFolder) && {
          checkedOut: true,
        }),
        directory: this.#directory,
      },
      first,
    );
    this.#scripts.set(key, piece);
    return piece;
  }

  #tags(job: Job): readonly string[] {
    return this.#items(job.setting('tags')?.value).flatMap((each) => scalar(each)?.string ?? []);
  }

  /** Containers are new each time; the runner that runs in a shell of its machine (https://docs.gitlab.com/runner/executors/shell/) is not. */
  #machineOf(job: Job): Machine | undefined {
    if (this.#machine) return this.#machine;
    if (job.setting('image')) return 'fresh';
    return this.#tags(job).some((tag) => /(?:^|[-_])shell(?:$|[-_])/i.test(tag))
      ? 'lasting'
      : this.#tags(job).length > 0
        ? undefined
        : 'fresh';
  }

  #isOtherShell(job: Job, lines: readonly YamlScalar[]): boolean {
    if (this.#tags(job).some((tag) => /windows|powershell|pwsh/i.test(tag))) return true;
    return lines.some(({ string }) =>
      /^\s*(?:\$env:|Write-(?:Host|Output)\b|Set-\w+ |Get-\w+ )/m.test(string),
    );
  }
}
