import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../src/pipeline/conclude';
import { createHttp } from '../src/pipeline/http';
import { github } from '../src/pipeline/services/github';
import { type FakeCommit, type FakeGithub, fakeGithub } from './fake-github';
import { plainEnvironment, type TestRepository, testRepository } from './git-repository';
import { CACHE } from './vscode/install';

/** Debian's hub, unpacked and not installed; undefined where it cannot be had. */
function findHub(): string | undefined {
  const folder = join(CACHE, 'hub');
  const program = join(folder, 'usr/bin/hub');
  if (existsSync(program) || process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    return existsSync(program) ? program : undefined;
  }
  mkdirSync(folder, { recursive: true });
  const run = (command: string, ...args: readonly string[]) =>
    spawnSync(command, args, { cwd: folder, stdio: 'ignore', timeout: 120_000 });
  run('apt-get', 'download', 'hub');
  const [deb] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  if (deb) run('dpkg', '-x', deb, '.');
  return existsSync(program) ? program : undefined;
}

/** hub's exit codes. https://hub.github.com/hub-ci-status.1.html */
const codes = ['passing', 'failing', 'running', 'none'] as const;

describe('hub ci-status, asked about the same commits', function () {
  this.timeout(120_000);
  let hub: string;
  let fake: FakeGithub;
  let repository: TestRepository;
  let sha: string;

  before(async function () {
    this.timeout(300_000);
    const found = findHub();
    if (!found) {
      console.log('      skipped: Debian’s package hub cannot be had here');
      this.skip();
    }
    hub = found;
    fake = await fakeGithub();
    repository = testRepository({ origin: 'http://ghe.test/acme/shop.git' });
    sha = repository.commit('x');
    writeFileSync(
      join(repository.folder, 'hub.yml'),
      'ghe.test:\n- user: ann\n  oauth_token: SECRET\n  protocol: http\n',
    );
  });
  after(async () => {
    repository?.remove();
    await fake?.close();
  });

  const theirs = () =>
    new Promise<string>((done) => {
      const child = spawn(hub, ['ci-status', sha], {
        cwd: repository.folder,
        stdio: 'ignore',
        env: {
          ...plainEnvironment(repository.folder),
          HUB_CONFIG: join(repository.folder, 'hub.yml'),
          GITHUB_HOST: 'ghe.test',
          HTTP_PROXY: fake.origin,
        },
      });
      child.once('close', (code) => done(codes[code ?? 9] ?? `exit code ${code}`));
    });
  const ours = async () => {
    const http = createHttp({
      fetch: (url, init) => fetch(url, init),
      credential: async () => undefined,
      now: Date.now,
      userAgent: 'andon-test',
    });
    const project = github.named(
      { service: 'github', url: fake.origin },
      { host: 'x', path: 'acme/shop' },
    )!;
    const subject = { kind: 'commit', branch: 'main', sha, history: [sha] } as const;
    const question = { service: github, projects: [project], subject, remotes: [], weights: {} };
    const { verdict, reason } = await ask({
      ...question,
      before: undefined,
      http,
      now: Date.now() / 1000,
    });
    return verdict !== 'unknown' ? verdict : reason === 'no-ci' ? 'none' : reason;
  };
  const check = (name: string, conclusion: string | null, more: object = {}) => ({
    ...{ name, conclusion, status: conclusion === null ? 'in_progress' : 'completed', app: 'ci' },
    ...more,
  });
  const status = (context: string, state: string) => ({ context, state });

  const cases: Readonly<Record<string, FakeCommit>> = {
    'nothing at all': {},
    'one that passed': { checks: [check('unit', 'success')] },
    'one that failed': { checks: [check('unit', 'failure')] },
    'one that took too long': { checks: [check('unit', 'timed_out')] },
    'one under way': { checks: [check('unit', null)] },
    'one in the queue': { checks: [check('unit', null, { status: 'queued' })] },
    'passed and failed': { checks: [check('unit', 'success'), check('lint', 'failure')] },
    'passed and under way': { checks: [check('unit', 'success'), check('lint', null)] },
    'passed and neutral': { checks: [check('unit', 'success'), check('lint', 'neutral')] },
    'a status that passed': { statuses: [status('ci', 'success')] },
    'a status that failed': { statuses: [status('ci', 'failure')] },
    'a status with an error': { statuses: [status('ci', 'error')] },
    'a status that is pending': { statuses: [status('ci', 'pending')] },
    'a check that passed and a status that failed': {
      checks: [check('unit', 'success')],
      statuses: [status('ci', 'failure')],
    },
    'a check that passed and a status that is pending': {
      checks: [check('unit', 'success')],
      statuses: [status('ci', 'pending')],
    },
    'two statuses': { statuses: [status('a', 'success'), status('b', 'success')] },
  };
  for (const [name, commit] of Object.entries(cases)) {
    it(`agrees on ${name}`, async () => {
      fake.commits.set(sha, commit);
      assert.equal(await ours(), await theirs());
    });
  }

  // What hub does not know, or takes for something else: [ours, theirs].
  const known: Readonly<Record<string, readonly [FakeCommit, string, string]>> = {
    cancelled: [{ checks: [check('unit', 'cancelled')] }, 'cancelled', 'failing'],
    skipped: [{ checks: [check('unit', 'skipped')] }, 'skipped', 'none'],
    neutral: [{ checks: [check('unit', 'neutral')] }, 'skipped', 'passing'],
    stale: [{ checks: [check('unit', 'stale', { unlisted: true })] }, 'unknown-state', 'none'],
    startup_failure: [
      { checks: [check('unit', 'startup_failure', { unlisted: true })] },
      'failing',
      'none',
    ],
    action_required: [{ checks: [check('unit', 'action_required')] }, 'running', 'failing'],
  };
  for (const [name, [commit, own, other]] of Object.entries(known)) {
    it(`is known to differ on ${name}`, async () => {
      fake.commits.set(sha, commit);
      assert.deepEqual([await ours(), await theirs()], [own, other]);
    });
  }
});
