import {
  type Document,
  defineFormat,
  type Embedded,
  type Machine,
  type Visit,
} from '../engine/format';
import type { Link, Part } from '../engine/part';
import {
  type PuppetAttribute,
  type PuppetDeclaration,
  type PuppetString,
  type PuppetValue,
  parsePuppet,
} from '../syntax/puppet';
import type { Located, Value } from '../text/range';
import type { Source } from '../text/source';
import { pathIn, toFile, unique } from './delivery';
import { embedShell, type Script } from './shell';
import type { ShellFacts } from './shell-model';

/** A declared resource (https://www.puppet.com/docs/puppet/latest/lang_resources.html). */
export interface PuppetResource extends Located {
  /** `exec`, `package`, `apache::vhost`. */
  readonly type: Value;
  /** The title as far as it is known; that of several `____`. */
  readonly title: string;
  readonly declaration: PuppetDeclaration;
  /** An attribute of its own, or the default the file gives its type (`Exec { … }`). */
  attribute(name: string): PuppetAttribute | undefined;
  /** Others are told when it changes: `notify`, `~>`. */
  readonly notifies: Located | undefined;
  /** What an `exec` runs, where it is written here: `command`, or its title. */
  readonly command: PuppetString | undefined;
  /** An `exec` with `creates`, `onlyif`, `unless` or `refreshonly`, or below a test that asks how things are. */
  readonly guarded: boolean;
  /** The shell of an `exec`, read when first asked for. */
  readonly script: Script | undefined;
  readonly embedded: Embedded | undefined;
}

export type PuppetNodes = { resource: PuppetResource };

interface PuppetFacts {
  readonly machine: Machine | undefined;
}

