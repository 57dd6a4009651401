import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Embedded, type Visit } from '../engine/format';
import {
  type Attribute,
  type Block,
  type Body,
  type Expression,
  parseHcl,
  walkExpressions,
} from '../syntax/hcl';
import { maskTemplates } from '../syntax/template-mask';
import {
  items as list,
  map,
  parseYaml,
  type YamlMap,
  type YamlNode,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import { Source } from '../text/source';
import { userData } from './cloud-init';
import { blockSettings, jsonSettings, templatePart } from './packer-delivery';
import { embedShell, firstLineFacts } from './shell';
import { scriptName } from './shell-callers';
import type { ShellFacts } from './shell-model';

/** A template, in HCL or in the older JSON; with HCL all files of a folder make up one. */
export interface PackerTemplate extends Located {
  readonly syntax: 'hcl' | 'json';
  readonly plugins: readonly Plugin[];
  readonly sources: readonly ImageSource[];
}

/** An entry of `required_plugins`; its range is that of the version, or of the whole entry where it has none. */
export interface Plugin extends Located {
  readonly name: string;
  /** The constraint as written; undefined without one. */
  readonly version: string | undefined;
}

/** A `source` block or a builder: what an image is made from and what it is called. */
export interface ImageSource extends Located {
  /** Such as `amazon-ebs`. */
  readonly type: string;
  setting(name: string): Setting | undefined;
}

/** `name = value` of a source. */
export interface Setting extends Located {
  /** Undefined where it is worked out, or handed in by a variable. */
  readonly value: string | number | boolean | undefined;
}

export type PackerNodes = { template: PackerTemplate; source: ImageSource };

/** Packer templates (https://developer.hashicorp.com/packer/docs/templates). */
export const packer = defineFormat<PackerNodes>({
  id: 'packer',
  title: 'Packer template',
  files: ['**/*.pkr.hcl', '**/*.json'],
  nodes: ['template', 'source'],

  recognises(file) {
    if (file.name.endsWith('.pkr.hcl')) return 'by-name';
    if (!/\.json$/i.test(file.name)) return undefined;
    const keys = file.topLevelKeys();
    const types =
      /"type"\s*:\s*"(?:shell|file|ansible(?:-local)?|powershell|[a-z]+-(?:iso|ebs|ovf|clone|arm)|qemu|docker|googlecompute)"/;
    return (keys.has('builders') || keys.has('provisioners')) && types.test(file.text)
      ? 'by-content'
      : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return source.path.endsWith('.json') ? jsonDocument(source) : hclDocument(source);
  },
});

/** A `shell` or `shell-local` provisioner, however it is written. */
interface Provisioner {
  readonly type: string;
  readonly host: Located;
  /** Lines of `inline`, in order. */
  readonly lines: readonly Source[];
  /** Paths of `script` and `scripts`. */
  readonly scripts: readonly string[];
  readonly shebang: string | undefined;
  readonly executeCommand: string | undefined;
}

/** An `execute_command` that hands the script to a shell of its own choice: its first line does not count then. */
const ownShell = /(?:^|[\s/])((?:ba|da|a)?sh)((?:\s+-\w+)*)\s+['"]?\{\{\s*\.Path\s*\}\}/;

/**
 * How a script is run on the machine that becomes the image
 * (https://developer.hashicorp.com/packer/docs/provisioners/shell): `inline` under `/bin/sh -e` unless
 * `inline_shebang` says otherwise; `shell-local` (…/shell-local) runs where Packer runs.
 */
function factsOf({ type, shebang, executeCommand }: Provisioner): ShellFacts {
  const own = ownShell.exec(executeCommand ?? '');
  const first = own
    ? firstLineFacts(`#!/bin/${own[1]}${own[2]}`)
    : firstLineFacts(`#!${shebang ?? '/bin/sh -e'}`);
  return {
    ...first,
    machine: type === 'shell' ? 'fresh' : undefined,
    use: type === 'shell' ? 'image-build' : 'script',
  };
}

function scriptOf(provisioner: Provisioner): Embedded[] {
  const [first, ...rest] = provisioner.lines;
  const facts = factsOf(provisioner);
  if (!first || facts.dialect === 'other') return [];
  const source = Source.joined([first, '\n', ...rest.flatMap((line) => [line, '\n'])]);
  return [embedShell(source, facts, provisioner.host)];
}

/** The scripts that are sent to the machine, as facts `shell/runs-on-fresh` with their names. */
function scriptsSent({ type, scripts }: Provisioner): Fact[] {
  if (type !== 'shell') return [];
  return scripts.map((path) => ({ kind: 'shell/runs-on-fresh', key: scriptName(path) }));
}

/**
 * The scripts a machine fetches from Packer's own server while it is set up for the first time
 * (https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu#http-directory-configuration).
 */
const scriptsServed = (text: string): Fact[] =>
  [...text.matchAll(/\.HTTPPort\s*\}\}\/([\w./-]+\.(?:ba)?sh)\b/g)].map(([, path]) => ({
    kind: 'shell/runs-on-fresh',
    key: scriptName(path!),
  }));

