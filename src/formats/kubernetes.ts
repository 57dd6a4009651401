import type { Condition, Fact, FactName } from '../engine/fact';
import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Neighbour,
  type Probe,
  type Visit,
} from '../engine/format';
import type { Part } from '../engine/part';
import { maskTemplates, type TemplateExpression } from '../syntax/template-mask';
import { items, map, maps, parseYaml, scalar, yamlRoute } from '../syntax/yaml';
import type { Source } from '../text/source';
import { embedRouting, isRouting } from './alertmanager';
import { toImage, unique } from './delivery';
import { embedFlags } from './flags';
import { chartOf, usesAppVersion } from './helm-values';
import { image, imageName } from './image';
import {
  type ChartTemplate,
  type Container,
  type KubernetesNodes,
  type KubernetesObject,
  ManifestText,
} from './kubernetes-model';
import { objectKey, readObjects } from './kubernetes-read';
import { embedRules, isRules } from './prometheus';
import { embedShell } from './shell';
import { storedIn, storedText } from './stored-configuration';

export type {
  ChartTemplate,
  Container,
  ContainerScript,
  KubernetesNodes,
  KubernetesObject,
  Pod,
  Volume,
} from './kubernetes-model';
export { objectKey } from './kubernetes-read';

const chartTemplate = /(?:^|\/)templates\//;

/**
 * Kubernetes manifests (https://kubernetes.io/docs/reference/kubernetes-api/), plain or as templates of a Helm chart
 * (https://helm.sh/docs/chart_template_guide/).
 */
export const kubernetes = defineFormat<KubernetesNodes>({
  id: 'kubernetes',
  title: 'Kubernetes manifest',
  files: ['**/*.{yaml,yml,json}', '**/templates/**/*.tpl'],
  nodes: ['object', 'pod', 'container', 'template'],

  recognises(file) {
    return isManifest(file) ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return manifest(source);
  },
});

/** Files with `apiVersion` and `kind` that are no objects of a cluster. */
const tools = /^\s*["']?apiVersion["']?\s*:\s*["']?(?:skaffold\/|kustomize\.config\.k8s\.io\/)/m;

