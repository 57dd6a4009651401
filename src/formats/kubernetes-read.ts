import type { MaskedTemplates } from '../syntax/template-mask';
import {
  items,
  map,
  maps,
  scalar,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../syntax/yaml';
import type { Located, Range } from '../text/range';
import type { Source } from '../text/source';
import {
  type Container,
  type ContainerScript,
  type KubernetesObject,
  ManifestText,
  type Pod,
  type Volume,
} from './kubernetes-model';
import { embedShell, type ShellFacts } from './shell';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is applied together with a manifest: its chart, else the files of its folder. */
export function unitOf(path: string): string {
  const chart = /^(.*?)(?:^|\/)templates\//.exec(path);
  return chart ? chart[1]! : path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Kinds whose `spec.template` is a pod (https://kubernetes.io/docs/concepts/workloads/). */
const templated = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  // https://argoproj.github.io/argo-rollouts/features/specification/
  'Rollout',
  // https://docs.okd.io/latest/rest_api/workloads_apis/deploymentconfig-apps-openshift-io-v1.html
  'DeploymentConfig',
]);

interface PodPlace {
  readonly spec: YamlMap;
  readonly metadata: YamlMap | undefined;
}

/** The pods an object describes: where their spec and their labels stand. */
function podsOf(apiVersion: string, kind: string, root: YamlMap): readonly PodPlace[] {
  const spec = map(root.get('spec'));
  const from = (template: YamlNode | undefined): readonly PodPlace[] => {
    const node = map(template);
    const inner = map(node?.get('spec'));
    return inner ? [{ spec: inner, metadata: map(node?.get('metadata')) }] : [];
  };
  if (kind === 'Pod') return spec ? [{ spec, metadata: map(root.get('metadata')) }] : [];
  if (kind === 'PodTemplate') return from(root.get('template'));
  if (kind === 'CronJob')
    return from(map(map(spec?.get('jobTemplate'))?.get('spec'))?.get('template'));
  // https://keda.sh/docs/latest/reference/scaledjob-spec/
  if (kind === 'ScaledJob') return from(map(spec?.get('jobTargetRef'))?.get('template'));
  // https://knative.dev/docs/serving/reference/serving-api/
  const knative = apiVersion.startsWith('serving.knative.dev/');
  if (templated.has(kind) || knative) return from(spec?.get('template'));
  // https://tekton.dev/docs/pipelines/tasks/
  if (apiVersion.startsWith('tekton.dev/') && /^(?:Cluster)?Task$/.test(kind)) {
    return spec ? [{ spec, metadata: undefined }] : [];
  }
  return [];
}

/** Reads the objects of the roots of a manifest's YAML documents; lists are taken apart. */
export function readObjects(
  roots: readonly YamlNode[],
  masked: MaskedTemplates,
  original: Source,
): readonly KubernetesObject[] {
  const reader = new Reader(masked, original);
  return roots.flatMap((root) => reader.objects(root));
}

class Reader {
  readonly #original: Source;
  readonly #text: ManifestText;
  readonly #unit: string;

  constructor(masked: MaskedTemplates, original: Source) {
    this.#original = original;
    this.#text = new ManifestText(original.text, masked.source.text, masked.expressions);
    this.#unit = unitOf(original.path);
  }

  objects(root: YamlNode): readonly KubernetesObject[] {
    if (root.kind !== 'map') return [];
    const kind = scalar(root.get('kind'))?.string;
    const apiVersion = scalar(root.get('apiVersion'));
    if (kind === undefined || !apiVersion) return [];
    if (kind.endsWith('List') && root.has('items')) {
      return items(root.get('items')).flatMap((item) => this.objects(item));
    }
    return [this.#object(root, kind, apiVersion.templated ? '' : apiVersion.string)];
  }

  #object(root: YamlMap, kind: string, apiVersion: string): KubernetesObject {
    const metadata = map(root.get('metadata'));
    const name = scalar(metadata?.get('name'));
    const spec = map(root.get('spec'));
    const said = name ? this.#text.value(name) : '';
    const object: Writable<KubernetesObject> = {
      apiVersion,
      kind,
      name,
      label: name && !name.templated ? `${kind}/${name.string}` : kind,
      key: objectKey(this.#unit, kind, said),
      unit: this.#unit,
      annotations: new Map(
        [metadata, ...podsOf(apiVersion, kind, root).map((pod) => pod.metadata)].flatMap((each) =>
          (map(each?.get('annotations'))?.entries ?? []).map(
            ({ key, value }) => [key.string, scalar(value)?.string ?? ''] as const,
          ),
        ),
      ),
      map: root,
      spec,
      open: this.#text.mapIsOpen(root) || (spec !== undefined && this.#text.mapIsOpen(spec)),
      around: (at) => this.#text.around(at.range[0]),
      pods: [],
      range: root.range,
    };
    object.pods = podsOf(apiVersion, kind, root).map((place) => this.#pod(place, object));
    return object;
  }

  #pod({ spec, metadata }: PodPlace, owner: KubernetesObject): Pod {
    const containers: Container[] = [];
    const pod: Pod = {
      owner,
      map: spec,
      labels: this.#text.pairs(metadata?.entry('labels')),
      containers,
      volumes: maps(spec.get('volumes')).map((each) => this.#volume(each)),
      open: this.#text.mapIsOpen(spec) || this.#text.listIsOpen(spec.entry('volumes')),
      range: spec.range,
    };
    const lists = [
      ['containers', 'main'],
      ['steps', 'main'],
      ['initContainers', 'init'],
      ['ephemeralContainers', 'ephemeral'],
      ['sidecars', 'main'],
    ] as const;
    for (const [key, kind] of lists) {
      for (const each of maps(spec.get(key))) containers.push(this.#container(each, kind, pod));
    }
    return pod;
  }

  #volume(node: YamlMap): Volume {
    const sources = node.entries.filter(({ key }) => key.string !== 'name');
    const claim = scalar(map(node.get('persistentVolumeClaim'))?.get('claimName'));
    const name = scalar(node.get('name'));
    return {
      name: name ? this.#text.value(name) : '',
      types: this.#text.mapIsOpen(node) ? [] : sources.map(({ key }) => key.string),
      claim: claim && { value: this.#text.value(claim), range: claim.range },
      readOnly: sources.some(({ value }) => scalar(map(value)?.get('readOnly'))?.value === true),
      range: node.range,
    };
  }

  #container(node: YamlMap, kind: Container['kind'], pod: Pod): Container {
    const value = (each: YamlMap, key: string) => {
      const found = scalar(each.get(key));
      return found && this.#text.value(found);
    };
    const scripts: ContainerScript[] = [];
    const container: Container = {
      kind,
      pod,
      map: node,
      name: scalar(node.get('name')),
      label: value(node, 'name') ?? 'The container',
      images: node.entries
        .filter(({ key }) => key.string === 'image')
        .flatMap(({ value: each }) =>
          each?.kind === 'scalar' && each.string.trim() !== '' ? each : [],
        ),
      argv: [...items(node.get('command')), ...items(node.get('args'))].filter(
        (each) => each.kind === 'scalar',
      ),
      ports: maps(node.get('ports')).flatMap((each) => {
        const port = value(each, 'containerPort');
        return port === undefined ? [] : { port, name: value(each, 'name'), range: each.range };
      }),
      mounts: maps(node.get('volumeMounts')).map((each) => ({
        volume: value(each, 'name') ?? '',
        path: value(each, 'mountPath') ?? '',
        readOnly: scalar(each.get('readOnly'))?.value === true,
        range: each.range,
      })),
      environment: new Set(maps(node.get('env')).map((each) => value(each, 'name') ?? '')),
      scripts,
      open: this.#text.mapIsOpen(node) || this.#text.listIsOpen(node.entry('volumeMounts')),
      has: (key) => node.has(key),
      range: node.range,
    };
    scripts.push(...this.#scripts(container));
    return container;
  }

  *#scripts(container: Container): Iterable<ContainerScript> {
    const run = (argv: readonly YamlScalar[], when: ContainerScript['when']) =>
      this.#script(argv, when, container);
    yield* run(container.argv, 'start');
    const execOf = (node: YamlNode | undefined) =>
      items(map(map(node)?.get('exec'))?.get('command')).filter((each) => each.kind === 'scalar');
    const lifecycle = map(container.map.get('lifecycle'));
    yield* run(execOf(lifecycle?.get('postStart')), 'postStart');
    yield* run(execOf(lifecycle?.get('preStop')), 'preStop');
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      yield* run(execOf(container.map.get(probe)), 'probe');
    }
    // Tekton runs a script without a first line of its own with errexit: https://tekton.dev/docs/pipelines/tasks/#running-scripts-within-steps
    const step = scalar(container.map.get('script'));
    const first = step && /^#!\s*\S*?(\w+)(?:[ \t]+([^\r\n]*))?/.exec(step.string);
    if (step && (!first || /^(?:sh|bash|env)$/.test(first[1]!))) {
      const bash = first !== null && /bash/.test(first?.[0] ?? '');
      const facts = {
        dialect: bash ? 'bash' : 'sh',
        stopsOnError: !first || /-\w*e/.test(first[2] ?? ''),
        pipefail: false,
      } as const;
      yield this.#embedded(step, { ...facts, machine: 'fresh', use: 'ci' }, 'start', container);
    }
  }

  *#script(
    argv: readonly YamlScalar[],
    when: ContainerScript['when'],
    container: Container,
  ): Iterable<ContainerScript> {
    const found = shellScriptIn(argv);
    if (!found) return;
    const facts: ShellFacts = {
      dialect: found.dialect,
      stopsOnError: found.stopsOnError,
      pipefail: found.pipefail,
      machine: 'fresh',
      use: when === 'probe' ? 'healthcheck' : 'startup',
    };
    yield this.#embedded(found.script, facts, when, container);
  }

  #embedded(
    text: YamlScalar,
    facts: ShellFacts,
    when: ContainerScript['when'],
    container: Container,
  ): ContainerScript {
    const variables = [...container.environment].filter((name) => /^[\w.-]+$/.test(name));
    const names = ['[A-Z_][A-Z0-9_]*', 'params\\.[^)]+', ...variables.map(escapeDots)].join('|');
    // The kubelet replaces $(NAME) before the shell sees it.
    const source = text.text().mask(new RegExp(`\\$\\((?:${names})\\)`, 'g'));
    const embedded = embedShell(source, facts, text);
    const original = this.#original;
    return {
      when,
      embedded,
      get script() {
        return embedded.parse().script;
      },
      locate: (node) => ({ range: placeIn(original, source, node) ?? text.range }),
    };
  }
}

