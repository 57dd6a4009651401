import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const programs = ['/usr/bin/buildbot', '/usr/bin/buildbot-worker'];
const isThere = () => programs.every((program) => existsSync(program));

/**
 * Sees to it that Debian's Buildbot is installed; returns why it is not, or undefined. It is installed only where that
 * takes no question: as root, with apt.
 */
export function ensureBuildbot(): string | undefined {
  if (isThere()) return undefined;
  if (process.platform !== 'linux') return 'Buildbot is driven on Linux only';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return 'Buildbot is not installed: apt-get install --no-install-recommends buildbot buildbot-worker';
  }
  const apt = (...args: readonly string[]) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'ignore',
      timeout: 240_000,
    });
  const packages = ['install', '-y', '--no-install-recommends', 'buildbot', 'buildbot-worker'];
  apt(...packages);
  if (!isThere()) {
    apt('update');
    apt(...packages);
  }
  return isThere() ? undefined : 'Debian’s packages of Buildbot could not be installed';
}

/** A Buildbot on this machine with one builder, `unit`, whose verdict is what it is told. */
export interface BuildbotServer {
  readonly url: string;
  /** The exit code of the next builds, and how many seconds they take. */
  steer(exit: number, sleep?: number): void;
  /** As if a commit had been pushed. */
  push(sha: string, branch: string, repository: string): Promise<void>;
  /** Tells the newest build to stop. */
  stopNewest(): Promise<void>;
  /** All builds, the newest first. */
  builds(): Promise<readonly { buildid: number; complete: boolean; results: number | null }[]>;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** Lays out a master and a worker in a folder of their own and starts both. Throws when they do not come up. */
export async function startBuildbot(): Promise<BuildbotServer> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-buildbot-'));
  const [www, pb] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${www}`;
  const state = join(folder, 'state');
  const plugin = join(folder, 'plugin');
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  // Debian leaves Buildbot's web pages out, and the master serves nothing without some.
  write('plugin/andon_pages/VERSION', '0.1\n');
  write('plugin/andon_pages/static/index.html', '<html></html>\n');
  write(
    'plugin/andon_pages/__init__.py',
    'from buildbot.www.plugin import Application\nep = Application(__name__, "no pages")\n',
  );
  write(
    'plugin/andon_pages-0.1.egg-info/PKG-INFO',
    'Metadata-Version: 1.0\nName: andon-pages\nVersion: 0.1\n',
  );
  write(
    'plugin/andon_pages-0.1.egg-info/entry_points.txt',
    '[buildbot.www]\nbase = andon_pages:ep\n',
  );
  write('state/exit', '0');
  write('state/sleep', '0');
  write(
    'master/master.cfg',
    `from buildbot.plugins import changes, schedulers, steps, util, worker
c = BuildmasterConfig = {}
c['title'] = 'andon'
c['buildbotURL'] = '${url}/'
c['buildbotNetUsageData'] = None
c['db'] = {'db_url': 'sqlite:///state.sqlite'}
c['protocols'] = {'pb': {'port': 'tcp:${pb}:interface=127.0.0.1'}}
c['workers'] = [worker.Worker('one', 'secret', max_builds=1)]
factory = util.BuildFactory()
factory.addStep(steps.ShellCommand(
    name='verdict', haltOnFailure=True,
    command=['sh', '-c', 'sleep $(cat ${state}/sleep); e=$(cat ${state}/exit); [ "$e" = 0 ] || echo "src/till.ts:3:7: error: the till does not open"; exit $e']))
c['builders'] = [util.BuilderConfig(name='unit', workernames=['one'], factory=factory)]
c['collapseRequests'] = False
c['schedulers'] = [schedulers.AnyBranchScheduler(name='any', builderNames=['unit'], treeStableTimer=None)]
c['www'] = dict(port='tcp:${www}:interface=127.0.0.1', plugins={}, change_hook_dialects={'base': True})
`,
  );
  const env = { PATH: '/usr/bin:/bin', HOME: folder, PYTHONPATH: plugin, LANG: 'C.UTF-8' };
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd: folder, env, stdio: 'pipe', timeout: 60_000 });
  const children: ChildProcess[] = [];
  const start = (program: string, where: string) => {
    const child = spawn(program, ['start', '--nodaemon', '.'], {
      cwd: join(folder, where),
      env,
      stdio: 'ignore',
      detached: true,
    });
    children.push(child);
  };
  const end = (signal: NodeJS.Signals) => {
    for (const { pid } of children) {
      try {
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {}
    }
  };
  const killAll = () => end('SIGKILL');
  process.once('exit', killAll);
  const close = async () => {
    const ended = children.map(
      (child) => child.exitCode !== null || new Promise((done) => child.once('close', done)),
    );
    end('SIGTERM');
    await Promise.race([Promise.all(ended), pause(8000, undefined, { ref: false })]);
    killAll();
    process.removeListener('exit', killAll);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const get = async (path: string): Promise<any> =>
    (await fetch(`${url}/api/v2/${path}`, { headers: { accept: 'application/json' } })).json();
  try {
    run('/usr/bin/buildbot', 'create-master', '-q', 'master');
    run(
      '/usr/bin/buildbot-worker',
      'create-worker',
      '-q',
      'worker',
      `127.0.0.1:${pb}`,
      'one',
      'secret',
    );
    start('/usr/bin/buildbot', 'master');
    start('/usr/bin/buildbot-worker', 'worker');
    for (const limit = Date.now() + 60_000; ; await pause(200)) {
      const up = await get('workers').then(
        ({ workers }) => workers[0]?.connected_to?.length > 0,
        () => false,
      );
      if (up) break;
      if (Date.now() > limit) {
        const log = join(folder, 'master/twistd.log');
        throw new Error(
          `Buildbot did not start:\n${existsSync(log) ? readFileSync(log, 'utf8').slice(-3000) : ''}`,
        );
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const builds = async () => (await get('builds?order=-buildid&limit=20')).builds;
  return {
    url,
    close,
    builds,
    steer(exit, sleep = 0) {
      writeFileSync(join(state, 'exit'), String(exit));
      writeFileSync(join(state, 'sleep'), String(sleep));
    },
    async push(sha, branch, repository) {
      const form = {
        revision: sha,
        branch,
        repository,
        author: 'Ann <ann@example.com>',
        comments: 'x',
        files: '["x"]',
      };
      const { ok, status } = await fetch(`${url}/change_hook/base`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      if (!ok) throw new Error(`the change was refused: ${status}`);
    },
    async stopNewest() {
      const [newest] = await builds();
      const body = JSON.stringify({ id: 1, jsonrpc: '2.0', method: 'stop', params: {} });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${url}/api/v2/builds/${newest.buildid}`, { method: 'POST', headers, body });
    },
  };
}
