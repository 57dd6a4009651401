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
import { lookUp } from '../text/look-up';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { linksOf, pathIn, toFile, unique } from './delivery';
import { isCalledOptional } from './excuse';
import { image } from './image';
import { embedShell, type Script } from './shell';

/** A pipeline, or a template that one takes in. */
export interface Pipeline extends Located {
  readonly root: YamlMap;
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** A file of `parameters` and steps, jobs or stages that others use. */
  readonly template: boolean;
  readonly jobs: readonly Job[];
}

/** A job or deployment; the steps at the margin of a file are one without a name. */
export interface Job extends Located {
  readonly name: YamlScalar | undefined;
  readonly map: YamlMap;
  readonly pipeline: Pipeline;
  /** The name of its stage. */
  readonly stage: string | undefined;
  readonly stageMap: YamlMap | undefined;
  /** A `deployment:`, which goes to an environment. */
  readonly deployment: boolean;
  readonly environment: string | undefined;
  readonly dependsOn: readonly string[];
  readonly condition: YamlScalar | undefined;
  readonly continueOnError: YamlScalar | undefined;
  readonly system: 'linux' | 'windows' | 'macos' | undefined;
  readonly steps: readonly Step[];
}

export interface Step extends Located {
  readonly map: YamlMap;
  readonly job: Job;
  /** `Docker@2` */
  readonly task: string | undefined;
  readonly title: string | undefined;
  readonly condition: YamlScalar | undefined;
  readonly continueOnError: YamlScalar | undefined;
  /** What it runs in sh or bash; undefined for tasks and for other shells. */
  readonly run: YamlScalar | undefined;
  readonly script: Script | undefined;
  readonly embedded: ReturnType<typeof embedShell> | undefined;
  /** Where a node of the script stands in the pipeline; undefined for what only a template brings. */
  placeOf(node: Located): Located | undefined;
  /** An input of the task. */
  input(name: string): YamlNode | undefined;
  /** Whether something written to standard error fails it. */
  readonly failsOnStderr: boolean;
}

export type AzureNodes = { pipeline: Pipeline; job: Job; step: Step };

/** `${{ … }}` is put in before the run, `$[ … ]` while it runs: https://learn.microsoft.com/en-us/azure/devops/pipelines/process/expressions */
const expressions = /\$\{\{[\s\S]*?\}\}|\$\[[^\]]*\]/g;

/**
 * `$(name)` is put in before the shell sees it, where the pipeline has a variable of that name; commands that need no
 * argument are left to the shell (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables).
 */
const macros =
  /\$\((?!(?:pwd|date|whoami|nproc|hostname|uname|id|ls|arch|tty|mktemp)\))[A-Za-z][\w.-]*\)/g;

/** Azure Pipelines (https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/). */
export const azurePipelines = defineFormat<AzureNodes, { readonly machine: Machine | undefined }>({
  id: 'azure-pipelines',
  title: 'Azure Pipelines',
  files: [
    '**/*azure-pipelines*.{yml,yaml}',
    '**/{.azure-pipelines,azure-pipelines,.azuredevops,.ado,pipelines}/**/*.{yml,yaml}',
  ],
  nodes: ['pipeline', 'job', 'step'],

  recognises(file) {
    if (!/\.ya?ml$/.test(file.name)) return undefined;
    if (/(?:^|\.)azure-pipelines?[\w.-]*\.ya?ml$/.test(file.name) && isPipeline(file))
      return 'by-name';
    return isPipeline(file) &&
      /^\s*-\s+(?:task|script|bash|pwsh|powershell|template|checkout|job|stage|deployment):/m.test(
        file.text,
      )
      ? 'by-content'
      : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, facts) {
    return pipelineDocument(source, facts.machine);
  },
});