const escapeDots = (name: string) => name.replace(/[.-]/g, '\\$&');

/** Where a node of a derived source stands in one of its ancestors. */
function placeIn(target: Source, source: Source, node: Located): Range | undefined {
  let range: Range | undefined = node.range;
  for (let here: Source | undefined = source; range && here && here !== target; ) {
    range = here.toParent(range)?.range;
    here = here.parent;
  }
  return range;
}

/** Names an object in facts. */
export function objectKey(unit: string, kind: string, name: string): string {
  return `${unit}#${kind}/${name}`;
}

const shells = /(?:^|\/)(sh|bash|ash|dash)$/;

/** The script of `sh -c …`, also behind `tini --` and with options before `-c`. */
export function shellScriptIn(argv: readonly YamlScalar[]):
  | {
      readonly script: YamlScalar;
      readonly dialect: 'sh' | 'bash';
      readonly stopsOnError: boolean;
      readonly pipefail: boolean;
    }
  | undefined {
  const start = argv.slice(0, 4).findIndex((each) => shells.test(each.string));
  if (start < 0) return undefined;
  let flags = '';
  for (let i = start + 1; i < argv.length - 1; i++) {
    const word = argv[i]!.string;
    if (!word.startsWith('-') && !/^(?:pipefail|errexit)$/.test(word)) return undefined;
    flags += ` ${word}`;
    if (!/^-[a-z]*c[a-z]*$/.test(word)) continue;
    return {
      script: argv[i + 1]!,
      dialect: shells.exec(argv[start]!.string)![1] === 'bash' ? 'bash' : 'sh',
      stopsOnError: / -[a-z]*e|errexit/.test(flags),
      pipefail: flags.includes('pipefail'),
    };
  }
  return undefined;
}
