import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { built, ensureBuilt } from './built';

const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync);
const image = 'localhost/andon-test';

/*
 * Needs podman with runc, and a busybox that is linked statically to make an image of; neither is installed for the
 * sake of this test, which leaves itself out without them. It keeps its image in a store of its own.
 */
describe('andon prove --image', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'andon-container-test-'));
  const env = {
    ...process.env,
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
  };
  const podman = (...args: readonly string[]) =>
    spawnSync('podman', args, { env, encoding: 'utf8', timeout: 120_000 });

  before(async function () {
    writeFileSync(
      env.CONTAINERS_CONF,
      '[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n',
    );
    writeFileSync(
      env.CONTAINERS_STORAGE_CONF,
      `[storage]\ndriver="vfs"\ngraphroot="${folder}/graph"\nrunroot="${folder}/run"\n`,
    );
    const tree = join(folder, 'tree');
    for (const each of ['bin', 'etc', 'tmp', 'root'])
      mkdirSync(join(tree, each), { recursive: true });
    if (busybox) {
      copyFileSync(busybox, join(tree, 'bin/busybox'));
      for (const name of ['sh', 'cat', 'mkdir', 'rm', 'sleep', 'timeout', 'ls', 'id']) {
        symlinkSync('busybox', join(tree, 'bin', name));
      }
      writeFileSync(join(tree, 'etc/list'), 'a\n');
      spawnSync('tar', ['-C', tree, '-cf', join(folder, 'tree.tar'), '.']);
    }
    const imported = busybox && podman('import', join(folder, 'tree.tar'), image).status === 0;
    const works =
      imported &&
      podman(
        ...['run', '--rm', '--network=none', '--ulimit=nofile=64:64', '--ulimit=nproc=64:64'],
        ...[image, '/bin/sh', '-c', ':'],
      ).status === 0;
    if (!works) {
      console.log('    left out: no podman that runs a container of a static busybox');
      this.skip();
    }
    await ensureBuilt();
    mkdirSync(join(folder, 'work'));
  });
  after(() => {
    podman('unshare', 'rm', '-rf', join(folder, 'graph'));
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach('no container is left behind', () => {
    if (existsSync(join(folder, 'work'))) assert.equal(podman('ps', '--all', '--quiet').stdout, '');
  });

  function prove(text: string, ...args: readonly string[]) {
    const script = join(folder, 'work/script.sh');
    writeFileSync(script, text);
    const all = [
      join(built, 'cli.js'),
      'prove',
      '--format',
      'json',
      '--image',
      image,
      ...args,
      script,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, all, { env, encoding: 'utf8' });
    assert.ok(stdout.startsWith('{'), stderr);
    return JSON.parse(stdout);
  }

  it('shows what the second run changed, and leaves the folder alone', () => {
    writeFileSync(join(folder, 'work/beside'), 'b\n');
    const report = prove(
      'set -e\ncat beside >>/etc/list\nmkdir -p /opt/a/b; echo x >/opt/a/b/c\necho spoilt >beside\n',
    );
    assert.equal(report.verdict, 'changes-on-rerun');
    assert.deepEqual(
      report.changes[0].paths.map(
        ({ path, change }: Record<string, string>) => `${change} ${path}`,
      ),
      ['changed /etc/list'],
    );
    assert.match(report.changes[0].paths[0].diff, /\+spoilt/);
    assert.equal(readFileSync(join(folder, 'work/beside'), 'utf8'), 'b\n');
  });

  it('knows what only the second run touched', () => {
    const report = prove(
      '[ ! -e /opt/once ] || cat /etc/list >/etc/list.new\nmkdir -p /opt/once\n',
    );
    assert.deepEqual(
      report.changes[0].paths.map(({ path }: { path: string }) => path),
      ['/etc/list.new'],
    );
  });

  it('has no network, and stops what does not end', () => {
    assert.equal(prove('[ "$(ls /sys/class/net)" = lo ]\n').verdict, 'idempotent');
    assert.match(prove('sleep 1000\n', '--timeout', '2').reason, /time limit/);
  });

  it('ends when whoever started it is killed, at the latest after its time', async () => {
    const script = join(folder, 'work/script.sh');
    writeFileSync(script, 'sleep 3\n');
    const child = spawn(
      process.execPath,
      [join(built, 'cli.js'), 'prove', '--image', image, script],
      { env },
    );
    const running = () => podman('ps', '--quiet').stdout !== '';
    for (let i = 0; i < 100 && !running(); i++) await pause(200);
    child.kill('SIGKILL');
    for (let i = 0; i < 100 && podman('ps', '--all', '--quiet').stdout !== ''; i++)
      await pause(300);
  });

  it('says what is missing', () => {
    const script = join(folder, 'work/script.sh');
    const all = [join(built, 'cli.js'), 'prove', '--image', 'localhost/none', script];
    const { status, stderr } = spawnSync(process.execPath, all, { env, encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /podman has no image "localhost\/none" on this machine/);
  });
});
