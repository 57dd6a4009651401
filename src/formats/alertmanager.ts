import type { Fact } from '../engine/fact';
import {
  type Document,
  defineFormat,
  type Embedded,
  type SyntaxProblem,
  type Visit,
} from '../engine/format';
import {
  items,
  map,
  maps,
  parseYaml,
  scalar,
  type YamlEntry,
  type YamlMap,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';

/** Who is told of which alert. */
export interface Routing extends Located {
  readonly root: Route;
  readonly receivers: readonly Receiver[];
  /** One of several configurations that something joins: what stands here is not all. */
  readonly partial: boolean;
  /** Routes, receivers or integrations may come from rendering. */
  readonly open: boolean;
  /** The receiver of that name. */
  receiver(name: string): Receiver | undefined;
  /** Every route, parents first. */
  readonly routes: readonly Route[];
}

/** https://prometheus.io/docs/alerting/latest/configuration/#route */
export interface Route extends Located {
  readonly map: YamlMap;
  readonly parent: Route | undefined;
  /** Its own, or that of the nearest route above which names one. */
  readonly receiver: YamlScalar | undefined;
  /** Whether it names a receiver itself. */
  readonly ownReceiver: boolean;
  readonly matchers: readonly Matcher[];
  readonly routes: readonly Route[];
}

/** https://prometheus.io/docs/alerting/latest/configuration/#matcher */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** https://prometheus.io/docs/alerting/latest/configuration/#receiver */
export interface Receiver extends Located {
  readonly name: YamlScalar;
  /** `slack_configs` and the like that have an entry. */
  readonly integrations: readonly YamlEntry[];
}

export type AlertmanagerNodes = { routing: Routing; route: Route; receiver: Receiver };

/** What a host knows of the configuration that stands in it. */
export interface RoutingFacts {
  readonly partial: boolean;
  /** Rendering may add to it. */
  readonly open: boolean;
}

/** Configuration of Alertmanager (https://prometheus.io/docs/alerting/latest/configuration/). */
export const alertmanager = defineFormat<AlertmanagerNodes, RoutingFacts>({
  id: 'alertmanager',
  title: 'Alertmanager configuration',
  files: ['**/*.{yaml,yml}'],
  nodes: ['routing', 'route', 'receiver'],

  recognises(file) {
    if (!/\.ya?ml$/.test(file.name) || !file.text.includes('receiver')) return undefined;
    const keys = file.topLevelKeys();
    const isConfiguration = keys.has('route') && keys.has('receivers') && !keys.has('kind');
    return isConfiguration ? 'by-content' : undefined;
  },

  alone: () => ({ partial: false, open: false }),

  parse(source, facts) {
    const { roots, problems } = parseYaml(source);
    return routingDocument(source, map(roots[0]), facts, problems);
  },
});

/** Whether a text is a configuration, found without parsing it. */
export const looksLikeRouting = (text: string): boolean =>
  /^["' ]*route["']?\s*:/m.test(text) && /^["' ]*receivers["']?\s*:/m.test(text);

/** Whether a map is a configuration: `route` and `receivers` side by side. */
export const isRouting = (node: YamlMap): boolean =>
  map(node.get('route'))?.has('receiver') === true &&
  maps(node.get('receivers')).some((each) => each.has('name'));

/** A configuration that stands in a document of another format, whose offsets it keeps. */
export function embedRouting(source: Source, routing: YamlMap, facts: RoutingFacts): Embedded {
  return {
    format: alertmanager,
    host: routing,
    parse: () => routingDocument(source, routing, facts, []),
  };
}

function routingDocument(
  source: Source,
  root: YamlMap | undefined,
  facts: RoutingFacts,
  problems: readonly SyntaxProblem[],
): Document<AlertmanagerNodes> {
  const routing = root && routingOf(root, facts);
  return {
    source,
    problems,
    embedded: [],
    facts: routing ? [...factsOf(routing)] : [],
    route: (offset) => (root ? yamlRoute([root], offset) : ''),
    *walk(): Iterable<Visit<AlertmanagerNodes>> {
      if (!routing) return;
      yield ['routing', routing];
      for (const route of routing.routes) yield ['route', route];
      for (const receiver of routing.receivers) yield ['receiver', receiver];
    },
  };
}

function routingOf(node: YamlMap, facts: RoutingFacts): Routing | undefined {
  const top = map(node.get('route'));
  if (!top) return undefined;
  const root = routeOf(top, undefined);
  const routes: Route[] = [root];
  // Grows while it is walked.
  for (const route of routes) routes.push(...route.routes);
  const receivers = maps(node.get('receivers')).flatMap((each): Receiver[] => {
    const name = scalar(each.get('name'));
    return name ? [{ name, integrations: integrationsOf(each), range: each.range }] : [];
  });
  return {
    root,
    receivers,
    routes,
    ...facts,
    receiver: (name) => receivers.find((each) => each.name.string === name),
    range: node.range,
  };
}

/** `slack_configs`; `slackConfigs` in objects of the operator. One without an entry is none. */
const integrationsOf = (receiver: YamlMap): readonly YamlEntry[] =>
  receiver.entries.filter(
    ({ key, value }) =>
      /_configs$|Configs$/.test(key.string) &&
      (value?.kind === 'list'
        ? value.items.length > 0
        : value?.kind === 'scalar' && value.templated),
  );

function routeOf(node: YamlMap, parent: Route | undefined): Route {
  const own = scalar(node.get('receiver'));
  const routes: Route[] = [];
  const route: Route = {
    map: node,
    parent,
    receiver: own && own.string !== '' ? own : parent?.receiver,
    ownReceiver: own !== undefined && own.string !== '',
    matchers: [...matchersOf(node)],
    routes,
    range: node.range,
  };
  for (const child of maps(node.get('routes'))) routes.push(routeOf(child, route));
  return route;
}

function* matchersOf(route: YamlMap): Iterable<Matcher> {
  for (const [key, operator] of [
    ['match', '='],
    ['match_re', '=~'],
  ] as const) {
    for (const { key: label, value } of map(route.get(key))?.entries ?? []) {
      yield { label: label.string, operator, value: scalar(value)?.string ?? '' };
    }
  }
  const list = route.get('matchers');
  const written = list?.kind === 'scalar' ? [list] : items(list);
  for (const each of written) {
    if (each.kind === 'scalar') yield* matchersIn(each.string);
    if (each.kind === 'map') {
      // https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1alpha1.Matcher
      const label = scalar(each.get('name'))?.string ?? '';
      const type = scalar(each.get('matchType'))?.string;
      const isPattern = scalar(each.get('regex'))?.value === true;
      const operator = operators.find((one) => one === type) ?? (isPattern ? '=~' : '=');
      yield { label, operator, value: scalar(each.get('value'))?.string ?? '' };
    }
  }
}

const operators = ['=', '!=', '=~', '!~'] as const;

/** `severity = "critical"`, also several with commas between and braces around. */
function* matchersIn(text: string): Iterable<Matcher> {
  const pattern = /"?([\w.:/-]+)"?\s*(=~|!~|!=|=)\s*(?:"((?:\\.|[^"\\])*)"|([^,{}"]*))/g;
  for (const match of text.matchAll(pattern)) {
    const operator = operators.find((each) => each === match[2])!;
    yield { label: match[1]!, operator, value: match[3] ?? match[4]!.trim() };
  }
}

