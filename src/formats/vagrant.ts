import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Embedded, embed, type Visit } from '../engine/format';
import {
  parseRuby,
  type RubyAssignment,
  type RubyCall,
  type RubyNode,
  type RubyString,
  rubyOption,
  rubyWord,
  walkRuby,
} from '../syntax/ruby';
import type { Located, Value } from '../text/range';
import type { Source } from '../text/source';
import { image } from './image';
import { namesOf, type RubyNames, stringOf } from './ruby-values';
import { shell } from './shell';
import { scriptName } from './shell-callers';
import type { ShellFacts } from './shell-model';
import { vagrantPart } from './vagrant-delivery';

/** `config.vm.box = "name"`; the range is that of the name. */
export interface VagrantBox extends Value {
  /** A version is asked for, or the place it is loaded from. */
  readonly pinned: boolean;
}

/** One `config.vm.provision` (https://developer.hashicorp.com/vagrant/docs/provisioning/basic_usage). */
export interface VagrantProvisioner extends Located {
  /** `shell`, `ansible`, `docker`, …; undefined where only a variable knows. */
  readonly type: string | undefined;
  readonly name: string | undefined;
  /** When it runs by itself. `once` is at the machine's first start, and with each `vagrant provision`. */
  readonly run: 'once' | 'always' | 'never';
  /** Its settings, whether given in the call or set in its block. */
  setting(name: string): RubyNode | undefined;
  /** What `inline:` runs, followed through a variable, a constant or a method of the file. */
  readonly script: RubyString | undefined;
  /** The file a shell provisioner runs, or the playbook of Ansible, as written. */
  readonly path: string | undefined;
  /** Images the docker provisioner pulls and runs. */
  readonly images: readonly RubyString[];
  /** What its block calls on it, such as `chef.add_recipe`. */
  readonly calls: readonly RubyCall[];
}

export type VagrantNodes = { box: VagrantBox; provisioner: VagrantProvisioner };

/** A Vagrantfile (https://developer.hashicorp.com/vagrant/docs/vagrantfile). */
export const vagrant = defineFormat<VagrantNodes>({
  id: 'vagrant',
  title: 'Vagrantfile',
  files: ['**/Vagrantfile', '**/Vagrantfile.*'],
  nodes: ['box', 'provisioner'],

  recognises(file) {
    if (file.name === 'Vagrantfile') return 'by-name';
    const isVariant = /^Vagrantfile[._-]|\.vagrantfile$/i.test(file.name);
    return isVariant && /^\s*Vagrant\.configure\b/m.test(file.text) && !file.text.includes('<%')
      ? 'by-content'
      : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return vagrantDocument(source);
  },
});

