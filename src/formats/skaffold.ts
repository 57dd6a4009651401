import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import {
  items as list,
  map,
  parseYaml,
  type YamlMap,
  type YamlNode,
  yamlRoute,
} from '../syntax/yaml';
import type { Value } from '../text/range';
import type { Source } from '../text/source';
import { pathIn, toFile, unique } from './delivery';
import { imageName } from './image';

/** An image Skaffold builds and whose name it replaces in manifests; the range is that of the name. */
export interface Artifact extends Value {
  readonly map: YamlMap;
}

export type SkaffoldNodes = { artifact: Artifact };

/** A Skaffold configuration (https://skaffold.dev/docs/references/yaml/). */
export const skaffold = defineFormat<SkaffoldNodes>({
  id: 'skaffold',
  title: 'Skaffold configuration',
  files: ['**/*skaffold*.{yaml,yml}'],
  nodes: ['artifact'],

  recognises(file) {
    if (!/\.ya?ml$/.test(file.name) || !file.text.includes('skaffold/')) return undefined;
    return /^apiVersion:\s*["']?skaffold\//m.test(file.text) ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return read(source);
  },
});

function read(source: Source): Document<SkaffoldNodes> {
  const { roots, problems } = parseYaml(source);
  const artifacts: Artifact[] = [];
  for (const root of roots) {
    const config = map(root);
    for (const part of [config, ...list(config?.get('profiles')).map(map)]) {
      for (const each of list(map(part?.get('build'))?.get('artifacts'))) {
        const name = map(each)?.get('image');
        if (each.kind !== 'map' || name?.kind !== 'scalar') continue;
        artifacts.push({ value: name.string, map: each, range: name.range });
      }
    }
  }
  return {
    source,
    // A configuration may hold Go templates, which no YAML parser has to like.
    problems: source.text.includes('{{') ? [] : problems,
    facts: artifacts.map(
      ({ value, range }): Fact => ({ kind: 'image/built-here', key: imageName(value), range }),
    ),
    get parts() {
      return roots.length > 0 ? [pipeline(source.path, roots)] : [];
    },
    embedded: [],
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<SkaffoldNodes>> {
      for (const artifact of artifacts) yield ['artifact', artifact];
    },
  };
}

/** What it builds and where from, and what it applies. */
function pipeline(path: string, roots: readonly YamlNode[]): Part {
  const folder = path.replace(/\/?[^/]*$/, '');
  const text = (node: YamlNode | undefined) => (node?.kind === 'scalar' ? node.string : undefined);
  const links: Link[] = [];
  for (const root of roots) {
    const config = map(root);
    for (const part of [config, ...list(config?.get('profiles')).map(map)]) {
      for (const each of list(map(part?.get('build'))?.get('artifacts')).map(map)) {
        const context = pathIn(folder, text(each?.get('context')) ?? '.');
        const file = text(map(each?.get('docker'))?.get('dockerfile')) ?? 'Dockerfile';
        const recipe = context === undefined ? undefined : pathIn(context, file);
        const image = text(each?.get('image'));
        if (recipe !== undefined)
          links.push({
            ...toFile('builds', recipe, 'docker'),
            ...(image && { as: imageName(image) }),
          });
      }
      const manifests = map(part?.get('manifests'));
      const kubectl = map(map(part?.get('deploy'))?.get('kubectl'));
      for (const node of [manifests?.get('rawYaml'), kubectl?.get('manifests')])
        for (const each of list(node)) {
          const target = pathIn(folder, text(each)?.replace(/\/?\*.*$/, '') ?? '');
          if (target !== undefined) links.push(toFile('deploys', target, 'kubectl'));
        }
      for (const each of list(map(manifests?.get('kustomize'))?.get('paths'))) {
        const target = pathIn(folder, text(each) ?? '');
        if (target !== undefined) links.push(toFile('deploys', target, 'kubectl'));
      }
      const releases = map(manifests?.get('helm')) ?? map(map(part?.get('deploy'))?.get('helm'));
      for (const each of list(releases?.get('releases')).map(map)) {
        const target = pathIn(folder, text(each?.get('chartPath')) ?? '');
        if (target) links.push(toFile('deploys', target, 'helm'));
      }
    }
  }
  return { kind: 'task', name: '', links: unique(links), range: [0, 0] };
}