/** The values a matcher names one by one; undefined for a pattern that may match anything. */
export function valuesOf({ operator, value }: Matcher): readonly string[] | undefined {
  if (operator === '=') return [value];
  if (operator !== '=~') return undefined;
  const inner = /^\^?\(?(?:\?:)?([\w|. -]+)\)?\$?$/.exec(value);
  return inner?.[1]?.split('|').map((each) => each.trim());
}

/** States that some Alertmanager of the workspace chooses routes by a label. */
export const routesBy = (label: string) => ({ kind: 'alertmanager/routes-by', key: label });
/** States that some Alertmanager of the workspace has a route for alerts of that name. */
export const routesAlert = (name: string) => ({ kind: 'alertmanager/routes-alert', key: name });
/** States that to some Alertmanager of the workspace a label is all one. */
export const ignoresLabel = (label: string) => ({ kind: 'alertmanager/ignores', key: label });
/** States that some configuration of the workspace is joined with others to one. */
export const isJoined = { kind: 'alertmanager/joined', key: '*' };

function* factsOf(routing: Routing): Iterable<Fact> {
  if (routing.partial) yield { ...isJoined, range: routing.range };
  const labels = new Set<string>();
  for (const { matchers, range } of routing.routes) {
    for (const matcher of matchers) {
      labels.add(matcher.label);
      yield { ...routesBy(matcher.label), range };
      if (matcher.label !== 'alertname') continue;
      for (const name of valuesOf(matcher) ?? []) yield { ...routesAlert(name), range };
    }
  }
  if (!routing.open && !routing.partial && !labels.has('severity')) {
    yield { ...ignoresLabel('severity'), range: routing.root.range };
  }
}