function isManifest(file: Probe): boolean {
  const inChart = chartTemplate.test(file.path) && file.text.includes('{{');
  if (inChart && file.name.endsWith('.tpl')) return /\{\{-?\s*define\b/.test(file.text);
  if (!/\.(?:ya?ml|json)$/.test(file.name)) return false;
  const keys = file.topLevelKeys();
  if (!keys.has('apiVersion') || !keys.has('kind')) {
    return inChart && /^\s*apiVersion:/m.test(file.text) && /^\s*kind:/m.test(file.text);
  }
  return !tools.test(file.text);
}

function manifest(source: Source): Document<KubernetesNodes> {
  const masked = maskTemplates(source, 'go');
  const isYaml = !source.path.endsWith('.tpl');
  const file = isYaml ? parseYaml(masked.source) : { roots: [], problems: [] };
  const objects = readObjects(file.roots, masked, source);
  const text = new ManifestText(source.text, masked.source.text, masked.expressions);
  return {
    // As long as the masked text the ranges come from, and what fixes are written into.
    source,
    // What rendering leaves of a template is not known, so neither is whether it is YAML.
    problems: masked.expressions.length > 0 ? [] : file.problems,
    facts: [
      ...objects.flatMap((object) => [...factsOf(object, text)]),
      ...(chartTemplate.test(source.path) && /\.Chart\.AppVersion\b/.test(source.text)
        ? [usesAppVersion(chartOf(source.path))]
        : []),
    ],
    get parts() {
      return objects.flatMap((object) => (object.pods.length > 0 ? [workload(object)] : []));
    },
    embedded: [...pieces(objects), ...stored(objects, source, text)],
    route: (offset) => yamlRoute(file.roots, offset),
    ignoredFor: (tool, codes, at) => {
      const object = objects.find(
        ({ range }) => range[0] <= at.range[0] && at.range[1] <= range[1],
      );
      return object !== undefined && codes.some((code) => ignores(object, tool, code));
    },
    *walk(): Iterable<Visit<KubernetesNodes>> {
      for (const object of objects) {
        yield ['object', object];
        for (const pod of object.pods) {
          yield ['pod', pod];
          for (const container of pod.containers) yield ['container', container];
        }
      }
      if (!chartTemplate.test(source.path)) return;
      for (const template of chartTemplates(masked.expressions, source.text, text, objects)) {
        yield ['template', template];
      }
    },
  };
}

/**
 * Annotations of https://docs.kubelinter.io/#/configuring-kubelinter?id=ignoring-violations-for-specific-cases and
 * https://github.com/zegl/kube-score#ignoring-a-test.
 */
function ignores({ annotations }: KubernetesObject, tool: Neighbour, code: string): boolean {
  if (tool === 'kube-linter') {
    return (
      annotations.has('kube-linter.io/ignore-all') ||
      annotations.has(`ignore-check.kube-linter.io/${code}`)
    );
  }
  const told = tool === 'kube-score' ? annotations.get('kube-score/ignore') : undefined;
  return told?.split(',').some((each) => each.trim() === code) === true;
}

/** An object as what runs containers. */
function workload(object: KubernetesObject): Part {
  const images = object.pods.flatMap((pod) =>
    pod.containers.flatMap((container) =>
      container.images.filter((each) => !each.templated && !/[{}$]/.test(each.string)),
    ),
  );
  return {
    kind: 'workload',
    name: object.label,
    links: unique(images.map((each) => toImage('uses', each.string))),
    range: object.name?.range ?? object.range,
  };
}

/** Kinds of controllers that render and apply what stands in a repository, and say themselves what is wrong with it. */
const gitops =
  /^(?:argoproj\.io\/v1alpha1|(?:kustomize|helm|source)\.toolkit\.fluxcd\.io\/.*|fleet\.cattle\.io\/.*)$/;

/** Stated where a controller applies manifests. */
export const appliedByController: FactName = { kind: 'kubernetes/gitops', key: '' };

/** What one object says about others that are applied with it. */
function* factsOf(object: KubernetesObject, text: ManifestText): Iterable<Fact> {
  const { kind, spec, unit, apiVersion } = object;
  if (!spec) return;
  if (gitops.test(apiVersion)) yield { ...appliedByController, range: object.range };
  if (kind === 'Service' && apiVersion === 'v1') {
    const labels = text.pairs(spec.entry('selector'));
    if (labels.length === 0) return;
    for (const port of maps(spec.get('ports'))) {
      const target = scalar(port.get('targetPort')) ?? scalar(port.get('port'));
      if (!target || watching.test(scalar(port.get('name'))?.string ?? '')) continue;
      const key = targetKey(unit, labels, text.value(target));
      yield { kind: 'kubernetes/service-target', key, range: object.range };
    }
  }
  if (kind === 'PersistentVolumeClaim' && object.name) {
    const modes = items(spec.get('accessModes')).map((each) => scalar(each)?.string ?? '');
    const single = modes.length > 0 && modes.every((mode) => /^ReadWriteOnce(?:Pod)?$/.test(mode));
    // Folders of examples hold claims of one name and different modes.
    const fact = single ? 'kubernetes/read-write-once' : 'kubernetes/other-claim';
    yield { kind: fact, key: object.key, range: object.range };
  }
  if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') {
    const target = map(spec.get('scaleTargetRef'));
    const name = scalar(target?.get('name'));
    if (!name) return;
    const scaled = scalar(target?.get('kind'))?.string ?? 'Deployment';
    const key = objectKey(unit, scaled, text.value(name));
    yield { kind: 'kubernetes/autoscaled', key, range: object.range };
  }
}

/** Names what a Service sends traffic to, for facts: labels and a port, by name or number. */
export function targetKey(unit: string, labels: readonly string[], port: string): string {
  return `${unit}#${[...labels].sort().join(',')}:${port}`;
}

/** Ports that are asked by monitoring, which does not mind a pod that is not ready. */
const watching = /metric|monitor|prom|exporter|telemetry|pprof|debug|profil/i;

/**
 * When a container gets requests: some Service of what is applied together selects its pod and one of its ports.
 * Undefined where the pod's labels or the container's ports are not written.
 */
export function getsRequests({ pod, ports }: Container): Condition | undefined {
  const names = ports
    .filter((each) => !watching.test(each.name ?? ''))
    .flatMap(({ port, name }) => (name === undefined ? port : [port, name]));
  const { labels, owner } = pod;
  // A selector may ask for any of the labels; of many labels, no selector asks for many.
  const most = labels.length <= 6 ? labels.length : 2;
  const selectors = subsets(labels, most);
  if (labels.length > most) selectors.push(labels);
  const targets = selectors.flatMap((selector) =>
    names.map((port) => targetKey(owner.unit, selector, port)),
  );
  if (targets.length === 0) return undefined;
  return { anyOf: targets.map((key) => ({ kind: 'kubernetes/service-target', key })) };
}

/** All sets of one to `most` of the items. */
function subsets<T>(all: readonly T[], most: number): (readonly T[])[] {
  let found: (readonly T[])[] = [[]];
  for (const item of all) {
    found = [...found, ...found.filter((set) => set.length < most).map((set) => [...set, item])];
  }
  return found.slice(1);
}

/** Whether a file is input of a test rather than something that is deployed. */
export const isTestData = (path: string): boolean =>
  /(?:^|\/)(?:__?tests?__?|tests?|e2e|testdata|test-data|test-fixtures|fixtures|integration)\//i.test(
    path,
  );

