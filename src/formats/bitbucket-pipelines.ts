import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Machine,
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
import { Source } from '../text/source';
import { linksOf, toFile, unique } from './delivery';
import { type ImageReference, image, parseImage } from './image';
import { embedShell, type Script, type ShellDocument } from './shell';

/** The file with all pipelines of a repository. */
export interface Configuration extends Located {
  readonly root: YamlMap;
  readonly pipelines: readonly Pipeline[];
  /** Of the file, its steps and services, each place once. */
  readonly images: readonly StepImage[];
}

/** Steps for a push, a pull request, or a button. */
export interface Pipeline extends Located {
  readonly configuration: Configuration;
  /** https://support.atlassian.com/bitbucket-cloud/docs/pipeline-start-conditions/ */
  readonly start: 'default' | 'branches' | 'tags' | 'bookmarks' | 'pull-requests' | 'custom';
  /** The pattern of branches or tags, or the name of a custom one; undefined for the default. */
  readonly pattern: YamlScalar | undefined;
  readonly steps: readonly Step[];
}

/** A step as a pipeline runs it; pipelines may share what it is written in. */
export interface Step extends Located {
  readonly pipeline: Pipeline;
  readonly map: YamlMap;
  readonly name: YamlScalar | undefined;
  /** Its place in the pipeline; steps of one parallel group have the same. */
  readonly order: number;
  /** The environment it, or its stage, deploys to. */
  readonly deployment: YamlScalar | undefined;
  /** It, or its stage, waits for somebody to start it. */
  readonly manual: boolean;
  /** Pipes it calls, such as `atlassian/ecs-deploy:2.1.0`. */
  readonly pipes: readonly YamlScalar[];
  readonly script: Script | undefined;
  readonly afterScript: Script | undefined;
  readonly embedded: readonly ScriptPiece[];
}

export interface StepImage {
  readonly written: YamlScalar;
  readonly source: Source;
  readonly reference: ImageReference;
}

export type BitbucketNodes = { configuration: Configuration; pipeline: Pipeline; step: Step };

type ScriptPiece = Omit<Embedded, 'parse'> & { parse(): ShellDocument };

/** Bitbucket Pipelines (https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/). */
export const bitbucketPipelines = defineFormat<
  BitbucketNodes,
  { readonly machine: Machine | undefined }
>({
  id: 'bitbucket-pipelines',
  title: 'Bitbucket Pipelines configuration',
  files: ['**/bitbucket-pipelines.{yml,yaml}'],
  nodes: ['configuration', 'pipeline', 'step'],
  recognises: (file) => (/^bitbucket-pipelines\.ya?ml$/.test(file.name) ? 'by-name' : undefined),
  alone: (file) => ({ machine: file.machine }),
  parse: (source, facts) => configurationDocument(source, facts.machine),
});

function configurationDocument(
  source: Source,
  machine: Machine | undefined,
): Document<BitbucketNodes> {
  const file = parseYaml(source);
  const root = map(file.roots[0]);
  const reader = root && new Reader(source, root, machine);
  return {
    source,
    problems: file.problems,
    get embedded() {
      return reader ? [...reader.pieces()] : [];
    },
    get parts() {
      return reader ? partsOf(reader.configuration) : [];
    },
    route: (offset) => yamlRoute(file.roots, offset),
    *walk(): Iterable<Visit<BitbucketNodes>> {
      if (!reader) return;
      yield ['configuration', reader.configuration];
      for (const pipeline of reader.configuration.pipelines) {
        yield ['pipeline', pipeline];
        for (const step of pipeline.steps) yield ['step', step];
      }
    },
  };
}

/** What a stage says for its steps. */
type Stage = Pick<Step, 'deployment' | 'manual'>;

const noStage: Stage = { deployment: undefined, manual: false };

class Reader {
  readonly configuration: Configuration;
  readonly #source: Source;
  readonly #root: YamlMap;
  readonly #machine: Machine | undefined;
  /** By the place of the first line and the machine. */
  readonly #scripts = new Map<string, ScriptPiece>();

