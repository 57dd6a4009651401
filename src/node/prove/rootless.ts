import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Ending, Limit } from '../../prove/proof';
import type { Entry } from '../../prove/snapshot';
import { Driver, driver } from './driver';
import { ownFolder, type View, viewFor } from './hidden-paths';
import { readSnapshot } from './read-snapshot';
import { setup } from './rootless-setup';
import { type Job, type Limits, NoSandbox, type Sandbox } from './sandbox';
import { systemCallFilter } from './seccomp';
import { namespaceOf, processesIn } from './watch';

const programs = ['unshare', 'nsenter', 'prlimit', 'bwrap', 'fuse-overlayfs'] as const;
const places = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What root can do to files and processes of its own, and nothing to the machine. */
const rights = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID'];

/** Milliseconds between two looks at the memory. */
const pace = 250;
/** Milliseconds a process the script left behind has to end by itself before it counts as left running. */
const grace = 150;

/** For root the sandbox works as nobody: of root's files it sees what everybody may. */
const nobody = 65534;
const asUser = () => (process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {});

/** Where programs are looked for: the usual places, and those of the user. */
const searchPath = () => [...new Set([...places, ...(process.env.PATH ?? '').split(delimiter)])];

const program = (name: string): string | undefined =>
  searchPath()
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

/** Whether a program, as the user the sandbox works as, ends well. */
const succeeds = (name: string, ...args: readonly string[]): Promise<boolean> =>
  new Promise((done) => {
    const child = spawn(name, args, { ...asUser(), stdio: 'ignore' });
    child.once('error', () => done(false));
    child.once('close', (code) => done(code === 0));
  });

/** Rejects with NoSandbox if this system has not what the sandbox takes. */
async function demand(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new NoSandbox({ kind: 'platform', platform: process.platform });
  }
  const missing = programs.filter((name) => !program(name));
  if (missing.length > 0) throw new NoSandbox({ kind: 'programs', missing });
  if (!(await succeeds(program('unshare')!, '-Urmp', '--fork', 'true'))) {
    throw new NoSandbox({ kind: 'user-namespaces', apparmor: restrictedByAppArmor() });
  }
  if (!(await succeeds('test', '-w', '/dev/fuse'))) throw new NoSandbox({ kind: 'fuse' });
}

/** Ubuntu's way, from 23.10 on (https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces). */
function restrictedByAppArmor(): boolean {
  const file = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
  try {
    return readFileSync(file, 'utf8').trim() === '1';
  } catch {
    return false;
  }
}

/** What the script sees of the environment. */
function environment({ hidden }: View): NodeJS.ProcessEnv {
  const own = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(
      (path) => path.startsWith('/') && !hidden.some((each) => `${path}/`.startsWith(`${each}/`)),
    );
  return {
    PATH: [...new Set([...places, ...own])].join(':'),
    HOME: '/root',
    USER: 'root',
    LOGNAME: 'root',
    SHELL: '/bin/sh',
    // Messages are read for what the sandbox lacks.
    LANG: 'C.UTF-8',
    TERM: 'dumb',
  };
}

/**
 * A sandbox without root: the machine's own files as the lower layer of an overlay in a user namespace, entered with
 * bubblewrap. Needs no image, and nothing to be set up before. Throws NoSandbox, or the signal's reason.
 */