function* pieces(objects: readonly KubernetesObject[]): Iterable<Embedded> {
  for (const object of objects) {
    for (const pod of object.pods) {
      for (const container of pod.containers) {
        yield* references(container);
        for (const { embedded } of container.scripts) yield embedded;
      }
    }
    if (object.kind === 'ConfigMap') yield* storedScripts(object);
  }
}

function* references(container: Container): Iterable<Embedded> {
  // Never: the image was put on the node by hand, for development.
  if (scalar(container.map.get('imagePullPolicy'))?.string === 'Never') return;
  if (isPutByTrigger(container)) return;
  for (const reference of container.images) {
    const source = reference.text();
    const facts = {
      use: 'run',
      incomplete: reference.templated,
      defaulted: [],
      label: container.pod.owner.label,
      condition: unlessReplaced(source.text, container.pod.owner.unit),
    } as const;
    yield embed(image, source, facts, reference);
  }
}

/**
 * OpenShift puts an image there, by its digest, when a tag of an image stream changes: in a DeploymentConfig
 * (https://docs.okd.io/latest/rest_api/workloads_apis/deploymentconfig-apps-openshift-io-v1.html), and where an annotation
 * asks for it (https://docs.okd.io/latest/openshift_images/triggering-updates-on-imagestream-changes.html).
 */
function isPutByTrigger({ pod, name }: Container): boolean {
  const { annotations, spec } = pod.owner;
  const told = annotations.get('image.openshift.io/triggers')?.replace(/\\/g, '') ?? '';
  if (!name) return false;
  return (
    told.includes(`@.name=="${name.string}"`) ||
    maps(spec?.get('triggers')).some((trigger) =>
      items(map(trigger.get('imageChangeParams'))?.get('containerNames')).some(
        (each) => scalar(each)?.string === name.string,
      ),
    )
  );
}

