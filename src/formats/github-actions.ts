import type { Condition, Fact, FactName } from '../engine/fact';
import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Machine,
  type Probe,
  type Visit,
} from '../engine/format';
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
import { isCalledOptional } from './excuse';
import { workflowParts } from './github-actions-delivery';
import { tests } from './github-actions-purpose';
import { testsOnPush } from './github-actions-push';
import { updateFacts } from './github-actions-updates';
import { watchedBy, watches } from './github-actions-watching';
import { image } from './image';
import { embedShell, type Script } from './shell';
import type { ShellFacts } from './shell-model';

/** A workflow file, or a composite action seen as one job without a name. */
export interface Workflow extends Located {
  readonly kind: 'workflow' | 'action';
  readonly name: YamlScalar | undefined;
  /** Events that start it, such as `push`; empty for an action. */
  readonly triggers: ReadonlySet<string>;
  /** The value below `on.<event>`. */
  trigger(event: string): YamlNode | undefined;
  readonly jobs: readonly Job[];
  readonly root: YamlMap;
  /** The whole file. */
  readonly text: string;
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** The folder `.github` stands in, with a slash at its end; steps start there. */
  readonly repository: string;
}

export interface Job extends Located {
  /** Undefined for the steps of a composite action. */
  readonly id: YamlScalar | undefined;
  readonly map: YamlMap;
  readonly workflow: Workflow;
  readonly needs: readonly YamlScalar[];
  readonly condition: YamlScalar | undefined;
  /** Name of the deployment environment; `undefined` when none is set. */
  readonly environment: string | undefined;
  /** A reusable workflow it calls. */
  readonly uses: YamlScalar | undefined;
  /** Labels of `runs-on`, those of a matrix among them; what only the run knows is left out. */
  readonly runners: readonly string[];
  readonly steps: readonly Step[];
  readonly continueOnError: YamlScalar | undefined;
}

export interface Step extends Located {
  readonly map: YamlMap;
  readonly job: Job;
  readonly id: string | undefined;
  readonly name: YamlScalar | undefined;
  readonly uses: YamlScalar | undefined;
  readonly run: YamlScalar | undefined;
  readonly condition: YamlScalar | undefined;
  readonly continueOnError: YamlScalar | undefined;
  /** The script of `run`, read when first asked for; undefined for an action and for other shells than sh and bash. */
  readonly script: Script | undefined;
  readonly embedded: Embedded | undefined;
  /** An input of `with`. */
  input(name: string): YamlNode | undefined;
  /** Where a node of the script stands in the workflow. */
  placeOf(node: Located): Located;
}

export type WorkflowNodes = { workflow: Workflow; job: Job; step: Step };

/** `${{ … }}`, also over several lines. */
export const expression = /\$\{\{[\s\S]*?\}\}/g;

/**
 * GitHub Actions: workflows (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax)
 * and composite actions.
 */