/** Keys at the margin that together only Azure's files have. */
function isPipeline(file: Probe): boolean {
  const keys = file.topLevelKeys();
  const works = keys.has('steps') || keys.has('jobs') || keys.has('stages') || keys.has('extends');
  if (!works || keys.has('on') || keys.has('apiVersion') || keys.has('version')) return false;
  // In GitLab's files a job names its stage.
  if (/^ {1,8}stage:/m.test(file.text)) return false;
  return (
    ['pool', 'trigger', 'pr', 'parameters', 'resources', 'schedules'].some((key) =>
      keys.has(key),
    ) || /^\s*-\s+(?:task:\s*["']?\w+@\d|deployment:|job:|stage:)/m.test(file.text)
  );
}

function pipelineDocument(source: Source, machine: Machine | undefined): Document<AzureNodes> {
  const masked = source.mask(expressions);
  const file = parseYaml(masked);
  const root = map(file.roots[0]);
  const pipeline = root && readPipeline(root, source.path, machine);
  return {
    source: masked,
    // A key that an expression makes stands there more than once.
    problems: file.problems,
    get embedded() {
      return pipeline ? [...pieces(pipeline)] : [];
    },
    get parts() {
      return pipeline ? partsOf(pipeline) : [];
    },
    route: (offset) => yamlRoute(file.roots, offset),
    *walk(): Iterable<Visit<AzureNodes>> {
      if (!pipeline) return;
      yield ['pipeline', pipeline];
      for (const job of pipeline.jobs) {
        yield ['job', job];
        for (const step of job.steps) yield ['step', step];
      }
    },
  };
}

/** Items of a list, those behind a `${{ if }}:` or `${{ each }}:` among them. */
function items(node: YamlNode | undefined, depth = 0): readonly YamlMap[] {
  if (node?.kind !== 'list' || depth > 8) return [];
  return node.items.flatMap((item) => {
    if (item.kind !== 'map') return [];
    const [only] = item.entries;
    const conditional = only && item.entries.length === 1 && /^_+$/.test(only.key.string);
    return conditional ? items(only.value, depth + 1) : [item];
  });
}

function readPipeline(root: YamlMap, path: string, machine: Machine | undefined): Pipeline {
  const jobs: Job[] = [];
  const pipeline: Pipeline = {
    root,
    path,
    template: root.has('parameters') && !root.has('trigger') && !root.has('pr'),
    jobs,
    range: root.range,
  };
  const add = (node: YamlMap, stage: YamlMap | undefined) => {
    if (!node.has('template')) jobs.push(readJob(node, stage, pipeline, machine));
  };
  for (const stage of items(root.get('stages')))
    for (const job of items(stage.get('jobs'))) add(job, stage);
  for (const job of items(root.get('jobs'))) add(job, undefined);
  if (root.has('steps')) jobs.push(readJob(root, undefined, pipeline, machine));
  return pipeline;
}

function readJob(
  node: YamlMap,
  stage: YamlMap | undefined,
  pipeline: Pipeline,
  given: Machine | undefined,
): Job {
  const environment = node.get('environment');
  const pool = node.get('pool') ?? stage?.get('pool') ?? pipeline.root.get('pool');
  const system = systemOf(pool);
  const container = node.has('container') || pipeline.root.has('container');
  // A pool by name may be Microsoft's or one's own; its image says that it is Microsoft's.
  const hosted = map(pool)?.has('vmImage') || pool === undefined;
  const machine = given ?? (container || hosted ? 'fresh' : undefined);
  const steps: Step[] = [];
  const job: Job = {
    name: scalar(node.get('job')) ?? scalar(node.get('deployment')),
    map: node,
    pipeline,
    stage: scalar(stage?.get('stage'))?.string,
    stageMap: stage,
    deployment: node.has('deployment'),
    environment: (scalar(environment) ?? scalar(map(environment)?.get('name')))?.string,
    dependsOn: many(node.get('dependsOn')).flatMap((each) => scalar(each)?.string ?? []),
    condition: scalar(node.get('condition')) ?? scalar(stage?.get('condition')),
    continueOnError: scalar(node.get('continueOnError')),
    system,
    steps,
    range: node.range,
  };
  for (const step of [...items(node.get('steps')), ...strategySteps(node)])
    steps.push(readStep(step, job, machine));
  return job;
}

/** https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/jobs-deployment-strategy */
function strategySteps(node: YamlMap): readonly YamlMap[] {
  const strategy = map(node.get('strategy'));
  return ['runOnce', 'rolling', 'canary'].flatMap((kind) =>
    (map(strategy?.get(kind))?.entries ?? []).flatMap(({ value }) =>
      value?.kind === 'map'
        ? [
            ...items(value.get('steps')),
            ...['failure', 'success'].flatMap((on) => items(map(value.get(on))?.get('steps'))),
          ]
        : [],
    ),
  );
}

/** Microsoft's images name their system (https://learn.microsoft.com/en-us/azure/devops/pipelines/agents/hosted). */
function systemOf(pool: YamlNode | undefined): Job['system'] {
  if (pool === undefined) return 'linux';
  const written = scalar(map(pool)?.get('vmImage')) ?? scalar(pool);
  const name = written?.string ?? '';
  if (/windows|vs20|win/i.test(name)) return 'windows';
  if (/mac/i.test(name)) return 'macos';
  return /ubuntu|linux/i.test(name) ? 'linux' : undefined;
}

/** Tasks whose script a shell reads, with the input it is in and the one that names the shell. */
const shellTasks: Readonly<Record<string, { readonly script: string; readonly type?: string }>> = {
  AzureCLI: { script: 'inlineScript', type: 'scriptType' },
  Bash: { script: 'script' },
  CmdLine: { script: 'script' },
};

function readStep(node: YamlMap, job: Job, machine: Machine | undefined): Step {
  const task = scalar(node.get('task'))?.string;
  const inputs = map(node.get('inputs'));
  const kind = lookUp(shellTasks, task?.replace(/@.*$/, ''));
  const type = kind?.type && scalar(inputs?.get(kind.type))?.string;
  const written =
    scalar(node.get('bash')) ??
    scalar(node.get('script')) ??
    (kind ? scalar(inputs?.get(kind.script)) : undefined);
  const isBash = node.has('bash') || task?.startsWith('Bash@') || type === 'bash';
  // `script` is the shell of the system: cmd.exe on Windows.
  const isShell =
    isBash || (type === undefined && job.system !== 'windows' && job.system !== undefined);
  const run = isShell ? written : undefined;
  const text = run?.text().mask(macros);
  const directory = scalar(node.get('workingDirectory'))?.string ?? '';
  const embedded =
    run && text
      ? embedShell(
          text,
          {
            dialect: 'bash',
            // Only the last command's status counts: https://github.com/microsoft/azure-pipelines-agent/issues/1803
            stopsOnError: false,
            pipefail: false,
            machine,
            use: 'ci',
            ...(isCalledOptional(scalar(node.get('displayName'))?.string) && { optional: true }),
            ...(!/[$~]|^\/|\.\./.test(directory) && {
              directory: directory.replace(/^\.\/|\/$/g, ''),
            }),
          },
          run,
        )
      : undefined;
  const title = scalar(node.get('displayName')) ?? scalar(node.get('name'));
  return {
    map: node,
    job,
    task,
    title: title?.string,
    condition: scalar(node.get('condition')),
    continueOnError: scalar(node.get('continueOnError')),
    run,
    get script() {
      return embedded?.parse().script;
    },
    embedded,
    // Masks keep the length: offsets of the file are those of the document.
    placeOf: (at) => text?.toFile(at.range),
    input: (name) => inputs?.get(name),
    failsOnStderr:
      scalar(node.get('failOnStderr') ?? inputs?.get('failOnStderr'))?.string === 'true',
    range: node.range,
  };
}

function* pieces(pipeline: Pipeline): Iterable<Embedded> {
  const { root } = pipeline;
  const containers = items(map(root.get('resources'))?.get('containers')).map((each) =>
    scalar(each.get('image')),
  );
  for (const job of pipeline.jobs) {
    const container = job.map.get('container');
    containers.push(scalar(map(container)?.get('image')));
    for (const step of job.steps) if (step.embedded) yield step.embedded;
  }
  for (const reference of containers) {
    if (!reference || reference.string === '') continue;
    const source = reference.text().mask(macros);
    const incomplete = source.text !== reference.string || /_{4}/.test(source.text);
    yield embed(image, source, { use: 'tool', incomplete, defaulted: [] }, reference);
  }
}

/** Tasks that do something with what is delivered (https://learn.microsoft.com/en-us/azure/devops/pipelines/tasks/reference/). */
const taskVerbs: readonly (readonly [task: RegExp, verb: Link['verb']])[] = [
  [/^(?:Maven|Gradle|DotNetCoreCLI|VSBuild|MSBuild|Npm|Go|CMake|Ant|Gulp|Xcode\w*)$/, 'builds'],
  [/^(?:VSTest|PublishTestResults)$/, 'tests'],
  [
    /^(?:AzureWebApp\w*|AzureRmWebAppDeployment|AzureFunctionApp\w*|Kubernetes\w*|HelmDeploy|AzureResource\w*|AzureResourceManagerTemplateDeployment|AzureAppService\w*|AzureStaticWebApp|IISWebAppDeploymentOnMachineGroup|AzureContainerApps|AzureSpringCloud|SqlAzureDacpacDeployment)$/,
    'deploys',
  ],
  [/^(?:NuGetCommand|TwineAuthenticate|GitHubRelease)$/, 'publishes'],
];

function partsOf(pipeline: Pipeline): readonly Part[] {
  const { root, template, jobs, path } = pipeline;
  const folder = path.replace(/\/?[^/]*$/, '');
  const taken: Link[] = [];
  const open: YamlNode[] = [root];
  while (open.length > 0) {
    const node = open.pop()!;
    if (node.kind === 'list') open.push(...node.items);
    if (node.kind !== 'map') continue;
    const other = scalar(node.get('template'))?.string;
    const from =
      other && !other.includes('@')
        ? pathIn(other.startsWith('/') ? '' : folder, other.replace(/^\//, ''))
        : undefined;
    if (from !== undefined) taken.push(toFile('runs', from));
    for (const { key, value } of node.entries)
      if (value && /^(?:stages|jobs|steps|extends|_+)$/.test(key.string)) open.push(value);
  }
  const events = [
    ...(scalar(root.get('trigger'))?.string === 'none' ? [] : ['push']),
    ...(root.has('pr') ? ['pull_request'] : []),
    ...(root.has('schedules') ? ['schedule'] : []),
  ];
  return [
    {
      kind: template ? 'task' : 'pipeline',
      name: '',
      ...(template ? {} : { events }),
      links: unique(taken),
      range: [root.range[0], root.range[0]],
    },
    ...jobs.map((job, index): Part => jobPart(job, index)),
  ];
}

function jobPart(job: Job, index: number): Part {
  const links: Link[] = job.dependsOn.map((key) => ({ verb: 'follows', to: { kind: 'job', key } }));
  for (const step of job.steps) {
    if (step.embedded) links.push(...linksOf(step.embedded.parse()));
    else if (step.task) links.push(...taskLinks(step));
  }
  if (job.deployment && !links.some((each) => each.verb === 'deploys'))
    links.push(toFile('deploys', '', 'environment'));
  const title = scalar(job.map.get('displayName'))?.string;
  return {
    kind: 'job',
    name: job.name?.string ?? job.stage ?? `job ${index + 1}`,
    ...(title && job.map !== job.pipeline.root && { title }),
    links: unique(links),
    range: job.name?.range ?? [job.range[0], job.range[0]],
  };
}

function* taskLinks(step: Step): Iterable<Link> {
  const name = step.task!.replace(/@.*$/, '');
  const input = (key: string) => {
    const text = scalar(step.input(key))?.string;
    return text && !/[$*]/.test(text) ? text.replace(/^\//, '') : undefined;
  };
  if (name === 'Docker' || name === 'DockerCompose') {
    const command = scalar(step.input('command'))?.string ?? 'buildAndPush';
    if (/build/i.test(command))
      yield toFile(
        'builds',
        pathIn(
          '',
          input('dockerfile') ?? input('Dockerfile') ?? input('dockerComposeFile') ?? '',
        ) ?? '',
        'docker',
      );
    if (/push/i.test(command)) yield toFile('publishes', '', 'docker');
    return;
  }
  if (/^Terraform/.test(name)) {
    const command = scalar(step.input('command'))?.string ?? '';
    const verb =
      command === 'apply' ? 'deploys' : /plan|validate/.test(command) ? 'tests' : undefined;
    if (verb) yield toFile(verb, pathIn('', input('workingDirectory') ?? '') ?? '', 'terraform');
    return;
  }
  const verb = taskVerbs.find(([task]) => task.test(name))?.[1];
  const tests =
    scalar(step.input('command'))?.string === 'test' ||
    /test/.test(scalar(step.input('goals'))?.string ?? '');
  if (verb) yield toFile(tests ? 'tests' : verb, '', name);
}
