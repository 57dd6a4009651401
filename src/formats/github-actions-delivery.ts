import type { Link, Part } from '../engine/part';
import { map, type YamlMap, type YamlNode } from '../syntax/yaml';
import { lookUp } from '../text/look-up';
import {
  bakeLinks,
  devcontainerFiles,
  linksOf,
  pathIn,
  toFile,
  toImage,
  unique,
  verbs,
} from './delivery';
import type { Job, Step, Workflow } from './github-actions';
import { actionName, purposesOf } from './github-actions-purpose';
import { imageName } from './image';
import type { ShellDocument } from './shell';

/** Actions that look at one kind of files, with the program they run. */
const tools: Readonly<Record<string, string>> = {
  'ansible/ansible-lint': 'ansible',
  'ansible-community/ansible-lint-action': 'ansible',
  'hadolint/hadolint-action': 'docker',
  'helm/chart-testing-action': 'helm',
  'ludeeus/action-shellcheck': 'shell',
  'reviewdog/action-shellcheck': 'shell',
  'reviewdog/action-hadolint': 'docker',
  'reviewdog/action-tflint': 'terraform',
  'stackrox/kube-linter-action': 'kubectl',
  'terraform-linters/setup-tflint': 'terraform',
};

/** A workflow and its jobs; a composite action is one task. */
export function workflowParts(workflow: Workflow): readonly Part[] {
  if (workflow.kind === 'action') {
    const links = unique(workflow.jobs.flatMap((job) => stepLinks(job)));
    return [{ kind: 'task', name: '', links, range: workflow.root.range }];
  }
  const title = workflow.name?.string;
  const watched = list(map(workflow.trigger('workflow_run'))?.get('workflows'));
  return [
    {
      kind: 'pipeline',
      name: '',
      ...(title && { title }),
      events: [...workflow.triggers],
      links: watched.map(
        (name): Link => ({ verb: 'follows', to: { kind: 'pipeline', key: name } }),
      ),
      range: workflow.name?.range ?? [workflow.root.range[0], workflow.root.range[0]],
    },
    ...workflow.jobs.map((job): Part => jobPart(job)),
  ];
}

function jobPart(job: Job): Part {
  const title = job.map.get('name');
  const links: Link[] = job.needs.map((need) => ({
    verb: 'follows',
    to: { kind: 'job', key: need.string },
  }));
  const called = job.uses?.string;
  if (called?.startsWith('./')) links.push(toFile('runs', called.slice(2)));
  if (called !== undefined) links.push(...namedRecipes(job.map, job.workflow.repository));
  links.push(...stepLinks(job));
  if (job.environment !== undefined && !links.some((each) => each.verb === 'deploys'))
    links.push(toFile('deploys', job.workflow.repository.replace(/\/$/, ''), 'environment'));
  return {
    kind: 'job',
    name: job.id?.string ?? '',
    ...(title?.kind === 'scalar' && !title.string.includes('${{') && { title: title.string }),
    links: unique(links),
    range: job.id?.range ?? job.range,
  };
}

const stepLinks = (job: Job): readonly Link[] =>
  job.steps.flatMap((step) => [
    ...(step.embedded ? linksOf(step.embedded.parse() as ShellDocument) : actionLinks(step)),
  ]);

function* actionLinks(step: Step): Iterable<Link> {
  const { uses } = step;
  const root = step.job.workflow.repository;
  if (!uses) return;
  if (uses.string.startsWith('./')) {
    const folder = pathIn(root, uses.string);
    if (folder !== undefined) {
      yield toFile('runs', `${folder}/action.yml`);
      yield toFile('runs', `${folder}/action.yaml`);
    }
    return;
  }
  const name = actionName(uses.string);
  if (name === 'docker/build-push-action') return yield* imageLinks(step, root);
  if (name === 'docker/bake-action') return yield* targetLinks(step, root);
  if (name === 'devcontainers/ci') {
    // https://github.com/devcontainers/ci/blob/main/docs/github-action.md
    const folder = pathIn(root, input(step, 'subFolder') ?? '.') ?? '';
    const named = input(step, 'configFile');
    const files = named === undefined ? devcontainerFiles(folder) : [pathIn(root, named)];
    for (const file of files) if (file !== undefined) yield toFile('runs', file);
    return;
  }
  if (name === 'aws-actions/aws-cloudformation-github-deploy') {
    const template = pathIn(root, input(step, 'template') ?? '');
    yield template ? toFile('deploys', template, 'cloudformation') : toFile('deploys', '', name);
    return;
  }
  if (name === 'pre-commit/action') {
    yield toFile('runs', `${root}.pre-commit-config.yaml`, 'pre-commit');
    return;
  }
  yield* namedRecipes(step.map, root);
  const tool = lookUp(tools, name);
  const place = input(step, 'dockerfile') ?? input(step, 'working-directory') ?? '';
  const path = pathIn(root, place) ?? root.replace(/\/$/, '');
  if (tool) yield toFile('lints', path, tool);
  for (const purpose of purposesOf(step)) {
    const verb = verbs[purpose];
    if (verb && !(tool && verb === 'lints')) yield toFile(verb, path, tool ?? name);
  }
}

