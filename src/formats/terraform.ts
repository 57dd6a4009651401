import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Embedded, embed, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import {
  type Attribute,
  type Block,
  type Body,
  type Expression,
  parseHcl,
  walkExpressions,
} from '../syntax/hcl';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { userData } from './cloud-init';
import { folderOf, pathIn, toFile, unique } from './delivery';
import { image } from './image';
import { firstLineFacts, shell } from './shell';
import type { ShellFacts } from './shell-model';
import { alarmFacts } from './terraform-alarms';
import { databasesOf } from './terraform-databases';
import { blockLinks } from './terraform-delivery';
import { terraformModuleSource } from './terraform-module-source';

/** One file of a configuration. */
export interface TerraformFile extends Located {
  /** Terragrunt's own language instead of Terraform's or OpenTofu's. */
  readonly terragrunt: boolean;
  /** The module it belongs to: its folder, empty at the workspace's root. */
  readonly folder: string;
  /** Values of `locals`, by name. */
  readonly locals: ReadonlyMap<string, Attribute>;
  readonly text: string;
}

/** A block at the file's margin: `resource`, `module`, `locals`, … */
export interface TerraformBlock extends Located {
  readonly type: string;
  readonly labels: readonly string[];
  /** As it is referred to: `aws_instance.web`, `module.network`. */
  readonly address: string;
  readonly body: Body;
  readonly file: TerraformFile;
}

/** A call of a module (https://developer.hashicorp.com/terraform/language/block/module). */
export interface ModuleCall extends Located {
  readonly name: string;
  /** The `source` as far as it is known; the range covers the quotes. */
  readonly source: Located & { readonly text: string };
  readonly version: Attribute | undefined;
  readonly kind: ReturnType<typeof terraformModuleSource>;
}

export type TerraformNodes = { file: TerraformFile; block: TerraformBlock; module: ModuleCall };

/** Terraform, OpenTofu and Terragrunt (https://developer.hashicorp.com/terraform/language/syntax/configuration). */
export const terraform = defineFormat<TerraformNodes>({
  id: 'terraform',
  title: 'Terraform configuration',
  files: ['**/*.{tf,tofu}', '**/terragrunt.hcl'],
  nodes: ['file', 'block', 'module'],
  recognises: (file) =>
    /\.(?:tf|tofu)$/.test(file.name) || file.name === 'terragrunt.hcl' ? 'by-name' : undefined,
  alone: () => undefined,
  parse: (source) => terraformDocument(source),
});

function terraformDocument(source: Source): Document<TerraformNodes> {
  const { body, problems } = parseHcl(source);
  const folder = source.path.slice(0, Math.max(source.path.lastIndexOf('/'), 0));
  const file: TerraformFile = {
    folder,
    terragrunt: source.path.endsWith('.hcl'),
    locals: new Map(
      body.blocks
        .filter((block) => block.type.value === 'locals')
        .flatMap((block) => block.body.attributes)
        .map((attribute) => [attribute.name.value, attribute]),
    ),
    text: source.text,
    range: [0, source.text.length],
  };
  const blocks = body.blocks.map((block): TerraformBlock => {
    const labels = block.labels.map((label) => label.value);
    const type = block.type.value;
    return {
      type,
      labels,
      address: [...(type === 'resource' ? [] : [type]), ...labels].join('.'),
      body: block.body,
      file,
      range: block.range,
    };
  });
  let embedded: readonly Embedded[] | undefined;
  return {
    source,
    problems,
    facts: [
      ...alarmFacts(source, folder),
      ...blocks.flatMap((block) => [...databasesOf(block, source.path)]),
      ...rootModule(blocks, source.path),
    ],
    get parts() {
      return [modulePart(source, body, blocks, this.embedded)];
    },
    get embedded() {
      embedded ??= blocks.flatMap((block) => [...scriptsOf(block), ...imagesOf(block)]);
      return embedded;
    },
    route: (offset) => {
      const block = blocks.find((each) => each.range[0] <= offset && offset <= each.range[1]);
      return block ? `.${block.type}.${block.labels.join('.')}` : '';
    },
    *walk(): Iterable<Visit<TerraformNodes>> {
      yield ['file', file];
      for (const block of blocks) {
        yield ['block', block];
        const call = moduleCall(block);
        if (call) yield ['module', call];
      }
    },
  };
}