/** What is built in the workspace, or exchanged by kustomize, stands in manifests as a placeholder. */
function unlessReplaced(text: string, unit: string): Condition {
  const name = imageName(text);
  const folders = unit
    .split('/')
    .map((_, i, parts) => [...parts.slice(0, i), 'Tiltfile'].join('/'));
  return {
    noneOf: [
      { kind: 'image/built-here', key: name },
      { kind: 'image/replaced', key: name },
      // Tilt puts the tags of what it builds into references without one: https://docs.tilt.dev/api.html#api.docker_build
      ...(name === text
        ? [...folders, `${unit}/Tiltfile`].map((key) => ({ kind: 'file', key }))
        : []),
    ],
  };
}

/** Scripts kept in a ConfigMap, to be mounted and run. */
function* storedScripts(object: KubernetesObject): Iterable<Embedded> {
  for (const { key, value } of map(object.map.get('data'))?.entries ?? []) {
    if (!/\.(?:sh|bash)$/.test(key.string) || value?.kind !== 'scalar') continue;
    const first = /^#!\s*\S+(?:[ \t]+([^\r\n]*))?/.exec(value.string);
    const facts = {
      dialect: first && !/bash/.test(first[0]) ? 'sh' : 'bash',
      stopsOnError: /(?:^|\s)-\w*e/.test(first?.[1] ?? ''),
      pipefail: false,
      machine: undefined,
      use: 'script',
    } as const;
    yield embedShell(value.text(), facts, value);
  }
}

/** Configuration of other tools: objects of the operators' own kinds, files in ConfigMaps, values of charts. */
function* stored(
  objects: readonly KubernetesObject[],
  source: Source,
  text: ManifestText,
): Iterable<Embedded> {
  for (const { kind, map: root, spec } of objects) {
    if (kind === 'ConfigMap' || kind === 'Secret') {
      for (const { value } of map(root.get(kind === 'Secret' ? 'stringData' : 'data'))?.entries ??
        [])
        if (value?.kind === 'scalar') yield* storedText(value, text);
    } else if (spec && isRules(spec)) {
      yield embedRules(source, spec, text);
    } else if (spec && kind.endsWith('AlertmanagerConfig') && isRouting(spec)) {
      yield embedRouting(source, spec, { partial: true, open: text.isOpenWithin(spec) });
    } else if (kind.startsWith('FeatureFlag')) {
      // https://openfeature.dev/docs/tutorials/ofo/#feature-flag-custom-resource
      const set = map(spec?.get('flagSpec'));
      const embedded = set && embedFlags(source, set);
      if (embedded) yield embedded;
    } else if (kind === 'HelmRelease') {
      // https://fluxcd.io/flux/components/helm/helmreleases/#inline-values
      const values = spec?.get('values');
      if (values) yield* storedIn(source, values, text);
    } else if (kind === 'Application') {
      // https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#values
      const sources = [spec?.get('source'), ...items(spec?.get('sources'))];
      for (const each of sources) {
        const values = map(map(each)?.get('helm'))?.get('valuesObject');
        if (values) yield* storedIn(source, values, text);
      }
    }
  }
}

/** The expressions of a chart's template, each with what surrounds it. */
function* chartTemplates(
  expressions: readonly TemplateExpression[],
  raw: string,
  text: ManifestText,
  objects: readonly KubernetesObject[],
): Iterable<ChartTemplate> {
  // An expression before the first key of a document belongs to it as well.
  const starts = objects.map(({ range }) => Math.max(raw.lastIndexOf('\n---', range[0]), 0));
  for (const expression of expressions) {
    const at = expression.range[0];
    const line = /[^\n]*$/.exec(raw.slice(Math.max(at - 200, 0), at))![0];
    yield {
      ...expression,
      get around() {
        return text.around(at);
      },
      object: objects[starts.findLastIndex((start) => start <= at)],
      siblings: expressions,
      key: /^\s*(?:-\s+)?["']?([\w./-]+)["']?\s*:/.exec(line)?.[1],
    };
  }
}
