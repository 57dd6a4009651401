import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { built, ensureBuilt } from './built';
import { asOrdinaryUser, ensureSandbox, theirProcesses } from './ordinary-user';

interface Report {
  readonly verdict: string;
  readonly reason?: string;
  readonly runs: readonly { ended: string; exit?: number; stdout: string; stderr: string }[];
  readonly changes: readonly {
    readonly paths: readonly { path: string; change: string; aspects: string[]; diff?: string }[];
    readonly started: readonly string[];
    readonly newOutput: readonly string[];
  }[];
}

const sandboxFolders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('andon-prove-'));

describe('andon prove as an ordinary user', function () {
  this.timeout(120_000);
  let folder: string;
  let home: string;
  let mounts: string;
  /** What a run that was killed has left there is none of ours. */
  let there: ReadonlySet<string>;

  before(async function () {
    const reason = ensureSandbox();
    if (reason) {
      console.log(`    left out: ${reason}`);
      this.skip();
    }
    await ensureBuilt();
    // Where a clone lies may be closed to other users.
    folder = mkdtempSync(join(tmpdir(), 'andon-prove-test-'));
    chmodSync(folder, 0o755);
    for (const name of ['cli.js']) copyFileSync(join(built, name), join(folder, name));
    home = join(folder, 'home');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    writeFileSync(join(home, '.ssh/id_ed25519'), 'private key\n', { mode: 0o644 });
    mkdirSync(join(folder, 'work'));
    chmodSync(join(folder, 'work'), 0o777);
    mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    there = new Set(sandboxFolders());
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  afterEach('nothing is left behind', async () => {
    for (let i = 0; i < 50 && theirProcesses().length > 0; i++) await pause(100);
    assert.deepEqual(theirProcesses(), []);
    assert.equal(readFileSync('/proc/self/mountinfo', 'utf8'), mounts);
    assert.deepEqual(
      sandboxFolders().filter((name) => !there.has(name) && !folder.endsWith(name)),
      [],
    );
  });

  const command = (...args: readonly string[]): readonly [string, string[]] => {
    const [program, ...rest] = [...asOrdinaryUser, process.execPath, join(folder, 'cli.js')];
    return [program!, [...rest, 'prove', ...args]];
  };
  const environment = () => ({
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: tmpdir(),
    SECRET_TOKEN: 'hunter2',
    SSH_AUTH_SOCK: join(home, 'agent'),
  });
  const put = (text: string, name = 'script.sh') => {
    const file = join(folder, 'work', name);
    writeFileSync(file, text);
    return file;
  };

  /** Proves a script; the report, and the exit code that belongs to it. */
  function prove(text: string, ...args: readonly string[]): Report {
    const options = { encoding: 'utf8', env: environment(), timeout: 100_000 } as const;
    const all = command('--format', 'json', ...args, put(text));
    const { stdout, stderr, status } = spawnSync(all[0], all[1], options);
    assert.ok(stdout.startsWith('{'), `${status} ${stdout}${stderr}`);
    const report = JSON.parse(stdout) as Report;
    const codes = { idempotent: 0, 'fails-on-rerun': 1, 'changes-on-rerun': 1, 'cannot-tell': 3 };
    assert.equal(status, codes[report.verdict as keyof typeof codes]);
    return report;
  }
  const paths = ({ changes }: Report) =>
    changes.map((each) => each.paths.map(({ change, path }) => `${change} ${path}`));

  describe('says what a second run does', () => {
    it('nothing', () => {
      const report = prove(
        'set -e\nmkdir -p /opt/app\necho port=80 >/opt/app/conf\nln -sfn /opt/app /opt/link\n',
      );
      assert.equal(report.verdict, 'idempotent');
      assert.deepEqual(paths(report), [[]]);
    });

    it('a line more', () => {
      const report = prove('echo "10.0.0.5 db" >>/etc/hosts\n');
      assert.equal(report.verdict, 'changes-on-rerun');
      assert.deepEqual(paths(report), [['changed /etc/hosts']]);
      assert.match(report.changes[0]!.paths[0]!.diff!, /\n 10\.0\.0\.5 db\n\+10\.0\.0\.5 db/);
    });

    it('a failure, with what it printed', () => {
      const report = prove('set -e\nmkdir /opt/app\necho done\n');
      assert.equal(report.verdict, 'fails-on-rerun');
      assert.match(report.changes[0]!.newOutput.join('\n'), /File exists/);
    });

    it('mode, type, link, removal, a folder replaced', () => {
      const report = prove(`set -e
mkdir -p /opt/a
if [ ! -e /opt/a/one ]; then
  touch /opt/a/one /opt/a/mode; ln -s one /opt/a/link; mkdir /opt/a/type
else
  rm -r /opt/a/one /opt/a/type /etc/skel; mkdir /etc/skel
  chmod 600 /opt/a/mode; ln -sfn two /opt/a/link; touch /opt/a/type
fi
`);
      assert.deepEqual(paths(report), [
        [
          'changed /etc/skel',
          'changed /opt/a/link',
          'changed /opt/a/mode',
          'removed /opt/a/one',
          'changed /opt/a/type',
        ],
      ]);
      const aspects = report.changes[0]!.paths.map((each) => each.aspects.join());
      assert.deepEqual(aspects, ['emptied', 'target', 'mode', '', 'type']);
    });

    it('a file of the machine that only the second run writes, the same as it was', () => {
      const report = prove(
        '[ -e /opt/once ] && sed -i s/none-such// /etc/passwd\ntouch /opt/once\n',
      );
      assert.equal(report.verdict, 'idempotent', JSON.stringify(report.changes));
    });

    it('each run against the one before', () => {
      const report = prove(
        '[ -e /opt/b ] && touch /opt/c\n[ -e /opt/a ] && touch /opt/b\ntouch /opt/a\n',
        '--times',
        '4',
      );
      assert.deepEqual(paths(report), [['added /opt/b'], ['added /opt/c'], []]);
    });

    it('a process more', () => {
      const report = prove('sleep 1000 &\n');
      assert.equal(report.verdict, 'changes-on-rerun');
      assert.deepEqual(report.changes[0]!.started, ['sleep 1000']);
    });

    it('that it cannot tell, and why', () => {
      const missing = prove('set -e\nnone-such-command --now\n');
      assert.equal(missing.verdict, 'cannot-tell');
      assert.match(missing.reason!, /first run fails \(exit 127\).*not installed/);
      const went = prove('none-such-command --now\ntrue\n');
      assert.equal(went.verdict, 'cannot-tell');
      assert.match(went.reason!, /a part of run 1 failed/);
    });
  });

  describe('is a machine as the script expects it', () => {
    it('root, sudo, accounts, owners, crontab', () => {
      const report = prove(`set -e
[ "$(id -u)" = 0 ]
sudo -u nobody -- sh -c 'echo x >/etc/by-sudo'
echo y | sudo tee /etc/by-tee >/dev/null
getent passwd deploy >/dev/null || useradd --system deploy
chown -R deploy: /etc/by-sudo
grep -q '^root:\\*:' /etc/shadow
echo >/dev/stderr
`);
      assert.equal(report.verdict, 'idempotent', JSON.stringify(report, undefined, 1));
    });

    it('with files beside the script, and the folder it lies in', () => {
      mkdirSync(join(folder, 'work/files'), { recursive: true });
      writeFileSync(join(folder, 'work/files/app.conf'), 'x=1\n');
      assert.equal(prove('set -e\ncp files/app.conf /etc/app.conf\n').verdict, 'idempotent');
      const report = prove('pwd; echo "$0"\n', '--directory', '/etc');
      assert.equal(report.runs[0]!.stdout, `/etc\n${join(folder, 'work/script.sh')}\n`);
    });

    it('with the interpreter its first line names, or another', () => {
      const bash = '[[ a == a ]] && echo "$BASH_VERSION"\n';
      assert.match(prove(`#!/usr/bin/env bash\n${bash}`).runs[0]!.stdout, /^\d/);
      assert.match(prove(bash, '--shell', 'bash -e').runs[0]!.stdout, /^\d/);
    });
  });

  describe('holds a hostile script', () => {
    it('that looks for secrets', () => {
      const report = prove(`
[ -z "$SECRET_TOKEN$SSH_AUTH_SOCK" ] || exit 11
[ ! -e ${home}/.ssh ] || exit 12
[ -z "$(ls -A /home /run/user /mnt 2>/dev/null | grep -v :)" ] || exit 13
for each in /proc/[0-9]*/environ; do tr '\\0' '\\n' <$each 2>/dev/null | grep -q hunter2 && exit 14; done
cut -d: -f2 /etc/shadow | grep -qv '^\\*$' && exit 15
[ ! -e /dev/fuse ] || exit 16
find /home /root /tmp /mnt /srv /opt /var/tmp -name id_ed25519 2>/dev/null | grep -q . && exit 17
exit 0
`);
      assert.deepEqual(
        report.runs.map(({ exit, stderr }) => [exit, stderr]),
        [
          [0, ''],
          [0, ''],
        ],
      );
    });

    it('that writes outside, deletes and overwrites', () => {
      const precious = join(folder, 'work/precious');
      writeFileSync(precious, 'mine\n');
      chmodSync(precious, 0o666);
      prove(
        `echo spoilt >'${precious}'; echo x >'${folder}/work/new'; rm -rf /etc '${folder}/work'\n`,
      );
      assert.equal(readFileSync(precious, 'utf8'), 'mine\n');
      assert.ok(!existsSync(join(folder, 'work/new')));
    });

    it('that wants rights, mounts, or namespaces of its own', () => {
      const report = prove(`
mount -t tmpfs none /mnt && exit 11
unshare -U true && exit 12
unshare -Ur true && exit 13
unshare -m true && exit 14
mknod /opt/disk b 8 0 && exit 15
nsenter -t 1 -m true && [ "$(ls /proc/1/root/sys)" != "" ] && exit 16
echo 1 >/proc/sys/kernel/panic && exit 17
hostname other && exit 18
exit 0
`);
      assert.equal(report.runs[0]!.exit, 0, JSON.stringify(report.runs[0]));
      assert.equal(report.verdict, 'cannot-tell');
    });

    it('that wants the network', async () => {
      const server = createServer((socket) => socket.end('hello'));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as { port: number };
      try {
        const report = prove(
          `#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/${port} && exit 11\nexit 1\n`,
        );
        assert.equal(report.runs[0]!.exit, 1);
        assert.match(report.reason!, /does not run in the sandbox|network/);
      } finally {
        server.close();
      }
    });

    it('that multiplies', () => {
      const report = prove('#!/bin/bash\nf() { f | f & }\nf\nsleep 2\n', '--timeout', '10');
      assert.equal(report.verdict, 'cannot-tell', JSON.stringify(report).slice(0, 500));
    });

    it('that prints without end', () => {
      const report = prove('yes\n', '--timeout', '2');
      assert.match(report.reason!, /run 1 did not end within the time limit/);
      assert.ok(report.runs[0]!.stdout.length < 400_000, `${report.runs[0]!.stdout.length}`);
    });

    it('that never ends, and shrugs off signals', () => {
      const report = prove(
        "trap '' TERM INT HUP\nwhile :; do sleep 1000; done\n",
        '--timeout',
        '1',
      );
      assert.equal(report.runs[0]!.ended, 'time-limit');
    });

    it('that fills the disk', () => {
      const report = prove('set -e\ndd if=/dev/zero of=/opt/big bs=1M count=4000\n');
      assert.equal(report.verdict, 'cannot-tell');
      assert.match(report.reason!, /space of the sandbox is used up/);
    });

    it('that eats memory', () => {
      const report = prove('tail /dev/zero\n', '--timeout', '60');
      assert.equal(report.verdict, 'cannot-tell');
    });

    it('that kills what runs it', () => {
      const report = prove('kill -9 $PPID; kill -9 -1; sleep 5\n', '--timeout', '10');
      assert.equal(report.verdict, 'cannot-tell');
      assert.equal(report.runs[0]!.ended, 'lost');
    });

    it('that leaves processes in sessions of their own', () => {
      const report = prove(
        'setsid sh -c "trap \\"\\" HUP TERM; while :; do sleep 1; done" >/dev/null 2>&1 &\n',
      );
      assert.equal(report.verdict, 'changes-on-rerun');
    });

    it('that forges the mark of the driver', () => {
      const report = prove("printf '\\0000000 0\\0'; printf '\\0x 0\\0' >&2; exit 4\n");
      assert.equal(report.runs[0]!.exit, 4);
    });
  });

  describe('ends', () => {
    /** Starts a script that never ends, and waits until it runs. */
    async function started(): Promise<ChildProcess> {
      const [program, args] = command(put('sleep 12345 & sleep 12345\n'));
      const child = spawn(program, args, { env: environment(), stdio: 'ignore' });
      for (let i = 0; i < 200; i++) {
        if (theirProcesses().filter((each) => each.startsWith('sleep 12345')).length === 2) break;
        await pause(50);
      }
      return child;
    }
    const ended = (child: ChildProcess) =>
      new Promise<number | null>((done) => child.once('close', (code) => done(code)));

    it('on Ctrl+C', async () => {
      const child = await started();
      child.kill('SIGINT');
      assert.equal(await ended(child), 130);
    });

    it('when whoever started it is killed', async () => {
      const child = await started();
      child.kill('SIGKILL');
      await ended(child);
    });
  });
});