  constructor(source: Source, root: YamlMap, machine: Machine | undefined) {
    this.#source = source;
    this.#root = root;
    this.#machine = machine;
    const reader = this;
    const pipelines: Pipeline[] = [];
    let images: readonly StepImage[] | undefined;
    this.configuration = {
      root,
      pipelines,
      get images() {
        images ??= [...reader.#images()];
        return images;
      },
      range: root.range,
    };
    const all = map(root.get('pipelines'));
    const add = (
      start: Pipeline['start'],
      pattern: YamlScalar | undefined,
      node: YamlNode | undefined,
    ) => {
      if (node) pipelines.push(this.#pipeline(start, pattern, node));
    };
    add('default', undefined, all?.get('default'));
    for (const start of ['branches', 'tags', 'bookmarks', 'pull-requests', 'custom'] as const)
      for (const { key, value } of map(all?.get(start))?.entries ?? []) add(start, key, value);
  }

  /** The scripts of all steps, those that no pipeline takes up among them, and the images. */
  *pieces(): Iterable<Embedded> {
    const seen = new Set<ScriptPiece>();
    const steps = this.configuration.pipelines.flatMap((each) => each.steps);
    for (const piece of [...steps.flatMap((each) => each.embedded), ...this.#defined()]) {
      if (seen.has(piece)) continue;
      seen.add(piece);
      yield piece;
    }
    for (const { source, reference, written } of this.configuration.images)
      yield embed(image, source, reference, written);
  }

  *#defined(): Iterable<ScriptPiece> {
    for (const node of this.#definitions()) yield* this.#scriptsOf(node);
  }

  /** `definitions.steps`: a place for anchors. */
  #definitions(): readonly YamlMap[] {
    const steps = map(this.#root.get('definitions'))?.get('steps');
    return many(steps).flatMap((each) => map(map(each)?.get('step')) ?? []);
  }

  #pipeline(start: Pipeline['start'], pattern: YamlScalar | undefined, node: YamlNode): Pipeline {
    const steps: Step[] = [];
    const pipeline: Pipeline = {
      configuration: this.configuration,
      start,
      pattern,
      steps,
      range: node.range,
    };
    let order = 0;
    const add = (item: YamlNode, stage: Stage, parallel: boolean) => {
      const entry = map(item);
      const step = map(entry?.get('step'));
      const group = entry?.get('parallel');
      const staged = map(entry?.get('stage'));
      if (!parallel && !staged) order++;
      if (step) steps.push(this.#step(step, pipeline, order, stage));
      for (const each of many(map(group)?.get('steps') ?? group)) add(each, stage, true);
      if (!staged) return;
      const own: Stage = {
        deployment: scalar(staged.get('deployment')),
        manual: scalar(staged.get('trigger'))?.string === 'manual',
      };
      for (const each of many(staged.get('steps'))) add(each, own, parallel);
    };
    for (const item of many(node)) add(item, noStage, false);
    return pipeline;
  }

  #step(node: YamlMap, pipeline: Pipeline, order: number, stage: Stage): Step {
    const script = this.#script(node, 'script');
    const after = this.#script(node, 'after-script');
    return {
      pipeline,
      map: node,
      name: scalar(node.get('name')),
      order,
      deployment: scalar(node.get('deployment')) ?? stage.deployment,
      manual: stage.manual || scalar(node.get('trigger'))?.string === 'manual',
      pipes: many(node.get('script')).flatMap((each) => scalar(map(each)?.get('pipe')) ?? []),
      get script() {
        return script?.parse().script;
      },
      get afterScript() {
        return after?.parse().script;
      },
      embedded: [script, after].filter((each) => each !== undefined),
      range: node.range,
    };
  }

  *#scriptsOf(node: YamlMap): Iterable<ScriptPiece> {
    for (const key of ['script', 'after-script'] as const) {
      const piece = this.#script(node, key);
      if (piece) yield piece;
    }
  }

  /**
   * The lines become one script that begins with `set -e`; pipefail is not set
   * (https://support.atlassian.com/bitbucket-cloud/kb/why-does-bitbucket-pipelines-pass-build-steps-despite-previous-command-failure/,
   * https://confluence.atlassian.com/bbkb/pipelines-builds-succeeds-even-on-command-failure-1142437808.html). An
   * after-script is one of its own, whose result nobody looks at
   * (https://support.atlassian.com/bitbucket-cloud/docs/step-options/).
   */
  #script(node: YamlMap, key: 'script' | 'after-script'): ScriptPiece | undefined {
    const lines = this.#lines(node.get(key));
    const [first, ...rest] = lines;
    const labels = many(node.get('runs-on')).flatMap((each) => scalar(each)?.string ?? []);
    if (!first || labels.some((each) => /windows/.test(each))) return undefined;
    const machine = this.#machine ?? machineOf(labels);
    const place = `${lines.map((each) => each.range[0])} ${machine}`;
    const known = this.#scripts.get(place);
    if (known) return known;
    const piece = embedShell(
      Source.joined([first.text(), ...rest.map((each) => each.text())], '\n'),
      {
        dialect: 'bash',
        stopsOnError: true,
        pipefail: false,
        machine,
        use: 'ci',
        // The folder of the file is the repository's root.
        directory: this.#source.path.replace(/[^/]*$/, ''),
      },
      first,
    );
    this.#scripts.set(place, piece);
    return piece;
  }

