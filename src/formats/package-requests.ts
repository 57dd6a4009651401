import type { Word } from '../syntax/shell';
import type { Located } from '../text/range';
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
  /** One of these is needed. */
  readonly only?: readonly string[];
  readonly read: (text: string) => { name: string; moving?: string } | undefined;
}

/** A package that lies there as a file. */
const isFile = (name: string) => /\.(?:whl|zip|gz|tgz|txt|toml|gem|nupkg)$/.test(name);

const plainName = /^[A-Za-z][\w.-]*$/;

/** `name`, `name[extra]`, `name>=1`: https://packaging.python.org/en/latest/specifications/dependency-specifiers/ */
function python(text: string): ReturnType<Manager['read']> {
  const [, name, specifier = ''] = /^([A-Za-z][\w.-]*)(?:\[[\w,. -]*\])?\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || isFile(name)) return undefined;
  if (specifier === '') return { name };
  return /^>=?\s*[\w.]+$/.test(specifier) ? { name, moving: specifier } : undefined;
}

/** `name`, `@scope/name@latest`: https://docs.npmjs.com/cli/commands/npm-install */
function npm(text: string): ReturnType<Manager['read']> {
  const [, name, tag] = /^((?:@[\w.-]+\/)?[A-Za-z][\w.-]*)(?:@(.*))?$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (tag === undefined) return { name };
  return /^(?:latest|next|canary|beta|\*|>=.*)$/.test(tag) ? { name, moving: tag } : undefined;
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
  pip: [{ verb: /^install$/, unless: ['-c', '--constraint', '-t', '--target'], read: python }],
  pipx: [{ verb: /^install$/, read: python }],
  uv: [
    {
      verb: /^(?:pip|tool) install$/,
      unless: ['-c', '--constraint', '--constraints'],
      read: python,
    },
  ],
  npm: [{ verb: /^(?:install|i|add)$/, only: ['-g', '--global'], read: npm }],
  pnpm: [
    { verb: /^(?:add|install|i)$/, only: ['-g', '--global'], read: npm },
    { verb: /^dlx$/, read: npmTag },
  ],
  yarn: [
    { verb: /^global add$/, read: npm },
    { verb: /^dlx$/, read: npmTag },
  ],
  npx: [{ verb: /^$/, read: npmTag }],
  gem: [
    {
      verb: /^install$/,
      unless: ['-v', '--version', '-g', '--file', '-l', '--local'],
      read: byName,
    },
  ],
  cargo: [{ verb: /^install$/, unless: ['--version', '--vers', '--path', '--git'], read: crate }],
  'cargo-binstall': [{ verb: /^$/, unless: ['--version'], read: crate }],
  go: [{ verb: /^(?:install|get)$/, read: go }],
  dotnet: [{ verb: /^tool (?:install|update)$/, unless: ['--version'], read: byName }],
  composer: [{ verb: /^global require$/, read: vendorPackage }],
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
const installers = /^(?:pip|setuptools|wheel|virtualenv|uv|npm|corepack|bundler)$/;

/**
 * The packages a command takes from a registry without an exact version. Paths, addresses, lists of requirements and
 * what stands in variables are left out; so is what bounds a version from above.
 */
export function unpinnedPackages(command: Command): readonly PackageRequest[] {
  const found = managers[command.name ?? ''];
  if (!found || !Object.hasOwn(managers, command.name ?? '')) return [];
  const words = command.operands;
  for (const { verb, unless, only, read } of found) {
    const length = verbLength(words, verb);
    if (length === undefined) continue;
    if (unless && command.has(...unless)) continue;
    if (only && !command.has(...only)) continue;
    return words.slice(length).flatMap((word): readonly PackageRequest[] => {
      const asked =
        word.value === undefined || word.value.includes('__') ? undefined : read(word.value);
      if (!asked || installers.test(asked.name)) return [];
      return [{ name: asked.name, moving: asked.moving, range: word.range }];
    });
  }
  return [];
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