function hclDocument(source: Source): Document<PackerNodes> {
  const { body, problems } = parseHcl(source);
  const locals = new Map(
    body.blocks
      .filter((block) => block.type.value === 'locals')
      .flatMap((block) => block.body.attributes)
      .map((attribute) => [attribute.name.value, attribute]),
  );
  const builds = body.blocks.filter((block) => block.type.value === 'build');
  const sources = [
    ...body.blocks.filter((block) => block.type.value === 'source'),
    ...builds.flatMap((build) => build.body.blocks.filter((each) => each.type.value === 'source')),
  ];
  const template: PackerTemplate = {
    syntax: 'hcl',
    plugins: body.blocks.flatMap((block) =>
      block.type.value === 'packer' ? pluginsOf(block) : [],
    ),
    sources: sources.map((block) => ({
      type: (block.labels[0]?.value ?? '').replace(/^source\./, '').replace(/\..*$/, ''),
      setting: (name) => {
        const attribute = block.body.attribute(name);
        return attribute && { value: constant(attribute.value, locals), range: attribute.range };
      },
      range: block.range,
    })),
    range: [0, source.text.length],
  };
  const provisioners = builds.flatMap((build) => [...provisionersOf(build.body)]);
  return {
    source,
    problems,
    get parts() {
      if (builds.length === 0) return [];
      const steps = builds
        .flatMap((build) => stepsOf(build.body))
        .map((block) => ({
          type: block.labels[0]?.value ?? '',
          settings: blockSettings(block),
        }));
      return [templatePart(source, steps, sources.map(blockSettings), builds[0]!.range)];
    },
    embedded: [
      ...provisioners.flatMap(scriptOf),
      ...sources.flatMap(({ body: { attributes } }) => attributes.flatMap(userDataOf)),
    ],
    facts: [...provisioners.flatMap(scriptsSent), ...scriptsServed(source.text)],
    route: (offset) => {
      const block = body.blocks.find((each) => each.range[0] <= offset && offset <= each.range[1]);
      return block
        ? `.${[block.type.value, ...block.labels.map((label) => label.value)].join('.')}`
        : '';
    },
    walk: () => visits(template),
  };
}

function* visits(template: PackerTemplate): Iterable<Visit<PackerNodes>> {
  yield ['template', template];
  for (const source of template.sources) yield ['source', source];
}

/** https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer#specifying-plugin-requirements */
function pluginsOf(settings: Block): Plugin[] {
  const required = settings.body.block('required_plugins');
  return (required?.body.attributes ?? []).flatMap(({ name, value, range }) => {
    if (value.kind !== 'object') return [];
    const version = value.entries.find((entry) => entry.key?.value === 'version');
    const text = version && constant(version.value, new Map());
    return [
      {
        name: name.value,
        version: text === undefined ? undefined : String(text),
        range: version ? version.value.range : range,
      },
    ];
  });
}

/** What an expression comes to without variables: a literal, or a local that is one. */
function constant(
  expression: Expression,
  locals: ReadonlyMap<string, Attribute>,
): Setting['value'] {
  if (expression.kind === 'literal') {
    const { value } = expression;
    return value === null || (typeof value === 'string' && value.includes('{{'))
      ? undefined
      : value;
  }
  // `"${local.name}"`, as the older style has it.
  const inner =
    expression.kind === 'template' && expression.parts.length === 1
      ? expression.parts[0]!
      : expression;
  if (inner.kind !== 'reference' || inner.path[0] !== 'local') return undefined;
  const local = locals.get(inner.path[1] ?? '')?.value;
  return local?.kind === 'literal' ? constant(local, locals) : undefined;
}

/** Provisioners and post-processors, those in a chain of them as well. */
const stepsOf = (build: Body): readonly Block[] =>
  [...build.blocks, ...build.blocks.flatMap((each) => each.body.blocks)].filter((block) =>
    /provisioner|post-processor/.test(block.type.value),
  );

