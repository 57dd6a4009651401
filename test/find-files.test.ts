import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FindOptions, findFiles } from '../src/node/find-files';
import { readText } from '../src/node/read-text';
import { workspaceRoot } from '../src/node/workspace-root';
import { localFiles } from '../src/vscode/local-files';

describe('finding files', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'andon-find-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (path: string, text = 'x') => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const find = async (targets: readonly string[] = ['.'], more: Partial<FindOptions> = {}) => {
    const options: FindOptions = {
      root,
      interest: (path) =>
        path.endsWith('.sh') ? 'read' : /\.\w+$/.test(path) ? undefined : 'if-script',
      ignores: () => false,
      ...more,
    };
    const files: string[] = [];
    const problems: string[] = [];
    const paths: string[] = [];
    for await (const found of findFiles(
      targets.map((target) => join(root, target)),
      options,
    )) {
      files.push(...found.files.map(({ path, script }) => (script ? `${path}?` : path)));
      problems.push(...found.problems.map(({ path, message }) => `${path}: ${message}`));
      paths.push(...found.paths);
    }
    return { files: files.sort(), problems, paths: paths.sort() };
  };

  it('finds those worth reading, and lists all', async () => {
    for (const path of [
      'a.sh',
      'b.txt',
      'deep/down/c.sh',
      'tool',
      'node_modules/x/y.sh',
      '.git/hooks/pre.sh',
    ]) {
      write(path);
    }
    const { files, paths, problems } = await find();
    assert.deepEqual(files, ['a.sh', 'deep/down/c.sh', 'tool?']);
    assert.deepEqual(paths, ['a.sh', 'b.txt', 'deep/down/c.sh', 'tool']);
    assert.deepEqual(problems, []);
  });

  it('leaves out what a tool has put into vendor, and no other folder of that name', async () => {
    for (const path of [
      'api/composer.json',
      'api/vendor/sail/build.sh',
      'go.mod',
      'vendor/k8s.io/run.sh',
      'apps/vendor/deploy.sh',
    ]) {
      write(path);
    }
    assert.deepEqual((await find()).files, ['apps/vendor/deploy.sh']);
    assert.deepEqual((await find(['vendor'])).files, ['vendor/k8s.io/run.sh'], 'named');
    const { ignored } = localFiles(root);
    assert.equal(await ignored('api/vendor/sail/build.sh'), true);
    assert.equal(await ignored('vendor/k8s.io/run.sh'), true);
    assert.equal(await ignored('apps/vendor/deploy.sh'), false);
  });

  it('leaves out what git ignores, folder by folder', async () => {
    mkdirSync(join(root, '.git/info'), { recursive: true });
    writeFileSync(join(root, '.git/info/exclude'), 'private.sh\n');
    write('.gitignore', 'build/\n*.gen.sh\n!keep.gen.sh\n/top.sh\n');
    write('sub/.gitignore', '!again.gen.sh\nlocal.sh\n');
    for (const path of [
      'a.sh',
      'private.sh',
      'x.gen.sh',
      'keep.gen.sh',
      'top.sh',
      'sub/top.sh',
      'build/b.sh',
      'sub/build/b.sh',
      'sub/again.gen.sh',
      'sub/x.gen.sh',
      'sub/local.sh',
      'local.sh',
    ]) {
      write(path);
    }
    const expected = ['a.sh', 'keep.gen.sh', 'local.sh', 'sub/again.gen.sh', 'sub/top.sh'];
    assert.deepEqual((await find()).files, expected);
    // From a folder below the same rules hold.
    assert.deepEqual((await find(['sub'])).files, ['sub/again.gen.sh', 'sub/top.sh']);
    // What is named is meant.
    assert.deepEqual((await find(['build', 'x.gen.sh'])).files, ['build/b.sh', 'x.gen.sh']);
  });

  it('leaves out what the configuration says', async () => {
    write('a.sh');
    write('vendor/b.sh');
    assert.deepEqual((await find(['.'], { ignores: (path) => path.startsWith('vendor/') })).files, [
      'a.sh',
    ]);
  });

  it('gives others their turn between two files, and finds the same', async () => {
    for (const path of ['a.sh', 'b.sh', 'deep/c.sh', 'deep/d.txt']) write(path);
    let turns = 0;
    const pace = async () => {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    };
    assert.deepEqual(await find(['.'], { pace }), await find());
    assert.ok(turns >= 4);
  });

  it('takes each file once', async () => {
    write('a.sh');
    assert.deepEqual((await find(['a.sh', '.', 'a.sh'])).files, ['a.sh']);
  });

  it('follows symbolic links only by name, and is caught in no circle', async () => {
    write('real/a.sh');
    symlinkSync(join(root, 'real'), join(root, 'link'));
    symlinkSync(join(root, 'real/a.sh'), join(root, 'b.sh'));
    symlinkSync(root, join(root, 'real/circle'));
    symlinkSync(join(root, 'nowhere'), join(root, 'c.sh'));
    symlinkSync(join(root, 'd.sh'), join(root, 'd.sh'));
    assert.deepEqual((await find()).files, ['real/a.sh']);
    assert.deepEqual((await find(['link', 'b.sh'])).files, ['b.sh', 'link/a.sh']);
    const { problems } = await find(['c.sh', 'd.sh']);
    assert.deepEqual(problems, [
      'c.sh: a symbolic link that leads nowhere (no such file or directory)',
      'd.sh: a symbolic link that leads nowhere (symbolic links lead round in a circle)',
    ]);
  });

  it('tells of what is not there, and passes over it in a list', async () => {
    write('a.sh');
    assert.deepEqual((await find(['gone.sh'])).problems, ['gone.sh: no such file or directory']);
    const listed = await find(['gone.sh', 'a.sh'], { listed: true });
    assert.deepEqual([listed.files, listed.problems], [['a.sh'], []]);
  });

  it('tells of a folder that cannot be read', async function () {
    // Nothing is closed to root.
    if (process.getuid?.() === 0) this.skip();
    write('shut/a.sh');
    chmodSync(join(root, 'shut'), 0);
    const { problems } = await find();
    chmodSync(join(root, 'shut'), 0o755);
    assert.deepEqual(problems, ['shut: permission denied']);
  });

  it('knows where the workspace begins', () => {
    write('repo/.git/HEAD');
    write('repo/infra/.andon.yaml');
    write('repo/infra/deep/a.sh');
    write('other/.github/workflows/ci.yml');
    const from = join(root, 'repo/infra/deep');
    assert.deepEqual(workspaceRoot(from), { folder: join(root, 'repo/infra'), marked: true });
    assert.deepEqual(workspaceRoot(join(root, 'repo')), {
      folder: join(root, 'repo'),
      marked: true,
    });
    const elsewhere = join(root, 'other/.github/workflows/ci.yml');
    assert.deepEqual(workspaceRoot(from, [elsewhere]), {
      folder: join(root, 'other'),
      marked: false,
    });
  });
});

