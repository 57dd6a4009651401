import type { FactName } from '../engine/fact';
import { type Document, defineFormat, type Visit } from '../engine/format';
import {
  parseYaml,
  scalar,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { asWritten, storedIn } from './stored-configuration';

/** An image as charts take it apart: `repository` and `tag`, by convention side by side. */
export interface ImageValues extends Located {
  readonly map: YamlMap;
  /** The keys that lead to the tag, as `--set` names it: `web.image.tag`; undefined inside a list. */
  readonly name: string | undefined;
  readonly registry: YamlScalar | undefined;
  readonly repository: YamlScalar;
  /** Empty where the chart's appVersion is meant. */
  readonly tag: YamlScalar;
}

export type HelmValuesNodes = { image: ImageValues };

/** Values of a Helm chart (https://helm.sh/docs/chart_template_guide/values_files/). */
export const helmValues = defineFormat<HelmValuesNodes>({
  id: 'helm-values',
  title: 'Helm values',
  files: ['**/values*.{yaml,yml}'],
  nodes: ['image'],

  recognises(file) {
    if (!/^values(?:[-_.][\w.-]+)?\.ya?ml$/.test(file.name)) return undefined;
    const keys = file.topLevelKeys();
    return keys.has('apiVersion') && keys.has('kind') ? undefined : 'by-content';
  },

  alone: () => undefined,

  parse(source) {
    return read(source);
  },
});

/** The folder of the chart a file of values, or a template, belongs to. */
export const chartOf = (path: string): string =>
  path.replace(/(?:^|\/)(?:templates\/.*|[^/]*)$/, '');

/** Stated where the templates of a chart take its appVersion for the tag of an image. */
export const usesAppVersion = (chart: string): FactName => ({
  kind: 'helm/uses-app-version',
  key: chart,
});

/**
 * Stated where a command gives a chart a value of its own, by the name `--set` has for it. Of the chart only the name
 * of its folder counts; `undefined` where that is not known before the command runs.
 */
export const setsValue = (chart: string | undefined, name: string): FactName => ({
  kind: 'helm/sets',
  key: `${chart?.replace(/^.*\//, '') ?? '*'} ${name}`,
});

function read(source: Source): Document<HelmValuesNodes> {
  const { roots, problems } = parseYaml(source);
  return {
    source,
    problems,
    embedded: roots.flatMap((root) => [...storedIn(source, root, asWritten)]),
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<HelmValuesNodes>> {
      for (const root of roots) for (const each of imagesIn(root)) yield ['image', each];
    },
  };
}

function imagesIn(root: YamlNode): readonly ImageValues[] {
  const found: ImageValues[] = [];
  const open: (readonly [YamlNode, name: string | undefined])[] = [[root, '']];
  const seen = new Set<YamlNode>();
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, name] = next;
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'list') for (const item of node.items) open.push([item, undefined]);
    if (node.kind !== 'map') continue;
    const tag = scalar(node.get('tag'));
    const repository = scalar(node.get('repository')) ?? scalar(node.get('name'));
    if (tag && repository) {
      const registry = scalar(node.get('registry'));
      found.push({
        map: node,
        name: name === undefined ? name : `${name}tag`,
        registry,
        repository,
        tag,
        range: node.range,
      });
    }
    for (const { key, value } of node.entries)
      if (value) open.push([value, name === undefined ? name : `${name}${key.string}.`]);
  }
  return found.sort((a, b) => a.range[0] - b.range[0]);
}
