import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

/** A command: a line for the shell, or a program with its arguments. */
export type CommandLine = string | readonly string[];

/** How a check ended. */
export interface LocalRun {
  readonly state: 'passing' | 'failing' | 'cancelled';
  /** Why there is no verdict. */
  readonly problem?: string;
}

/** No check takes longer. Milliseconds. */
const limit = 60 * 60_000;

export const inWords = (command: CommandLine): string =>
  typeof command === 'string' ? command : command.join(' ');

/**
 * Runs the project's own check. Exit code 0 is passing, another failing; a signal, a command that does not start and
 * one that is called off are no verdict. What it started is ended with it.
 */
export function runLocalCheck(
  command: CommandLine,
  folder: string,
  options: { readonly signal?: AbortSignal; output(text: string): void },
): Promise<LocalRun> {
  const { signal, output } = options;
  const windows = process.platform === 'win32';
  const [program = '', ...args] = typeof command === 'string' ? [command] : command;
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: folder,
      shell: typeof command === 'string',
      // A group of its own, to be ended as a whole.
      detached: !windows,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stopped = false;
    const stop = () => {
      stopped = true;
      if (child.pid === undefined) return;
      if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F']);
      else {
        try {
          process.kill(-child.pid, 'SIGTERM');
        } catch {}
      }
    };
    const timer = setTimeout(stop, limit);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', output);
    }
    const end = (run: LocalRun) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      done(run);
    };
    child.once('spawn', () => {
      try {
        setPriority(child.pid!, constants.priority.PRIORITY_BELOW_NORMAL);
      } catch {}
    });
    child.once('error', (error) => end({ state: 'cancelled', problem: error.message }));
    child.once('close', (code) => {
      if (stopped || code === null) end({ state: 'cancelled' });
      // What a shell says of a program that is not there, or may not be run, is no verdict of the program.
      else if (code === 126 || code === 127) {
        end({ state: 'cancelled', problem: `${inWords(command)}: exit code ${code}` });
      } else end({ state: code === 0 ? 'passing' : 'failing' });
    });
  });
}

/** The command a project of this kind is checked with, told from its files; nothing is run. */
export function usualCheck(root: string): string | undefined {
  const has = (name: string) => existsSync(join(root, name));
  const text = (name: string) => {
    try {
      return readFileSync(join(root, name), 'utf8');
    } catch {
      return '';
    }
  };
  try {
    if (JSON.parse(text('package.json')).scripts?.test) {
      if (has('pnpm-lock.yaml')) return 'pnpm test';
      if (has('yarn.lock')) return 'yarn test';
      return has('bun.lock') || has('bun.lockb') ? 'bun run test' : 'npm test';
    }
  } catch {}
  const target = /^(check|test)\s*:/m.exec(text('Makefile'))?.[1];
  if (target) return `make ${target}`;
  if (has('Cargo.toml')) return 'cargo test';
  if (has('go.mod')) return 'go test ./...';
  if (has('pom.xml')) return 'mvn -q verify';
  if (has('gradlew')) return './gradlew check';
  if (has('pyproject.toml') || has('pytest.ini') || has('tox.ini')) return 'pytest';
  return undefined;
}
