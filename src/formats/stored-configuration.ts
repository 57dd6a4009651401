import { type Embedded, embed } from '../engine/format';
import type { YamlNode, YamlScalar } from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { alertmanager, embedRouting, isRouting, looksLikeRouting } from './alertmanager';
import { flags, looksLikeFlags } from './flags';
import { grafana, looksLikeDashboard } from './grafana';
import {
  closed,
  embedRules,
  isRules,
  looksLikeRules,
  open,
  prometheus,
  type RuleFacts,
} from './prometheus';

/** What a host knows of what stands in it. */
export interface StoredFacts extends RuleFacts {
  /** Whether rendering may add something between two offsets. */
  isOpenWithin(node: Located): boolean;
}

/** Nothing is rendered. */
export const asWritten: StoredFacts = { ...closed, isOpenWithin: () => false };

/**
 * Rules of Prometheus and configurations of Alertmanager anywhere in a tree: charts take both as values, under names
 * of their own (https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml).
 */
export function* storedIn(source: Source, root: YamlNode, facts: StoredFacts): Iterable<Embedded> {
  const nodes: YamlNode[] = [root];
  const seen = new Set<YamlNode>();
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'scalar') {
      yield* storedText(node, facts);
    } else if (node.kind === 'list') {
      nodes.push(...node.items);
    } else if (isRules(node)) {
      yield embedRules(source, node, facts);
    } else if (isRouting(node)) {
      yield embedRouting(source, node, { partial: false, open: facts.isOpenWithin(node) });
    } else for (const { value } of node.entries) if (value) nodes.push(value);
  }
}

/** A file of one of these tools that is kept as text, such as in a ConfigMap. */
export function* storedText(node: YamlScalar, facts: StoredFacts): Iterable<Embedded> {
  const { string } = node;
  if (node.style !== 'literal' || string.length < 20) return;
  const isOpen = facts.isOpenWithin(node);
  if (looksLikeRules(string)) {
    yield embed(prometheus, node.text(), isOpen ? open : closed, node);
  } else if (looksLikeRouting(string)) {
    yield embed(alertmanager, node.text(), { partial: false, open: isOpen }, node);
  } else if (looksLikeDashboard(string)) {
    yield embed(grafana, node.text(), undefined, node);
  } else if (looksLikeFlags(string)) {
    yield embed(flags, node.text(), undefined, node);
  }
}