/** Dockerfiles that are handed to an action or a workflow as inputs named after them: `dockerfile`, `docker-file-path`. */
function* namedRecipes(caller: YamlMap, root: string): Iterable<Link> {
  for (const { key, value } of map(caller.get('with'))?.entries ?? []) {
    if (!/^docker[-_]?file(?:[-_]?path)?$/i.test(key.string) || value?.kind !== 'scalar') continue;
    const path = value.string.includes('${{') ? undefined : pathIn(root, value.string);
    if (path && /(?:docker|container)file[^/]*$/i.test(path))
      yield toFile('builds', path, 'docker');
  }
}

/** https://github.com/docker/bake-action#inputs */
function* targetLinks(step: Step, root: string): Iterable<Link> {
  const items = (name: string) =>
    list(step.input(name)).flatMap((text) =>
      text.split(/[\n,]/).flatMap((each) => each.trim() || []),
    );
  const given = input(step, 'source') ?? input(step, 'workdir') ?? '.';
  const folder = pathIn(root, given.replace(/^\{\{defaultContext\}\}:?/, './'));
  const files = items('files').map((file) =>
    // What another action wrote adds names and labels, no targets.
    file.includes('${{') ? undefined : pathIn(folder ?? '', file.replace(/^cwd:\/\//, './')),
  );
  const written = files.flatMap((file) => file ?? []);
  const replaced = items('set').some((each) => /\.(?:dockerfile|context)=/.test(each));
  yield* bakeLinks(
    folder ?? '',
    folder === undefined || (files.length > 0 && written.length === 0) ? [undefined] : written,
    items('targets').map((each) => (each.includes('${{') ? undefined : each)),
    replaced,
  );
}

/** https://github.com/docker/build-push-action#inputs */
function* imageLinks(step: Step, root: string): Iterable<Link> {
  const context = input(step, 'context') ?? '.';
  const folder = pathIn(root, context);
  const written = step.input('file');
  const file = input(step, 'file');
  // The file is named from the repository's root, whatever the context is.
  const path =
    written === undefined
      ? folder !== undefined && pathIn(folder, 'Dockerfile')
      : file !== undefined && pathIn(root, file);
  const tags = step.input('tags');
  const tag = tags?.kind === 'scalar' ? tags.string.split(/[\n,]/)[0]!.trim() : '';
  const as = tag !== '' && !tag.includes('${{') ? imageName(tag) : undefined;
  yield {
    // A path only the run knows may be any.
    ...toFile('builds', typeof path === 'string' ? path : root.replace(/\/$/, ''), 'docker'),
    ...(as !== undefined && { as }),
  };
  const push = step.input('push');
  if (push?.kind === 'scalar' && push.string !== 'false')
    yield as === undefined
      ? toFile('publishes', root.replace(/\/$/, ''), 'docker')
      : toImage('publishes', as);
}

const list = (node: YamlNode | undefined): readonly string[] =>
  (node?.kind === 'list' ? node.items : [node]).flatMap((each) =>
    each?.kind === 'scalar' ? each.string : [],
  );

/** An input's text, where the file says it. */
function input(step: Step, name: string): string | undefined {
  const value = step.input(name);
  return value?.kind === 'scalar' && value.string !== '' && !value.string.includes('${{')
    ? value.string
    : undefined;
}
