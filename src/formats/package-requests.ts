import type { Word } from '../syntax/shell';
import type { Located } from '../text/range';
import { hasFlag, operandsAt } from './shell-arguments';
import type { Command } from './shell-model';

/** A package of a language's registry that a command asks for by name. */
export interface PackageRequest extends Located {
  readonly name: string;
  /** What is asked for in place of a version: `latest`, a branch, `>=2`; undefined where nothing is. */
  readonly moving: string | undefined;
}

/** How a package manager is told a version. */
interface Manager {
  /** The words in front of the packages. */
  readonly verb: RegExp;
  /** Flags that make the packages something else than names, or say versions in another way. */
  readonly unless?: readonly string[];
  /** It runs the first; the other words are for that. */
  readonly runs?: true;
  /** What stands behind `--` is for the build of the packages. */
  readonly forwards?: true;
  /** A word that is the version of the package before it. */
  readonly version?: RegExp;
  readonly read: (text: string) => { name: string; moving?: string } | undefined;
}

/** A package that lies there as a file. */
const isFile = (name: string) => /\.(?:whl|zip|gz|tar|tgz|txt|toml|gem|nupkg)$/.test(name);

/** The value of a flag that is usually written without one: `--production false`. */
const isSwitch = (text: string) => /^(?:true|false)$/.test(text);

const plainName = /^[A-Za-z][\w.-]*$/;

/** A repository that is built where it names no commit, branch or tag, which stand behind `mark`. */
function source(text: string, mark: '@' | '#'): ReturnType<Manager['read']> {
  const [, path] = /^(?:git\+\w+|git):\/\/(?:[^/@]*@)?(.+)$/.exec(text) ?? [];
  if (path === undefined) return undefined;
  const [address = '', fragment] = path.split('#');
  const isNamed = mark === '@' ? address.includes('@') : fragment !== undefined;
  const name = address.replace(/\.git$|\/$/, '').replace(/^.*[/:]/, '');
  return isNamed || name === '' ? undefined : { name };
}

/** `name`, `name[extra]`, `name>=1`: https://packaging.python.org/en/latest/specifications/dependency-specifiers/ */
function python(text: string): ReturnType<Manager['read']> {
  // https://pip.pypa.io/en/stable/topics/vcs-support/
  if (text.startsWith('git+')) return source(text, '@');
  const [, name, specifier = ''] = /^([A-Za-z][\w.-]*)(?:\[[\w,. -]*\])?\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || isFile(name)) return undefined;
  if (specifier === '') return { name };
  return /^>=?\s*[\w.]+$/.test(specifier) ? { name, moving: specifier } : undefined;
}

/** `name`, `@scope/name@latest`: https://docs.npmjs.com/cli/commands/npm-install */
function npm(text: string): ReturnType<Manager['read']> {
  if (/^git(?:\+|:\/\/)/.test(text)) return source(text, '#');
  const [, name, tag] = /^((?:@[\w.-]+\/)?[A-Za-z][\w.-]*)(?:@(.*))?$/.exec(text) ?? [];
  if (name === undefined || isFile(text)) return undefined;
  if (tag === undefined) return { name };
  return /^(?:latest|next|canary|beta|\*|>=[^<]*)$/.test(tag) ? { name, moving: tag } : undefined;
}

const npmTag = (text: string) => (/@(?:latest|next|canary)$/.test(text) ? npm(text) : undefined);

