import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Machine,
  type Visit,
} from '../engine/format';
import type { Part } from '../engine/part';
import { maskTemplates } from '../syntax/template-mask';
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
import { imagesUsed } from './delivery';
import { embedShell, firstLineFacts, type Script } from './shell';
import { scriptName } from './shell-callers';
import type { ShellFacts } from './shell-model';

/** A `#cloud-config` text, or the one below `autoinstall: user-data:`. */
export interface CloudConfig extends Located {
  readonly map: YamlMap;
  /** `runcmd` and `bootcmd`, as far as there are any. */
  readonly commands: readonly BootCommands[];
  readonly files: readonly WrittenFile[];
  entry(name: string): YamlEntry | undefined;
}

/** `runcmd` or `bootcmd`: a list whose items cloud-init writes into one script for `/bin/sh`. */
export interface BootCommands extends Located {
  readonly key: YamlScalar;
  readonly config: CloudConfig;
  /** `runcmd` runs at the first boot of an instance, `bootcmd` at every boot. */
  readonly when: 'first boot' | 'every boot';
  readonly items: readonly YamlNode[];
  /** The lines of the script. */
  readonly text: string;
  readonly script: Script;
  readonly embedded: Embedded;
}

/** An entry of `write_files`. */
export interface WrittenFile extends Located {
  readonly map: YamlMap;
  /** Where it is written to; `` where that is not known. */
  readonly path: string;
  /** Undefined where it is encoded or comes from elsewhere. */
  readonly content: YamlScalar | undefined;
}

export type CloudInitNodes = { config: CloudConfig; commands: BootCommands; file: WrittenFile };

