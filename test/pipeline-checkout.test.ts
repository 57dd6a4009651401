import assert from 'node:assert/strict';
import { realpathSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ahead, commitWords, history, readCheckout } from '../src/node/git-checkout';
import { treeOf, workingTree } from '../src/node/working-tree';
import { type LineSettings, type Subjects, subjectsOf, traitsOf } from '../src/pipeline/checkout';
import { originOf } from '../src/pipeline/remote';
import { services } from '../src/pipeline/services';
import { type TestRepository, testRepository } from './git-repository';

const settings: LineSettings = { line: '', hosts: {}, ci: {} };
const gist = (subjects: Subjects) => ({
  line: [subjects.line.branch, subjects.line.sha, subjects.line.projects[0]?.slug],
  commit: subjects.commit && [
    subjects.commit.branch,
    subjects.commit.sha,
    subjects.commit.projects.map(({ slug }) => slug).join(' '),
  ],
});

describe('a checkout', function () {
  this.timeout(60_000);
  let repository: TestRepository;
  afterEach(() => repository.remove());
  const read = async (more: Partial<LineSettings> = {}, folder = repository.folder) => {
    const checkout = await readCheckout(folder, more.line);
    assert.ok(checkout);
    return gist(subjectsOf(checkout, { ...settings, ...more }, services));
  };

  /** What is out of the ordinary about it. */
  const traits = async (more: Partial<LineSettings> = {}, folder = repository.folder) => {
    const checkout = await readCheckout(folder, more.line);
    assert.ok(checkout);
    return traitsOf(checkout, subjectsOf(checkout, { ...settings, ...more }, services));
  };

  it('before the first commit has a line without one', async () => {
    repository = testRepository();
    assert.deepEqual(await traits(), ['local', 'no-commit']);
    assert.deepEqual(await read(), { line: ['main', undefined, undefined], commit: undefined });
  });

  it('without a remote is its own line', async () => {
    repository = testRepository();
    const sha = repository.commit('x');
    assert.deepEqual(await read(), { line: ['main', sha, undefined], commit: ['main', sha, ''] });
    assert.deepEqual(await traits(), ['local']);
  });

  it('of which nothing is pushed', async () => {
    repository = testRepository({ origin: 'git@github.com:acme/shop.git' });
    repository.commit('x');
    assert.deepEqual(await read(), {
      line: ['main', undefined, 'acme/shop'],
      commit: ['main', undefined, 'acme/shop'],
    });
    assert.deepEqual(await traits(), ['not-pushed']);
  });

  it('shows what is pushed, and how much is not', async () => {
    repository = testRepository({ origin: 'git@github.com:acme/shop.git' });
    const pushed = repository.commit('x');
    repository.pushed();
    repository.commit('y');
    repository.commit('z');
    assert.deepEqual((await read()).commit, ['main', pushed, 'acme/shop']);
    assert.deepEqual(await traits(), []);
    assert.equal(await ahead(repository.folder, pushed), 2);
  });

  it('with a detached head has a line only', async () => {
    repository = testRepository({ origin: 'https://github.com/acme/shop' });
    const sha = repository.commit('x');
    repository.pushed();
    repository.git('checkout', '-q', '--detach');
    assert.deepEqual(await read(), { line: ['main', sha, 'acme/shop'], commit: undefined });
    assert.deepEqual(await traits(), ['detached']);
  });

  it('takes the default branch of the remote for the line, whatever it is called', async () => {
    repository = testRepository({ origin: 'https://github.com/acme/shop' });
    const sha = repository.commit('x');
    repository.pushed('next/one');
    repository.pushed('main');
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/next/one');
    assert.deepEqual((await read()).line, ['next/one', sha, 'acme/shop']);
    assert.deepEqual((await read({ line: 'main' })).line, ['main', sha, 'acme/shop']);
    repository.pushed('release');
    assert.deepEqual((await read({ line: 'release' })).line, ['release', sha, 'acme/shop']);
  });

  it('of a fork asks the fork about my commit, and what it was forked from, too', async () => {
    repository = testRepository({
      origin: 'git@github.com:ann/shop.git',
      upstream: 'https://github.com/acme/shop.git',
    });
    const line = repository.commit('x');
    repository.pushed('main', 'upstream');
    repository.git('checkout', '-q', '-b', 'feature');
    const mine = repository.commit('y');
    repository.pushed('feature');
    assert.deepEqual(await read(), {
      line: ['main', line, 'acme/shop'],
      commit: ['feature', mine, 'ann/shop acme/shop'],
    });
    assert.deepEqual(await traits(), ['fork']);
  });

  it('goes by where a branch is pushed to, and under which name', async () => {
    repository = testRepository({
      origin: 'git@github.com:acme/shop.git',
      mine: 'git@github.com:ann/shop.git',
    });
    const sha = repository.commit('x');
    repository.pushed();
    repository.git('checkout', '-q', '-b', 'local-name');
    repository.git('config', 'branch.local-name.remote', 'origin');
    repository.git('config', 'branch.local-name.merge', 'refs/heads/their-name');
    repository.pushed('their-name');
    assert.deepEqual((await read()).commit, ['their-name', sha, 'acme/shop']);
    repository.git('config', 'branch.local-name.pushRemote', 'mine');
    assert.deepEqual((await read()).commit, ['local-name', undefined, 'ann/shop acme/shop']);
  });

  it('with an ssh alias or a server of one’s own goes by what the user says of hosts', async () => {
    repository = testRepository({ origin: 'work:acme/shop.git' });
    repository.commit('x');
    assert.equal((await read()).line[2], undefined);
    assert.deepEqual(await traits(), ['unknown-host']);
    assert.deepEqual(await traits({ hosts: { work: 'github.com' } }), ['not-pushed']);
    assert.equal((await read({ hosts: { work: 'github.com' } })).line[2], 'acme/shop');
    assert.equal((await read({ hosts: { work: 'gitlab' } })).line[2], 'acme/shop');
    repository.git('remote', 'set-url', 'origin', 'https://evil.github.com.example/acme/shop');
    assert.equal((await read()).line[2], undefined);
  });

  it('at a server of one’s own names the host nobody has said anything of', async () => {
    const hostOf = async (url: string, more: Partial<LineSettings> = {}) => {
      repository.git('remote', 'set-url', 'origin', url);
      const checkout = await readCheckout(repository.folder);
      const { unknown } = subjectsOf(checkout!, { ...settings, ...more }, services);
      return unknown && originOf(unknown);
    };
    repository = testRepository({ origin: 'x' });
    repository.commit('x');
    assert.equal(await hostOf('git@git.example.com:acme/shop.git'), 'https://git.example.com');
    assert.equal(await hostOf('ssh://git@git.example.com:2222/a/b'), 'https://git.example.com');
    assert.equal(
      await hostOf('https://u:p@git.example.com:8443/a/b'),
      'https://git.example.com:8443',
    );
    // Unencrypted only on this very machine.
    assert.equal(await hostOf('http://git.example.com:3000/a/b'), 'https://git.example.com');
    assert.equal(await hostOf('http://localhost:3000/a/b'), 'http://localhost:3000');
    assert.equal(await hostOf('https://github.com/acme/shop'), undefined);
    const url = 'https://git.example.com/acme/shop';
    const named = { service: 'gitlab', url: 'https://git.example.com' };
    assert.equal(await hostOf(url, { hosts: { 'git.example.com': 'gitlab' } }), undefined);
    assert.equal(await hostOf(url, { ci: { 'git.example.com/acme/shop': named } }), undefined);
    assert.equal(await hostOf(url, { ci: { '*': named } }), undefined);
    assert.equal(await hostOf('/srv/shop.git'), undefined);
  });

  it('applies insteadOf', async () => {
    repository = testRepository({ origin: 'gh:acme/shop' });
    repository.commit('x');
    repository.git('config', 'url.https://github.com/.insteadOf', 'gh:');
    assert.equal((await read()).line[2], 'acme/shop');
  });

  it('goes by what the user says of its CI: by remote, folder or for all', async () => {
    repository = testRepository({ origin: 'https://github.com/acme/shop' });
    repository.commit('x');
    const named = { service: 'buildbot', url: 'https://ci.example.com', project: 'unit' };
    for (const key of ['github.com/acme/shop', realpathSync(repository.folder), '*']) {
      assert.equal((await read({ ci: { [key]: named } })).line[2], 'unit', key);
    }
    assert.equal((await read({ ci: { 'github.com/acme/other': named } })).line[2], 'acme/shop');
    // What is wrong in it is not passed over for another.
    assert.equal((await read({ ci: { '*': { ...named, url: 'nonsense' } } })).line[2], undefined);
  });

  it('in a worktree has a branch of its own and what is shared in common', async () => {
    repository = testRepository({ origin: 'https://github.com/acme/shop' });
    const sha = repository.commit('x');
    repository.pushed();
    const other = `${repository.folder}-worktree`;
    repository.git('worktree', 'add', '-q', '-b', 'side', other);
    try {
      const checkout = await readCheckout(other);
      assert.equal(checkout?.branch, 'side');
      assert.equal(checkout?.commonDir, join(realpathSync(repository.folder), '.git'));
      assert.deepEqual((await read({}, other)).commit, ['side', undefined, 'acme/shop']);
      assert.deepEqual((await read({}, other)).line, ['main', sha, 'acme/shop']);
      assert.deepEqual(await traits({}, other), ['not-pushed', 'worktree']);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('inside a submodule is that of the submodule', async () => {
    const inner = testRepository({ origin: 'https://github.com/acme/inner' });
    inner.commit('x');
    repository = testRepository({ origin: 'https://github.com/acme/shop' });
    repository.commit('x');
    repository.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.folder,
      'inner',
    );
    const checkout = await readCheckout(join(repository.folder, 'inner'));
    assert.equal(checkout?.root, join(realpathSync(repository.folder), 'inner'));
    assert.match(checkout?.commonDir ?? '', /\.git[\\/]modules[\\/]inner$/);
    const [trait] = await traits({}, join(repository.folder, 'inner'));
    assert.equal(trait, 'submodule');
    inner.remove();
  });

  it('that is none, or is bare, is none', async () => {
    repository = testRepository();
    const bare = join(repository.folder, 'bare.git');
    repository.git('init', '-q', '--bare', bare);
    assert.equal(await readCheckout(bare), undefined);
    rmSync(join(repository.folder, '.git'), { recursive: true });
    assert.equal(await readCheckout(repository.folder), undefined);
  });

  it('tells its history and its commits', async () => {
    repository = testRepository();
    const shas = ['x', 'y', 'z'].map((subject) => repository.commit(subject)).reverse();
    assert.deepEqual(await history(repository.folder, shas[0]!), shas);
    assert.deepEqual(await commitWords(repository.folder, shas[1]!), {
      ...{ author: 'Ann', address: 'ann@example.com', subject: 'y' },
    });
    assert.equal(await commitWords(repository.folder, '--output=x'), undefined);
    assert.deepEqual(await history(repository.folder, '0'.repeat(40)), []);
  });

  it('names the tree of its files as the commit of them will', async () => {
    repository = testRepository();
    repository.write('.gitignore', 'ignored\n');
    repository.write('a', '1\n');
    const first = repository.commit('x');
    assert.equal(await workingTree(repository.folder), await treeOf(repository.folder, first));
    repository.write('a', '2\n');
    repository.write('new/b', '3\n');
    repository.write('ignored', '4\n');
    const objects = repository.git('count-objects');
    const status = repository.git('status', '--porcelain');
    const tree = await workingTree(repository.folder);
    assert.notEqual(tree, await treeOf(repository.folder, first));
    assert.equal(repository.git('count-objects'), objects);
    assert.equal(repository.git('status', '--porcelain'), status);
    assert.equal(tree, await treeOf(repository.folder, repository.commit('y')));
  });

  it('sees what was changed in the second of the commit', async () => {
    repository = testRepository();
    const file = join(repository.folder, 'test.sh');
    // What a quick hand does to the clock: nothing but the content tells the two apart.
    repository.git('config', 'core.trustctime', 'false');
    repository.write('test.sh', 'exit 3\n');
    const second = Math.floor(statSync(file).mtimeMs / 1000) - 60;
    utimesSync(file, second, second);
    const broken = repository.commit('x');
    utimesSync(join(repository.folder, '.git/index'), second, second);
    repository.write('test.sh', 'exit 0\n');
    utimesSync(file, second, second);
    assert.notEqual(await workingTree(repository.folder), await treeOf(repository.folder, broken));
  });
});