/** https://go.dev/ref/mod#go-install: without `@` the module's own go.mod decides. */
function go(text: string): ReturnType<Manager['read']> {
  const [, name, version] = /^([\w.-]+\.[\w-]+\/[\w./~-]+)@(\w+)$/.exec(text) ?? [];
  return name && /^(?:latest|main|master|HEAD|upgrade)$/.test(version!)
    ? { name: name.replace(/\/(?:\.{3}|v\d+)$/, '').replace(/^.*\//, ''), moving: version! }
    : undefined;
}

const byName = (text: string) =>
  plainName.test(text) && !isFile(text) ? { name: text } : undefined;
const crate = (text: string) => (/^[a-z][\w-]*$/.test(text) ? { name: text } : undefined);
const collection = (text: string) => (/^\w+\.[\w-]+$/.test(text) ? { name: text } : undefined);
const vendorPackage = (text: string) =>
  /^[\w.-]+\/[\w.-]+$/.test(text) ? { name: text } : undefined;
const address = (text: string) =>
  /^https?:\/\/\S+$/.test(text) && !/\.(?:tgz|tar\.gz)$/.test(text)
    ? { name: text.replace(/\.git$/, '').replace(/^.*\//, '') }
    : undefined;

/** Sources are the tools' own manuals. */
const managers: Readonly<Record<string, readonly Manager[]>> = {
  pip: [
    {
      verb: /^install$/,
      unless: ['-c', '--constraint', '-t', '--target', '--no-index'],
      read: python,
    },
  ],
  pipx: [{ verb: /^install$/, read: python }],
  uv: [
    {
      verb: /^(?:pip|tool) install$/,
      unless: ['-c', '--constraint', '--constraints'],
      read: python,
    },
  ],
  // In a workspace a name may be that of a package beside it.
  npm: [{ verb: /^(?:install|i|add)$/, unless: ['-w', '--workspace'], read: npm }],
  pnpm: [
    { verb: /^(?:add|install|i)$/, read: npm },
    { verb: /^dlx$/, runs: true, read: npmTag },
  ],
  yarn: [
    { verb: /^(?:global )?add$/, read: npm },
    { verb: /^dlx$/, runs: true, read: npmTag },
  ],
  npx: [{ verb: /^$/, runs: true, read: npmTag }],
  gem: [
    {
      verb: /^(?:install|i)$/,
      unless: ['-v', '--version', '-g', '--file', '-l', '--local'],
      forwards: true,
      read: byName,
    },
  ],
  cargo: [{ verb: /^install$/, unless: ['--version', '--vers', '--path', '--git'], read: crate }],
  'cargo-binstall': [{ verb: /^$/, unless: ['--version'], read: crate }],
  go: [
    { verb: /^(?:install|get)$/, read: go },
    { verb: /^run$/, runs: true, read: go },
  ],
  dotnet: [{ verb: /^tool (?:install|update)$/, unless: ['--version'], read: byName }],
  // https://getcomposer.org/doc/03-cli.md#require-r: `vendor/name:^2`, `vendor/name=2.1`, `vendor/name "^2"`.
  composer: [
    {
      verb: /^(?:global )?require$/,
      version: /^(?:[\d^~=<>*]|v\d|dev-)/,
      read: vendorPackage,
    },
  ],
  helm: [{ verb: /^plugin install$/, unless: ['--version'], read: address }],
  'ansible-galaxy': [
    {
      verb: /^(?:(?:collection|role) )?install$/,
      unless: ['-r', '--role-file', '--requirements-file'],
      read: collection,
    },
  ],
};

/** What installs packages itself; its own version is the surroundings' business. */
const installers = /^(?:pip|setuptools|wheel|virtualenv|uv|npm|corepack|bundler)(?![\w.-])/;

/**
 * The packages a command takes from a registry without an exact version, or builds of the newest commit of a repository.
 * Paths, other addresses, lists of requirements and what stands in variables are left out; so is what bounds a version
 * from above.
 */
export function unpinnedPackages(command: Command): readonly PackageRequest[] {
  const { name, args } = called(command);
  if (!Object.hasOwn(managers, name)) return [];
  const texts = args.map((each) => each.value ?? each.text);
  for (const { verb, unless, runs, forwards, version, read } of managers[name]!) {
    const own = forwards && texts.includes('--') ? texts.slice(0, texts.indexOf('--')) : texts;
    const words = operandsAt(name, own).map((at) => args[at]!);
    const length = verbLength(words, verb);
    if (length === undefined) continue;
    if (unless?.some((flag) => hasFlag(name, own, flag))) continue;
    const packages = words.slice(length, runs ? length + 1 : undefined);
    return packages.flatMap((word, i): readonly PackageRequest[] => {
      const text = word.value;
      if (text === undefined || text.includes('__') || isSwitch(text)) return [];
      if (version?.test(packages[i + 1]?.value ?? '')) return [];
      const asked = read(text);
      if (!asked || installers.test(text)) return [];
      return [{ name: asked.name, moving: asked.moving, range: word.range }];
    });
  }
  return [];
}

/** The program a command runs, and its arguments: `pip` for `python -m pip`. */
function called(command: Command): { readonly name: string; readonly args: readonly Word[] } {
  const [flag, module, ...rest] = command.args;
  return command.name === 'python' && flag?.value === '-m'
    ? { name: module?.value ?? '', args: rest }
    : { name: command.name ?? '', args: command.args };
}

function verbLength(words: readonly Word[], verb: RegExp): number | undefined {
  for (const length of [0, 1, 2]) {
    if (words.length < length) break;
    const said = words
      .slice(0, length)
      .map((each) => each.value ?? '$')
      .join(' ');
    if (verb.test(said) && words.length > length) return length;
  }
  return undefined;
}
