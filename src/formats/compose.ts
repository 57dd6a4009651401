import type { Fact, FactName } from '../engine/fact';
import { type Document, defineFormat, type Embedded, embed, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import type { Host } from '../engine/rule';
import { maskTemplates } from '../syntax/template-mask';
import {
  many,
  map,
  parseYaml,
  scalar,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { toFile, toImage } from './delivery';
import { setInDotenv } from './dotenv';
import { type ImageFacts, type ImageReference, image, imageName, parseImage } from './image';
import { embedShell } from './shell';
import type { ShellFacts } from './shell-model';
import { type Expanded, expandVariables } from './variables';

/** A Compose file. */
export interface ComposeProject extends Located {
  readonly root: YamlMap;
  /** The text as parsed: templates masked. */
  readonly source: Source;
  /** Folder of the file, relative to the workspace; `` at its root. */
  readonly folder: string;
  readonly services: readonly Service[];
  /** Names under the top-level `volumes:`. */
  readonly volumes: readonly YamlScalar[];
  /** Services may also come from other files. */
  readonly includes: boolean;
  /** What the file's name and folder say it is for. */
  readonly purpose: Purpose;
  service(name: string): Service | undefined;
}

/** `test`: brought up and torn down by tests; `development`: on the machine of who works on it. */
export type Purpose = 'test' | 'development' | undefined;

/** A service with what it inherits by `extends` from another of the file. */
export interface Service extends Located {
  readonly name: YamlScalar;
  readonly map: YamlMap;
  readonly project: ComposeProject;
  readonly image: ServiceImage | undefined;
  readonly build: Build | undefined;
  /** Volumes, tmpfs, configs and secrets: all that is mounted. */
  readonly mounts: readonly Mount[];
  /** `volumes_from`, or volumes written in a way that is not understood: more may be mounted. */
  readonly mountsUnknown: boolean;
  readonly dependsOn: readonly Dependency[];
  readonly healthcheck: Healthcheck | undefined;
  /** Words of the command, as far as they are known. */
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly profiles: readonly string[];
  readonly restart: string | undefined;
  /** Started again by itself, or deployed as part of a stack: it is meant to stay. */
  readonly staysUp: boolean;
  readonly pullPolicy: string | undefined;
  /** It extends a service of another file, so parts of it are not known here. */
  readonly extendsElsewhere: boolean;
  /** What its profiles, or else the project, say it is for. */
  readonly purpose: Purpose;
}

/** The `image:` of a service with its variables replaced by the defaults written there. */
export interface ServiceImage extends Located {
  readonly written: YamlScalar;
  readonly source: Source;
  readonly facts: ImageFacts;
  readonly reference: ImageReference;
  /** Variables whose defaults reach into its tag, or make up the whole name. */
  readonly variables: readonly string[];
}

/** https://docs.docker.com/reference/compose-file/build/ */
export interface Build {
  /** Path of the Dockerfile relative to the workspace; undefined where it is elsewhere, inline or not known. */
  readonly dockerfile: string | undefined;
  /** The stage that is built; undefined for the last. */
  readonly target: string | undefined;
  readonly args: ReadonlyMap<string, string>;
}

/** Something mounted into the container. */
export interface Mount extends Located {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'config' | 'other';
  /** Name or host path; undefined for an anonymous volume. */
  readonly source: string | undefined;
  /** Path in the container; undefined when it is not known. */
  readonly target: string | undefined;
  readonly readOnly: boolean;
}

/** One entry of `depends_on`. */
export interface Dependency {
  readonly service: YamlScalar;
  /** `service_started` for the short form. */
  readonly condition: string;
  readonly required: boolean;
  /** Written as a bare name in a list. */
  readonly short: boolean;
}

export interface Healthcheck {
  readonly disabled: boolean;
  /** It says how to test, so it does not lean on one in the image. */
  readonly hasTest: boolean;
}

export type ComposeNodes = { project: ComposeProject; service: Service };

const named = /^(?:compose(?:[.-][\w.-]+)?|docker-compose[\w.-]*)\.ya?ml$/i;
const imageOrBuild = /^services[ \t]*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*([ ]+)[\w"'.-]+:/m;

/** Docker Compose files (https://docs.docker.com/reference/compose-file/). */
export const compose = defineFormat<ComposeNodes>({
  id: 'compose',
  title: 'Compose file',
  files: ['**/*.{yml,yaml}'],
  nodes: ['project', 'service'],

  recognises(file) {
    if (file.languageId === 'dockercompose') return 'by-name';
    if (!/\.ya?ml$/i.test(file.name)) return undefined;
    const keys = file.topLevelKeys();
    if (named.test(file.name)) {
      const composeKeys = ['services', 'include', 'volumes', 'networks', 'secrets', 'configs'];
      const others = keys.has('apiVersion') || keys.has('swagger') || keys.has('openapi');
      return !others && composeKeys.some((key) => keys.has(key)) ? 'by-name' : undefined;
    }
    const foreign = ['apiVersion', 'kind', 'swagger', 'openapi', 'stages', 'jobs', 'on', 'runs'];
    if (!keys.has('services') || foreign.some((key) => keys.has(key))) return undefined;
    return hasServices(file.text) ? 'by-content' : undefined;
  },

  alone: () => {},

  parse(source) {
    return composeDocument(source);
  },
});

/** `services:` holds a map, and below it something is run from an image or built. */
function hasServices(text: string): boolean {
  const match = imageOrBuild.exec(text);
  if (!match) return false;
  const rest = text.slice(match.index + 'services'.length);
  const end = rest.search(/^[\w"'.-]/m);
  const section = end < 0 ? rest : rest.slice(0, end);
  const indent = match[1]!.length;
  return new RegExp(`^[ ]{${indent + 1},${indent * 2 + 2}}(?:image|build)[ \\t]*:`, 'm').test(
    section,
  );
}

/** The service a piece stands in, from the hosts a rule is given. */
export const serviceOf = (host: Host | undefined): Service | undefined =>
  host?.format === compose.id ? (host.node as Service) : undefined;

/** A volume mounted at or below a path, or a health check, written for a service in a file of the same folder. */
export const mountedOn = (service: Named, path: string): FactName =>
  aboutService('compose/mount', service, `:${path}`);
export const checkedElsewhere = (service: Named): FactName =>
  aboutService('compose/healthcheck', service);
export const builtElsewhere = (service: Named): FactName => aboutService('compose/build', service);

type Named = Pick<Service, 'name' | 'project'>;

const aboutService = (kind: string, service: Named, more = ''): FactName => ({
  kind,
  key: `${service.project.folder}:${service.name.string}${more}`,
});

const isTrue = (node: YamlNode | undefined): boolean =>
  scalar(node)?.value === true || /^(?:true|yes|on)$/i.test(scalar(node)?.string ?? '');

/** No variable has a value here but the defaults written beside it. */
const expand = (source: Source): Expanded => expandVariables(source, () => undefined);

/** The text of a scalar with its variables replaced; undefined where one has no value. */
function known(node: YamlNode | undefined): string | undefined {
  const written = scalar(node);
  if (!written || written.templated) return undefined;
  if (!written.string.includes('$')) return written.string;
  const { source, complete } = expand(written.text());
  return complete ? source.text : undefined;
}

function composeDocument(file: Source): Document<ComposeNodes> {
  const templated = /\{\{|\{%/.test(file.text);
  const source = templated ? maskTemplates(file, 'jinja').source : file;
  const yaml = parseYaml(source);
  const root = map(yaml.roots[0]);
  const project = root && readProject(root, source);
  const services = project?.services ?? [];
  let embedded: readonly Embedded[] | undefined;
  return {
    source,
    problems: templated ? [] : yaml.problems,
    facts: services.flatMap((service) => [...factsOf(service)]),
    get parts() {
      return services.map(workload);
    },
    get embedded() {
      embedded ??= services.flatMap((service) => [...piecesOf(service)]);
      return embedded;
    },
    route: (offset) => yamlRoute(yaml.roots, offset),
    *walk(): Iterable<Visit<ComposeNodes>> {
      if (!project) return;
      yield ['project', project];
      for (const service of services) yield ['service', service];
    },
  };
}

function readProject(root: YamlMap, source: Source): ComposeProject {
  const { path } = source;
  const services: Service[] = [];
  const project: ComposeProject = {
    root,
    source,
    folder: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
    services,
    volumes: map(root.get('volumes'))?.entries.map((entry) => entry.key) ?? [],
    includes: root.has('include'),
    purpose: purposeOfPath(path) ?? (isWatched(root) ? 'development' : undefined),
    service: (name) => services.find((service) => service.name.string === name),
    range: root.range,
  };
  const entries = map(root.get('services'))?.entries ?? [];
  for (const entry of entries) {
    if (entry.value?.kind === 'map') {
      services.push(readService(entry.key, entry.value, entries, project));
    }
  }
  return project;
}

const testWords =
  /(?:^|[-_.])(?:tests?|testing|ci|e2e|integration|smoke|bench(?:mark)?)(?=[-_.]|$)/i;
/** Tests, what was copied in from elsewhere, and set-ups made to show a hole: nobody keeps data there. */
const testFolders =
  /(?:^|[-_./])(?:tests?|testdata|testing|fixtures|e2e|ci|vendor|third[-_]party|labs?|cve-[\d-]+)\//i;
const developmentWords = /(?:^|[-_.])(?:dev|devel|develop|development|local|debug)(?=[-_.]|$)/i;
const developmentFolders = /(?:^|\/)(?:dev|devel|development|\.devcontainer)\//i;

/** A service is built again while somebody works on it: https://docs.docker.com/reference/compose-file/develop/. */
const isWatched = (root: YamlMap): boolean =>
  map(root.get('services'))?.entries.some(({ value }) => map(value)?.has('develop')) ?? false;

/** All that waits for the service are tests, by their names. */
export function servesTestsOnly(service: Service, seen: readonly Service[] = []): boolean {
  const { name, project } = service;
  const waiting = project.services.filter(({ dependsOn }) =>
    dependsOn.some((each) => each.service.string === name.string),
  );
  return (
    waiting.length > 0 &&
    waiting.every(
      (each) =>
        testWords.test(each.name.string) ||
        (!seen.includes(each) && servesTestsOnly(each, [...seen, service])),
    )
  );
}

function purposeOfPath(path: string): Purpose {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (testWords.test(name) || testFolders.test(path)) return 'test';
  return developmentWords.test(name) || developmentFolders.test(path) ? 'development' : undefined;
}

/** Profiles decide when all of them are for the same. */
function purposeOfProfiles(profiles: readonly string[]): Purpose {
  if (profiles.length === 0) return undefined;
  if (profiles.every((profile) => testWords.test(profile))) return 'test';
  const either = (profile: string) => testWords.test(profile) || developmentWords.test(profile);
  return profiles.every(either) ? 'development' : undefined;
}

/** The service's map and those it extends in the same file, nearest first. */
function inheritance(
  start: YamlMap,
  siblings: readonly YamlEntry[],
  path: string,
): { maps: readonly YamlMap[]; elsewhere: boolean } {
  const maps = [start];
  for (;;) {
    const extended = maps.at(-1)!.get('extends');
    if (!extended) return { maps, elsewhere: false };
    const file = scalar(map(extended)?.get('file'))?.string;
    const name = (scalar(extended) ?? scalar(map(extended)?.get('service')))?.string;
    const own = path.slice(path.lastIndexOf('/') + 1);
    const isHere = file === undefined || file.replace(/^\.\//, '') === own;
    const next = isHere ? siblings.find((entry) => entry.key.string === name)?.value : undefined;
    if (next?.kind !== 'map' || maps.includes(next)) return { maps, elsewhere: true };
    maps.push(next);
  }
}

function readService(
  name: YamlScalar,
  node: YamlMap,
  siblings: readonly YamlEntry[],
  project: ComposeProject,
): Service {
  const { path } = project.source;
  const { maps, elsewhere } = inheritance(node, siblings, path);
  const first = (key: string) => maps.find((each) => each.has(key))?.get(key);
  const all = (key: string) =>
    maps.map((each) => each.get(key)).filter((each) => each !== undefined);
  const mounts = [
    ...all('volumes').flatMap((each) => many(each).map(readVolume)),
    ...all('tmpfs').flatMap((each) => many(each).map(readTmpfs)),
    ...[...all('configs'), ...all('secrets')].flatMap((each) => many(each).map(readConfig)),
  ];
  const profiles = many(first('profiles')).flatMap((each) => known(each) ?? []);
  const written = scalar(first('image'));
  const build = first('build');
  const restart = known(first('restart'));
  return {
    name,
    map: node,
    project,
    image: written && readImage(written, { name, project }),
    build: build && readBuild(build, project.folder),
    mounts,
    mountsUnknown: all('volumes_from').length > 0 || all('volumes').some(isOdd),
    dependsOn: all('depends_on').flatMap(readDependencies),
    healthcheck: readHealthcheck(first('healthcheck')),
    command: wordsOf(first('command')),
    entrypoint: wordsOf(first('entrypoint')),
    environment: pairs(all('environment')),
    profiles,
    restart,
    staysUp: /^(?:always|unless-stopped)$/.test(restart ?? '') || isForSwarm(first('deploy')),
    pullPolicy: known(first('pull_policy')),
    extendsElsewhere: elsewhere,
    purpose: purposeOfProfiles(profiles) ?? project.purpose,
    range: [name.range[0], node.range[1]],
  };
}

/** Limits alone hold without a swarm too (https://docs.docker.com/reference/compose-file/deploy/). */
const isForSwarm = (deploy: YamlNode | undefined): boolean =>
  ['mode', 'placement', 'restart_policy', 'update_config'].some((key) => map(deploy)?.has(key));

const isOdd = (node: YamlNode) =>
  node.kind === 'map' || (node.kind === 'scalar' && node.string !== '');

function readImage(written: YamlScalar, service: Named): ServiceImage | undefined {
  if (written.string === '') return undefined;
  const { source, complete, defaulted } = expand(written.text());
  const facts = {
    use: 'run' as const,
    incomplete: !complete || written.templated,
    defaulted,
    label: service.name.string,
  };
  const { registry, repository, tagRange, tag } = parseImage(source.text, facts);
  const [start] = tag === undefined ? [source.text.length] : tagRange;
  // A default further to the left only says where the image is fetched from.
  const variables = defaulted.some((range) => range[1] >= start) ? defaultedIn(written.string) : [];
  const isLocalName = registry === undefined && !repository.includes('/');
  const noneOf = [
    builtHere(registry, repository),
    // An override may build what the file beside it only names; a name with a namespace is pulled all the same.
    ...(isLocalName ? [builtElsewhere(service)] : []),
    ...variables.flatMap((variable) => settingsOf(variable, service.project.folder)),
  ];
  const told: ImageFacts = { ...facts, condition: { noneOf } };
  return {
    written,
    source,
    facts: told,
    variables,
    reference: parseImage(source.text, told),
    range: written.range,
  };
}

/** Stated where some service builds the image of this name. */
const builtHere = (registry: string | undefined, repository: string): FactName => ({
  kind: 'image/built-here',
  key: registry === undefined ? repository : `${registry}/${repository}`,
});

/** Variables with a default in the text. */
const defaultedIn = (text: string): string[] =>
  [...text.matchAll(/\$\{(\w+):?-/g)].map((match) => match[1]!);

/** The `.env` files that could set a variable: in the folder, or in one above it from which Compose is called. */
export function settingsOf(variable: string, folder: string): readonly FactName[] {
  const found = [setInDotenv('', variable)];
  for (let at = folder; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    found.push(setInDotenv(at, variable));
  }
  return found;
}

function readBuild(node: YamlNode, folder: string): Build {
  const long = map(node);
  const context = long && !long.has('context') ? '.' : known(long?.get('context') ?? node);
  const file = long?.has('dockerfile') ? known(long.get('dockerfile')) : 'Dockerfile';
  const isLocal = context !== undefined && !/^\w[\w+.-]*:|^git@|^[/~]|\.git(?:#|$)/.test(context);
  const readable = isLocal && file !== undefined && !long?.has('dockerfile_inline');
  return {
    dockerfile: readable ? joined(folder, context, file) : undefined,
    target: long?.has('target') ? (known(long.get('target')) ?? '') : undefined,
    args: pairs([long?.get('args')]),
  };
}

/** A path below the workspace put together from its parts; undefined when it leads out of it. */
function joined(...parts: readonly string[]): string | undefined {
  const steps: string[] = [];
  for (const step of parts.join('/').split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}

/** https://docs.docker.com/reference/compose-file/services/#volumes */
function readVolume(node: YamlNode): Mount {
  const long = map(node);
  if (long) {
    const type = scalar(long.get('type'))?.string;
    return {
      type: type === 'volume' || type === 'bind' || type === 'tmpfs' ? type : 'other',
      source: known(long.get('source') ?? long.get('src')),
      target: known(long.get('target') ?? long.get('destination') ?? long.get('dst')),
      readOnly: isTrue(long.get('read_only')),
      range: node.range,
    };
  }
  const text = scalar(node)?.text();
  const parts = text && !scalar(node)!.templated ? split(text) : [];
  const [first, second, mode] = parts;
  const anonymous = second === undefined;
  const source = anonymous ? undefined : first;
  return {
    type: anonymous || (source && /^\w[\w.-]*$/.test(source)) ? 'volume' : 'bind',
    source: source ?? undefined,
    target: (anonymous ? first : second) ?? undefined,
    readOnly: /(?:^|,)ro(?:,|$)/.test(mode ?? ''),
    range: node.range,
  };
}

/** The parts of `source:target:mode`, each with its variables replaced; null where a variable has no value. */
function split(text: Source): readonly (string | null)[] {
  const parts: (string | null)[] = [];
  for (const match of text.text.matchAll(
    /(?:\$\{(?:[^{}]|\$\{[^{}]*\})*\}|^[A-Za-z]:(?=[\\/])|[^:])+/g,
  )) {
    const { source, complete } = expand(text.slice([match.index, match.index + match[0].length]));
    parts.push(complete ? source.text : null);
  }
  return parts;
}

function readTmpfs(node: YamlNode): Mount {
  const target = known(node)?.replace(/:.*$/, '');
  return { type: 'tmpfs', source: undefined, target, readOnly: false, range: node.range };
}

function readConfig(node: YamlNode): Mount {
  const long = map(node);
  const source = known(long?.get('source') ?? node);
  const target = long ? known(long.get('target')) : source && `/${source}`;
  return { type: 'config', source, target, readOnly: true, range: node.range };
}

function readDependencies(node: YamlNode): readonly Dependency[] {
  if (node.kind !== 'map') {
    return many(node).flatMap((each) =>
      each.kind === 'scalar'
        ? { service: each, condition: 'service_started', required: true, short: true }
        : [],
    );
  }
  return node.entries.map(({ key, value }) => ({
    service: key,
    condition: scalar(map(value)?.get('condition'))?.string ?? 'service_started',
    required: scalar(map(value)?.get('required'))?.value !== false,
    short: false,
  }));
}

/** https://docs.docker.com/reference/compose-file/services/#healthcheck */
function readHealthcheck(node: YamlNode | undefined): Healthcheck | undefined {
  if (node?.kind !== 'map') return undefined;
  const test = node.get('test');
  const [first] = many(test);
  const none = scalar(first)?.string === 'NONE';
  return { disabled: none || isTrue(node.get('disable')), hasTest: test !== undefined && !none };
}

function wordsOf(node: YamlNode | undefined): readonly string[] {
  const words = node?.kind === 'list' ? node.items : [];
  if (node?.kind === 'scalar') return node.string.split(/\s+/).filter(Boolean);
  return words.flatMap((word) => scalar(word)?.string ?? []);
}

/** `KEY: value` and `- KEY=value`; a name without a value is left out. */
function pairs(nodes: readonly (YamlNode | undefined)[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const node of [...nodes].reverse()) {
    if (node?.kind === 'map') {
      for (const { key, value } of node.entries) {
        const text = known(value);
        if (text !== undefined) found.set(key.string, text);
      }
    } else {
      for (const each of many(node)) {
        const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(known(each) ?? '') ?? [];
        if (name !== undefined) found.set(name, value!);
      }
    }
  }
  return found;
}

/** A service as what runs a container. */
function workload({ name, image, build }: Service): Part {
  const links: Link[] = [];
  const named = image && !image.facts.incomplete ? imageName(image.source.text) : undefined;
  if (build?.dockerfile !== undefined)
    links.push({ ...toFile('builds', build.dockerfile, 'docker'), ...(named && { as: named }) });
  if (named) links.push(toImage('uses', named));
  return { kind: 'workload', name: name.string, links, range: name.range };
}

function* factsOf(service: Service): Iterable<Fact> {
  if (service.build) {
    yield builtElsewhere(service);
    const reference = service.image?.reference;
    if (reference) yield builtHere(reference.registry, reference.repository);
  }
  const { healthcheck } = service;
  if (healthcheck?.hasTest && !healthcheck.disabled) yield checkedElsewhere(service);
  const paths = new Set<string>();
  for (const { target } of service.mounts) {
    for (
      let at = target?.replace(/\/+$/, '') ?? '';
      at !== '';
      at = at.slice(0, at.lastIndexOf('/'))
    ) {
      paths.add(at);
      if (!at.includes('/', 1)) break;
    }
  }
  for (const path of paths) yield mountedOn(service, path);
}

function* piecesOf(service: Service): Iterable<Embedded> {
  const { map: node } = service;
  const own = scalar(node.get('image'));
  // A name beside `build:` is what the result is called.
  if (own && service.image && !service.build) {
    yield embed(image, service.image.source, service.image.facts, service);
  }
  yield* startScripts(node);
  const test = map(node.get('healthcheck'))?.get('test');
  const script =
    test?.kind === 'list' && scalar(test.items[0])?.string === 'CMD-SHELL'
      ? scalar(test.items[1])
      : scalar(test);
  if (script && script.string !== 'NONE') yield shellIn(script, [], 'healthcheck');
}

/** `sh -c` with its script: in the entrypoint, in the command, or begun by the one and ended by the other. */
function* startScripts(node: YamlMap): Iterable<Embedded> {
  const entrypoint = many(node.get('entrypoint'));
  const command = many(node.get('command'));
  const begun = startsShell(entrypoint);
  if (begun === entrypoint.length && begun > 0 && node.get('command')?.kind === 'list') {
    const script = scalar(command[0]);
    if (script) yield shellIn(script, entrypoint, 'startup');
    return;
  }
  for (const words of [entrypoint, command]) {
    const flags = startsShell(words);
    const script = scalar(words[flags]);
    if (flags > 0 && script) yield shellIn(script, words.slice(0, flags), 'startup');
    const only = words.length === 1 ? scalar(words[0]) : undefined;
    if (only && /^\s*(?:\/\S*\/)?(?:ba|da|a)?sh\s+-\w*c\s/.test(only.string)) {
      yield shellIn(only, [], 'startup');
    }
  }
}

/** How many of the words are a shell and its flags up to `-c`; 0 when they start something else. */
function startsShell(words: readonly YamlNode[]): number {
  if (!/^(?:\/\S*\/)?(?:ba|da|a)?sh$/.test(scalar(words[0])?.string ?? '')) return 0;
  const flag = words.findIndex((word) => /^-\w*c$/.test(scalar(word)?.string ?? ''));
  return flag + 1;
}

function shellIn(
  script: YamlScalar,
  started: readonly YamlNode[],
  use: 'startup' | 'healthcheck',
): Embedded {
  const words = started.map((word) => scalar(word)?.string ?? '');
  const facts: ShellFacts = {
    dialect: /(?:^|\/)bash$/.test(words[0] ?? '') ? 'bash' : 'sh',
    stopsOnError: words.some((word) => /^-\w*e/.test(word)),
    pipefail: words.includes('pipefail'),
    machine: 'fresh',
    use,
  };
  return embedShell(expand(script.text()).source, facts, script);
}