/** https://cloudinit.readthedocs.io/en/latest/explanation/format.html: the kinds are told by how the text begins. */
const cloudConfig =
  /^\uFEFF?(?:## *template: *jinja[^\n]*\n)?#cloud-config(?:-jsonp)?[ \t\r]*(?:#.*)?$/m;
const beginsAsCloudConfig = (text: string) => cloudConfig.exec(text)?.index === 0;
const beginsAsMime = (text: string) =>
  /^\uFEFF?(?:Content-Type:[ \t]*multipart\/|MIME-Version:)/i.test(text);

/**
 * User data of cloud-init (https://cloudinit.readthedocs.io/en/latest/reference/modules.html). Scripts that are user
 * data are shell by themselves.
 */
export const cloudInit = defineFormat<CloudInitNodes>({
  id: 'cloud-init',
  title: 'cloud-init user data',
  files: [
    '**/*.{yml,yaml}',
    '**/*{cloud-config,cloud-init,cloud_init,cloudinit,user-data,user_data,userdata}{,.cfg,.j2,.pkrtpl.hcl,.tftpl,.tmpl,.tpl,.txt}',
  ],
  nodes: ['config', 'commands', 'file'],

  recognises(file) {
    if (beginsAsCloudConfig(file.text)) return 'by-content';
    const isMime =
      beginsAsMime(file.text) &&
      /^Content-Type:[ \t]*text\/(?:cloud-config|x-shellscript|cloud-boothook)\b/im.test(file.text);
    return isMime ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return beginsAsMime(source.text) ? multipart(source) : configDocument(source);
  },
});

/** Runs once an instance, without errexit (https://cloudinit.readthedocs.io/en/latest/explanation/format.html#user-data-script). */
const scriptFacts = (source: Source, machine: Machine): ShellFacts => ({
  ...firstLineFacts(source.text),
  machine,
  use: 'provisioning',
});

/** What is in a machine's user data, by how it begins; nothing where that tells of no kind we read. */
export function userData(source: Source, host: Located): Embedded | undefined {
  const { text } = source;
  if (beginsAsCloudConfig(text) || beginsAsMime(text))
    return embed(cloudInit, source, undefined, host);
  const isScript = /^\s*#!/.test(text);
  const isHook = /^#cloud-boothook\b/.test(text);
  if (!isScript && !isHook) return undefined;
  const facts = scriptFacts(source, isHook ? 'lasting' : 'fresh');
  return facts.dialect === 'other' ? undefined : embedShell(source, facts, host);
}

function configDocument(source: Source): Document<CloudInitNodes> {
  const { source: readable, templated } = withoutTemplates(source);
  const { roots, problems } = parseYaml(readable, { version: '1.1' });
  const root = map(roots[0]);
  const installer = map(root?.get('autoinstall'));
  const configs = [root, map(installer?.get('user-data'))].flatMap((each) =>
    each ? [readConfig(each)] : [],
  );
  return {
    source: readable,
    // What the template makes of it is not known.
    problems: templated ? [] : problems,
    get parts() {
      return [machine(this, root)];
    },
    get embedded() {
      const own = installer ? installCommands(installer) : [];
      return [...own, ...configs.flatMap((config) => [...pieces(config)])];
    },
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<CloudInitNodes>> {
      for (const config of configs) {
        yield ['config', config];
        for (const commands of config.commands) yield ['commands', commands];
        for (const file of config.files) yield ['file', file];
      }
    },
  };
}

/** The machine that is set up by it, and the images it starts there. */
const machine = (document: Pick<Document, 'embedded'>, config?: Located): Part => ({
  kind: 'machine',
  name: '',
  links: imagesUsed(document),
  range: config?.range ?? [0, 0],
});

/** Directives of a Terraform template that have their line to themselves, and an interpolation no shell could mean. */
const directive = /^[ \t]*%\{[^\n]*?~?\}[ \t]*$/gm;
const interpolation = /\$\{\s*[a-z_]\w*\s*[.([][^{}\n]*\}/g;

/**
 * The text with templates hidden: Jinja's, which cloud-init itself fills in, and those of the tools that write the
 * file (https://developer.hashicorp.com/terraform/language/functions/templatefile). `$${x}` is the shell's `${x}`
 * there.
 */
function withoutTemplates(source: Source): {
  readonly source: Source;
  readonly templated: boolean;
} {
  const { text } = source;
  const language = /^## *template: *jinja|\{%/.test(text) ? 'jinja' : 'go';
  const inBraces = text.includes('{{') || text.includes('{%');
  let readable = inBraces ? maskTemplates(source, language).source : source;
  if (text.includes('%{')) readable = blanked(readable, directive);
  const escapes = text.includes('$${');
  if (escapes || text.includes('%{')) {
    readable = withoutInterpolations(readable);
  } else {
    readable = readable.mask(interpolation);
  }
  return { source: readable, templated: readable !== source };
}

/** Lines that hold a directive turn into blanks: an underscore would be text of its own. */
function blanked(source: Source, pattern: RegExp): Source {
  const builder = source.derive();
  let at = 0;
  for (const { 0: found, index } of source.text.matchAll(pattern)) {
    builder.copy(source.text.slice(at, index), at);
    builder.decoded(' '.repeat(found.length), index, found.length);
    at = index + found.length;
  }
  return builder.copy(source.text.slice(at), at).build();
}

function withoutInterpolations(source: Source): Source {
  const builder = source.derive();
  let at = 0;
  for (const { 0: found, index } of source.text.matchAll(/\$\$\{|%%\{|[$%]\{[^{}\n]*\}/g)) {
    builder.copy(source.text.slice(at, index), at);
    if (found.length === 3 && found[0] === found[1]) builder.decoded(found.slice(1), index, 3);
    else builder.mask(found, index);
    at = index + found.length;
  }
  return builder.copy(source.text.slice(at), at).build();
}

function readConfig(root: YamlMap): CloudConfig {
  const commands: BootCommands[] = [];
  const config: CloudConfig = {
    map: root,
    commands,
    files: list(root.get('write_files')).flatMap((each) => {
      if (each.kind !== 'map') return [];
      const encoded = each.has('encoding') || each.has('source');
      return {
        map: each,
        path: scalar(each.get('path'))?.string ?? '',
        content: encoded ? undefined : scalar(each.get('content')),
        range: each.range,
      };
    }),
    entry: (name) => root.entry(name),
    range: root.range,
  };
  for (const name of ['bootcmd', 'runcmd'] as const) {
    const entry = root.entry(name);
    const read = entry && readCommands(entry, config);
    if (read) commands.push(read);
  }
  return config;
}

/**
 * https://cloudinit.readthedocs.io/en/latest/reference/modules.html#runcmd, …#bootcmd: items that are text are lines
 * of one script without errexit, items that are lists become lines of quoted words.
 */
function readCommands(entry: YamlEntry, config: CloudConfig): BootCommands | undefined {
  const items = list(entry.value);
  const [first, ...rest] = items.flatMap((item) => lineOf(item) ?? []);
  if (!first || !entry.value) return undefined;
  const source = Source.joined([first, '\n', ...rest.flatMap((line) => [line, '\n'])]);
  const atEveryBoot = entry.key.string === 'bootcmd';
  const embedded = embedShell(
    source,
    {
      dialect: 'sh',
      stopsOnError: false,
      pipefail: false,
      machine: atEveryBoot ? 'lasting' : 'fresh',
      use: 'provisioning',
    },
    entry.value,
  );
  return {
    key: entry.key,
    config,
    when: atEveryBoot ? 'every boot' : 'first boot',
    items,
    text: source.text,
    get script() {
      return embedded.parse().script;
    },
    embedded,
    range: [entry.key.range[0], entry.value.range[1]],
  };
}

function lineOf(item: YamlNode): Source | undefined {
  if (item.kind === 'scalar') return item.value === null ? undefined : item.text();
  if (item.kind !== 'list') return undefined;
  const words = item.items.flatMap((word) => (word.kind === 'scalar' ? quoted(word) : []));
  const [first, ...rest] = words;
  return first && Source.joined([first, ...rest.flatMap((word) => [' ', word])]);
}

/** A word between single quotes, in which nothing is special; it is no place to write shell into. */
function quoted(word: YamlScalar): Source {
  const text = word.text();
  const builder = text.derive(() => undefined).insert("'");
  let at = 0;
  for (const part of text.text.split("'")) {
    if (at > 0) builder.decoded("'\\''", at - 1, 1);
    builder.copy(part, at);
    at += part.length + 1;
  }
  return builder.insert("'").build();
}

/** Places whose scripts run again on the same machine, and those that run once. */
const runsAgain =
  /^\/var\/lib\/cloud\/scripts\/per-boot\/|^\/etc\/(?:cron\.[a-z]+|profile\.d|init\.d|update-motd\.d|NetworkManager\/dispatcher\.d|rc\.(?:local|d))(?:\/|$)/;
const runsOnce = /^\/var\/lib\/cloud\/scripts\/per-(?:instance|once)\//;

function* pieces(config: CloudConfig): Iterable<Embedded> {
  for (const commands of config.commands) yield commands.embedded;
  for (const file of config.files) {
    const { content, path } = file;
    if (!content) continue;
    const facts = firstLineFacts(content.string);
    const isShell = content.string.startsWith('#!') || /\.(?:ba)?sh$/.test(path);
    if (!isShell || facts.dialect === 'other') continue;
    const machine = machineOf(path, config);
    const use = machine === undefined ? 'script' : 'provisioning';
    yield embedShell(content.text(), { ...facts, machine, use }, content);
  }
}

/** Where a written script runs: by its folder, else by who calls it. */
function machineOf(path: string, config: CloudConfig): Machine | undefined {
  if (path === '') return undefined;
  if (runsAgain.test(path)) return 'lasting';
  if (runsOnce.test(path)) return 'fresh';
  const name = scriptName(path);
  const says = (text: string | undefined) => text?.includes(name) ?? false;
  const calls = (when: BootCommands['when']) =>
    config.commands.some((each) => each.when === when && says(each.text));
  if (calls('every boot')) return 'lasting';
  const others = config.files.filter((each) => each.path !== path);
  // A unit or a schedule calls it whenever it likes.
  if (others.some(({ content }) => says(content?.string))) return undefined;
  return calls('first boot') ? 'fresh' : undefined;
}

/**
 * https://canonical-subiquity.readthedocs-hosted.com/en/latest/reference/autoinstall-reference.html#early-commands:
 * each is handed to `sh -c` of its own, on a machine that is being installed; the first that fails ends it.
 */
function installCommands(installer: YamlMap): Embedded[] {
  return ['early-commands', 'late-commands', 'error-commands'].flatMap((key) =>
    list(installer.get(key)).flatMap((item) =>
      item.kind === 'scalar'
        ? embedShell(
            item.text(),
            {
              dialect: 'sh',
              stopsOnError: false,
              pipefail: false,
              machine: 'fresh',
              use: 'provisioning',
            },
            item,
          )
        : [],
    ),
  );
}

/** https://cloudinit.readthedocs.io/en/latest/explanation/format.html#mime-multi-part-archive */
function multipart(source: Source): Document<CloudInitNodes> {
  const { text } = source;
  const boundary =
    /^Content-Type:[^\n]*(?:\n[ \t][^\n]*)*?\bboundary=(?:"([^"\n]+)"|([^\s;"]+))/im.exec(text);
  const embedded: Embedded[] = [];
  const marks = boundary ? [...text.matchAll(lineOfBoundary(boundary[1] ?? boundary[2]!))] : [];
  marks.forEach((mark, index) => {
    const from = mark.index + mark[0].length;
    const to = marks[index + 1]?.index ?? text.length;
    const head = /\r?\n[ \t]*\r?\n/.exec(text.slice(from, to));
    if (!head) return;
    const headers = text.slice(from, from + head.index);
    if (/^Content-Transfer-Encoding:[ \t]*base64/im.test(headers)) return;
    const start = from + head.index + head[0].length;
    const body = source.slice([start + blankLines(text.slice(start, to)), to]);
    const type = /^Content-Type:[ \t]*([\w/-]+)/im.exec(headers)?.[1]?.toLowerCase();
    const piece =
      type === 'text/cloud-config'
        ? embed(cloudInit, body, undefined, { range: [start, to] })
        : userData(body, { range: [start, to] });
    if (piece) embedded.push(piece);
  });
  return {
    source,
    problems: [],
    embedded,
    get parts() {
      return [machine(this)];
    },
    *walk() {},
  };
}

const lineOfBoundary = (boundary: string) =>
  new RegExp(`^--${boundary.replace(/[^\w]/g, '\\$&')}(?:--)?[ \\t]*$`, 'gm');
const blankLines = (text: string) => /^(?:[ \t]*\r?\n)*/.exec(text)![0].length;