export async function openRootless(
  job: Job,
  limits: Limits,
  signal: AbortSignal,
): Promise<Sandbox> {
  await demand();
  const folders = [ownFolder(dirname(job.script)), ownFolder(job.directory)];
  const view = viewFor(folders, homes());
  const filter = systemCallFilter(process.arch);
  const mark = randomBytes(12).toString('hex');
  const child = spawn(
    program('unshare')!,
    [
      ...['--user', '--map-root-user', '--mount'],
      ...[program('unshare')!, '--pid', '--fork', '--kill-child=SIGKILL'],
      ...['/bin/sh', '-c', setup, 'andon', `${limits.space}`],
      ...[job.script, job.mode.toString(8), job.directory, homes()[0] ?? '/root'],
      ...[view.hidden.join('\n'), view.shown.join('\n')],
      ...[
        program('prlimit')!,
        `--nproc=${limits.processes}`,
        `--data=${limits.memory}`,
        '--core=0',
      ],
      ...[program('bwrap')!, '--bind', '/sys/merged', '/', '--dev', '/dev', '--proc', '/proc'],
      ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
      ...['--unshare-cgroup-try', '--new-session', '--die-with-parent', '--cap-drop', 'ALL'],
      ...rights.flatMap((each) => ['--cap-add', `CAP_${each}`]),
      ...(filter ? ['--seccomp', '3'] : []),
      ...['/bin/sh', '-c', driver, 'andon', mark, job.directory],
      ...[...job.interpreter, job.script],
    ],
    {
      ...asUser(),
      cwd: '/',
      env: environment(view),
      // A Ctrl+C in the terminal is ours to answer.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  const sandbox = new RootlessSandbox(child, mark, limits, signal);
  const [, , , seccomp, , text] = child.stdio as Writable[];
  for (const [stream, bytes] of [
    [seccomp!, filter],
    [text!, job.text],
  ] as const) {
    stream.on('error', () => {});
    stream.end(bytes ?? '');
  }
  const problem = await sandbox.started();
  if (problem === undefined) return sandbox;
  await sandbox.close();
  signal.throwIfAborted();
  throw new NoSandbox({ kind: 'failed', detail: problem });
}

/** The user's home, as the environment and as the accounts have it; a user without an account may have none. */
function homes(): readonly string[] {
  return [homedir, () => userInfo().homedir].flatMap((read) => {
    try {
      const home = read();
      return home.startsWith('/') && home !== '/' ? [home] : [];
    } catch {
      return [];
    }
  });
}

class RootlessSandbox implements Sandbox {
  readonly description =
    'a user namespace over a throw-away copy of this machine: no network, home hidden';
  readonly #child: ChildProcess;
  readonly #driver: Driver;
  readonly #limits: Limits;
  readonly #signal: AbortSignal;
  readonly #ended: Promise<void>;
  readonly #abort = () => void this.close();
  #stopped: Ending | undefined;
  #namespace: string | undefined;

  constructor(child: ChildProcess, mark: string, limits: Limits, signal: AbortSignal) {
    this.#child = child;
    this.#limits = limits;
    this.#signal = signal;
    const [input, stdout, stderr, , life] = child.stdio as [
      Writable,
      Readable,
      Readable,
      never,
      Writable,
    ];
    life.on('error', () => {});
    this.#driver = new Driver({ input, stdout, stderr }, mark);
    this.#ended = new Promise((done) => {
      const end = () => {
        this.#driver.ended();
        done();
      };
      child.once('error', end);
      child.once('close', end);
    });
    signal.addEventListener('abort', this.#abort);
    if (signal.aborted) this.#abort();
  }

  async started(): Promise<string | undefined> {
    const timer = setTimeout(() => this.#kill(), 20_000);
    const problem = await this.#driver.started();
    clearTimeout(timer);
    if (problem === undefined) this.#namespace = namespaceOf(this.#child.pid!);
    return problem;
  }

  async run() {
    const stop = (limit: Limit) => {
      this.#stopped ??= { kind: 'limit', limit };
      this.#kill();
    };
    const timer = setTimeout(stop, this.#limits.seconds * 1000, 'time');
    const watch = setInterval(() => {
      if (this.#memory() > this.#limits.memory) stop('memory');
    }, pace);
    try {
      return await this.#driver.run(() => this.#stopped);
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      this.#signal.throwIfAborted();
    }
  }

  async state() {
    await new Promise((done) => setTimeout(done, grace));
    const processes = processesIn(this.#namespace!)
      // Three namespaces deep is what the script started; the first two there are bubblewrap and the driver.
      .filter(({ numbers }) => numbers.length >= 3 && numbers.at(-1)! > 2)
      .map(({ command }) => command)
      .filter(Boolean);
    const entries = await this.#archive(['--directory=/sys/upper', '.'], '', true);
    return { entries, processes };
  }

  async originals(paths: readonly string[]) {
    if (paths.length === 0) return new Map<string, Entry>();
    const names = paths.map((path) => `.${path}\0`).join('');
    return this.#archive(
      ['--directory=/sys/before', '--no-recursion', '--null', '--files-from=-'],
      names,
      false,
    );
  }

  async close() {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#kill();
    await this.#ended;
  }

  #kill(): void {
    // Its child is process 1 of the sandbox and dies with it; the kernel ends all others, and the mounts.
    this.#child.kill('SIGKILL');
  }

  #memory(): number {
    return processesIn(this.#namespace!).reduce((sum, { memory }) => sum + memory, 0);
  }

  /** What tar, from inside the mounts of the sandbox, makes of a folder. */
  async #archive(what: readonly string[], input: string, layer: boolean) {
    const enter = ['--target', `${this.#child.pid}`, '--user', '--mount', '--preserve-credentials'];
    const tar = spawn(
      program('nsenter')!,
      [...enter, 'tar', '--create', '--format=pax', '--file=-', ...what],
      {
        ...asUser(),
        cwd: '/',
        env: { PATH: places.join(':'), LANG: 'C.UTF-8' },
        signal: this.#signal,
      },
    );
    // A file that is not there is told on standard error, and is what was asked.
    tar.stderr.resume();
    tar.stdin.on('error', () => {});
    tar.stdin.end(input);
    const failed = new Promise<never>((_, fail) => tar.once('error', fail));
    return Promise.race([readSnapshot(tar.stdout, { layer }), failed]);
  }
}
