import type { Link, Target, Verb } from '../engine/part';
import { imageName } from './image';
import type { Command, Script, ShellDocument } from './shell';
import type { CommandClass } from './shell-commands';

/** What commands of a class do to what they are given. */
export const verbs: Readonly<Partial<Record<CommandClass, Verb>>> = {
  build: 'builds',
  deploy: 'deploys',
  lint: 'lints',
  migrate: 'migrates',
  notify: 'notifies',
  publish: 'publishes',
  scan: 'scans',
  test: 'tests',
};

/** What a script, and the scripts written in it, do on the way from a commit to where it runs. */
export function linksOf(document: ShellDocument): readonly Link[] {
  const found = document.script.commands.flatMap((command) => [
    ...commandLinks(command, document.script),
  ]);
  for (const piece of document.embedded) {
    if (piece.format.id === 'shell') found.push(...linksOf(piece.parse() as ShellDocument));
  }
  return unique(found);
}

/** Links without those that say the same again. */
export function unique(links: readonly Link[]): readonly Link[] {
  const seen = new Map<string, Link>();
  for (const link of links) {
    const key = `${link.verb} ${link.to.kind} ${link.to.key} ${link.tool ?? ''} ${link.as ?? ''}`;
    if (!seen.has(key)) seen.set(key, link);
  }
  return [...seen.values()];
}

/** A link to a file or folder. */
export const toFile = (verb: Verb, path: string, tool?: string): Link => ({
  verb,
  to: { kind: 'file', key: path },
  ...(tool !== undefined && { tool }),
});

/** A link to an image, by its name without tag. */
export const toImage = (verb: Verb, reference: string): Link => ({
  verb,
  to: { kind: 'image', key: imageName(reference) },
});

