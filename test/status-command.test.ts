import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { built, ensureBuilt } from './built';
import { type FakeGithub, fakeGithub } from './fake-github';
import { plainEnvironment, type TestRepository, testRepository } from './git-repository';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('andon status', function () {
  this.timeout(120_000);
  let fake: FakeGithub;
  let repository: TestRepository;
  let shas: readonly string[];

  before(async () => {
    await ensureBuilt();
    fake = await fakeGithub();
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.commits.clear();
    fake.got.length = 0;
    fake.before = undefined;
    repository = testRepository({ origin: 'https://git.example.com/acme/shop.git' });
    shas = ['Open', 'Sell', 'Count'].map((subject) => repository.commit(subject));
    repository.pushed();
  });
  afterEach(() => {
    repository.remove();
    assert.deepEqual(fake.violations, []);
  });

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return new Promise((done) => {
      const child = spawn(process.execPath, [join(built, 'cli.js'), 'status', ...args], {
        cwd: repository.folder,
        env: { ...plainEnvironment(repository.folder), ...env },
        timeout: 60_000,
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (part) => (out += part));
      child.stderr.on('data', (part) => (err += part));
      child.once('close', (code) => done({ code, out, err }));
    });
  }
  const github = (...args: readonly string[]) =>
    run(['--service', 'github', '--url', fake.origin, ...args], {
      ANDON_TOKENS: `${fake.origin}=SECRET https://other.example=OTHER`,
      GITHUB_TOKEN: 'GH',
    });
  const done = (conclusion: string | null) => {
    const status = conclusion === null ? 'in_progress' : 'completed';
    return {
      checks: [{ name: 'unit', status, conclusion }],
      workflows: [{ name: 'ci', suite: 5, status, conclusion }],
    };
  };

  it('is 0 and says so when the line is green', async () => {
    fake.commits.set(shas[2]!, done('success'));
    const { code, out } = await github();
    assert.equal(code, 0);
    assert.match(out, /^line {4}main \w{9} {2}passing, for (?:at least )?\d+ \w+ {2}github$/m);
    assert.ok(fake.got.every(({ headers }) => headers.authorization === 'Bearer SECRET'));
  });

  it('is 1 when the line is red, and names job and first red commit', async () => {
    fake.commits.set(shas[0]!, done('success'));
    fake.commits.set(shas[1]!, done('failure'));
    fake.commits.set(shas[2]!, done(null));
    const { code, out } = await github();
    assert.equal(code, 1);
    assert.match(out, /failing, .*building again/);
    assert.match(out, /ci \/ unit {2}https:/);
    const file = readFileSync(join(repository.folder, '.git/andon/status'), 'utf8');
    assert.match(file, /^state=failing\nrunning=1\nbranch=main$/m);
    assert.match(file, new RegExp(`^sha=${shas[1]}$`, 'm'));
    assert.match(file, new RegExp(`^first-bad=${shas[1]}$`, 'm'));
    assert.match(file, /^who=Ann <ann@example\.com>$/m);
    assert.match(file, /^source=github$/m);
    const [checked, expires] = ['checked', 'expires'].map((key) =>
      Number(new RegExp(`^${key}=(\\d+)$`, 'm').exec(file)?.[1]),
    );
    assert.ok(expires! >= checked! + 900);
  });

  it('prints the contract with --json', async () => {
    fake.commits.set(shas[2]!, done('failure'));
    const { code, out } = await github('--json');
    assert.equal(code, 1);
    const { line, commit } = JSON.parse(out) as Record<'line' | 'commit', Record<string, unknown>>;
    for (const subject of [line, commit]) {
      assert.deepEqual(Object.keys(subject), [
        'branch',
        'verdict',
        'reason',
        'running',
        'sha',
        'since',
        'source',
        'checked',
      ]);
      assert.deepEqual(
        { ...subject, since: typeof subject.since, checked: typeof subject.checked },
        {
          ...{ branch: 'main', verdict: 'failing', reason: 'ok', running: false, sha: shas[2] },
          ...{ since: 'number', source: 'github', checked: 'number' },
        },
      );
    }
  });

  it('tells my branch and the line apart', async () => {
    fake.commits.set(shas[2]!, done('success'));
    repository.git('checkout', '-q', '-b', 'feature/till');
    const mine = repository.commit('Break the till');
    repository.pushed('feature/till');
    fake.commits.set(mine, done('failure'));
    const { code, out } = await github('--json');
    assert.equal(code, 0);
    const { line, commit } = JSON.parse(out) as Record<'line' | 'commit', Record<string, unknown>>;
    assert.deepEqual([line.verdict, line.branch], ['passing', 'main']);
    assert.deepEqual([commit.verdict, commit.branch], ['failing', 'feature/till']);
    const file = readFileSync(
      join(repository.folder, '.git/andon/status.d/feature%2Ftill'),
      'utf8',
    );
    assert.match(file, /^state=failing$/m);
  });

  it('names what it cannot know, and exits with 0', async () => {
    const reason = async (prepare: () => void, ...args: readonly string[]) => {
      prepare();
      const { code, out } = await github('--json', ...args);
      assert.equal(code, 0, out);
      const { line, commit } = JSON.parse(out) as Record<
        'line' | 'commit',
        Record<string, unknown> | null
      >;
      return [line?.verdict, line?.reason, commit?.reason];
    };
    assert.deepEqual(await reason(() => {}), ['unknown', 'no-ci', 'no-ci']);
    fake.before = () => ({ status: 401, body: {} });
    assert.deepEqual(await reason(() => {}), ['unknown', 'auth', 'auth']);
    fake.before = () => ({ status: 429, body: 'Retry later' });
    assert.deepEqual(await reason(() => {}), ['unknown', 'rate-limited', 'rate-limited']);
    fake.before = undefined;
    const branch = () => void repository.git('checkout', '-q', '-b', 'new');
    assert.deepEqual(await reason(branch), ['unknown', 'no-ci', 'not-pushed']);
    const detach = () => void repository.git('checkout', '-q', '--detach');
    assert.deepEqual(await reason(detach), ['unknown', 'no-ci', undefined]);
    const gone = () => void repository.git('update-ref', '-d', 'refs/remotes/origin/main');
    assert.deepEqual(await reason(gone), ['unknown', 'not-pushed', undefined]);
    const offline = await run(['--json', '--service', 'github', '--url', 'http://127.0.0.1:9']);
    assert.equal(offline.code, 0);
  });

  it('sends no token of the environment to another origin', async () => {
    fake.commits.set(shas[2]!, done('success'));
    await run(['--service', 'github', '--url', fake.origin], {
      GITHUB_TOKEN: 'A',
      GH_TOKEN: 'B',
      GH_ENTERPRISE_TOKEN: 'C',
      GH_HOST: '127.0.0.1',
      GITLAB_TOKEN: 'D',
      ANDON_TOKENS: 'https://127.0.0.1=E http://127.0.0.1=F',
    });
    assert.ok(fake.got.length > 0);
    assert.ok(fake.got.every(({ headers }) => headers.authorization === undefined));
  });

  it('runs the local check with --local, with nothing to ask', async () => {
    repository.git('remote', 'remove', 'origin');
    repository.write('test.sh', 'exit 3\n');
    repository.commit('Break it');
    const red = await run(['--local=sh test.sh']);
    assert.equal(red.code, 1, red.out + red.err);
    assert.match(red.out, /^line {4}main \w{9} {2}failing, .*local$/m);
    repository.write('test.sh', 'exit 0\n');
    const repaired = await run(['--local=sh test.sh']);
    // The commit is as it was.
    assert.equal(repaired.code, 1, repaired.out);
    assert.match(repaired.out, /passing, .*not committed/);
    repository.commit('Repair it');
    const green = await run([]);
    assert.equal(green.code, 0, green.out);
    assert.match(green.out, /^line {4}main \w{9} {2}passing/m);
  });

  it('gives no verdict on a command that is not there', async () => {
    repository.git('remote', 'remove', 'origin');
    const { code, out, err } = await run(['--local=no-such-command-here']);
    assert.equal(code, 0);
    assert.match(out, /unknown, not checked yet/);
    assert.match(err, /exit code 127/);
  });

  it('reads what another tool wrote', async () => {
    repository.git('remote', 'remove', 'origin');
    repository.write('.git/andon/local', 'andon-status=1\nstate=failing\nsource=make\n');
    const { code, out } = await run(['--json']);
    assert.equal(code, 1);
    assert.equal((JSON.parse(out) as { line: { verdict: string } }).line.verdict, 'failing');
    repository.write('.git/andon/local', 'state=failing\n$(touch /tmp/x)\n');
    rmSync(join(repository.folder, '.git/andon/status.d'), { recursive: true });
    assert.equal((await run([])).code, 0);
  });

  it('tells each change with --watch', async () => {
    fake.commits.set(shas[2]!, done('success'));
    const child = spawn(
      process.execPath,
      [
        join(built, 'cli.js'),
        'status',
        '--watch',
        '--json',
        '--service',
        'github',
        '--url',
        fake.origin,
      ],
      { cwd: repository.folder, env: plainEnvironment(repository.folder) },
    );
    let out = '';
    child.stdout.on('data', (part) => (out += part));
    const line = async (pattern: RegExp) => {
      for (let i = 0; i < 200 && !pattern.test(out); i++)
        await new Promise((next) => setTimeout(next, 100));
      assert.match(out, pattern);
    };
    try {
      await line(/"verdict":"passing"/);
      const broken = repository.commit('Break it');
      fake.commits.set(broken, done('failure'));
      repository.pushed();
      await line(new RegExp(`"line":{"branch":"main","verdict":"failing".*"sha":"${broken}"`));
    } finally {
      child.kill('SIGINT');
    }
    const code = await new Promise((done) => child.once('close', done));
    assert.equal(code, 130);
  });

  it('says what is wrong with the command line', async () => {
    assert.match((await run(['--service', 'travis'])).err, /no service "travis"/);
    assert.equal((await run(['x'])).code, 2);
    rmSync(join(repository.folder, '.git'), { recursive: true });
    const { code, err } = await run([]);
    assert.equal(code, 2);
    assert.match(err, /not a git repository/);
  });
});
