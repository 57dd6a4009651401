import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, relative } from 'node:path';
import { promisify } from 'node:util';
import { packTar } from 'modern-tar';
import { isNoise } from '../../prove/noise';
import type { Ending } from '../../prove/proof';
import type { Entry } from '../../prove/snapshot';
import { lies, slashes } from '../workspace-root';
import { Driver, driver } from './driver';
import { ownFolder } from './hidden-paths';
import { readSnapshot } from './read-snapshot';
import { type Job, type Limits, NoSandbox, type Sandbox } from './sandbox';

const engines = ['podman', 'docker'] as const;

/** Where the script's own folder lies in the container. */
const workspace = '/workspace';

const rights = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID'];

/** Ends a run, should nobody be left to do it, where the image has what it takes. Arguments: seconds, the command. */
const bounded =
  'seconds=$1; shift; ! command -v timeout >/dev/null || set -- timeout -s KILL "$seconds" "$@"; exec "$@"';

const run = promisify(execFile);

/**
 * A container of an image that is on this machine, without a network; the script's own folder is copied into it.
 * Throws NoSandbox, or the signal's reason.
 */
export async function openContainer(
  job: Job,
  limits: Limits,
  signal: AbortSignal,
  image: string,
): Promise<Sandbox> {
  const engine = await engineWith(image, signal);
  const mark = randomBytes(12).toString('hex');
  const folder = ownFolder(dirname(job.script));
  // A folder that holds all of a home is not the script's own.
  const copied = lies(homedir(), folder) ? undefined : folder;
  const inside = (path: string) =>
    lies(path, folder) ? `${workspace}/${slashes(relative(folder, path))}` : workspace;
  const script = inside(job.script);

  const create = async (): Promise<string> => {
    const { stdout } = await run(
      engine,
      [
        ...['create', '--rm', '--interactive', '--pull', 'never', '--network', 'none'],
        ...['--user', '0:0', '--workdir', '/', '--env', 'HOME=/root', '--env', 'LANG=C.UTF-8'],
        ...['--memory', `${limits.memory}`, '--pids-limit', `${limits.processes}`],
        ...['--ulimit', `fsize=${limits.space}`, '--ulimit', 'nofile=1024:1024'],
        // Left alone, podman asks for the most there is, which not every root may have.
        ...['--ulimit', 'nproc=4096:4096', '--security-opt', 'no-new-privileges'],
        ...['--cap-drop', 'ALL', ...rights.flatMap((each) => ['--cap-add', each])],
        ...['--entrypoint', '/bin/sh', image, '-c', driver, 'andon', mark, inside(job.directory)],
        ...['/bin/sh', '-c', bounded, 'andon', `${Math.ceil(limits.seconds) + 5}`],
        ...[...job.interpreter, script],
      ],
      { signal },
    );
    const id = stdout.trim();
    if (copied) await run(engine, ['cp', `${copied}/.`, `${id}:${workspace}`], { signal });
    const planted = await packTar([
      {
        header: { name: script.slice(1), size: Buffer.byteLength(job.text), mode: job.mode },
        body: job.text,
      },
    ]);
    const copy = run(engine, ['cp', '-', `${id}:/`], { signal });
    copy.child.stdin!.on('error', () => {});
    copy.child.stdin!.end(planted);
    await copy;
    return id;
  };

  let id: string | undefined;
  try {
    id = await create();
    const child = spawn(engine, ['start', '--attach', '--interactive', id]);
    const sandbox = new ContainerSandbox({
      engine,
      id,
      image,
      child,
      mark,
      limits,
      signal,
      create,
    });
    const problem = await sandbox.started();
    if (problem === undefined) return sandbox;
    await sandbox.close();
    signal.throwIfAborted();
    throw new NoSandbox({ kind: 'failed', detail: problem });
  } catch (error) {
    if (id) await remove(engine, id);
    signal.throwIfAborted();
    if (error instanceof NoSandbox) throw error;
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new NoSandbox({ kind: 'failed', detail: stderr?.trim() || message });
  }
}

