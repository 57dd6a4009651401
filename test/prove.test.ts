import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { packTar, type TarEntry } from 'modern-tar';
import { Driver } from '../src/node/prove/driver';
import { mountPoints, viewOf } from '../src/node/prove/hidden-paths';
import { readSnapshot } from '../src/node/prove/read-snapshot';
import { lackWords } from '../src/node/prove/sandbox';
import { systemCallFilter } from '../src/node/prove/seccomp';
import { compare, pathsInOne, signOf } from '../src/prove/compare';
import { newOutput, unifiedDiff } from '../src/prove/difference';
import { interpreterOf } from '../src/prove/interpreter';
import { jsonReport } from '../src/prove/json-report';
import { isNoise, noise } from '../src/prove/noise';
import { obstacleIn } from '../src/prove/obstacle';
import { judge, type Run } from '../src/prove/proof';
import type { Entry } from '../src/prove/snapshot';
import { textReport } from '../src/prove/text-report';

const file = (text: string, mode = 0o644): Entry => ({
  kind: 'file',
  mode,
  size: text.length,
  digest: text,
  text,
});
const directory = (emptied = false): Entry => ({ kind: 'directory', mode: 0o755, emptied });
const entries = (all: Readonly<Record<string, Entry>>) => new Map(Object.entries(all));
const gone: Entry = { kind: 'gone' };

type Paths = Readonly<Record<string, Entry>>;

/** The changes as `sign path aspects`. */
function changes(before: Paths, after: Paths, originals: Paths = {}): readonly string[] {
  const found = compare(
    { entries: entries(before) },
    { entries: entries(after) },
    entries(originals),
  );
  return found.paths.map((each) => [signOf(each), each.path, ...each.aspects].join(' '));
}

describe('comparison of two runs', () => {
  const cases: readonly (readonly [string, Paths, Paths, Paths, readonly string[]])[] = [
    ['the same', { '/a': file('x') }, { '/a': file('x') }, {}, []],
    ['content', { '/a': file('x') }, { '/a': file('xx') }, {}, ['~ /a content']],
    ['mode', { '/a': file('x') }, { '/a': file('x', 0o600) }, {}, ['~ /a mode']],
    ['a new path', {}, { '/a': file('x') }, {}, ['+ /a']],
    ['made by run 1, removed by run 2', { '/a': file('x') }, {}, {}, ['- /a']],
    ['of the machine, removed', {}, { '/a': gone }, { '/a': file('x') }, ['- /a']],
    ['removed by run 1, put back', { '/a': gone }, {}, { '/a': file('x') }, ['+ /a']],
    ['rewritten as it was', {}, { '/a': file('x') }, { '/a': file('x') }, []],
    ['of the machine, changed', {}, { '/a': file('y') }, { '/a': file('x') }, ['~ /a content']],
    [
      'a link led elsewhere',
      { '/a': { kind: 'link', target: 'b' } },
      { '/a': { kind: 'link', target: 'c' } },
      {},
      ['~ /a target'],
    ],
    ['a file made a folder', { '/a': file('x') }, { '/a': directory() }, {}, ['~ /a type']],
    [
      'what a folder emptied by both runs had before',
      { '/d': directory(true) },
      { '/d': directory(true), '/d/a': file('x') },
      { '/d/a': file('x') },
      ['+ /d/a'],
    ],
    ['a folder emptied', { '/d': directory() }, { '/d': directory(true) }, {}, ['~ /d emptied']],
    [
      'noise',
      {},
      { '/tmp/a': file('x'), '/var/log/a': file('x'), '/etc/passwd-': file('') },
      {},
      [],
    ],
    [
      'the head of a crontab',
      { '/var/spool/cron/crontabs/root': file('# (- installed on Monday)\n0 3 * * * a\n') },
      { '/var/spool/cron/crontabs/root': file('# (- installed on Tuesday)\n0 3 * * * a\n') },
      {},
      [],
    ],
  ];
  for (const [title, before, after, originals, expected] of cases) {
    it(title, () => assert.deepEqual(changes(before, after, originals), expected));
  }

  it('asks for what only one of the snapshots has', () => {
    const asked = pathsInOne(
      entries({ '/a': gone, '/b': gone }),
      entries({ '/b': gone, '/c': gone, '/tmp/d': gone }),
    );
    assert.deepEqual(asked, ['/a', '/c']);
  });

  it('counts processes, and not the agents of tools', () => {
    const state = (processes: readonly string[]) => ({ entries: entries({}), processes });
    const found = compare(
      state(['nginx', 'sleep 1']),
      state(['nginx', 'nginx', 'gpg-agent --daemon']),
      entries({}),
    );
    assert.deepEqual([found.started, found.ended], [['nginx'], ['sleep 1']]);
  });
});

