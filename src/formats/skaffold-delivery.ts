import type { Link, Part } from '../engine/part';
import { items as list, map, type YamlMap, type YamlNode } from '../syntax/yaml';
import type { Source } from '../text/source';
import { linksOfCommands } from './command-links';
import { folderOf, pathIn, toFile, toImage, unique } from './delivery';
import { imageName } from './image';

const text = (node: YamlNode | undefined) => (node?.kind === 'scalar' ? node.string : undefined);

/** `a.b.c` below a map. */
const at = (node: YamlMap | undefined, path: string): YamlNode | undefined =>
  path.split('.').reduce<YamlNode | undefined>((inner, name) => map(inner)?.get(name), node);

/** What a configuration builds and where from, and what it applies, its profiles among it. */
export function skaffoldPart(source: Source, roots: readonly YamlNode[]): Part {
  const folder = folderOf(source.path);
  const links = roots.flatMap((root) => {
    const config = map(root);
    const all = [config, ...list(config?.get('profiles')).map(map)];
    const found = all.flatMap((each) => [...configLinks(source, folder, each)]);
    const builds = found.some(({ verb }) => verb === 'builds');
    const applies = found.some(({ verb }) => verb === 'deploys');
    // https://skaffold.dev/docs/references/yaml/#manifests-rawYaml: what is applied where nothing is named.
    const usual = builds && !applies ? pathIn(folder, 'k8s') : undefined;
    return usual === undefined ? found : [...found, toFile('deploys', usual, 'kubectl')];
  });
  return { kind: 'task', name: '', links: unique(links), range: [0, 0] };
}

function* configLinks(source: Source, folder: string, config: YamlMap | undefined): Iterable<Link> {
  for (const artifact of list(at(config, 'build.artifacts')).map(map))
    if (artifact) yield* artifactLinks(source, folder, artifact);
  for (const path of [
    'manifests.rawYaml',
    'manifests.kustomize.paths',
    'deploy.kubectl.manifests',
    'deploy.kustomize.paths',
  ])
    for (const each of list(at(config, path))) {
      const target = pathIn(folder, text(each)?.replace(/\/?\*.*$/, '') ?? '');
      if (target !== undefined) yield toFile('deploys', target, 'kubectl');
    }
  for (const path of ['manifests.helm.releases', 'deploy.helm.releases'])
    for (const each of list(at(config, path)).map(map)) {
      const target = pathIn(folder, text(each?.get('chartPath')) ?? '');
      if (target) yield toFile('deploys', target, 'helm');
    }
  for (const each of list(at(config, 'deploy.docker.images'))) {
    const image = text(each);
    if (image !== undefined) yield toImage('uses', image);
  }
  // https://skaffold.dev/docs/design/config/#configuration-dependencies
  for (const each of list(config?.get('requires')).map(map)) {
    const target = pathIn(folder, text(each?.get('path')) ?? '');
    if (target === undefined || target === '') continue;
    yield toFile('runs', /\.ya?ml$/.test(target) ? target : `${target}/skaffold.yaml`);
  }
  for (const each of list(config?.get('test')).map(map))
    for (const test of list(each?.get('custom')).map(map))
      yield* shellLinks(source, folder, text(test?.get('command')));
  yield* hookLinks(source, folder, at(config, 'build.hooks'));
  for (const path of ['deploy.kubectl.hooks', 'deploy.helm.hooks', 'deploy.kustomize.hooks'])
    yield* hookLinks(source, folder, at(config, path));
}

/** Builders that need no Dockerfile (https://skaffold.dev/docs/builders/builder-types/). */
const withoutRecipe = ['bazel', 'buildpacks', 'jib', 'ko'];

function* artifactLinks(source: Source, folder: string, artifact: YamlMap): Iterable<Link> {
  const image = text(artifact.get('image'));
  const as = image ? { as: imageName(image) } : {};
  const context = pathIn(folder, text(artifact.get('context')) ?? '.');
  yield* hookLinks(source, context ?? folder, artifact.get('hooks'));
  if (context === undefined) return;
  const command = text(at(artifact, 'custom.buildCommand'));
  if (artifact.has('custom')) {
    for (const link of shellLinks(source, context, command))
      yield link.verb === 'builds' && link.to.kind === 'file' ? { ...link, ...as } : link;
    const watched = text(at(artifact, 'custom.dependencies.dockerfile.path'));
    const recipe = watched === undefined ? undefined : pathIn(context, watched);
    if (recipe) yield { ...toFile('builds', recipe, 'docker'), ...as };
    return;
  }
  if (withoutRecipe.some((builder) => artifact.has(builder))) {
    yield { ...toFile('builds', context), ...as };
    return;
  }
  const file =
    text(at(artifact, 'docker.dockerfile')) ??
    text(at(artifact, 'kaniko.dockerfile')) ??
    'Dockerfile';
  const recipe = pathIn(context, file);
  if (recipe !== undefined) yield { ...toFile('builds', recipe, 'docker'), ...as };
}

/** https://skaffold.dev/docs/lifecycle-hooks/: those of a build run on the host, others are said to. */
function* hookLinks(source: Source, folder: string, hooks: YamlNode | undefined): Iterable<Link> {
  for (const when of ['before', 'after'])
    for (const hook of list(map(hooks)?.get(when)).map(map)) {
      const host = map(hook?.get('host')) ?? hook;
      const given = text(host?.get('dir'));
      const words = list(host?.get('command')).flatMap((each) => text(each) ?? []);
      const script = /^(?:ba|da|a)?sh$/.test(words[0] ?? '') && words[1] === '-c';
      const command = script ? words[2] : words.join(' ');
      yield* shellLinks(source, given ? (pathIn(folder, given) ?? folder) : folder, command);
    }
}

function shellLinks(
  source: Source,
  directory: string,
  command: string | undefined,
): readonly Link[] {
  return linksOfCommands(source, command ?? '', directory);
}
