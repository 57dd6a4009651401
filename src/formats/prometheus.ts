import {
  type Document,
  defineFormat,
  type Embedded,
  type Probe,
  type SyntaxProblem,
  type Visit,
} from '../engine/format';
import {
  map,
  maps,
  parseYaml,
  scalar,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../syntax/yaml';
import { contains, type Located } from '../text/range';
import type { Source } from '../text/source';

/** Rules that are evaluated one after the other. */
export interface RuleGroup extends Located {
  readonly name: YamlScalar | undefined;
  readonly map: YamlMap;
  readonly alerts: readonly Alert[];
}

/** A rule that raises an alert (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/). */
export interface Alert extends Located {
  readonly name: YamlScalar;
  readonly map: YamlMap;
  readonly group: RuleGroup;
  /** Undefined where it is missing or no text. */
  readonly expression: YamlScalar | undefined;
  /** Whether it says how long it waits before it fires, or goes on after: `for`, if only `0m`, `keep_firing_for`. */
  readonly timed: boolean;
  /**
   * With those of its group. One with an empty value is none
   * (https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels).
   */
  readonly labels: Pairs;
  readonly annotations: Pairs;
}

/** Labels or annotations. */
export interface Pairs {
  /** By name; where one is written in a way that no text can be read of, it is left out. */
  readonly values: ReadonlyMap<string, YamlScalar>;
  /** There may be more that only rendering brings. */
  readonly open: boolean;
}

export type PrometheusNodes = { group: RuleGroup; alert: Alert };

/** What a host knows of the rules that stand in it. */
export interface RuleFacts {
  /** Whether rendering may add entries to a map. */
  mapIsOpen(map: YamlMap): boolean;
  /** Whether rendering may add anything below a key. */
  isOpenBelow(entry: YamlEntry): boolean;
}

/** What is written is all there is. */
export const closed: RuleFacts = { mapIsOpen: () => false, isOpenBelow: () => false };
/** Rendering may add anything anywhere. */
export const open: RuleFacts = { mapIsOpen: () => true, isOpenBelow: () => true };

/**
 * Rule files of Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/); those of
 * Thanos, Mimir, VictoriaMetrics and Loki are alike. Also the `spec` of a PrometheusRule.
 */
export const prometheus = defineFormat<PrometheusNodes, RuleFacts>({
  id: 'prometheus',
  title: 'Prometheus rules',
  files: ['**/*.{yaml,yml,rules}'],
  nodes: ['group', 'alert'],

  recognises(file) {
    return isRuleFile(file) ? 'by-content' : undefined;
  },

  alone: () => closed,

  parse(source, facts) {
    const { roots, problems } = parseYaml(source);
    return rulesDocument(source, roots.flatMap(groupLists), facts, problems);
  },
});

function isRuleFile(file: Probe): boolean {
  if (!/\.(?:ya?ml|rules)$/.test(file.name) || !looksLikeRules(file.text)) return false;
  const keys = file.topLevelKeys();
  // Grafana's own provisioning files have `apiVersion` and other rules.
  return keys.has('groups') && !keys.has('apiVersion') && !keys.has('kind');
}

/** Whether a text holds rules of Prometheus, found without parsing it. */
export const looksLikeRules = (text: string): boolean =>
  /^["' ]*groups["']?\s*:/m.test(text) && /^[\s-]*["']?(?:alert|record)["']?\s*:/m.test(text);

/** Whether a list is one of rule groups; an empty one is none. */
const isGroupList = (node: YamlNode | undefined): boolean =>
  maps(node).some((group) =>
    maps(group.get('rules')).some((rule) => rule.has('alert') || rule.has('record')),
  );

/** A map whose `groups` are rule groups. */
export const isRules = (node: YamlMap): boolean => isGroupList(node.get('groups'));

const groupLists = (root: YamlNode): readonly YamlMap[] => maps(map(root)?.get('groups'));

/** Rules that stand in a document of another format, whose offsets they keep. */
export function embedRules(source: Source, rules: YamlMap, facts: RuleFacts): Embedded {
  return {
    format: prometheus,
    host: rules,
    parse: () => rulesDocument(source, groupLists(rules), facts, []),
  };
}

function rulesDocument(
  source: Source,
  nodes: readonly YamlMap[],
  facts: RuleFacts,
  problems: readonly SyntaxProblem[],
): Document<PrometheusNodes> {
  const groups = nodes.map((node) => groupOf(node, facts));
  return {
    source,
    problems,
    embedded: [],
    route(offset) {
      const at = [offset, offset] as const;
      const group = groups.find((each) => contains(each.range, at));
      const alert = group?.alerts.find((each) => contains(each.range, at));
      return `${group?.name?.string ?? ''}.${alert?.name.string ?? ''}`;
    },
    *walk(): Iterable<Visit<PrometheusNodes>> {
      for (const group of groups) {
        yield ['group', group];
        for (const alert of group.alerts) yield ['alert', alert];
      }
    },
  };
}

function groupOf(node: YamlMap, facts: RuleFacts): RuleGroup {
  const alerts: Alert[] = [];
  const group = { name: scalar(node.get('name')), map: node, alerts, range: node.range };
  const shared = pairsOf(node, 'labels', facts);
  for (const rule of maps(node.get('rules'))) {
    const name = scalar(rule.get('alert'));
    if (!name || name.string === '') continue;
    const own = pairsOf(rule, 'labels', facts);
    alerts.push({
      name,
      map: rule,
      group,
      expression: scalar(rule.get('expr')),
      timed: facts.mapIsOpen(rule) || rule.has('for') || rule.has('keep_firing_for'),
      labels: {
        values: new Map(
          [...new Map([...shared.values, ...own.values])].filter(
            ([, { string, templated }]) => templated || string !== '',
          ),
        ),
        open: shared.open || own.open,
      },
      annotations: pairsOf(rule, 'annotations', facts),
      range: rule.range,
    });
  }
  return group;
}

function pairsOf(owner: YamlMap, key: string, facts: RuleFacts): Pairs {
  const values = new Map<string, YamlScalar>();
  const entry = owner.entry(key);
  for (const { key: name, value } of map(entry?.value)?.entries ?? []) {
    if (value?.kind === 'scalar') values.set(name.string, value);
  }
  const adds = facts.mapIsOpen(owner) || (entry !== undefined && facts.isOpenBelow(entry));
  return { values, open: adds || entry?.value?.kind === 'list' };
}