/** Manifests of Puppet and OpenVox (https://www.puppet.com/docs/puppet/latest/lang_summary.html). */
export const puppet = defineFormat<PuppetNodes, PuppetFacts>({
  id: 'puppet',
  title: 'Puppet manifest',
  files: ['**/*.pp'],
  nodes: ['resource'],

  recognises(file) {
    if (!file.name.endsWith('.pp')) return undefined;
    // Pascal units and protocols of others end in .pp as well.
    return /^\s*(?:\{\$|(?:unit|program|library)\s+\w+\s*;)/im.test(file.text)
      ? undefined
      : 'by-name';
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, { machine }) {
    return puppetDocument(source, machine ?? 'lasting');
  },
});

function puppetDocument(source: Source, machine: Machine): Document<PuppetNodes> {
  const { resources: declared, problems } = parsePuppet(source);
  const resources = declared
    .filter(({ kind }) => kind === 'resource')
    .map((declaration) => resourceOf(declaration, declared, source, machine));
  return {
    source,
    problems,
    get embedded() {
      return resources.flatMap((each) => each.embedded ?? []);
    },
    get parts() {
      return [manifest(source, declared)];
    },
    route(offset) {
      const at = resources.find(({ range }) => range[0] <= offset && offset <= range[1]);
      return at ? `${at.type.value}[${at.title}]` : '';
    },
    *walk(): Iterable<Visit<PuppetNodes>> {
      for (const resource of resources) yield ['resource', resource];
    },
  };
}

/** https://www.puppet.com/docs/puppet/latest/lang_classes.html#lang_classes-declare */
const includes =
  /^[ \t]*(?:include|contain|require)[ \t]*\(?[ \t]*((?:['"]?(?:::)?[a-z]\w*(?:::\w+)*['"]?[ \t]*,?\s*)+)/gm;

/** Folders of an environment that hold modules, by habit and by environment.conf. */
const moduleFolders = ['modules', 'site', 'site-modules', 'dist'];

/** A manifest and the manifests of the classes it declares, where they are loaded from by their name. */
function manifest({ path, text }: Source, declared: readonly PuppetDeclaration[]): Part {
  const names = new Set<string>();
  for (const [, list] of text.matchAll(includes))
    for (const name of list!.split(',')) names.add(name.replace(/['"\s]/g, ''));
  for (const { kind, type, title } of declared)
    if (kind === 'resource' && type.value === 'class' && title?.kind === 'string')
      names.add(title.text);
  // `P/modules/a/manifests/b/c.pp` is the class `a::b::c`; `P/manifests/site.pp` stands beside the modules.
  const [, module = ''] = /^(.*?)(?:^|\/)manifests\//.exec(path) ?? [];
  const above = module.replace(/\/?[^/]*$/, '');
  const environments = [module, above, above.replace(/\/?[^/]*$/, '')];
  const places = new Set([
    ...(module === '' ? [] : [above]),
    ...environments.flatMap((each) => moduleFolders.flatMap((name) => pathIn(each, name) ?? [])),
  ]);
  const links: Link[] = [];
  for (const name of names) {
    const [first, ...rest] = name.replace(/^::/, '').split('::');
    const file = `${first}/manifests/${rest.length > 0 ? rest.join('/') : 'init'}.pp`;
    for (const place of places) links.push(toFile('uses', pathIn(place, file)!, 'puppet'));
  }
  return { kind: 'configuration', name: '', links: unique(links), range: [0, 0] };
}

/** https://www.puppet.com/docs/puppet/latest/types/exec.html: what says whether a command has to run. */
// Whoever writes `refreshonly => false` has thought about it.
const guards = ['creates', 'onlyif', 'unless', 'refreshonly'] as const;

/**
 * Tests on the state of a machine; most are on its kind, or on what the class was given, which stays the same. What
 * hangs on `$ensure` may be a removal.
 */
const saysState =
  /^\s*\(?\s*!|\bundef\b|\bempty\(|install|exist|current|already|done|running|configured|initiali|bootstrap|missing|version|changed|status|\babsent\b|\$ensure\b/i;

/** The text of a value: a string or a word. */
export function puppetText(value: PuppetValue | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : value?.kind === 'word' ? value.text : undefined;
}

function resourceOf(
  declaration: PuppetDeclaration,
  declared: readonly PuppetDeclaration[],
  source: Source,
  machine: Machine,
): PuppetResource {
  const { type, title, attributes, conditions, range } = declaration;
  const ofType = declared.filter(
    (each) => each.kind !== 'resource' && each.type.value === type.value,
  );
  const own = (name: string) => attributes.find((each) => each.name.value === name);
  const attribute = (name: string) =>
    own(name) ??
    ofType
      .filter(({ kind }) => kind === 'default')
      .flatMap((each) => each.attributes)
      .find((each) => each.name.value === name);
  const isExec = type.value === 'exec';
  const given = own('command')?.value ?? title;
  const command = isExec && given?.kind === 'string' ? given : undefined;
  const isGuard = ({ name, value }: PuppetAttribute) =>
    name.value === '*' ||
    name.value === 'noop' ||
    (guards.some((each) => each === name.value) && puppetText(value) !== 'undef');
  const guarded =
    isExec &&
    (attributes.some(isGuard) ||
      // Defaults, overrides and collectors reach it too.
      ofType.some((each) => each.attributes.some(isGuard)) ||
      conditions.some(([from, to]) => saysState.test(source.text.slice(from, to))));
  let embedded: ReturnType<typeof embedShell> | undefined | null = isExec ? null : undefined;
  const script = () => {
    if (embedded === null) {
      embedded = command && execScript(command, attribute, guarded, declaration, source, machine);
    }
    return embedded;
  };
  const told = own('notify');
  return {
    type,
    title: title?.kind === 'string' ? title.text : title ? source.text.slice(...title.range) : '',
    declaration,
    attribute,
    notifies: told ?? (declaration.notifies ? declaration : undefined),
    command,
    guarded,
    get script() {
      return script()?.parse().script;
    },
    get embedded() {
      return script();
    },
    range,
  };
}

/**
 * The shell of an `exec`. Provider `shell` hands the command to `/bin/sh -c`. `posix`, the default, is said to use no
 * shell (https://www.puppet.com/docs/puppet/latest/types/exec.html#exec-provider-posix), but it gives a string to
 * Ruby's exec, which takes `/bin/sh` as soon as the string holds a sign or begins with a word only a shell knows
 * (https://docs.ruby-lang.org/en/master/Kernel.html#method-i-exec): manifests count on it. An array is run without. The
 * agent applies the catalogue to the same machine every half hour
 * (https://www.puppet.com/docs/puppet/latest/configuration.html#runinterval).
 */
function execScript(
  command: PuppetString,
  attribute: PuppetResource['attribute'],
  guarded: boolean,
  host: PuppetDeclaration,
  { text }: Source,
  machine: Machine,
): ReturnType<typeof embedShell> | undefined {
  const provider = attribute('provider')?.value;
  if (provider && !/^(?:posix|shell)$/.test(puppetText(provider) ?? '')) return undefined;
  const windows = /^\s*(?:[A-Za-z]:\\|cmd(?:\.exe)?\s|powershell)|\\system32\\/i;
  if (windows.test(command.text)) return undefined;
  const aside = attribute('returns') !== undefined;
  const facts: ShellFacts = {
    dialect: 'sh',
    stopsOnError: false,
    pipefail: false,
    machine,
    use: 'provisioning',
    ...((guarded || aside || host.virtual) && { guarded: true }),
    precededBy: text.slice(0, host.range[0]),
    startsIn: puppetText(attribute('cwd')?.value),
  };
  return embedShell(command.body, facts, command);
}