describe('noise', () => {
  it('stands in the documentation as it is', () => {
    const page = readFileSync(join(__dirname, '../docs/prove.md'), 'utf8');
    const table = /<!-- noise -->\n.*\n.*\n([\s\S]*?)<!-- \/noise -->/.exec(page)![1]!;
    const rows = noise.map(({ paths, why }) => `| ${paths} | ${why} |\n`).join('');
    assert.equal(table, rows);
  });

  for (const path of [
    '/srv/app/yarn.lock',
    '/etc/hosts',
    '/etc/shadow',
    '/opt/tmp/a',
    '/root/.bashrc',
    '/srv/.git/HEAD',
  ]) {
    it(`is not ${path}`, () => assert.ok(!isNoise(path)));
  }
  for (const path of ['/root/.cache/x', '/srv/a/.git/index', '/var/lib/dpkg/lock-frontend']) {
    it(`is ${path}`, () => assert.ok(isNoise(path)));
  }
});

describe('verdict', () => {
  const run = (code: number, stderr = ''): Run => ({
    ending: { kind: 'exit', code },
    seconds: 0.1,
    stdout: '',
    stderr,
  });
  const nothing = { paths: [], started: [], ended: [] };
  const something = { ...nothing, started: ['nginx'] };
  const stopped: Run = { ...run(0), ending: { kind: 'limit', limit: 'time' } };
  const cases = [
    ['nothing changed', [run(0), run(0)], [nothing], 'idempotent'],
    ['something changed', [run(0), run(0)], [something], 'changes-on-rerun'],
    ['the second failed', [run(0), run(1)], [nothing], 'fails-on-rerun'],
    ['the first failed', [run(1)], [], 'cannot-tell'],
    ['the first was stopped', [stopped], [], 'cannot-tell'],
    ['the second was stopped', [run(0), stopped], [], 'cannot-tell'],
    [
      'only the third changed something',
      [run(0), run(0), run(0)],
      [nothing, something],
      'changes-on-rerun',
    ],
    [
      'a part failed',
      [run(0, 'curl: (6) Could not resolve host: a'), run(0)],
      [nothing],
      'cannot-tell',
    ],
    [
      'a part failed, and something changed',
      [run(0, 'x: command not found'), run(0)],
      [something],
      'changes-on-rerun',
    ],
    ['space ran out', [run(0), run(1, 'dd: No space left on device')], [nothing], 'cannot-tell'],
  ] as const;
  for (const [title, runs, all, verdict] of cases) {
    it(title, () => assert.equal(judge(runs, all).verdict, verdict));
  }

  it('is reported with what changed, what was printed, and nothing that steers a terminal', () => {
    const was = file('a\n');
    const change = { path: '/etc/x', was, is: file('a\na\n'), aspects: ['content'] as const };
    const second = { ...run(0, 'again\n'), stdout: 'new \u001b]0;title\u0007\n' };
    const proof = judge([run(0), second], [{ ...nothing, paths: [change] }]);
    const head = { version: '1.0.0', script: 'x.sh', sandbox: 'a box', colour: false };
    assert.equal(
      textReport(proof, head),
      `x.sh: not idempotent: run again it changed something
  run 1: exit 0, 0.1 s
  run 2: exit 0, 0.1 s

What run 2 changed:
  ~ /etc/x  (content, 2 to 4 bytes)

--- /etc/x  after run 1
+++ /etc/x  after run 2
@@ -1,1 +1,2 @@
 a
+a

New in what run 2 printed:
  new ·]0;title·
  again

Run in a box.
`,
    );
    const report = JSON.parse(jsonReport(proof, head));
    assert.deepEqual(report.changes[0].paths[0], {
      path: '/etc/x',
      change: 'changed',
      aspects: ['content'],
      diff: '@@ -1,1 +1,2 @@\n a\n+a',
    });
  });

  it('shows no diff of what is no text', () => {
    const binary: Entry = { kind: 'file', mode: 0o644, size: 4, digest: 'x' };
    const change = { path: '/a', was: binary, is: file('b'), aspects: ['content'] as const };
    assert.equal(unifiedDiff(change), undefined);
  });

  it('tells new output only', () => {
    const first = { ...run(0), stdout: 'one\ntwo\n' };
    assert.deepEqual(newOutput(first, { ...run(0), stdout: 'one\nthree\ntwo\n' }), ['three']);
  });
});

