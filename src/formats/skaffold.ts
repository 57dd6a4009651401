import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Visit } from '../engine/format';
import { items as list, map, parseYaml, type YamlMap, yamlRoute } from '../syntax/yaml';
import type { Value } from '../text/range';
import type { Source } from '../text/source';
import { imageName } from './image';
import { skaffoldPart } from './skaffold-delivery';

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
      return roots.length > 0 ? [skaffoldPart(source, roots)] : [];
    },
    embedded: [],
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<SkaffoldNodes>> {
      for (const artifact of artifacts) yield ['artifact', artifact];
    },
  };
}