describe('reading files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'andon-read-'));
  after(() => rmSync(folder, { recursive: true }));
  const read = (bytes: Uint8Array | string, options = {}) => {
    const file = join(folder, 'f');
    writeFileSync(file, bytes);
    const result = readText(file, options);
    return result.kind === 'text'
      ? result.text
      : result.kind === 'problem'
        ? `! ${result.message}`
        : undefined;
  };

  it('keeps a byte order mark and line ends', () => {
    assert.equal(read('\uFEFFa\r\nb'), '\uFEFFa\r\nb');
    assert.equal(read(''), '');
  });

  it('reads long files whole', () => {
    const long = 'é'.repeat(20_000);
    assert.equal(read(long), long);
  });

  it('passes binaries over unless they are named', () => {
    assert.equal(read(Buffer.from([1, 0, 2])), undefined);
    assert.equal(read(Buffer.from([1, 0, 2]), { named: true }), '! binary, not checked');
    assert.equal(
      read(Buffer.from('\uFEFFhi', 'utf16le'), { named: true }),
      '! UTF-16, not UTF-8; not checked',
    );
  });

  it('tells where a text stops being UTF-8', () => {
    assert.equal(
      read(Buffer.from('a\n\uFFFD\nb\xff', 'latin1')),
      '! not UTF-8 (line 2), not checked',
    );
    assert.equal(
      read(Buffer.concat([Buffer.from('\uFFFD\n'), Buffer.from([0xc3])])),
      '! not UTF-8 (line 2), not checked',
    );
  });

  it('does not read what is too large', () => {
    assert.equal(read(Buffer.alloc(4 * 1024 * 1024 + 1, 'x')), '! larger than 4 MB, not checked');
  });

  it('takes a file without an ending only with #!', () => {
    assert.equal(read('#!/bin/sh\n', { script: true }), '#!/bin/sh\n');
    assert.equal(read('echo\n', { script: true }), undefined);
  });

  it('reads regular files only', () => {
    const result = readText(folder, { named: true });
    assert.equal(result.kind === 'problem' && result.message, 'not a regular file');
  });
});
