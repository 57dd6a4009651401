import { type Document, defineFormat, type Embedded, embed, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import {
  items as list,
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
import { Source } from '../text/source';
import { buildspec } from './buildspec';
import { userData } from './cloud-init';
import { folderOf, imagesUsed, pathIn, toFile, unique } from './delivery';
import { type ImageReference, image, parseImage } from './image';
import { embedShell, firstLineFacts } from './shell';
import type { ShellFacts } from './shell-model';

/** A template (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html). */
export interface CloudFormationTemplate extends Located {
  readonly root: YamlMap;
  readonly text: string;
  readonly resources: readonly CloudResource[];
}

/** A resource of it, of CloudFormation or SAM. */
export interface CloudResource extends Located {
  /** What the template calls it. */
  readonly id: YamlScalar;
  /** Such as `AWS::EC2::Instance`. */
  readonly type: string;
  readonly map: YamlMap;
  readonly template: CloudFormationTemplate;
  /** An attribute beside the properties, such as `DeletionPolicy`. */
  attribute(name: string): YamlNode | undefined;
  /** A property, also one of a property. */
  property(...path: readonly string[]): YamlNode | undefined;
}

/** The user data of a machine, or of what machines are started from. */
export interface UserData extends Located {
  readonly key: YamlScalar;
  readonly resource: CloudResource;
  readonly embedded: Embedded;
}

/** An image a task or a function is started from; offsets are those of the template. */
export interface UsedImage extends Located {
  readonly reference: ImageReference;
}

export type CloudFormationNodes = {
  template: CloudFormationTemplate;
  resource: CloudResource;
  'user-data': UserData;
  image: UsedImage;
};

/** AWS CloudFormation and SAM. */
export const cloudFormation = defineFormat<CloudFormationNodes>({
  id: 'cloudformation',
  title: 'CloudFormation template',
  files: ['**/*.{yml,yaml,template}', '**/*.json'],
  nodes: ['template', 'resource', 'user-data', 'image'],

  recognises(file) {
    if (!/\.(?:ya?ml|json|template)$/i.test(file.name)) return undefined;
    const keys = file.topLevelKeys();
    if (!keys.has('Resources')) return undefined;
    const isTemplate =
      keys.has('AWSTemplateFormatVersion') ||
      /["']?Type["']?[ \t]*:[ \t]*["']?(?:AWS|Custom)::\w/.test(file.text);
    return isTemplate ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse: (source) => templateDocument(source),
});

function templateDocument(source: Source): Document<CloudFormationNodes> {
  const { roots, problems } = parseYaml(source);
  const root = map(roots[0]);
  const template = root && readTemplate(root, source.text);
  const resources = template?.resources ?? [];
  const data = resources.flatMap((resource) => userDataOf(resource) ?? []);
  return {
    source,
    // Jinja or Go templates around it are no mistakes of the author.
    problems: /\{\{|\{%/.test(source.text) ? [] : problems,
    embedded: resources.flatMap((resource) => [
      ...data.flatMap((each) => (each.resource === resource ? each.embedded : [])),
      ...initScripts(resource),
      ...buildspecsOf(resource),
      ...imagesOf(resource).map(({ source: text, facts, host }) => embed(image, text, facts, host)),
    ]),
    get parts() {
      return template ? [stack(source.path, template, this.embedded)] : [];
    },
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<CloudFormationNodes>> {
      if (!template) return;
      yield ['template', template];
      for (const resource of resources) yield ['resource', resource];
      for (const each of data) yield ['user-data', each];
      for (const resource of resources) {
        for (const { source: text, facts, host } of imagesOf(resource)) {
          yield ['image', { reference: parseImage(text.text, facts), range: host.range }];
        }
      }
    },
  };
}

function readTemplate(root: YamlMap, text: string): CloudFormationTemplate {
  const resources: CloudResource[] = [];
  const template: CloudFormationTemplate = { root, text, resources, range: root.range };
  for (const { key, value } of map(root.get('Resources'))?.entries ?? []) {
    const type = scalar(map(value)?.get('Type'))?.string;
    if (value?.kind !== 'map' || type === undefined) continue;
    resources.push({
      id: key,
      type,
      map: value,
      template,
      attribute: (name) => value.get(name),
      property: (...path) =>
        path.reduce<YamlNode | undefined>(
          (node, name) => map(node)?.get(name),
          value.get('Properties'),
        ),
      range: value.range,
    });
  }
  return template;
}

/** The stack, what its machines and tasks are started from, and the stacks in it. */
function stack(
  path: string,
  { resources, range }: CloudFormationTemplate,
  embedded: readonly Embedded[],
): Part {
  const folder = folderOf(path);
  // What a build of CodeBuild pulls is nothing the stack runs.
  const running = embedded.filter(({ format }) => format !== buildspec);
  return {
    kind: 'stack',
    name: '',
    links: unique([
      ...resources.flatMap((resource) => [...resourceLinks(folder, resource)]),
      ...imagesUsed({ embedded: running }),
    ]),
    range: [range[0], range[0]],
  };
}

function* resourceLinks(folder: string, resource: CloudResource): Iterable<Link> {
  const named = (...name: readonly string[]) => scalar(resource.property(...name))?.string ?? '';
  // Where it is no address, `aws cloudformation package` and `sam package` put one in its place.
  const inner = /^AWS::CloudFormation::Stack$/.test(resource.type)
    ? named('TemplateURL')
    : /^AWS::Serverless::Application$/.test(resource.type)
      ? named('Location')
      : '';
  const target = inner === '' ? undefined : pathIn(folder, inner);
  if (target) yield toFile('uses', target, 'cloudformation');
  // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html
  const metadata = map(resource.attribute('Metadata'));
  const context = scalar(metadata?.get('DockerContext'))?.string;
  const file = scalar(metadata?.get('Dockerfile'))?.string ?? 'Dockerfile';
  const place = context === undefined ? undefined : pathIn(folder, context);
  const recipe = place === undefined ? undefined : pathIn(place, file);
  if (recipe) yield toFile('builds', recipe, 'docker');
  // https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec-ref-name-storage
  if (resource.type === 'AWS::CodeBuild::Project') {
    const steps = named('Source', 'BuildSpec');
    const spec = /^[\w./-]+\.ya?ml$/.test(steps) ? pathIn('', steps) : undefined;
    if (spec) yield toFile('uses', spec);
  }
}

/** What stands for a part of a text that is only known when the stack is made. */
const unknown = '_';

/**
 * The text a value comes to, as far as the template tells, each character mapped to where it is written: through
 * `Fn::Base64`, `Fn::Sub` and `Fn::Join`, in either spelling
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html).
 */
function textOf(node: YamlNode | undefined): Source | undefined {
  if (node?.kind === 'scalar') {
    const { tag } = node;
    if (tag === '!Sub') return substituted(node);
    return tag === undefined || tag === '!Base64' ? node.text() : undefined;
  }
  if (node?.kind === 'list') {
    if (node.tag === '!Sub') return substituted(node.items[0]);
    return node.tag === '!Join' ? joined(node) : undefined;
  }
  const [entry, ...more] = node?.entries ?? [];
  if (!entry || more.length > 0) return undefined;
  const { value } = entry;
  switch (entry.key.string) {
    case 'Fn::Base64':
      return textOf(value);
    case 'Fn::Sub':
      return substituted(value?.kind === 'list' ? value.items[0] : value);
    case 'Fn::Join':
      return joined(value);
    default:
      return undefined;
  }
}

/** `${Name}` is filled in by the stack, `${!Name}` is `${Name}` for the shell. */
function substituted(node: YamlNode | undefined): Source | undefined {
  if (node?.kind !== 'scalar') return undefined;
  const text = node.text();
  const builder = text.derive();
  let at = 0;
  for (const { 0: found, index } of text.text.matchAll(/\$\{!|\$\{[^{}\n!][^{}\n]*\}/g)) {
    builder.copy(text.text.slice(at, index), at);
    if (found === '${!') builder.decoded('${', index, 3);
    else builder.mask(found, index);
    at = index + found.length;
  }
  return builder.copy(text.text.slice(at), at).build();
}

function joined(node: YamlNode | undefined): Source | undefined {
  const [between, parts] = list(node);
  const separator = scalar(between)?.string;
  if (separator === undefined || parts?.kind !== 'list') return undefined;
  const texts = parts.items.map((part) => textOf(part) ?? unknown.repeat(4));
  const first = texts.findIndex((text) => typeof text !== 'string');
  const start = texts[first];
  if (!(start instanceof Source)) return undefined;
  const before = texts
    .slice(0, first)
    .map((text) => `${text}${separator}`)
    .join('');
  // The first part of a joined source has a place; what is unknown before it goes with it.
  const head = before === '' ? start : start.derive().insert(before).copy(start.text, 0).build();
  return Source.joined([head, ...texts.slice(first + 1).flatMap((text) => [separator, text])]);
}

function userDataOf(resource: CloudResource): UserData | undefined {
  const path = /::LaunchTemplate$/.test(resource.type) ? ['LaunchTemplateData'] : [];
  const properties = map(resource.property(...path));
  const entry: YamlEntry | undefined = properties?.entry('UserData');
  const text = textOf(entry?.value);
  const embedded = entry?.value && text && userData(text, entry.value);
  return embedded && { key: entry.key, resource, embedded, range: entry.value!.range };
}

/**
 * The commands of `AWS::CloudFormation::Init`
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-init.html): each is run by itself, with
 * `test` in front of it; where cfn-hup watches, again on the same machine whenever the metadata changes.
 */
function* initScripts(resource: CloudResource): Iterable<Embedded> {
  const init = map(map(resource.attribute('Metadata'))?.get('AWS::CloudFormation::Init'));
  for (const { key, value } of init?.entries ?? []) {
    if (key.string === 'configSets') continue;
    const config = map(value);
    for (const { value: file } of map(config?.get('files'))?.entries ?? []) {
      const content = map(file)?.get('content');
      const text = textOf(content);
      if (!text?.text.startsWith('#!') || !content) continue;
      const facts = firstLineFacts(text.text);
      if (facts.dialect === 'other') continue;
      yield embedShell(text, { ...facts, machine: undefined, use: 'script' }, content);
    }
    for (const { value: each } of map(config?.get('commands'))?.entries ?? []) {
      const command = map(each)?.get('command');
      const text = textOf(command);
      if (!text || !command) continue;
      const facts: ShellFacts = {
        dialect: 'sh',
        stopsOnError: false,
        pipefail: false,
        machine: resource.template.text.includes('cfn-hup') ? 'lasting' : 'fresh',
        use: 'provisioning',
        ...(map(each)?.has('test') && { guarded: true }),
      };
      yield embedShell(text, facts, command);
    }
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-codebuild-project-source.html */
function* buildspecsOf(resource: CloudResource): Iterable<Embedded> {
  if (resource.type !== 'AWS::CodeBuild::Project') return;
  const node = resource.property('Source', 'BuildSpec');
  const text = textOf(node);
  if (node && text && /^\s*version\b/.test(text.text) && text.text.includes('\n')) {
    yield embed(buildspec, text, undefined, node);
  }
}

/** Images of tasks (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ecs-taskdefinition-containerdefinition.html). */
function imagesOf(resource: CloudResource) {
  if (resource.type !== 'AWS::ECS::TaskDefinition') return [];
  return list(resource.property('ContainerDefinitions')).flatMap((container) => {
    const host = map(container)?.get('Image');
    const text = textOf(host);
    if (!host || !text || text.text === '') return [];
    const incomplete = !text.isVerbatim([0, text.text.length]);
    return [{ source: text, facts: { use: 'run', incomplete, defaulted: [] } as const, host }];
  });
}