/** A path behind a folder, `.` and `..` taken out; undefined where it leaves the workspace. */
export function pathIn(folder: string, path: string): string | undefined {
  if (/^(?:[~/]|[A-Za-z]:|\w+:\/\/)/.test(path)) return undefined;
  const parts = folder === '' ? [] : folder.replace(/\/$/, '').split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** What names a file or folder in a shell's words: `$PWD/x`, `./x`; undefined where only the run knows. */
function pathOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = text.replace(
    /^\$\{?(?:PWD|CI_PROJECT_DIR|GITHUB_WORKSPACE|WORKSPACE|BITBUCKET_CLONE_DIR)\}?\/?/,
    './',
  );
  if (/__|[$`]/.test(plain)) return undefined;
  // Of a pattern the folder is known that its files stand in.
  const pattern = plain.search(/[*?[{]/);
  return pattern < 0 ? plain : plain.slice(0, plain.lastIndexOf('/', pattern) + 1) || '.';
}

interface Seen {
  readonly command: Command;
  /** Where it runs; the workspace's root where that is not known. */
  readonly folder: string;
  /** Operands as far as they are known. */
  readonly words: readonly (string | undefined)[];
  /** The path a word names, relative to the workspace. */
  path(text: string | undefined): string | undefined;
  /** The value of a flag. */
  option(...flags: readonly string[]): string | undefined;
}

type Reading = (seen: Seen) => Iterable<Link>;

function* commandLinks(command: Command, script: Script): Iterable<Link> {
  const { name } = command;
  if (command.substituted && name !== 'docker') return;
  const folder = script.directoryOf(command) ?? '';
  const seen: Seen = {
    command,
    folder,
    words: command.operands.map((word) => script.resolve(word) ?? word.value),
    path: (text) => {
      const path = pathOf(text);
      return path === undefined ? undefined : pathIn(folder, path);
    },
    option: (...flags) => {
      const word = command.option(...flags);
      return word && (script.resolve(word) ?? word.value);
    },
  };
  const reading = name === undefined ? undefined : readings[name];
  const special = reading ? [...reading(seen)] : [...called(seen)];
  yield* special;
  const verb = command.class && verbs[command.class];
  // Of a program whose words are read, and said nothing, it is not known which files it means.
  if (verb && special.length === 0) yield toFile(verb, folder, reading ? undefined : name);
}

/** A script of the project that is called by its path, or given to an interpreter. */
function* called({ command, words, path }: Seen): Iterable<Link> {
  const interpreters = /^(?:sh|bash|dash|ash|zsh|source|\.|python|node|ruby|perl|pwsh)$/;
  const file = interpreters.test(command.name ?? '') ? words[0] : command.word?.value;
  if (file === undefined || !/^[\w./-]*[/.][\w.-]+$/.test(file) || command.has('-c')) return;
  const target = path(file);
  if (target !== undefined && target !== '') yield toFile('runs', target);
}

/** Runners of tasks, with the file that lists them. */
function task(runner: string, fallback: string): Reading {
  return function* ({ command, folder, words, path, option }) {
    const directory = path(option('-C', '--directory', '--prefix', '-d', '--dir')) ?? folder;
    const names = words.filter((each): each is string => each !== undefined && !each.includes('='));
    for (const name of names.length > 0 ? names : [fallback])
      yield { verb: 'runs', to: taskTarget(runner, directory, name) };
    const verb = command.class && verbs[command.class];
    if (verb) yield toFile(verb, directory, runner);
  };
}

/** The task of a runner in a folder. */
export const taskTarget = (runner: string, folder: string, name: string): Target => ({
  kind: 'task',
  key: `${runner}:${folder}:${name}`,
});

/** Words of package managers that are no scripts of package.json. */
const managerWords = new Set(
  'install ci add remove audit publish pack version exec dlx config login init link outdated update up cache info view why ls list prune rebuild set workspaces workspace'.split(
    ' ',
  ),
);

const packageScripts: Reading = function* ({ command, folder, words, path, option }) {
  const directory = path(option('--prefix', '-C', '--cwd', '--dir')) ?? folder;
  const [first, second] = words;
  const name = first === 'run' || first === 'run-script' ? second : first;
  if (name !== undefined && !managerWords.has(name))
    yield { verb: 'runs', to: taskTarget('npm', directory, name === 't' ? 'test' : name) };
  const verb = command.class && verbs[command.class];
  if (verb) yield toFile(verb, directory, 'npm');
};

const docker: Reading = function* ({ command, folder, words, path, option }) {
  const [first, second] = words;
  const sub = first === 'buildx' || first === 'image' || first === 'builder' ? second : first;
  if (first === 'compose') {
    yield* compose(
      words.slice(1),
      path(option('-f', '--file')) ?? folder,
      command.class === 'deploy',
    );
  } else if (sub === 'build') {
    const context = words[first === sub ? 1 : 2];
    const base = path(context ?? '.');
    // What only the run knows may be any of them: that is the whole workspace.
    const file = command.option('-f', '--file')
      ? (path(option('-f', '--file')) ?? '')
      : base === undefined
        ? ''
        : (pathIn(base, 'Dockerfile') ?? '');
    const tag = option('-t', '--tag');
    const as = tag && !/[$`]/.test(imageName(tag)) ? imageName(tag) : undefined;
    yield { ...toFile('builds', file, 'docker'), ...(as && { as }) };
    if (command.has('--push') && as) yield toImage('publishes', as);
  } else if (sub === 'bake') {
    // Which recipes its targets name is not read: any of them may be meant.
    yield toFile('builds', '', 'docker');
  } else if (sub === 'push') {
    const image = words[first === sub ? 1 : 2];
    if (image !== undefined && !/[$`]/.test(imageName(image))) yield toImage('publishes', image);
    else yield toFile('publishes', folder);
  } else if (sub === 'run' || sub === 'pull') {
    const image = words[1];
    if (image !== undefined && !/[$`]/.test(imageName(image))) yield toImage('uses', image);
  } else if (first === 'stack' && second === 'deploy') {
    yield toFile('deploys', path(option('-c', '--compose-file')) ?? folder, 'compose');
  }
};

function* compose(
  words: readonly (string | undefined)[],
  file: string,
  deploys: boolean,
): Iterable<Link> {
  const [sub] = words;
  if (sub === 'build') yield toFile('builds', file, 'compose');
  if (sub === 'config') yield toFile('lints', file, 'compose');
  if (sub === 'push') yield toFile('publishes', file, 'compose');
  if (sub === 'up') yield toFile(deploys ? 'deploys' : 'runs', file, 'compose');
}

const terraform: Reading = function* ({ folder, words, path, option, command }) {
  const directory = path(option('-chdir')) ?? folder;
  const [sub] = words;
  const verb: Verb | undefined =
    sub === 'apply' || sub === 'destroy'
      ? 'deploys'
      : sub === 'validate' || sub === 'fmt'
        ? 'lints'
        : sub === 'plan' || sub === 'test'
          ? 'tests'
          : undefined;
  const named = path(words[1]);
  if (verb)
    yield toFile(verb, named ?? directory, command.name === 'tofu' ? 'terraform' : command.name);
};

/** A tool that looks at the files it is given, or at all there are. */
const over = (verb: Verb, tool?: string): Reading =>
  function* ({ command, folder, words, path }) {
    const paths = words.flatMap((each) => path(each) ?? []);
    for (const each of paths.length > 0 ? paths : [folder])
      yield toFile(verb, each, tool ?? command.name);
  };

