import { type Document, defineFormat, type Visit } from '../engine/format';
import { type JsonNode, type JsonObject, type JsonScalar, parseJson } from '../syntax/json';
import type { Located } from '../text/range';
import type { Source } from '../text/source';

/** https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export interface Dashboard extends Located {
  readonly title: JsonScalar | undefined;
  readonly id: JsonScalar | undefined;
  readonly uid: JsonScalar | undefined;
  /** Whoever imports it is asked for the data sources: it is made to be handed on, not to be provisioned. */
  readonly asksOnImport: boolean;
  /** Those in rows too, collapsed or of old. */
  readonly panels: readonly Panel[];
}

export interface Panel extends Located {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /** What is shown is kept elsewhere: https://grafana.com/docs/grafana/latest/panels-visualizations/library-panels/ */
  readonly fromLibrary: boolean;
}

export type GrafanaNodes = { dashboard: Dashboard };

/** Dashboards of Grafana, as files and in ConfigMaps. */
export const grafana = defineFormat<GrafanaNodes>({
  id: 'grafana',
  title: 'Grafana dashboard',
  files: ['**/*.json'],
  nodes: ['dashboard'],

  recognises(file) {
    return file.name.endsWith('.json') && looksLikeDashboard(file.text) ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return dashboardDocument(source);
  },
});

/** Whether a text is a dashboard, found without parsing it. */
export const looksLikeDashboard = (text: string): boolean =>
  /^\s*\{/.test(text) &&
  text.includes('"schemaVersion"') &&
  /"(?:panels|rows)"\s*:/.test(text) &&
  !/"(?:apiVersion|\$id)"\s*:/.test(text);

const object = (node: JsonNode | undefined) => (node?.kind === 'object' ? node : undefined);
const scalar = (node: JsonNode | undefined) => (node?.kind === 'scalar' ? node : undefined);
const objects = (node: JsonNode | undefined): readonly JsonObject[] =>
  node?.kind === 'list' ? node.items.filter((item) => item.kind === 'object') : [];
const text = (node: JsonNode | undefined): string => {
  const value = scalar(node)?.value;
  return typeof value === 'string' ? value.trim() : '';
};

function dashboardDocument(source: Source): Document<GrafanaNodes> {
  const { root, problems } = parseJson(source);
  // As the HTTP API takes and gives it.
  const model = object(object(root)?.get('dashboard')) ?? object(root);
  return {
    source,
    problems,
    embedded: [],
    route: () => '',
    *walk(): Iterable<Visit<GrafanaNodes>> {
      if (!model) return;
      const panels = [model, ...objects(model.get('rows'))].flatMap((each) => [...panelsIn(each)]);
      yield [
        'dashboard',
        {
          title: scalar(model.get('title')),
          id: scalar(model.get('id')),
          uid: scalar(model.get('uid')),
          asksOnImport: model.get('__inputs') !== undefined,
          panels,
          range: model.range,
        },
      ];
    },
  };
}

function* panelsIn(holder: JsonObject): Iterable<Panel> {
  for (const each of objects(holder.get('panels'))) {
    const type = text(each.get('type'));
    if (type === 'row') {
      yield* panelsIn(each);
      continue;
    }
    yield {
      type,
      title: text(each.get('title')),
      description: text(each.get('description')),
      fromLibrary: each.get('libraryPanel') !== undefined,
      range: each.range,
    };
  }
}