  /** Items that a shell reads: pipes and lists by anchors are taken apart. */
  #lines(node: YamlNode | undefined, depth = 0): readonly YamlScalar[] {
    if (depth > 10) return [];
    return many(node).flatMap((each) =>
      each.kind === 'list'
        ? this.#lines(each, depth + 1)
        : each.kind === 'scalar' && each.string !== ''
          ? [each]
          : [],
    );
  }

  *#images(): Iterable<StepImage> {
    const definitions = map(this.#root.get('definitions'));
    const services = map(definitions?.get('services'))?.entries ?? [];
    const steps = this.configuration.pipelines.flatMap((each) => each.steps.map(({ map }) => map));
    const nodes = [
      this.#root.get('image'),
      ...services.map(({ value }) => map(value)?.get('image')),
      ...[...this.#definitions(), ...steps].map((each) => each.get('image')),
    ];
    const seen = new Set<YamlScalar>();
    for (const node of nodes) {
      const written = scalar(node) ?? scalar(map(node)?.get('name'));
      if (!written || written.string === '' || seen.has(written)) continue;
      seen.add(written);
      const source = written.text().mask(/\$\{?\w+\}?/g);
      const incomplete = source.text !== written.string;
      const facts = { use: 'tool', incomplete, defaulted: [] } as const;
      yield { written, source, reference: parseImage(source.text, facts) };
    }
  }
}

/** Steps run in containers, but for runners that use the shell of their machine (https://support.atlassian.com/bitbucket-cloud/docs/runners/). */
const machineOf = (labels: readonly string[]): Machine | undefined =>
  labels.includes('linux.shell') ? 'lasting' : labels.includes('macos') ? undefined : 'fresh';

/** Pipes that bring something to where it runs: https://bitbucket.org/product/features/pipelines/integrations */
const deployPipe =
  /(?:^|\/)(?:[\w-]*deploy[\w-]*|aws-ecs[\w-]*|aws-lambda[\w-]*|kubectl[\w-]*)(?::|$)/;

function partsOf({ root, pipelines }: Configuration): readonly Part[] {
  const events = new Set(
    pipelines.map(({ start }) =>
      start === 'custom' ? 'manual' : start === 'pull-requests' ? 'pull_request' : 'push',
    ),
  );
  /** Of a step that several pipelines run there is one part. */
  const names = new Map<number, string>();
  const taken = new Set<string>();
  const nameOf = (step: Step) => {
    const known = names.get(step.range[0]);
    if (known !== undefined) return known;
    const { start, pattern } = step.pipeline;
    const plain = step.name?.string ?? `step ${names.size + 1}`;
    const within = `${plain} (${pattern?.string ?? start})`;
    const name = [plain, within].find((each) => !taken.has(each)) ?? `${within} ${names.size + 1}`;
    names.set(step.range[0], name);
    taken.add(name);
    return name;
  };
  const found = new Map<string, { readonly step: Step; readonly links: Link[] }>();
  for (const { steps } of pipelines) {
    for (const step of steps) {
      const name = nameOf(step);
      const known = found.get(name);
      const { links } = known ?? { links: step.embedded.flatMap((each) => linksOf(each.parse())) };
      const before = Math.max(...steps.map((each) => (each.order < step.order ? each.order : 0)));
      for (const each of steps.filter(({ order }) => order === before))
        links.push({ verb: 'follows', to: { kind: 'job', key: nameOf(each) } });
      for (const { string } of step.pipes)
        if (deployPipe.test(string)) links.push(toFile('deploys', '', string.replace(/:.*$/, '')));
      if (step.deployment && !links.some((each) => each.verb === 'deploys'))
        links.push(toFile('deploys', '', 'environment'));
      if (!known) found.set(name, { step, links });
    }
  }
  return [
    {
      kind: 'pipeline',
      name: '',
      events: [...events],
      links: [],
      range: [root.range[0], root.range[0]],
    },
    ...[...found].map(
      ([name, { step, links }]): Part => ({
        kind: 'job',
        name,
        links: unique(links),
        range: step.name?.range ?? [step.range[0], step.range[0]],
      }),
    ),
  ];
}