function* provisionersOf(build: Body): Iterable<Provisioner> {
  for (const block of stepsOf(build)) {
    const type = block.labels[0]?.value ?? '';
    if (!/^shell(?:-local)?$/.test(type)) continue;
    const { body } = block;
    const text = (name: string) => textOf(body.attribute(name)?.value);
    const scripts = ['script', 'scripts'].flatMap((name) => body.attribute(name)?.value ?? []);
    yield {
      type,
      host: body.attribute('inline') ?? block,
      lines: linesOf(body.attribute('inline')?.value),
      scripts: scripts.flatMap((each) => [...pathsIn(each)]),
      shebang: text('inline_shebang'),
      executeCommand: text('execute_command'),
    };
  }
}

const textOf = (value: Expression | undefined): string | undefined =>
  value?.kind === 'template'
    ? value.text
    : value?.kind === 'literal' && typeof value.value === 'string'
      ? value.value
      : undefined;

function linesOf(inline: Expression | undefined): readonly Source[] {
  const items = inline?.kind === 'list' ? inline.items : inline ? [inline] : [];
  return items.flatMap((item) =>
    item.kind === 'literal' || item.kind === 'template' || item.kind === 'heredoc' ? item.body : [],
  );
}

/** Paths among the strings of an expression; of `"${path.root}/x.sh"` what is known of it. */
function* pathsIn(expression: Expression): Iterable<string> {
  for (const each of walkExpressions(expression)) {
    if (each.kind === 'literal' && typeof each.value === 'string') yield each.value;
  }
}

function userDataOf({ name, value }: Attribute): Embedded[] {
  if (name.value !== 'user_data') return [];
  return [...walkExpressions(value)].flatMap((each) =>
    each.kind === 'heredoc' ? (userData(each.body, each) ?? []) : [],
  );
}

const string = (node: YamlNode | undefined) => (node?.kind === 'scalar' ? node.string : undefined);

/** https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates */
function jsonDocument(source: Source): Document<PackerNodes> {
  const { roots, problems } = parseYaml(source);
  const root = map(roots[0]);
  const maps = (key: string) =>
    list(root?.get(key)).filter((each): each is YamlMap => each.kind === 'map');
  const template: PackerTemplate = {
    syntax: 'json',
    plugins: [],
    sources: maps('builders').map((builder) => ({
      type: string(builder.get('type')) ?? '',
      setting: (name) => settingOf(builder, name),
      range: builder.range,
    })),
    range: root?.range ?? [0, 0],
  };
  const steps = maps('provisioners');
  const provisioners = steps.flatMap(jsonProvisioner);
  return {
    source,
    problems,
    get parts() {
      const settings = steps.map((step) => ({
        type: string(step.get('type')) ?? '',
        settings: jsonSettings(step),
      }));
      return [templatePart(source, settings, maps('builders').map(jsonSettings), template.range)];
    },
    embedded: provisioners.flatMap(scriptOf),
    facts: [...provisioners.flatMap(scriptsSent), ...scriptsServed(source.text)],
    route: (offset) => yamlRoute(roots, offset),
    walk: () => visits(template),
  };
}

function settingOf(builder: YamlMap, name: string): Setting | undefined {
  const entry = builder.entry(name);
  if (!entry?.value) return undefined;
  const { value } = entry;
  const known = value.kind === 'scalar' && value.value !== null && !value.string.includes('{{');
  return {
    value: known ? (value.value as Setting['value']) : undefined,
    range: [entry.key.range[0], value.range[1]],
  };
}

function jsonProvisioner(node: YamlMap): Provisioner[] {
  const type = string(node.get('type')) ?? '';
  if (!/^shell(?:-local)?$/.test(type)) return [];
  const inline = node.entry('inline');
  const written = inline?.value?.kind === 'scalar' ? [inline.value] : list(inline?.value);
  const scripts = [node.get('script'), ...list(node.get('scripts'))];
  return [
    {
      type,
      host: inline?.value ?? node,
      lines: written.flatMap((each) =>
        each.kind === 'scalar' ? maskTemplates(each.text(), 'go').source : [],
      ),
      scripts: scripts.flatMap((each) => string(each) ?? []),
      shebang: string(node.get('inline_shebang')),
      executeCommand: string(node.get('execute_command')),
    },
  ];
}
