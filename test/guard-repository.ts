import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileStatus, serialiseStatus, statusPath } from '../src/guard/status-file';
import { email, redNow } from './guard-cases';

/** What a program printed and returned. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A git repository of its own in a folder of its own, with one commit on main. */
export interface Repository {
  readonly root: string;
  /** Runs a program there, in an environment in which only what is given here and PATH counts. */
  run(program: string, args: readonly string[], options?: RunOptions): Ran;
  /** The same without waiting here, for a program that somebody has to answer. */
  start(program: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Runs git; throws with what it says if it fails. Gives what it prints, without the last line end. */
  git(...args: readonly string[]): string;
  /** Writes a file below the root. */
  write(path: string, text: string, mode?: number): void;
  /** Writes the status file: red now, changed as given. */
  red(changes?: Partial<FileStatus>): void;
  remove(): void;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export const seconds = (): number => Math.floor(Date.now() / 1000);

/** Makes a repository. */
export function makeRepository(name = 'andon-guard-'): Repository {
  const base = realpathSync(mkdtempSync(join(tmpdir(), name)));
  const [root, home] = [join(base, 'work'), join(base, 'home')];
  mkdirSync(root);
  mkdirSync(home);
  writeFileSync(
    join(home, '.gitconfig'),
    `[user]\nname = Ann\nemail = ${email}\n[init]\ndefaultBranch = main\n[protocol "file"]\nallow = always\n[advice]\ndetachedHead = false\n`,
  );
  const environment = (env: RunOptions['env']) => {
    const { PATH } = process.env;
    const git = { GIT_CONFIG_NOSYSTEM: '1', GIT_EDITOR: 'true' };
    // Not the language of whoever runs the tests: git speaks it.
    return { PATH, LANG: 'C.UTF-8', HOME: home, ...git, ...env };
  };
  const run: Repository['run'] = (program, args, { cwd = root, env, input = '' } = {}) => {
    const { status, stdout, stderr, error } = spawnSync(program, [...args], {
      cwd,
      input,
      encoding: 'utf8',
      timeout: 120_000,
      env: environment(env),
    });
    if (error) throw error;
    return { code: status ?? -1, out: stdout, err: stderr };
  };
  const start: Repository['start'] = (program, args, { cwd = root, env, input = '' } = {}) =>
    new Promise((done, failed) => {
      const child = spawn(program, [...args], { cwd, timeout: 120_000, env: environment(env) });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => (out += chunk));
      child.stderr.on('data', (chunk) => (err += chunk));
      child.on('error', failed);
      child.on('close', (code) => done({ code: code ?? -1, out, err }));
      child.stdin.end(input);
    });
  const repository: Repository = {
    root,
    run,
    start,
    git(...args) {
      const { code, out, err } = run('git', args);
      if (code !== 0) throw new Error(`git ${args.join(' ')}: ${err}${out}`);
      return out.replace(/\n$/, '');
    },
    write(path, text, mode) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { mode });
    },
    red(changes) {
      repository.write(`.git/${statusPath}`, serialiseStatus({ ...redNow(seconds()), ...changes }));
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
  repository.git('init', '--quiet');
  repository.write('readme', 'one\n');
  repository.git('add', '.');
  repository.git('commit', '--quiet', '-m', 'one');
  return repository;
}
