import type { Fix } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type Command, shell } from '../../formats/shell';
import type { Word } from '../../syntax/shell';
import type { Edit } from '../../text/edit';

/** A way to install that may settle on other versions than the lock file says. */
interface Loose {
  readonly locks: readonly string[];
  /** Files beside the lock that mean it is enforced anyway. */
  readonly unless?: readonly string[];
  readonly message: Said;
  readonly title: Said;
  readonly edit: Edit;
}

/** `--production` and the like go with `npm ci` as well; these do not. */
const savesPackage = [
  '-S',
  '--save',
  '-D',
  '--save-dev',
  '--package-lock-only',
  '--no-package-lock',
];

export default defineRule({
  id: 'shell/lockfile-not-enforced',
  on: shell,
  summary: 'A build installs what the registry has today, not what the lock file says',
  why: 'When the manifest and the lock file drift apart, the install resolves anew and rewrites the lock: the build takes versions nobody has tested or reviewed.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create({ hosts, path, report }) {
    const inImage = hosts.some((host) => host.format === 'dockerfile');
    // A build's context is not known here; by far the most stand in the Dockerfile's folder.
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    let maintains = true;
    let directoryOf: (command: Command) => string | undefined = () => undefined;
    return {
      script(script) {
        directoryOf = script.directoryOf;
        // What is committed or proposed afterwards is meant to be new.
        maintains =
          (script.use !== 'ci' && script.use !== 'image-build') ||
          /\bgit (?:commit|push|diff)\b|\bgh pr create\b|\brm\b[^\n]*lock|\bnpm (?:version|update)\b|\bnpm-check-updates\b|\bncu\b/.test(
            script.text,
          );
      },
      command(command) {
        if (maintains || command.substituted) return;
        const loose = looseInstall(command, inImage);
        if (loose && isWithoutLock(command, loose.locks)) return;
        const here = inImage ? folder : directoryOf(command);
        if (!loose || here === undefined) return;
        const directory = command.option('--prefix', '--cwd', '-C', '--dir', '-chdir');
        if (directory && directory.value === undefined) return;
        const at = [here, directory?.value?.replace(/^\.\/|\/$/g, '')].filter(Boolean).join('/');
        const file = (name: string) => ({ kind: 'file', key: at === '' ? name : `${at}/${name}` });
        const fix: Fix = { title: loose.title, safe: !inImage, edits: [loose.edit] };
        report({
          at: { range: [command.word!.range[0], command.range[1]] },
          message: loose.message,
          fix,
          condition: {
            anyOf: loose.locks.map(file),
            ...(loose.unless && { noneOf: loose.unless.map(file) }),
          },
        });
      },
    };
  },
});

/** `if [ -f package-lock.json ]; then npm ci; else npm install; fi` */
const isWithoutLock = ({ guards }: Command, locks: readonly string[]): boolean =>
  guards.some(
    ({ test, runsWhen }) =>
      runsWhen === test.args.some(({ value }) => value === '!') &&
      test.args.some(({ value }) => locks.some((lock) => value?.endsWith(lock))),
  );

function looseInstall(command: Command, inImage: boolean): Loose | undefined {
  const [verb, ...rest] = command.operands;
  const name = command.name ?? '';
  const put = (flag: string): Pick<Loose, 'title' | 'edit'> => {
    const end = (verb ?? command.word!).range[1];
    return { title: say`Add ${flag}`, edit: { range: [end, end], text: ` ${flag}` } };
  };
  const replace = (word: Word, text: string): Pick<Loose, 'title' | 'edit'> => ({
    title: say`${text} in place of ${word.text}`,
    edit: { range: word.range, text },
  });
  const verbIs = (...verbs: readonly string[]) => verbs.includes(verb?.value ?? '');
  const written = (lock: string) =>
    say`${verb ? `${name} ${verb.text}` : name} does not hold to ${lock}`;
  switch (name) {
    case 'npm': {
      if (!verbIs('install', 'i', 'add') || rest.length > 0) return undefined;
      if (command.has('-g', '--global', ...savesPackage)) return undefined;
      const locks = ['package-lock.json', 'npm-shrinkwrap.json'];
      return { locks, message: written(locks[0]!), ...replace(verb!, 'ci') };
    }
    case 'yarn': {
      if ((verb !== undefined && !verbIs('install')) || rest.length > 0) return undefined;
      if (command.has('--frozen-lockfile', '--immutable', '--pure-lockfile', '-v', '--version')) {
        return undefined;
      }
      // Newer Yarn holds to the lock by itself on CI: https://yarnpkg.com/cli/install
      const unless = ['.yarnrc.yml'];
      return {
        locks: ['yarn.lock'],
        unless,
        message: written('yarn.lock'),
        ...put('--frozen-lockfile'),
      };
    }
    case 'pnpm': {
      if (!verbIs('install', 'i') || rest.length > 0 || command.has('--frozen-lockfile'))
        return undefined;
      const open = command.args.find((arg) => arg.value === '--no-frozen-lockfile');
      // With CI set, pnpm holds to the lock by itself: https://pnpm.io/cli/install#--frozen-lockfile
      if (!inImage && !open) return undefined;
      const fix = open ? replace(open, '--frozen-lockfile') : put('--frozen-lockfile');
      return { locks: ['pnpm-lock.yaml'], message: written('pnpm-lock.yaml'), ...fix };
    }
    case 'composer': {
      if (!verbIs('update', 'u') || rest.length > 0) return undefined;
      return {
        locks: ['composer.lock'],
        message: written('composer.lock'),
        ...replace(verb!, 'install'),
      };
    }
    case 'pipenv': {
      if (!verbIs('install') || rest.length > 0) return undefined;
      if (command.has('--deploy', '--ignore-pipfile', '--skip-lock')) return undefined;
      return { locks: ['Pipfile.lock'], message: written('Pipfile.lock'), ...put('--deploy') };
    }
    case 'uv': {
      if (!verbIs('sync') || command.has('--locked', '--frozen', '-U', '--upgrade'))
        return undefined;
      return { locks: ['uv.lock'], message: written('uv.lock'), ...put('--locked') };
    }
    default:
      return undefined;
  }
}
