import type { Document } from '../engine/format';
import type { Link, Target, Verb } from '../engine/part';
import type { Word } from '../syntax/shell';
import { lookUp } from '../text/look-up';
import { imageName } from './image';
import { rootedPath } from './own-folder';
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

/** A folder of the workspace as a machine sees it that has it mounted. */
export interface Mount {
  /** Such as `/vagrant`. */
  readonly at: string;
  /** Relative to the workspace. */
  readonly folder: string;
}

/** What is known of a script beside its text. */
export interface Surroundings {
  /** It runs on another machine, where only what is reached through this is a file of the workspace. */
  readonly mount?: Mount;
  /** The folder of its file, where it is a file of its own. */
  readonly own?: string;
}

/** What a script, and the scripts written in it, do on the way from a commit to where it runs. */
export function linksOf(document: ShellDocument, known: Surroundings = {}): readonly Link[] {
  const { mount } = known;
  const found = document.script.commands.flatMap((command) => [
    ...commandLinks(command, document.script, known),
  ]);
  for (const piece of document.embedded) {
    if (piece.format.id === 'shell') found.push(...linksOf(piece.parse() as ShellDocument, known));
  }
  // What stands elsewhere on that machine begins with its root.
  return unique(mount ? found.filter(({ to }) => !/^\/|:\//.test(to.key)) : found);
}

/**
 * The images what is embedded in a document uses: those it names, and those its scripts start. Paths in these are paths
 * of the machine they run on, which are none of the workspace.
 */
export function imagesUsed({ embedded }: Pick<Document, 'embedded'>): readonly Link[] {
  return unique(
    embedded.flatMap((piece): readonly Link[] => {
      const document = piece.parse();
      if (piece.format.id === 'image') return [toImage('uses', document.source.text)];
      if (piece.format.id !== 'shell') return imagesUsed(document);
      return linksOf(document as ShellDocument).filter(({ to }) => to.kind === 'image');
    }),
  );
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

/**
 * Links to a path that is relative to wherever a program is started, as far as that is known: the folder of the file
 * that names it, or one above. At most one of them is there.
 */
export function toNearest(verb: Verb, folder: string, path: string, tool?: string): Link[] {
  const found: Link[] = [];
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const target = pathIn(at, path);
    if (target !== undefined && target !== '') found.push(toFile(verb, target, tool));
    if (at === '') return found;
  }
}

/** The folder a file stands in; `` at the workspace's root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

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
    /^\$\{?(?:PWD|CI_PROJECT_DIR|CODEBUILD_SRC_DIR|GITHUB_WORKSPACE|WORKSPACE|BITBUCKET_CLONE_DIR)\}?\/?/,
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
  /** The word that names the program. */
  readonly program: string | undefined;
  /** The value of a flag. */
  option(...flags: readonly string[]): string | undefined;
}

type Reading = (seen: Seen) => Iterable<Link>;

function* commandLinks(
  command: Command,
  script: Script,
  { mount, own }: Surroundings,
): Iterable<Link> {
  const { name } = command;
  if (command.substituted && name !== 'docker') return;
  const reading = lookUp(readings, name);
  const verb = command.class && verbs[command.class];
  if (!reading && !verb && isProgram(command)) return;
  const rooted = (word: Word) => rootedPath(script.text.slice(...word.range), script.text, own);
  const textOf = (word: Word) => rooted(word) ?? script.resolve(word) ?? word.value;
  const at = mount ? '/' : script.directoryOf(command, { folder: '', path: rooted });
  const folder = at ?? '';
  const seen: Seen = {
    command,
    folder,
    words: command.operands.map(textOf),
    path: (text) => {
      if (text?.startsWith('//')) return pathIn('', text.slice(2));
      const path = pathOf(text);
      if (path === undefined) return undefined;
      // In a folder only the run knows, so is the path.
      if (!mount) return at === undefined ? undefined : pathIn(at, path);
      return `${path}/`.startsWith(`${mount.at}/`)
        ? pathIn(mount.folder, `./${path.slice(mount.at.length)}`)
        : undefined;
    },
    option: (...flags) => {
      const word = command.option(...flags);
      return word && textOf(word);
    },
    program: command.word && textOf(command.word),
  };
  const special = reading ? [...reading(seen)] : [...called(seen)];
  yield* special;
  // Of a program whose words are read, and said nothing, it is not known which files it means.
  if (verb && special.length === 0) yield toFile(verb, folder, reading ? undefined : name);
}

const interpreters = /^(?:sh|bash|dash|ash|zsh|source|\.|python|node|ruby|perl|pwsh)$/;

/** Whether a command is found on the machine by its name, and given no script. Most are. */
const isProgram = ({ name, word }: Command): boolean =>
  word?.value !== undefined && /^[\w-]+$/.test(word.value) && !interpreters.test(name ?? '');

/** A script of the project that is called by its path, or given to an interpreter. */
function* called({ command, words, path, program }: Seen): Iterable<Link> {
  const file = interpreters.test(command.name ?? '') ? words[0] : program;
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

const docker: Reading = function* (seen) {
  const { command, folder, words, path, option } = seen;
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
    yield* bake(seen);
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

/**
 * https://docs.docker.com/reference/cli/docker/buildx/bake/: targets by name, `default` if none is given, of the files
 * that are named or of those that are looked for.
 */
function* bake({ command, folder, words, path }: Seen): Iterable<Link> {
  const [first, second, ...rest] = words;
  const targets = first === 'bake' ? words.slice(1) : second === 'bake' ? rest : [];
  const named = optionValues(command, '-f', '--file');
  const files = named.map(path);
  const replaced = optionValues(command, '--set').some((value) =>
    /\.(?:dockerfile|context)=/.test(value ?? ''),
  );
  yield* bakeLinks(folder, files, targets, replaced);
}

/** Values of a flag that may be given several times; undefined where only the run knows. */
function optionValues(command: Command, ...flags: readonly string[]): (string | undefined)[] {
  return command.args.flatMap(({ value }, index) => {
    const flag = flags.find((each) => value === each || value?.startsWith(`${each}=`));
    if (flag === undefined) return [];
    return [value === flag ? command.args[index + 1]?.value : value!.slice(flag.length + 1)];
  });
}

/** What a build of targets of bake files leads to, whoever starts it. */
export function* bakeLinks(
  folder: string,
  files: readonly (string | undefined)[],
  targets: readonly (string | undefined)[],
  replaced = false,
): Iterable<Link> {
  const remote = targets.some((each) => each !== undefined && /^\w+:\/\//.test(each));
  if (replaced || remote || files.includes(undefined)) {
    // Which recipes are meant is not known: any of them may be.
    yield toFile('builds', '', 'docker');
    return;
  }
  const names = targets.some((each) => each === undefined || /__|[$`]/.test(each))
    ? []
    : targets.filter((each) => each !== undefined && !each.includes('=')).map((each) => each!);
  const places =
    files.length > 0
      ? files.map((each) => each!)
      : defaultFiles.map((name) => pathIn(folder, name)!);
  for (const place of places) {
    // Of a target that is not known every one of the file may be meant.
    if (names.length === 0 && targets.length > 0) yield toFile('builds', place, 'bake');
    for (const name of names.length > 0 ? names : targets.length > 0 ? [] : ['default'])
      yield { verb: 'builds', to: taskTarget('bake', folderOf(place), name) };
    if (/\.ya?ml$/.test(place)) yield toFile('builds', place, 'compose');
  }
}

/** https://docs.docker.com/build/bake/reference/#file-format */
const defaultFiles = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
  'docker-bake.json',
  'docker-bake.hcl',
];

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

/** A builder that takes its context as last word and the Dockerfile by a flag; where a path only the run knows, any. */
const recipeIn = (context: string | undefined, named: boolean, file: string | undefined): Link => {
  const path = named ? file : context === undefined ? undefined : pathIn(context, 'Dockerfile');
  return toFile('builds', path ?? '', 'docker');
};

/** https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
const buildah: Reading = function* ({ command, words, path, option }) {
  if (!/^(?:bud|build|build-using-dockerfile)$/.test(words[0] ?? '')) return;
  const named = command.has('-f', '--file');
  yield recipeIn(path(words.length > 1 ? words.at(-1) : '.'), named, path(option('-f', '--file')));
};

/** https://github.com/GoogleContainerTools/kaniko#additional-flags */
const kaniko: Reading = function* ({ command, path, option }) {
  if (!command.has('-c', '--context', '-f', '--dockerfile')) return;
  const context = option('-c', '--context')?.replace(/^dir:\/\//, '');
  const named = command.has('-f', '--dockerfile');
  yield recipeIn(path(context ?? '.'), named, path(option('-f', '--dockerfile')));
};

/** https://learn.microsoft.com/cli/azure/acr#az-acr-build */
const az: Reading = function* ({ command, words, path, option }) {
  if (words[0] !== 'acr' || words[1] !== 'build') return;
  const named = command.has('-f', '--file');
  yield recipeIn(path(words.length > 2 ? words.at(-1) : '.'), named, path(option('-f', '--file')));
};

/**
 * https://cloud.google.com/sdk/gcloud/reference/builds/submit, …/run/deploy: a folder is sent, whose Dockerfile is
 * built if it has one and no other description is named.
 */
const gcloud: Reading = function* ({ command, words, path, option }) {
  const [group, sub, place] = words;
  if (group === 'builds' && sub === 'submit' && !command.has('--config'))
    yield recipeIn(path(place ?? '.'), false, undefined);
  if (group === 'run' && sub === 'deploy' && command.has('--source'))
    yield recipeIn(path(option('--source')), false, undefined);
};

/** https://fly.io/docs/flyctl/deploy/: a Dockerfile beside fly.toml is built unless an image is named. */
const fly: Reading = function* ({ command, words, folder, path, option }) {
  if (words[0] !== 'deploy') return;
  const named = command.has('--dockerfile');
  if (!command.has('-i', '--image'))
    yield recipeIn(path(words[1] ?? '.'), named, path(option('--dockerfile')));
  yield toFile('deploys', folder);
};

/** https://docs.aws.amazon.com/cli/latest/reference/cloudformation/ */
const aws: Reading = function* ({ words, path, folder, option }) {
  const [service, sub] = words;
  if (service !== 'cloudformation') return;
  const verb = lookUp(stackVerbs, sub);
  const file = option('--template-file', '--template-body')?.replace(/^file:\/\//, '');
  if (verb && file !== undefined) yield stack(verb, path(file), folder);
};

const stackVerbs: Readonly<Record<string, Verb>> = {
  build: 'builds',
  'create-change-set': 'deploys',
  'create-stack': 'deploys',
  deploy: 'deploys',
  package: 'builds',
  sync: 'deploys',
  'update-stack': 'deploys',
  validate: 'lints',
  'validate-template': 'lints',
};

/** A template of stacks; where only the run knows which, the arrow leads nowhere. */
const stack = (verb: Verb, path: string | undefined, folder: string): Link =>
  path === undefined ? toFile(verb, folder) : toFile(verb, path, 'cloudformation');

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-command-reference.html */
const sam: Reading = function* ({ words, path, folder, option }) {
  const verb = lookUp(stackVerbs, words[0]);
  if (!verb) return;
  const given = option('-t', '--template', '--template-file')?.replace(
    /(^|\/)\.aws-sam\/build\//,
    '$1',
  );
  if (given !== undefined) yield stack(verb, path(given), folder);
  else
    for (const name of ['template.yaml', 'template.yml', 'template.json'])
      yield toFile(verb, pathIn(folder, name)!, 'cloudformation');
};

/** A file that is named, or the one of that name where it runs. */
const oneFile = (
  name: string,
  flags: readonly string[],
  verbs: Readonly<Record<string, Verb>>,
): Reading =>
  function* ({ words, path, folder, option }) {
    const verb = lookUp(verbs, words[0]);
    const given = option(...flags);
    const file = given === undefined ? pathIn(folder, name) : path(given);
    if (verb && file !== undefined) yield toFile(verb, file);
  };

/** https://github.com/devcontainers/cli */
const devcontainer: Reading = function* ({ words, path, folder, option }) {
  if (!/^(?:build|up|exec|run-user-commands)$/.test(words[0] ?? '')) return;
  const workspace = path(option('--workspace-folder')) ?? folder;
  const given = option('--config');
  const files = given === undefined ? devcontainerFiles(workspace) : [path(given)];
  for (const file of files) if (file !== undefined) yield toFile('runs', file);
};

/** Where a dev container is described (https://containers.dev/implementors/spec/#devcontainerjson). */
export const devcontainerFiles = (folder: string): readonly string[] =>
  ['.devcontainer/devcontainer.json', '.devcontainer.json'].flatMap(
    (name) => pathIn(folder, name) ?? [],
  );

/** https://docs.chef.io/ctl_chef_client/, https://docs.chef.io/ctl_chef_solo/ */
const chefClient: Reading = function* ({ folder, option }) {
  const list = option('-o', '--override-runlist', '-r', '--runlist', '--run-list');
  yield* recipesOf(list?.split(',') ?? [], [pathIn(folder, 'cookbooks')!]);
};

/** The recipes of a run list (https://docs.chef.io/run_lists/) in folders of cookbooks. */
export function* recipesOf(list: readonly string[], cookbooks: readonly string[]): Iterable<Link> {
  for (const item of list) {
    const [, cookbook, recipe = 'default'] =
      /^\s*(?:recipe\[)?([\w-]+)(?:::([\w-]+))?(?:@[\d.]+)?\]?\s*$/.exec(item) ?? [];
    if (cookbook === undefined) continue;
    for (const folder of cookbooks) {
      const file = pathIn(folder, `${cookbook}/recipes/${recipe}.rb`);
      if (file !== undefined) yield toFile('deploys', file, 'chef');
    }
  }
}

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
  aws,
  az,
  buildah,
  bun: packageScripts,
  'cfn-lint': over('lints', 'cloudformation'),
  checkov: over('scans'),
  'chef-apply': function* ({ words, path }) {
    for (const each of words) {
      const file = path(each);
      if (file !== undefined) yield toFile('deploys', file, 'chef');
    }
  },
  'chef-client': chefClient,
  'chef-solo': chefClient,
  conftest: over('tests'),
  cookstyle: over('lints', 'chef'),
  ct: over('lints', 'helm'),
  dclint: over('lints', 'compose'),
  devcontainer,
  docker,
  'docker-compose': function* (seen) {
    const file = seen.path(seen.option('-f', '--file')) ?? seen.folder;
    yield* compose(seen.words, file, seen.command.class === 'deploy');
  },
  fly,
  flyctl: fly,
  foodcritic: over('lints', 'chef'),
  executor: kaniko,
  gcloud,
  hadolint: over('lints', 'docker'),
  helm,
  just: task('just', 'default'),
  kitchen: function* ({ command, folder }) {
    if (command.class === 'test') yield toFile('tests', folder, 'chef');
  },
  kubeconform: over('lints', 'kubectl'),
  kubectl,
  'kube-linter': over('lints', 'kubectl'),
  'kube-score': over('lints', 'kubectl'),
  kubeval: over('lints', 'kubectl'),
  kustomize: function* ({ words, path, folder }) {
    if (words[0] === 'build') yield toFile('builds', path(words[1] ?? '.') ?? folder, 'kustomize');
  },
  make: task('make', ''),
  molecule: over('tests', 'ansible'),
  npm: packageScripts,
  packer: function* ({ words, path, folder }) {
    const [sub] = words;
    // What stands last is the template; before it are values of flags.
    const file = words.length > 1 ? path(words.at(-1)) : folder;
    const verb =
      sub === 'build' ? 'builds' : sub === 'validate' || sub === 'fmt' ? 'lints' : undefined;
    if (verb) yield file === undefined ? toFile(verb, folder) : toFile(verb, file, 'packer');
  },
  pnpm: packageScripts,
  podman: docker,
  puppet: function* ({ words, path }) {
    const [sub, action, ...files] = words;
    const isCheck = sub === 'parser' && action === 'validate';
    if (sub !== 'apply' && !isCheck) return;
    // What stands last is the manifest; before it are values of flags.
    for (const each of isCheck ? files : words.slice(1).slice(-1)) {
      const file = path(each);
      if (file !== undefined) yield toFile(isCheck ? 'lints' : 'deploys', file, 'puppet');
    }
  },
  'puppet-lint': over('lints', 'puppet'),
  'pre-commit': function* ({ words }) {
    if (words[0] === 'run') yield toFile('runs', '.pre-commit-config.yaml', 'pre-commit');
  },
  promtool: function* ({ words, path, folder }) {
    const [, sub, ...files] = words;
    if (sub === 'rules' || sub === 'config')
      for (const each of files) yield toFile('lints', path(each) ?? folder, 'prometheus');
  },
  sam,
  shellcheck: over('lints', 'shell'),
  skaffold: oneFile('skaffold.yaml', ['-f', '--filename'], {
    apply: 'deploys',
    build: 'builds',
    debug: 'deploys',
    deploy: 'deploys',
    dev: 'deploys',
    render: 'lints',
    run: 'deploys',
    test: 'tests',
    verify: 'tests',
  }),
  task: task('task', 'default'),
  terraform,
  terragrunt: terraform,
  tflint: function* ({ folder, path, option }) {
    yield toFile('lints', path(option('--chdir')) ?? folder, 'terraform');
  },
  tilt: oneFile('Tiltfile', ['-f', '--file'], { ci: 'runs', up: 'runs' }),
  tofu: terraform,
  trivy: over('scans'),
  vagrant: oneFile('Vagrantfile', [], {
    provision: 'runs',
    reload: 'runs',
    up: 'runs',
    validate: 'lints',
  }),
  yarn: packageScripts,
};