/**
 * `terraform/root-module` of a file's folder and all above it: here is a configuration with a state of its own, not a
 * module for others (https://developer.hashicorp.com/terraform/language/backend).
 */
function rootModule(blocks: readonly TerraformBlock[], path: string): readonly Fact[] {
  if (!blocks.some(hasState) || /(?:^|\/)(?:examples?|tests?|fixtures)\//.test(path)) return [];
  const folders = path.split('/').slice(0, -1);
  return ['', ...folders].map((_, length) => ({
    kind: 'terraform/root-module',
    key: folders.slice(0, length).join('/'),
  }));
}

/** The file as part of its folder's module: the modules of the workspace it calls, and what else it leads to. */
function modulePart(
  source: Source,
  body: Body,
  blocks: readonly TerraformBlock[],
  embedded: readonly Embedded[],
): Part {
  const folder = folderOf(source.path);
  const links = blocks.flatMap((block): Link[] => {
    const called = moduleCall(block)?.source.text;
    const target =
      called !== undefined && /^\.\.?\//.test(called) ? pathIn(folder, called) : undefined;
    return target === undefined ? [] : [toFile('uses', target, 'terraform')];
  });
  const first = blocks.find((block) => isRoot(block)) ?? blocks[0];
  return {
    kind: 'module',
    name: blocks.some(isRoot) ? 'root' : '',
    links: unique([...links, ...blockLinks(source, folder, body.blocks, embedded)]),
    range: first?.range ?? [0, 0],
  };
}

/** What only a root module has: a backend, or the configuration of a provider. */
const isRoot = (block: TerraformBlock): boolean => block.type === 'provider' || hasState(block);

/** Whether a block says where the state is kept. */
const hasState = ({ type, body, file }: TerraformBlock): boolean =>
  type === 'terraform' &&
  !file.terragrunt &&
  (body.block('backend') ?? body.block('cloud')) !== undefined;

/** `module`; in Terragrunt the `terraform` block names what it runs. */
function moduleCall(block: TerraformBlock): ModuleCall | undefined {
  if (block.type !== (block.file.terragrunt ? 'terraform' : 'module')) return undefined;
  const source = block.body.attribute('source')?.value;
  const text =
    source?.kind === 'template'
      ? source.text
      : source?.kind === 'literal' && typeof source.value === 'string'
        ? source.value
        : undefined;
  if (!source || text === undefined) return undefined;
  return {
    name: block.labels[0] ?? block.type,
    source: { text, range: source.range },
    version: block.body.attribute('version'),
    kind: terraformModuleSource(text, source.kind === 'template'),
    range: block.range,
  };
}

/** https://developer.hashicorp.com/terraform/language/provisioners: run once, when the resource is made. */
const onceFacts: ShellFacts = {
  dialect: 'sh',
  stopsOnError: false,
  pipefail: false,
  machine: 'fresh',
  use: 'provisioning',
};

/** Google's startup scripts run at every boot (https://cloud.google.com/compute/docs/instances/startup-scripts/linux). */
const everyBoot: ShellFacts = { ...onceFacts, dialect: 'bash', machine: 'lasting' };

function* scriptsOf(block: TerraformBlock): Iterable<Embedded> {
  if (block.type !== 'resource' && block.type !== 'data') return;
  const isGoogle = block.labels[0]?.startsWith('google_') ?? false;
  for (const attribute of block.body.attributes) {
    const name = attribute.name.value;
    if (/^(?:metadata_)?startup_script$/.test(name)) {
      yield* scriptIn(attribute.value, isGoogle ? everyBoot : onceFacts);
    } else if (/^user_data|^custom_data$/.test(name)) {
      yield* dataOf(attribute.value);
    } else if (name === 'metadata' && isGoogle && attribute.value.kind === 'object') {
      for (const { key, value } of attribute.value.entries) {
        if (key?.value === 'startup-script') yield* scriptIn(value, everyBoot);
        if (key?.value === 'user-data') yield* dataOf(value);
      }
    }
  }
  for (const provisioner of block.body.blocks) {
    if (provisioner.type.value === 'provisioner') yield* provisionerScripts(provisioner);
  }
}

/** Resources that run containers, and the attribute that says from which image. */
const containers: readonly { readonly resource: RegExp; readonly attribute: RegExp }[] = [
  { resource: /^docker_(?:container|service)$/, attribute: /^image$/ },
  { resource: /^docker_image$/, attribute: /^name$/ },
  { resource: /^kubernetes_(?!job)/, attribute: /^image$/ },
  { resource: /^google_cloud_run/, attribute: /^image$/ },
  { resource: /^azurerm_container_(?:group|app)/, attribute: /^image$/ },
  { resource: /^aws_ecs_task_definition$/, attribute: /^image$/ },
  { resource: /^aws_apprunner_service$/, attribute: /^image_identifier$/ },
];

/** The images of what a resource runs, as far as they are written here. */
function* imagesOf(block: TerraformBlock): Iterable<Embedded> {
  const kind = containers.find(({ resource }) => resource.test(block.labels[0] ?? ''));
  if (block.type !== 'resource' || !kind) return;
  // A pipeline puts the new image in, past Terraform.
  if ([...ignoredChanges(block.body)].length > 0) return;
  // What is built here, or by a pipeline of its own, is no name of something elsewhere.
  if (block.body.block('build')) return;
  for (const { name, value } of attributesIn(block.body)) {
    if (!kind.attribute.test(name) || (value.kind !== 'literal' && value.kind !== 'template'))
      continue;
    const source = value.body;
    const incomplete = value.kind === 'template';
    yield embed(image, source, { use: 'run', incomplete, defaulted: [] }, value);
  }
}

/** All attributes of a body, those of its blocks and of objects in its values among them. */
function* attributesIn(
  body: Body,
): Iterable<{ readonly name: string; readonly value: Expression }> {
  for (const { name, value } of body.attributes) {
    yield { name: name.value, value };
    for (const each of walkExpressions(value)) {
      if (each.kind !== 'object') continue;
      for (const entry of each.entries)
        if (entry.key) yield { name: entry.key.value, value: entry.value };
    }
  }
  for (const block of body.blocks) yield* attributesIn(block.body);
}

/** User data, by how it begins; a script where that tells nothing. */
function* dataOf(value: Expression): Iterable<Embedded> {
  for (const text of textsIn(value)) {
    const piece = userData(text.body, text);
    if (piece) yield piece;
    else yield* scriptIn(text, onceFacts);
  }
}

function* provisionerScripts(provisioner: Block): Iterable<Embedded> {
  const { body } = provisioner;
  const interpreter = body.attribute('interpreter')?.value;
  const items = interpreter?.kind === 'list' ? interpreter.items : [];
  const program = items
    .map((item) => (item.kind === 'literal' ? String(item.value) : ''))
    .join(' ');
  if (program !== '' && !/(?:^|\/)(?:ba|da|a)?sh\b/.test(program)) return;
  const facts: ShellFacts = {
    ...onceFacts,
    dialect: program.includes('bash') ? 'bash' : 'sh',
    stopsOnError: / -\w*e/.test(program),
    // local-exec runs where Terraform runs, on every creation.
    machine: provisioner.labels[0]?.value === 'local-exec' ? undefined : 'fresh',
  };
  const command = body.attribute('command');
  if (command) yield* scriptIn(command.value, facts);
  const inline = body.attribute('inline')?.value;
  if (inline?.kind !== 'list') return;
  for (const item of inline.items) yield* scriptIn(item, facts);
}

/** Texts that are no script although a script may stand there: PowerShell and the like. */
const noScript = /^\s*(?:#cloud-|<powershell|<script|Content-Type|MIME-Version)/i;

/** The texts an expression is: a string, a here-document, and what stands in a call such as `base64encode(…)`. */
function* textsIn(expression: Expression): Iterable<Extract<Expression, { body: Source }>> {
  if (expression.kind === 'call') for (const arg of expression.args) yield* textsIn(arg);
  const { kind } = expression;
  if (kind === 'heredoc' || kind === 'literal' || kind === 'template') yield expression;
}

/** A text as a script, unless it says that it is something else. */
function* scriptIn(expression: Expression, facts: ShellFacts): Iterable<Embedded> {
  for (const text of textsIn(expression)) {
    const source = text.body;
    const first = firstLineFacts(source.text);
    if (noScript.test(source.text) || first.dialect === 'other') continue;
    yield embed(
      shell,
      source,
      {
        ...facts,
        dialect: first.dialect === 'bash' ? 'bash' : facts.dialect,
        stopsOnError: facts.stopsOnError || first.stopsOnError,
        pipefail: facts.pipefail || first.pipefail,
      },
      text,
    );
  }
}

/** A value that no two plans agree on. */
export interface VolatileCall {
  /** The function. */
  readonly call: string;
  /** The argument it decides, as `tags.UpdatedAt`. */
  readonly argument: string;
  readonly at: Located;
  /** The local value it comes through. */
  readonly origin: string | undefined;
}

/**
 * Functions that give another result each time (https://developer.hashicorp.com/terraform/language/functions/timestamp,
 * …/plantimestamp, …/uuid, …/bcrypt).
 */
const volatileFunctions: ReadonlySet<string> = new Set([
  'timestamp',
  'plantimestamp',
  'uuid',
  'bcrypt',
]);

/** Blocks that are not compared with what is there. */
const notCompared: ReadonlySet<string> = new Set([
  'provisioner',
  'connection',
  'lifecycle',
  'timeouts',
]);

/** Arguments of a resource or module that differ on every plan, unless `ignore_changes` names them. */
export function* volatileCalls(block: TerraformBlock): Iterable<VolatileCall> {
  const ignored = ignoredChanges(block.body);
  if (ignored.has('all')) return;
  const bodies: [path: string, body: Body][] = [['', block.body]];
  for (const [path, body] of bodies) {
    for (const { name, value } of body.attributes) {
      const argument = `${path}${name.value}`;
      if (ignored.has(argument.split('.')[0]!) || (path === '' && name.value === 'depends_on'))
        continue;
      yield* volatileIn(value, argument, block.file, ignored);
    }
    for (const inner of body.blocks) {
      const label =
        inner.type.value === 'dynamic' ? (inner.labels[0]?.value ?? '') : inner.type.value;
      if (notCompared.has(label) || ignored.has(label)) continue;
      bodies.push([inner.type.value === 'content' ? path : `${path}${label}.`, inner.body]);
    }
  }
}

function* volatileIn(
  expression: Expression,
  argument: string,
  file: TerraformFile,
  ignored: ReadonlySet<string>,
): Iterable<VolatileCall> {
  if (expression.kind === 'object') {
    for (const { key, value } of expression.entries) {
      const path = key ? `${argument}.${key.value}` : argument;
      if (!ignored.has(path)) yield* volatileIn(value, path, file, ignored);
    }
    return;
  }
  for (const each of walkExpressions(expression)) {
    if (each.kind === 'call' && volatileFunctions.has(each.name.value)) {
      yield { call: each.name.value, argument, at: each, origin: undefined };
      return;
    }
    const local = each.kind === 'reference' && each.path[0] === 'local' ? each.path[1] : undefined;
    const value = local === undefined ? undefined : file.locals.get(local)?.value;
    // Of an object only the part that is referred to counts; that goes beyond what is followed here.
    if (!value || value.kind === 'object') continue;
    for (const inner of walkExpressions(value)) {
      if (inner.kind !== 'call' || !volatileFunctions.has(inner.name.value)) continue;
      yield { call: inner.name.value, argument, at: each, origin: local };
      return;
    }
  }
}

/** What `lifecycle { ignore_changes = … }` names: `tags`, `tags.UpdatedAt`, `all`. */
function ignoredChanges(body: Body): ReadonlySet<string> {
  const found = new Set<string>();
  for (const block of body.blocks) {
    if (block.type.value !== 'lifecycle') continue;
    const value = block.body.attribute('ignore_changes')?.value;
    if (!value) continue;
    for (const each of walkExpressions(value)) {
      if (each.kind === 'reference') found.add(each.path.join('.'));
      if (each.kind === 'literal') found.add(String(each.value));
    }
  }
  return found;
}