describe('obstacles', () => {
  const cases = [
    ['curl: (6) Could not resolve host: example.com', 'network'],
    ["Err:1 Temporary failure resolving 'deb.example.com'", 'network'],
    ['x.sh: line 3: helm: command not found', 'command'],
    ['x.sh: 3: helm: not found', 'command'],
    [
      'System has not been booted with systemd as init system (PID 1). Cannot operate.',
      'service-manager',
    ],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock.', 'daemon'],
    ['mount: /mnt: permission denied.', 'rights'],
    ['dd: error writing: No space left on device', 'space'],
    ['mkdir: cannot create directory: File exists', undefined],
    ['grep: /etc/x: No such file or directory', undefined],
  ] as const;
  for (const [line, kind] of cases) {
    it(line, () => assert.equal(obstacleIn(`first\n${line}\n`)?.kind, kind));
  }
});

describe('interpreter', () => {
  const cases = [
    ['echo', 'sh'],
    ['#!/bin/bash\n', '/bin/bash'],
    ['#!/bin/bash -eu\n', '/bin/bash -eu'],
    ['#! /bin/sh\r\n', '/bin/sh'],
    ['#!/bin/bash\nset -e\n', '/bin/bash'],
    ['#!/usr/bin/env bash\n', 'bash'],
    ['#!/usr/bin/env -S bash -e\n', 'bash -e'],
    ['#!/usr/bin/env\n', 'sh'],
  ] as const;
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => assert.equal(interpreterOf(text).join(' '), expected));
  }
});

describe('view of the sandbox', () => {
  const privates = ['/home', '/root', '/tmp', '/home/u'];
  const cases = [
    ['a repository in a home', ['/home/u/shop'], ['/home/u/shop']],
    ['two folders, one in the other', ['/home/u/shop', '/home/u/shop/a'], ['/home/u/shop']],
    ['the home itself', ['/home/u'], []],
    ['/tmp itself', ['/tmp'], []],
    ['what is in sight anyway', ['/opt/shop'], []],
    ['a mounted workspace', ['/workspace'], ['/workspace']],
  ] as const;
  for (const [title, folders, shown] of cases) {
    it(title, () => {
      const view = viewOf(folders, privates, [
        '/',
        '/usr',
        '/workspace',
        '/data',
        '/data/x',
        '/home',
      ]);
      assert.deepEqual(view.shown, shown);
      assert.deepEqual(view.hidden, ['/home', '/root', '/tmp', '/workspace', '/data']);
    });
  }

  it('reads names with blanks in the list of mounts', () => {
    assert.deepEqual(mountPoints('36 35 98:0 / /mnt/a\\040b rw - ext4 /dev/sda rw\n'), [
      '/mnt/a b',
    ]);
  });
});