/** The first engine that answers and has the image. */
async function engineWith(image: string, signal: AbortSignal): Promise<string> {
  let answering: string | undefined;
  for (const engine of engines) {
    const answers = (...args: readonly string[]) =>
      run(engine, [...args], { signal }).then(
        () => true,
        () => false,
      );
    if (await answers('image', 'inspect', image)) return engine;
    if (await answers('image', 'ls', '--quiet')) answering ??= engine;
    signal.throwIfAborted();
  }
  throw new NoSandbox(answering ? { kind: 'image', image, engine: answering } : { kind: 'engine' });
}

/** Ends a container at once and removes it; asked politely it would take ten seconds. */
async function remove(engine: string, id: string): Promise<void> {
  const quietly = (...args: readonly string[]) => run(engine, [...args, id]).catch(() => undefined);
  // It may not run, and removes itself when it ends.
  await quietly('kill');
  await quietly('rm', '--force', '--volumes');
}

interface Parts {
  readonly engine: string;
  readonly id: string;
  readonly image: string;
  readonly child: ChildProcess;
  readonly mark: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Another container like this one, in which nothing ran. */
  create(): Promise<string>;
}

class ContainerSandbox implements Sandbox {
  readonly description: string;
  readonly #parts: Parts;
  readonly #driver: Driver;
  readonly #abort = () => void this.close();
  #stopped: Ending | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { child, mark, signal, engine, image } = parts;
    this.description = `a ${engine} container of ${image}: no network, nothing of this machine but a copy of the script's folder`;
    const [input, stdout, stderr] = [child.stdin!, child.stdout!, child.stderr!];
    this.#driver = new Driver({ input, stdout, stderr }, mark);
    child.once('error', () => this.#driver.ended());
    child.once('close', () => this.#driver.ended());
    signal.addEventListener('abort', this.#abort);
    if (signal.aborted) this.#abort();
  }

  started() {
    return this.#driver.started();
  }

  async run() {
    const timer = setTimeout(() => {
      this.#stopped = { kind: 'limit', limit: 'time' };
      void this.close();
    }, this.#parts.limits.seconds * 1000);
    try {
      return await this.#driver.run(() => this.#stopped);
    } finally {
      clearTimeout(timer);
      this.#parts.signal.throwIfAborted();
    }
  }

  async state() {
    const { engine, id, signal } = this.#parts;
    const { stdout } = await run(engine, ['diff', id], { signal, maxBuffer: 64 * 1024 * 1024 });
    const listed = stdout.split('\n').flatMap((line) => {
      const [, kind, path] = /^([ACD]) (\/.*)$/.exec(line) ?? [];
      return path && !isNoise(path) ? [{ kind, path }] : [];
    });
    const entries = new Map<string, Entry>();
    const added = new Set(listed.filter(({ kind }) => kind === 'A').map(({ path }) => path));
    const parents = new Set(listed.map(({ path }) => dirname(path)));
    const whole = (path: string): boolean =>
      path !== '/' && (added.has(path) || whole(dirname(path)));
    for (const { kind, path } of listed) {
      if (kind === 'D') entries.set(path, { kind: 'gone' });
      // What lies in a folder that came is in the archive of that folder.
      else if (kind === 'A' && whole(dirname(path))) continue;
      // A folder counts as changed when something in it did.
      else if (kind === 'C' && parents.has(path)) continue;
      else for (const [name, entry] of await this.#archive(id, path)) entries.set(name, entry);
    }
    return { entries };
  }

  async originals(paths: readonly string[]) {
    const found = new Map<string, Entry>();
    if (paths.length === 0) return found;
    const { engine, create } = this.#parts;
    const twin = await create();
    try {
      for (const path of paths) {
        const entry = (await this.#archive(twin, path).catch(() => undefined))?.get(path);
        if (entry) found.set(path, entry);
      }
    } finally {
      await remove(engine, twin);
    }
    return found;
  }

  async close() {
    const { signal, engine, id, child } = this.#parts;
    signal.removeEventListener('abort', this.#abort);
    await remove(engine, id);
    child.kill('SIGKILL');
  }

  async #archive(id: string, path: string): Promise<Map<string, Entry>> {
    const { engine, signal } = this.#parts;
    const copy = spawn(engine, ['cp', `${id}:${path}`, '-'], { signal });
    copy.stderr.resume();
    const above = dirname(path);
    const failed = new Promise<never>((_, fail) => copy.once('error', fail));
    return Promise.race([
      readSnapshot(copy.stdout, { layer: false, base: above === '/' ? '' : above }),
      failed,
    ]);
  }
}
