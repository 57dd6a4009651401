import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeGithub, fakeGithub } from '../../fake-github';
import { type FakeServer, fakeServer } from '../../fake-server';
import type { Workbench } from '../workbench';
import { git, lamp } from './lamp-driver';
import { windowOn } from './window';

const root = join(__dirname, '../../..');
const stage = (name: string, status: string) => ({ id: name, name, status, durationMillis: 1 });
const shot = (vs: Workbench, name: string) => vs.screenshot(join(root, 'shots', `${name}.png`));

describe('the lamp on a GitHub that wants a token', function () {
  this.timeout(240_000);
  let fake: FakeGithub;
  let evil: FakeServer;
  let vs: Workbench;
  let head: string;
  let mine: string;
  let jenkins: FakeServer;

  const done = (conclusion: string | null, name = 'unit') => {
    const status = conclusion === null ? 'in_progress' : 'completed';
    return {
      checks: [{ name, status, conclusion, suite: 5 }],
      workflows: [{ name: 'ci', suite: 5, status, conclusion }],
    };
  };

  before(async () => {
    fake = await fakeGithub();
    fake.before = ({ headers }) =>
      headers.authorization === 'Bearer SECRET'
        ? undefined
        : { status: 401, body: { message: 'Requires authentication' } };
    evil = await fakeServer(() => ({ body: {} }));
    jenkins = await fakeServer();
    const ci = (url: string) => ({ '*': { service: 'github', url, project: 'acme/shop' } });
    vs = await windowOn(
      {
        'src/till.ts': 'export const till = {\n  open: false,\n};\n',
        // What a workspace says of where to ask is nothing.
        '.vscode/settings.json': JSON.stringify({
          'andon.ci': ci(evil.origin),
          'andon.hosts': { 'git.example.com': 'gitlab' },
          'github-enterprise.uri': evil.origin,
        }),
      },
      { viewport: { width: 1100, height: 680 }, settings: { 'andon.ci': ci(fake.origin) } },
      (folder) => {
        git(folder, 'init', '-q', '-b', 'main');
        git(folder, 'config', 'user.email', 'test@example.com');
        git(folder, 'remote', 'add', 'origin', `${evil.origin}/acme/shop.git`);
        git(folder, 'add', '-A');
        git(folder, 'commit', '-q', '-m', 'Open the shop');
        git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
        head = git(folder, 'rev-parse', 'HEAD').trim();
      },
    );
    fake.commits.set(head, done('success'));
  });
  after(async () => {
    await vs?.close();
    await fake?.close();
    await evil?.close();
    await jenkins?.close();
  });

  it('says that it has no access, and asks nobody for anything', async () => {
    await lamp(vs, 'main: no access', 40_000);
    assert.deepEqual(await vs.notifications(), []);
    assert.equal(await vs.dialog(), undefined);
    await shot(vs, 'github-no-access');
  });

  it('takes a token for this server, and turns green', async () => {
    await vs.runCommand('Andon: Sign In to CI Service');
    const input = await vs.until(() => vs.quickPick(), 'the question');
    assert.match(input.title ?? '', new RegExp(`Token for ${fake.origin}`));
    await shot(vs, 'github-sign-in');
    await vs.fill('SECRET');
    await lamp(vs, 'main', 30_000);
  });

  it('is yellow while only my branch is red, and shows the notes at their lines', async () => {
    fake.annotations = [{ path: 'src/till.ts', line: 2, message: 'the till does not open' }];
    git(vs.folder, 'checkout', '-q', '-b', 'feature');
    git(vs.folder, 'commit', '-q', '--allow-empty', '-m', 'Break the till');
    mine = git(vs.folder, 'rev-parse', 'HEAD').trim();
    fake.commits.set(mine, done('failure'));
    git(vs.folder, 'update-ref', 'refs/remotes/origin/feature', 'HEAD');
    const { kind, label } = await lamp(vs, 'yours red', 40_000);
    assert.equal(kind, 'warning');
    assert.match(label ?? '', /your commit is red/);
    const problems = await vs.until(async () => {
      const found = await vs.problems();
      return found.filter(({ message }) => message === 'the till does not open');
    }, 'the note');
    assert.deepEqual(
      problems.map(({ file, line, severity }) => [file, line, severity]),
      [['src/till.ts', 2, 'error']],
    );
    await shot(vs, 'github-yours-red');
    const file = readFileSync(join(vs.folder, '.git/andon/status.d/feature'), 'utf8');
    assert.match(file, /^state=failing$/m);
    assert.match(readFileSync(join(vs.folder, '.git/andon/status'), 'utf8'), /^state=passing$/m);
  });

  it('shows line and commit, jobs below their workflow, what failed first', async () => {
    await vs.openContainer('Andon');
    const expected = [
      ['Line: main', '1'],
      ['ci', '2'],
      ['Your commit on feature', '1'],
      ['ci', '2'],
      ['unit', '3'],
    ];
    await vs.until(async () => {
      const rows = (await vs.tree('Pipeline')).map(({ label, level }) => [label, level]);
      return JSON.stringify(rows) === JSON.stringify(expected);
    }, 'the rows');
    await shot(vs, 'github-pipeline');
  });

  const row = async (label: string) =>
    (await vs.tree('Pipeline')).find((each) => each.label === label);

  it('asks for the steps of a job when it is opened, and shows what failed first', async () => {
    fake.jobs = [
      {
        ...{ id: 100, name: 'unit', conclusion: 'failure' },
        steps: { 'Set up job': 'success', 'npm test': 'failure', 'Upload logs': 'skipped' },
      },
    ];
    assert.ok(fake.got.every(({ url }) => !url.includes('/jobs')));
    await vs.clickTree('Pipeline', 'unit');
    await vs.until(() => row('npm test'), 'the steps');
    const steps = (await vs.tree('Pipeline')).filter(({ level }) => level === '4');
    assert.deepEqual(
      steps.map(({ label }) => label),
      ['npm test', 'Set up job', 'Upload logs'],
    );
    await shot(vs, 'github-steps');
  });

  it('names the server behind a status, and asks nothing there', async () => {
    jenkins.answer = ({ url }) =>
      url === '/job/shop/42/wfapi/describe'
        ? { body: { stages: [stage('Build', 'SUCCESS'), stage('Integration', 'FAILED')] } }
        : undefined;
    const page = `${jenkins.origin}/job/shop/42/`;
    const statuses = [{ context: 'jenkins', state: 'failure', page }];
    fake.commits.set(mine, { ...done('failure'), statuses });
    await vs.runCommand('Andon: Refresh State of the Line');
    await vs.until(() => row('jenkins'), 'the status');
    await vs.runCommand('Andon: Show Connections to CI Services');
    await vs.until(() => vs.quickPick(), 'the connections');
    const [shown = ''] = await vs.textsOf('.quick-input-widget');
    assert.ok(shown.includes(jenkins.origin), shown);
    assert.match(shown, /not asked without sign-in/);
    await shot(vs, 'github-connections');
    await vs.page.keyboard.press('Escape');
    assert.deepEqual(jenkins.got, []);
  });

  it('shows the stages of that server once the user has signed in there', async () => {
    await vs.runCommand('Andon: Sign In to CI Service');
    await vs.until(() => vs.quickPick(), 'the servers');
    await vs.choose(jenkins.origin);
    await vs.until(
      async () => /^Token for/.test((await vs.quickPick())?.title ?? ''),
      'the question',
    );
    await vs.fill('ann:OTHER');
    await vs.until(async () => {
      const found = await row('Integration');
      if (!found) await vs.clickTree('Pipeline', 'jenkins');
      return found;
    }, 'the stages');
    const authorization = `Basic ${Buffer.from('ann:OTHER').toString('base64')}`;
    for (const { headers, url } of jenkins.got) {
      assert.deepEqual(
        [headers.authorization, url],
        [authorization, '/job/shop/42/wfapi/describe'],
      );
    }
    await shot(vs, 'github-jenkins');
  });

  it('offers what can be done', async () => {
    await vs.clickStatus('andon.lamp');
    const { items } = await vs.until(() => vs.quickPick(), 'the menu');
    for (const wanted of [
      'Open the failing job',
      'Show the first error lines',
      'Run the failed jobs again',
      'Explain',
    ]) {
      assert.ok(
        items.some((item) => item.includes(wanted)),
        `${wanted} in ${items}`,
      );
    }
    await shot(vs, 'github-menu');
    await vs.page.keyboard.press('Escape');
  });

  it('runs the failed jobs again', async () => {
    await vs.runCommand('Andon: Re-run Failed Jobs');
    await vs.until(
      () =>
        fake.got.some(
          ({ method, url }) =>
            method === 'POST' && /\/actions\/runs\/\d+\/rerun-failed-jobs$/.test(url),
        ),
      'the request',
    );
  });

  it('forgets the token when told to', async () => {
    const broken: boolean[] = [];
    const from = fake.got.length;
    fake.before = ({ headers }) =>
      headers.authorization
        ? {
            // Not answered: it is on its way when the user signs out.
            raw: (response) => {
              const i = broken.push(false) - 1;
              response.once('close', () => {
                broken[i] = true;
              });
            },
          }
        : { status: 401, body: { message: 'Requires authentication' } };
    await vs.runCommand('Andon: Sign Out of CI Service');
    await vs.until(() => vs.quickPick(), 'the question');
    await vs.until(() => broken.length > 0, 'a request with the token');
    await vs.choose(fake.origin);
    await lamp(vs, 'main: no access', 30_000);
    await vs.runCommand('Andon: Refresh State of the Line');
    const first = fake.got.findIndex(({ headers }, i) => i >= from && !headers.authorization);
    await vs.until(() => fake.got.length > first + 3, 'requests');
    const later = fake.got.slice(first).map(({ headers }) => headers.authorization);
    assert.deepEqual([...new Set(later)], [undefined]);
    // What was under way with the token was broken off.
    assert.deepEqual(
      broken,
      fake.got.slice(from, first).map(() => true),
    );
  });

  it('says until when it may not ask', async () => {
    fake.before = () => ({ status: 429, headers: { 'retry-after': '1800' }, body: {} });
    await vs.runCommand('Andon: Refresh State of the Line');
    await lamp(vs, /^main: rate-limited until .*\d+:\d\d/);
    await shot(vs, 'github-rate-limited');
  });

  it('has sent the token to its own server only, and asked no other', () => {
    assert.deepEqual(evil.got, []);
    assert.deepEqual(fake.violations, []);
    const tokens = new Set(fake.got.map(({ headers }) => headers.authorization));
    assert.deepEqual(
      [...tokens].filter((each) => each !== undefined),
      ['Bearer SECRET'],
    );
  });
});