function vagrantDocument(source: Source): Document<VagrantNodes> {
  const { body, problems } = parseRuby(source);
  const nodes = [...walkRuby(body)];
  const names = namesOf(nodes);
  const boxes = boxesOf(nodes, source.text, names);
  const provisioners = nodes.flatMap((node) =>
    node.kind === 'call' && node.name.value === 'provision' && isVm(node.receiver)
      ? provisionersOf(node, names)
      : [],
  );
  const isWindows = windowsGuest.test(source.text);
  let embedded: readonly Embedded[] | undefined;
  return {
    source,
    // Some are templates of Jinja or ERB, which Ruby does not have to like.
    problems: /\{\{|\{%|<%/.test(source.text) ? [] : problems,
    get embedded() {
      embedded ??= [
        ...(isWindows ? [] : scriptsOf(provisioners, source)),
        ...imagesOf(nodes, provisioners),
      ];
      return embedded;
    },
    get parts() {
      return [vagrantPart(source, nodes, provisioners, this.embedded)];
    },
    facts: isWindows ? [] : scriptsSent(provisioners),
    route(offset) {
      const at = provisioners.find(({ range }) => range[0] <= offset && offset <= range[1]);
      return at ? `provision[${at.name ?? at.type ?? ''}]` : '';
    },
    *walk(): Iterable<Visit<VagrantNodes>> {
      for (const box of boxes) yield ['box', box];
      for (const provisioner of provisioners) yield ['provisioner', provisioner];
    },
  };
}

/** Over WinRM the guest runs PowerShell (https://developer.hashicorp.com/vagrant/docs/provisioning/shell). */
const windowsGuest =
  /\bvm\.(?:communicator\s*=\s*['":]+(?:winrm|winssh)|guest\s*=\s*['":]+windows)/;

/** `config.vm`, whatever the configuration is called. */
const isVm = (node: RubyNode | undefined): boolean =>
  node?.kind === 'call' && node.name.value === 'vm';

function boxesOf(
  nodes: readonly RubyNode[],
  text: string,
  names: RubyNames,
): readonly VagrantBox[] {
  const set = (name: string) =>
    nodes.flatMap((node) =>
      node.kind === 'assignment' &&
      node.target.kind === 'call' &&
      node.target.name.value === name &&
      isVm(node.target.receiver)
        ? [{ of: text.slice(...node.target.receiver!.range), value: node.value, node }]
        : [],
    );
  const boxes = set('box');
  const pins = ['box_version', 'box_url', 'box_download_checksum'].flatMap(set);
  return boxes.flatMap(({ of, value }) => {
    const name = stringOf(value, names);
    if (!name) return [];
    return [
      {
        value: name.text,
        range: value.range,
        pinned:
          pins.some((pin) => pin.of === of || boxes.length === 1) ||
          /^file:|:\/\/|\.box$/.test(name.text),
      },
    ];
  });
}

function provisionersOf(call: RubyCall, names: RubyNames): readonly VagrantProvisioner[] {
  const first = rubyWord(call.args[0]);
  const given = rubyOption(call, 'type');
  const type = given ? rubyWord(given) : first;
  const [variable] = call.block?.parameters ?? [];
  const inner = call.block ? [...walkRuby(call.block.body)] : [];
  const isOwn = (node: RubyNode | undefined) =>
    variable !== undefined && node?.kind === 'name' && node.name === variable;
  const settings = inner.filter(
    (node): node is RubyAssignment & { target: RubyCall } =>
      node.kind === 'assignment' && node.target.kind === 'call' && isOwn(node.target.receiver),
  );
  const calls = inner.filter(
    (node): node is RubyCall => node.kind === 'call' && isOwn(node.receiver),
  );
  const setting = (name: string) =>
    rubyOption(call, name) ?? settings.find(({ target }) => target.name.value === name)?.value;
  const run = rubyWord(setting('run'));
  const path = setting(type === 'shell' ? 'path' : 'playbook');
  return [
    {
      type,
      name: given ? first : rubyWord(setting('name')),
      run: run === 'always' || run === 'never' ? run : 'once',
      setting,
      script: type === 'shell' ? stringOf(setting('inline'), names) : undefined,
      path: stringOf(path, names)?.text,
      images: type === 'docker' ? dockerImages(setting('images'), calls) : [],
      calls,
      range: call.range,
    },
  ];
}

/** https://developer.hashicorp.com/vagrant/docs/provisioning/docker: a container's name is its image unless that is said. */
function dockerImages(
  listed: RubyNode | undefined,
  calls: readonly RubyCall[],
): readonly RubyString[] {
  const named: readonly (RubyNode | undefined)[] = [
    ...(listed?.kind === 'list' ? listed.items : [listed]),
    ...calls.flatMap((call): readonly (RubyNode | undefined)[] =>
      call.name.value === 'pull_images'
        ? call.args
        : call.name.value === 'run'
          ? [rubyOption(call, 'image') ?? call.args[0]]
          : [],
    ),
  ];
  return named.filter((node): node is RubyString => node?.kind === 'string');
}

/** The images of docker provisioners, and of the machines of the docker provider (`d.image = "…"`). */
function* imagesOf(
  nodes: readonly RubyNode[],
  provisioners: readonly VagrantProvisioner[],
): Iterable<Embedded> {
  const found = provisioners.flatMap((each) => each.images);
  for (const node of nodes) {
    if (node.kind !== 'call' || node.name.value !== 'provider' || !node.block) continue;
    if (rubyWord(node.args[0]) !== 'docker') continue;
    for (const each of walkRuby(node.block.body)) {
      if (each.kind !== 'assignment' || each.target.kind !== 'call') continue;
      if (each.target.name.value === 'image' && each.value.kind === 'string')
        found.push(each.value);
    }
  }
  for (const each of found) {
    const incomplete = each.value === undefined;
    yield embed(image, each.body, { use: 'run', incomplete, defaulted: [] }, each);
  }
}

/**
 * A script is uploaded, made executable and called by the login shell of the guest, `bash -l` unless `ssh.shell` says
 * otherwise: no errexit, no pipefail, and its first line decides who reads it
 * (https://developer.hashicorp.com/vagrant/docs/provisioning/shell,
 * https://developer.hashicorp.com/vagrant/docs/vagrantfile/ssh_settings#config-ssh-shell). The machine lasts:
 * `vagrant provision` and `vagrant reload --provision` run all of it again
 * (https://developer.hashicorp.com/vagrant/docs/cli/provision).
 */
const scriptFacts: ShellFacts = {
  dialect: 'bash',
  stopsOnError: false,
  pipefail: false,
  machine: 'lasting',
  use: 'provisioning',
};

const shebang = /^\s*#!\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+)*(?:\S*\/)?)?(\w+)([^\r\n]*)/;

/** What no shell says at the start of a line: PowerShell's verbs and variables. */
const powershell =
  /^\s*(?:(?:Get|Set|New|Add|Install|Write|Import|Enable|Invoke)-[A-Z]|\$\w+\s*=)/m;

function* scriptsOf(
  provisioners: readonly VagrantProvisioner[],
  { text }: Source,
): Iterable<Embedded> {
  const seen = new Set<RubyString>();
  for (const [index, { script, range, setting }] of provisioners.entries()) {
    if (!script || seen.has(script)) continue;
    seen.add(script);
    if (setting('powershell_args') || powershell.test(script.text)) continue;
    const [, program = 'bash', flags = ''] = shebang.exec(script.text) ?? [];
    if (!/^(?:ba|da|a)?sh$/.test(program)) continue;
    yield embed(
      shell,
      script.body,
      {
        ...scriptFacts,
        dialect: program === 'bash' ? 'bash' : 'sh',
        stopsOnError: /\s-\w*e/.test(flags),
        pipefail: /pipefail/.test(flags),
        // Provisioners run in the order they stand in, each of them again.
        ...(index > 0 && { precededBy: text.slice(0, range[0]) }),
      },
      script,
    );
  }
}

/** Scripts of the workspace that shell provisioners run, as facts `shell/runs-on-lasting`. */
const scriptsSent = (provisioners: readonly VagrantProvisioner[]): readonly Fact[] =>
  provisioners.flatMap(({ type, path }) =>
    type !== 'shell' || path === undefined || /:\/\/|\.(?:ps1|bat|cmd)$/i.test(path)
      ? []
      : [{ kind: 'shell/runs-on-lasting', key: scriptName(path) }],
  );