export const githubActions = defineFormat<WorkflowNodes, { readonly machine: Machine | undefined }>(
  {
    id: 'github-actions',
    title: 'GitHub Actions workflow',
    files: ['**/.github/workflows/*.{yml,yaml}', '**/action.{yml,yaml}'],
    nodes: ['workflow', 'job', 'step'],

    recognises(file) {
      if (/(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/.test(file.path))
        return 'by-name';
      if (!/\.ya?ml$/.test(file.name)) return undefined;
      const keys = file.topLevelKeys();
      if (/^action\.ya?ml$/.test(file.name)) return keys.has('runs') ? 'by-name' : undefined;
      return isWorkflow(file, keys) ? 'by-content' : undefined;
    },

    alone: (file) => ({ machine: file.machine }),

    parse(source, facts) {
      return workflowDocument(source, facts.machine);
    },
  },
);

/** `on:` and `jobs:` with a runner: a workflow kept elsewhere, such as a template. */
function isWorkflow(file: Probe, keys: ReadonlySet<string>): boolean {
  return keys.has('on') && keys.has('jobs') && /^\s+(?:runs-on|uses)\s*:/m.test(file.text);
}

function workflowDocument(source: Source, machine: Machine | undefined): Document<WorkflowNodes> {
  const file = parseYaml(source);
  const root = map(file.roots[0]);
  const workflow = root && readWorkflow(root, source, machine);
  return {
    source,
    problems: file.problems,
    embedded: workflow ? [...pieces(workflow)] : [],
    get facts() {
      return workflow ? factsOf(workflow) : [];
    },
    condition: workflow && conditionOf(workflow),
    get parts() {
      return workflow ? workflowParts(workflow) : [];
    },
    route: (offset) => yamlRoute(file.roots, offset),
    *walk(): Iterable<Visit<WorkflowNodes>> {
      if (!workflow) return;
      yield ['workflow', workflow];
      for (const job of workflow.jobs) {
        yield ['job', job];
        for (const step of job.steps) yield ['step', step];
      }
    },
  };
}

/** A workflow stands where the workspace has them: the workspace is a repository of its own. */
const atRoot: FactName = { kind: 'github-actions/at-root', key: '' };

/**
 * A `.github` further down is that of another repository that was copied in; it is run only where it stands at the root
 * (https://docs.github.com/en/actions/how-tos/write-workflows). Where the root has none, the workspace may be a folder
 * of repositories.
 */
const conditionOf = ({ kind, path }: Workflow): Condition | undefined =>
  kind === 'workflow' && /.\/\.github\/workflows\//.test(path) ? { noneOf: [atRoot] } : undefined;

/**
 * `github-actions/tests` of a repository's folder: a workflow there runs tests; and whose end it waits for, which push
 * starts tests in it, what it pins or keeps up to date.
 */
function factsOf(workflow: Workflow): readonly Fact[] {
  if (workflow.kind !== 'workflow') return [];
  const { repository } = workflow;
  return [
    ...(workflow.path.startsWith('.github/workflows/') ? [atRoot] : []),
    ...(workflow.jobs.some(tests) ? [{ kind: 'github-actions/tests', key: repository }] : []),
    ...watchedBy(workflow).map((name) => watches(repository, name)),
    ...testsOnPush(workflow),
    ...updateFacts(workflow),
  ];
}

function readWorkflow(
  root: YamlMap,
  { path, text }: Source,
  machine: Machine | undefined,
): Workflow {
  const on = root.get('on');
  const triggers = new Set<string>();
  if (on?.kind === 'map') for (const { key } of on.entries) triggers.add(key.string);
  else for (const each of many(on)) if (each.kind === 'scalar') triggers.add(each.string);
  const runs = map(root.get('runs'));
  const workflow: { -readonly [K in keyof Workflow]: Workflow[K] } = {
    kind: runs ? 'action' : 'workflow',
    name: scalar(root.get('name')),
    triggers,
    trigger: (event) => map(on)?.get(event),
    jobs: [],
    root,
    text,
    path,
    repository: repositoryOf(path),
    range: root.range,
  };
  const jobs: Job[] = [];
  if (runs) jobs.push(readJob(undefined, runs, workflow, machine));
  for (const { key, value } of map(root.get('jobs'))?.entries ?? []) {
    if (value?.kind === 'map') jobs.push(readJob(key, value, workflow, machine));
  }
  workflow.jobs = jobs;
  return workflow;
}

function readJob(
  id: YamlScalar | undefined,
  node: YamlMap,
  workflow: Workflow,
  machine: Machine | undefined,
): Job {
  const environment = node.get('environment');
  const steps: Step[] = [];
  const job: Job = {
    id,
    map: node,
    workflow,
    needs: many(node.get('needs')).filter((each) => each.kind === 'scalar'),
    condition: scalar(node.get('if')),
    environment: (scalar(environment) ?? scalar(map(environment)?.get('name')))?.string,
    uses: scalar(node.get('uses')),
    runners: runnersOf(node),
    steps,
    continueOnError: scalar(node.get('continue-on-error')),
    range: node.range,
  };
  let before: Before = {};
  for (const item of many(node.get('steps'))) {
    if (item.kind !== 'map') continue;
    const step = readStep(item, job, machine, before);
    steps.push(step);
    if (makesCluster(step)) before = { ...before, ownCluster: true };
    if (checksOut(step)) before = { ...before, checkedOut: true };
  }
  return job;
}

/** What the steps of a job have done for those behind them. */
type Before = Pick<ShellFacts, 'ownCluster' | 'checkedOut'>;

function readStep(node: YamlMap, job: Job, machine: Machine | undefined, before: Before): Step {
  const run = scalar(node.get('run'));
  const inputs = map(node.get('with'));
  const facts = run && shellFacts(node, job, machine, before);
  const readable = facts !== undefined && facts.dialect !== 'other';
  const text = readable ? run?.text().mask(expression) : undefined;
  const script = text && facts ? embedShell(text, facts, run) : undefined;
  return {
    map: node,
    job,
    id: scalar(node.get('id'))?.string,
    name: scalar(node.get('name')),
    uses: scalar(node.get('uses')),
    run,
    condition: scalar(node.get('if')),
    continueOnError: scalar(node.get('continue-on-error')),
    get script() {
      return script?.parse().script;
    },
    embedded: script,
    input: (name) => inputs?.get(name),
    placeOf: (at) => text?.toFile(at.range) ?? run ?? node,
    range: node.range,
  };
}

/** What follows `${{ matrix.` in an expression that is nothing else. */
const matrixAxis = /^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/;

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idruns-on */
function runnersOf(job: YamlMap): readonly string[] {
  const matrix = map(map(job.get('strategy'))?.get('matrix'));
  const runsOn = job.get('runs-on');
  return many(map(runsOn)?.get('labels') ?? runsOn).flatMap((label) => {
    const text = scalar(label)?.string ?? '';
    const axis = matrixAxis.exec(text)?.[1];
    if (axis === undefined) return text.includes('${{') ? [] : [text];
    const [name, ...rest] = axis.split('.');
    const rows = [
      ...many(matrix?.get(name!)),
      ...many(matrix?.get('include')).map((row) => map(row)?.get(name!)),
    ];
    return rows.flatMap((row) => {
      const value = rest.reduce<YamlNode | undefined>((node, key) => map(node)?.get(key), row);
      return many(value).flatMap((each) => scalar(each)?.string ?? []);
    });
  });
}

/**
 * How `run` is started: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell.
 * Unset means `bash -e {0}`, `bash` means `bash --noprofile --norc -eo pipefail {0}`.
 */
function shellFacts(
  step: YamlMap,
  job: Job,
  machine: Machine | undefined,
  before: Before,
): ShellFacts {
  const setting = (name: string) =>
    [step, defaultsOf(job.map), defaultsOf(job.workflow.root)]
      .map((node) => scalar(node?.get(name))?.string)
      .find((value) => value !== undefined);
  const written = setting('shell');
  const directory = setting('working-directory') ?? '';
  const { runners: labels } = job;
  const group = map(job.map.get('runs-on'))?.get('group');
  const isWindows = (label: string) => /windows/i.test(label);
  // A matrix of several systems runs one text on all of them: it is shell where any of them is no Windows.
  const windows = written === undefined && labels.length > 0 && labels.every(isWindows);
  const template = written?.includes('{0}') ?? false;
  const isBash = written === undefined || /^(bash|sh)\b/.test(written);
  const selfHosted = group !== undefined || labels.includes('self-hosted');
  return {
    dialect: windows || !isBash ? 'other' : written?.startsWith('sh') ? 'sh' : 'bash',
    stopsOnError: template ? /\s-\w*e/.test(written ?? '') : true,
    pipefail: template ? /pipefail/.test(written ?? '') : written === 'bash',
    machine: machine ?? (selfHosted ? 'lasting' : 'fresh'),
    use: 'ci',
    ...before,
    ...(isCalledOptional(scalar(step.get('name'))?.string) && { optional: true }),
    precededBy: job.workflow.text.slice(0, step.range[0]),
    ...(!/\$|^[/~]|\.\./.test(directory) &&
      job.workflow.kind === 'workflow' && {
        directory: `${job.workflow.repository}${directory.replace(/^\.\/|^\.$|\/$/g, '')}`,
      }),
  };
}

/** Puts the folder back to what the commit has, unless told not to: https://github.com/actions/checkout#usage. */
const checksOut = ({ uses, map: step }: Step): boolean =>
  /^actions\/checkout(?:@|$)/.test(uses?.string ?? '') &&
  scalar(map(step.get('with'))?.get('clean'))?.string !== 'false';

/** Starts a cluster inside the job. */
const makesCluster = ({ uses, run }: Step): boolean =>
  /kind-action|setup-(?:kind|k3s|k3d|minikube)|k3d-action|minikube|microk8s/.test(
    uses?.string ?? '',
  ) || /\b(?:kind create cluster|minikube start|k3d cluster create)\b/.test(run?.string ?? '');

const defaultsOf = (node: YamlMap) => map(map(node.get('defaults'))?.get('run'));

/** The folder `.github` stands in, with a slash at its end; steps start there. */
const repositoryOf = (path: string) => /^(.*\/)?\.(?:github|gitea|forgejo)\//.exec(path)?.[1] ?? '';

function* pieces(workflow: Workflow): Iterable<Embedded> {
  for (const job of workflow.jobs) {
    for (const container of [job.map.get('container'), ...services(job.map)]) {
      const reference = scalar(container) ?? scalar(map(container)?.get('image'));
      if (!reference || reference.string === '') continue;
      const source = reference.text().mask(expression);
      const incomplete = source.text !== reference.string;
      yield embed(image, source, { use: 'tool', incomplete, defaulted: [] }, reference);
    }
    for (const step of job.steps) {
      if (step.embedded) yield step.embedded;
      yield* dockerImage(step.uses);
    }
    // https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-docker-container-actions
    if (workflow.kind === 'action') yield* dockerImage(scalar(job.map.get('image')));
  }
}

function* dockerImage(reference: YamlScalar | undefined): Iterable<Embedded> {
  if (!reference?.string.startsWith('docker://')) return;
  const text = reference.text();
  const source = text.slice([9, text.text.length]);
  yield embed(image, source, { use: 'tool', incomplete: false, defaulted: [] }, reference);
}

function services(job: YamlMap): readonly (YamlNode | undefined)[] {
  return map(job.get('services'))?.entries.map((entry) => entry.value) ?? [];
}