const helm: Reading = function* ({ words, path, folder }) {
  const [sub, first, second] = words;
  if (sub === 'upgrade' || sub === 'install') {
    const chart = path(second);
    if (second !== undefined && /^\.|\//.test(second) && chart !== undefined)
      yield toFile('deploys', chart, 'helm');
    else yield toFile('deploys', folder);
  }
  if (sub === 'lint' || sub === 'template')
    yield toFile('lints', path(sub === 'lint' ? first : (second ?? first)) ?? folder, 'helm');
  if (sub === 'package') yield toFile('builds', path(first) ?? folder, 'helm');
  if (sub === 'push') yield toFile('publishes', path(first) ?? folder, 'helm');
};

const kubectl: Reading = function* ({ command, words, folder, path, option }) {
  const [sub] = words;
  const place = path(option('-f', '--filename', '-k', '--kustomize'));
  const rehearsal = command.has('--dry-run') || option('--dry-run') !== undefined;
  if (sub === 'apply' || sub === 'create' || sub === 'replace')
    yield place === undefined
      ? toFile(rehearsal ? 'lints' : 'deploys', folder)
      : toFile(rehearsal ? 'lints' : 'deploys', place, 'kubectl');
  // What runs there is changed, whatever its manifest says.
  if ((sub === 'set' || sub === 'rollout') && (words[1] === 'image' || words[1] === 'restart'))
    yield toFile('deploys', folder);
};

const playbook: Reading = function* ({ command, words, path, folder }) {
  const rehearsal = command.has('--check', '--syntax-check', '-C', '--list-tasks');
  const files = words.flatMap((each) => path(each) ?? []);
  for (const each of files.length > 0 ? files : [folder])
    yield toFile(rehearsal ? 'lints' : 'deploys', each, 'ansible');
};

/** Programs whose arguments say what they work on. */
const readings: Readonly<Record<string, Reading>> = {
  actionlint: over('lints'),
  'ansible-lint': over('lints', 'ansible'),
  'ansible-playbook': playbook,
  'ansible-test': over('tests', 'ansible'),
  bun: packageScripts,
  checkov: over('scans'),
  conftest: over('tests'),
  ct: over('lints', 'helm'),
  dclint: over('lints', 'compose'),
  docker,
  'docker-compose': function* (seen) {
    const file = seen.path(seen.option('-f', '--file')) ?? seen.folder;
    yield* compose(seen.words, file, seen.command.class === 'deploy');
  },
  hadolint: over('lints', 'docker'),
  helm,
  just: task('just', 'default'),
  kubeconform: over('lints', 'kubectl'),
  kubectl,
  'kube-linter': over('lints', 'kubectl'),
  'kube-score': over('lints', 'kubectl'),
  kubeval: over('lints', 'kubectl'),
  make: task('make', ''),
  molecule: over('tests', 'ansible'),
  npm: packageScripts,
  packer: function* ({ words, path, folder }) {
    const [sub, file] = words;
    if (sub === 'build') yield toFile('builds', path(file) ?? folder, 'packer');
    if (sub === 'validate' || sub === 'fmt') yield toFile('lints', path(file) ?? folder, 'packer');
  },
  pnpm: packageScripts,
  podman: docker,
  'pre-commit': function* ({ words }) {
    if (words[0] === 'run') yield toFile('runs', '.pre-commit-config.yaml', 'pre-commit');
  },
  promtool: function* ({ words, path, folder }) {
    const [, sub, ...files] = words;
    if (sub === 'rules' || sub === 'config')
      for (const each of files) yield toFile('lints', path(each) ?? folder, 'prometheus');
  },
  shellcheck: over('lints', 'shell'),
  skaffold: function* ({ words, path, folder, option }) {
    const file = path(option('-f', '--filename')) ?? pathIn(folder, 'skaffold.yaml')!;
    if (words[0] === 'build') yield toFile('builds', file, 'skaffold');
    if (words[0] === 'run' || words[0] === 'deploy') yield toFile('deploys', file, 'skaffold');
    if (words[0] === 'render') yield toFile('lints', file, 'skaffold');
  },
  task: task('task', 'default'),
  terraform,
  terragrunt: terraform,
  tflint: function* ({ folder, path, option }) {
    yield toFile('lints', path(option('--chdir')) ?? folder, 'terraform');
  },
  tofu: terraform,
  trivy: over('scans'),
  yarn: packageScripts,
};