describe('snapshot of a layer', () => {
  const read = async (all: readonly TarEntry[], layer: boolean) => {
    const stream = new PassThrough();
    stream.end(await packTar(all));
    return readSnapshot(stream, { layer });
  };

  it('tells what is gone, emptied, a link, a second name', async () => {
    const found = await read(
      [
        { header: { name: './', size: 0, type: 'directory' } },
        { header: { name: './d/', size: 0, type: 'directory', mode: 0o755 } },
        { header: { name: './d/.wh..wh..opq', size: 0 } },
        { header: { name: './d/.wh.old', size: 0 } },
        { header: { name: './gone', size: 0, type: 'character-device', mode: 0 } },
        { header: { name: './a', size: 1, mode: 0o4755 }, body: 'x' },
        { header: { name: './b', size: 0, type: 'link', linkname: './a' } },
        { header: { name: './l', size: 0, type: 'symlink', linkname: '/a' } },
        { header: { name: './bin', size: 2 }, body: new Uint8Array([0, 1]) },
      ],
      true,
    );
    const about = [...found].map(([path, entry]) => [
      path,
      entry.kind === 'file' ? entry.text : entry.kind === 'directory' ? entry.emptied : entry.kind,
    ]);
    assert.deepEqual(about, [
      ['/d', true],
      ['/d/old', 'gone'],
      ['/gone', 'gone'],
      ['/a', 'x'],
      ['/b', 'x'],
      ['/l', 'link'],
      ['/bin', undefined],
    ]);
    assert.equal((found.get('/a') as { mode: number }).mode, 0o4755);
  });

  it('cut short is an error', async () => {
    const stream = new PassThrough();
    stream.end(
      (await packTar([{ header: { name: 'a', size: 2000 }, body: 'x'.repeat(2000) }])).subarray(
        0,
        1500,
      ),
    );
    await assert.rejects(readSnapshot(stream, { layer: true }));
  });
});

describe('driver of a sandbox', () => {
  const mark = 'abc';
  const tell = (code: number) => `\0${mark} ${code}\0`;
  const parts = () => {
    const streams = {
      input: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    };
    return { ...streams, driver: new Driver(streams, mark) };
  };

  it('cuts output at its marks, in whatever pieces it comes', async () => {
    const { driver, stdout, stderr } = parts();
    for (const character of `${tell(0)}one\n${tell(3)}`) stdout.write(character);
    stderr.write(`${tell(0)}${tell(3)}`);
    assert.equal(await driver.started(), undefined);
    const run = await driver.run(() => undefined);
    assert.deepEqual(
      [run.ending, run.stdout, run.stderr],
      [{ kind: 'exit', code: 3 }, 'one\n', ''],
    );
  });

  it('keeps the beginning and the end of a long output', async () => {
    const { driver, stdout, stderr } = parts();
    stdout.write(tell(0));
    stderr.write(tell(0));
    await driver.started();
    const running = driver.run(() => undefined);
    stdout.write('first\n');
    for (let i = 0; i < 50; i++) stdout.write('x'.repeat(10_000));
    stdout.write(`last\n${tell(0)}`);
    stderr.write(tell(0));
    const run = await running;
    assert.match(run.stdout, /^first\n[\s\S]*\n… \d+ bytes …\n[\s\S]*last\n$/);
    assert.ok(run.stdout.length < 300_000);
  });

  it('tells when the sandbox is gone', async () => {
    const { driver, stderr } = parts();
    stderr.write('bwrap: no\n');
    await new Promise(setImmediate);
    driver.ended();
    assert.equal(await driver.started(), 'bwrap: no');
    const run = await driver.run(() => undefined);
    assert.deepEqual(run.ending, { kind: 'lost' });
  });
});

describe('filter of system calls', () => {
  it('is whole instructions that end with leave', () => {
    for (const arch of ['x64', 'arm64']) {
      const bytes = systemCallFilter(arch)!;
      assert.equal(bytes.length % 8, 0);
      assert.equal(bytes.readUInt32LE(bytes.length - 4), 0x7fff0000);
    }
    assert.equal(systemCallFilter('mips'), undefined);
  });
});

describe('where there is no sandbox', () => {
  it('what to do is said', () => {
    assert.match(lackWords({ kind: 'platform', platform: 'win32' }), /WSL 2.*--image/);
    assert.match(lackWords({ kind: 'programs', missing: ['bwrap'] }), /bwrap.*bubblewrap/);
    assert.match(lackWords({ kind: 'user-namespaces', apparmor: true }), /AppArmor/);
  });
});
