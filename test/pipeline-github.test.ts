import assert from 'node:assert/strict';
import { ask, type Subject } from '../src/pipeline/conclude';
import { Fault } from '../src/pipeline/fault';
import { createHttp, type Http } from '../src/pipeline/http';
import { github } from '../src/pipeline/services/github';
import type { Status, Weights } from '../src/pipeline/status';
import { type FakeCommit, type FakeGithub, fakeGithub } from './fake-github';
import { type FakeServer, fakeServer, faults } from './fake-server';
import { gist } from './service-harness';

const sha = 'a'.repeat(40);
const now = Date.parse('2026-11-01T10:30:00Z') / 1000;
const subject: Subject = { kind: 'line', branch: 'main', sha, history: [sha] };
const remote = { host: 'github.example', path: 'acme/shop' };

describe('GitHub', () => {
  let fake: FakeGithub;
  let elsewhere: FakeServer;
  let http: Http;

  before(async () => {
    fake = await fakeGithub();
    elsewhere = await fakeServer(() => ({ body: { check_runs: [], statuses: [] } }));
  });
  after(async () => {
    await fake.close();
    await elsewhere.close();
  });
  beforeEach(() => {
    fake.commits.clear();
    fake.got.length = 0;
    fake.required = [];
    fake.before = undefined;
    fake.violations.length = 0;
    http = createHttp({
      fetch: (url, init) => fetch(url, init),
      credential: async (origin) =>
        origin === fake.origin ? { authorization: 'Bearer SECRET', account: 'ann' } : undefined,
      now: () => now * 1000,
      userAgent: 'andon-test',
    });
  });
  afterEach(() => assert.deepEqual(fake.violations, []));

  const project = () => github.named({ service: 'github', url: fake.origin }, remote)!;
  const status = (commit: FakeCommit, weights: Weights = {}, before?: Status): Promise<Status> => {
    fake.commits.set(sha, commit);
    const question = { service: github, projects: [project()], subject, remotes: [], weights };
    return ask({ ...question, before, http, now });
  };
  const job = (name: string, conclusion: string | null, more: object = {}) => ({
    ...{ name, status: conclusion === null ? 'in_progress' : 'completed', conclusion },
    ...more,
  });
  const flow = (conclusion: string | null, more: object = {}) => ({
    ...{
      name: 'ci',
      suite: 5,
      status: conclusion === null ? 'in_progress' : 'completed',
      conclusion,
    },
    ...more,
  });

  it('is green when jobs, statuses and workflow are', async () => {
    const { verdict, checks } = await status({
      checks: [job('unit', 'success'), job('lint', 'neutral')],
      statuses: [{ context: 'ci/circleci: build', state: 'success' }],
      workflows: [flow('success')],
    });
    assert.equal(verdict, 'passing');
    assert.deepEqual(
      checks.map(({ name, group, state }) => [name, group, state]),
      [
        ['ci/circleci: build', undefined, 'passing'],
        ['unit', 'ci', 'passing'],
        ['lint', 'ci', 'skipped'],
      ],
    );
  });

  it('is not green between two jobs, one of which waits for the other', async () => {
    const { verdict, running } = await status({
      checks: [job('build', 'success')],
      workflows: [flow(null)],
    });
    assert.deepEqual([verdict, running], ['unknown', true]);
  });

  it('is red when the workflow file is broken and there are no jobs', async () => {
    const { verdict, failing } = await status({ workflows: [flow('startup_failure')] });
    assert.deepEqual([verdict, failing[0]?.name], ['failing', 'ci']);
  });

  it('waits for a person where a workflow needs approval', async () => {
    const { verdict, needsHuman } = await status({ workflows: [flow('action_required')] });
    assert.deepEqual([verdict, needsHuman], ['unknown', true]);
  });

  it('counts the newest run of a workflow for one event', async () => {
    const { verdict } = await status({
      checks: [
        job('unit', 'failure', { suite: 5, id: 1 }),
        job('unit', 'success', { suite: 6, id: 2 }),
      ],
      workflows: [flow('failure', { suite: 5, id: 10 }), flow('success', { suite: 6, id: 11 })],
    });
    assert.equal(verdict, 'passing');
  });

  it('counts runs for different events each', async () => {
    const { verdict } = await status({
      checks: [
        job('unit', 'failure', { suite: 5, id: 1 }),
        job('unit', 'success', { suite: 6, id: 2 }),
      ],
      workflows: [
        flow('failure', { suite: 5, id: 10 }),
        flow('success', { suite: 6, id: 11, event: 'pull_request' }),
      ],
    });
    assert.equal(verdict, 'failing');
  });

  it('knows words that the description does not list, though they occur', async () => {
    const stale = await status({ checks: [job('unit', 'stale', { unlisted: true })] });
    assert.deepEqual([stale.verdict, stale.reason], ['unknown', 'unknown-state']);
    const tomorrow = await status({ checks: [job('unit', 'levitating', { unlisted: true })] });
    assert.equal(tomorrow.verdict, 'unknown');
    assert.equal(tomorrow.checks[0]?.word, 'levitating');
  });

  it('is nothing without checks, though the combined status says "pending"', async () => {
    assert.equal((await status({})).reason, 'no-ci');
  });

  it('asks for required checks', async () => {
    fake.required = ['unit'];
    fake.before = ({ url }) =>
      /\/branches\/main$/.test(url) && !url.includes('rules')
        ? { body: protectedBranch }
        : undefined;
    const names = await github.required!(project(), 'main', http);
    assert.deepEqual(names, ['unit', 'e2e']);
  });

  it('takes workflow runs for checks where a fine-grained token may not read those', async () => {
    fake.before = ({ url }) =>
      url.includes('/check-runs')
        ? { status: 403, body: { message: 'Resource not accessible by personal access token' } }
        : undefined;
    assert.equal((await status({ workflows: [flow('success')] })).verdict, 'passing');
    assert.equal((await status({ workflows: [flow('failure')] })).verdict, 'failing');
  });

  it('asks again with the entity tag, and takes "not modified" for the same answer', async () => {
    const commit = { checks: [job('unit', 'success')], workflows: [flow('success')] };
    await status(commit);
    fake.got.length = 0;
    assert.equal((await status(commit)).verdict, 'passing');
    assert.deepEqual(
      fake.got.map((got) => got.status),
      [304, 304, 304],
    );
    assert.equal((await status({ ...commit, workflows: [flow('failure')] })).verdict, 'failing');
  });

  it('sends the token in one header, with what GitHub asks for', async () => {
    await status({});
    const { headers, url } = fake.got[0]!;
    assert.equal(headers.authorization, 'Bearer SECRET');
    assert.equal(headers['user-agent'], 'andon-test');
    assert.equal(headers['x-github-api-version'], '2022-11-28');
    assert.ok(url.startsWith(`/api/v3/repos/acme/shop/commits/${sha}/check-runs`));
  });

  const inPages = (pages: number) => {
    fake.before = ({ url }, right) => {
      if (!url.includes('/check-runs')) return undefined;
      const at = Number(new URL(url, fake.origin).searchParams.get('page') ?? 1);
      const next = `${fake.origin}/api/v3/repos/acme/shop/commits/${sha}/check-runs?page=${at + 1}`;
      return { ...right(), headers: at < pages ? { link: `<${next}>; rel="next"` } : {} };
    };
  };

  it('follows pages', async () => {
    inPages(3);
    assert.equal((await status({ checks: [job('unit', 'success')] })).verdict, 'passing');
    assert.equal(fake.got.filter(({ url }) => url.includes('/check-runs')).length, 3);
  });

  it('gives up on more than a thousand checks', async () => {
    inPages(100);
    await assert.rejects(status({ checks: [job('unit', 'success')] }), /1000/);
  });

  it('does not follow the next page to another host', async () => {
    fake.before = ({ url }, right) =>
      url.includes('/check-runs')
        ? { ...right(), headers: { link: `<${elsewhere.origin}/more>; rel="next"` } }
        : undefined;
    await status({ checks: [job('unit', 'success')] });
    assert.equal(elsewhere.got.length, 0);
  });

  it('fetches a log from another host without the token', async () => {
    fake.before = ({ url }) =>
      url.endsWith('/logs')
        ? { status: 302, headers: { location: `${elsewhere.origin}/log` }, body: '' }
        : undefined;
    elsewhere.answer = () => ({ body: 'error: boom\n' });
    elsewhere.got.length = 0;
    const check = { key: 'x', id: '7', name: 'unit', state: 'failing', log: '7' } as const;
    assert.equal(await github.log!(project(), check, http), 'error: boom\n');
    const { authorization } = elsewhere.got[0]!.headers;
    assert.equal(authorization, undefined);
  });

  it('reads the notes of a check, and runs it again', async () => {
    fake.annotations = [
      { path: 'src/till.ts', line: 3, message: 'does not open' },
      { path: '.github', line: 1, message: 'Process completed with exit code 1.' },
    ];
    const { failing } = await status({
      checks: [job('unit', 'failure')],
      workflows: [flow('failure')],
    });
    const notes = await github.annotations!(project(), failing[0]!, http);
    assert.deepEqual(
      notes.map(({ path, line, level }) => [path, line, level]),
      [['src/till.ts', 3, 'failure']],
    );
    fake.got.length = 0;
    await github.rerun!(project(), failing[0]!, http);
    assert.deepEqual(
      fake.got.map(({ method, url }) => [method, url]),
      [['POST', '/api/v3/repos/acme/shop/actions/runs/900/rerun-failed-jobs']],
    );
  });

  const jobs = [
    { id: 101, name: 'lint', conclusion: 'success', steps: { 'Set up job': 'success' } },
    {
      ...{ id: 100, name: 'unit', conclusion: 'failure' },
      steps: { 'Set up job': 'success', 'npm test': 'failure', 'Upload logs': 'skipped' },
    },
  ];
  const red = { checks: [job('unit', 'failure')], workflows: [flow('failure')] };

  it('tells the steps of a job, when asked', async () => {
    fake.jobs = jobs;
    const { failing } = await status(red);
    assert.ok(fake.got.every(({ url }) => !url.includes('/jobs')));
    fake.got.length = 0;
    assert.deepEqual(gist(await github.parts!(project(), failing[0]!, http)), [
      ['Set up job', 'passing'],
      ['npm test', 'failing'],
      ['Upload logs', 'skipped'],
    ]);
    assert.deepEqual(
      fake.got.map(({ url }) => url),
      ['/api/v3/repos/acme/shop/actions/runs/900/jobs?filter=latest&per_page=100'],
    );
  });

  it('tells the jobs of a run with their steps and logs', async () => {
    fake.jobs = jobs;
    const { checks } = await status({ workflows: [flow('success')] });
    const parts = await github.parts!(project(), checks[0]!, http);
    assert.deepEqual(gist(parts), [
      ['lint', 'passing', [['Set up job', 'passing']]],
      [
        'unit',
        'failing',
        [
          ['Set up job', 'passing'],
          ['npm test', 'failing'],
          ['Upload logs', 'skipped'],
        ],
      ],
    ]);
    assert.equal(parts[1]?.log, '100');
  });

  for (const [name, fault] of Object.entries(faults)) {
    it(`tells no steps on ${name}, and the token stays`, async () => {
      fake.jobs = jobs;
      const { failing } = await status(red);
      elsewhere.got.length = 0;
      fake.before = ({ url }, right) =>
        url.includes('/jobs') ? fault(right(), elsewhere.origin) : undefined;
      await assert.rejects(github.parts!(project(), failing[0]!, http), Fault);
      assert.equal(elsewhere.got.length, 0);
    });
  }

  it('has no notes on what is no check run', async () => {
    const jenkins = await status({ statuses: [{ context: 'jenkins', state: 'failure' }] });
    const broken = await status({ workflows: [flow('startup_failure')] });
    const failing = [...jenkins.failing, ...broken.failing];
    fake.got.length = 0;
    assert.equal(failing.length, 2);
    for (const each of failing) {
      assert.deepEqual(await github.annotations!(project(), each, http), []);
    }
    assert.equal(fake.got.length, 0);
  });

  const expected: Readonly<Record<string, Fault['reason']>> = {
    '401': 'auth',
    '403': 'auth',
    '404': 'not-found',
    '429 with Retry-After': 'rate-limited',
    '429 without a word': 'rate-limited',
    '403 with nothing left': 'rate-limited',
    '503 with Retry-After': 'rate-limited',
    'a sign-in page with 200': 'auth',
    'a sign-in page with 203': 'auth',
    'a sign-in by redirect': 'auth',
    'a connection that breaks': 'offline',
  };
  for (const [name, fault] of Object.entries(faults)) {
    for (const part of ['/check-runs', '/status', '/actions/runs']) {
      it(`gives no verdict on ${name} from ${part}`, async () => {
        fake.before = ({ url }, right) =>
          url.includes(part) ? fault(right(), elsewhere.origin) : undefined;
        elsewhere.got.length = 0;
        const asked = status({ checks: [job('unit', 'success')], workflows: [flow('success')] });
        // A server without Actions says so in this way.
        if (name === '404' && part === '/actions/runs')
          assert.equal((await asked).verdict, 'passing');
        else {
          await assert.rejects(asked, (error) => {
            assert.ok(error instanceof Fault, String(error));
            assert.equal(error.reason, expected[name] ?? 'bad-answer');
            return true;
          });
        }
        for (const { headers } of elsewhere.got) assert.equal(headers.authorization, undefined);
      });
    }
  }

  it('does not ask before the server wants to be asked again', async () => {
    fake.before = (_got, right) => faults['429 with Retry-After']!(right(), '');
    await assert.rejects(status({}), { reason: 'rate-limited', until: now + 30 });
    fake.got.length = 0;
    fake.before = undefined;
    await assert.rejects(status({}), { reason: 'rate-limited', until: now + 30 });
    assert.equal(fake.got.length, 0);
  });

  const places: Readonly<Record<string, string | undefined>> = {
    'github.com': 'https://api.github.com',
    'acme.ghe.com': 'https://api.acme.ghe.com',
    'ghe.com.evil.example': undefined,
    'github.com.evil.example': undefined,
    'notgithub.com': undefined,
    'git.example.com': undefined,
  };
  for (const [host, api] of Object.entries(places)) {
    it(`${host} is ${api ? `asked at ${api}` : 'not GitHub'}`, () => {
      assert.equal(github.locate({ host, path: 'acme/shop' })?.api, api);
      assert.equal(github.locate({ host, path: 'acme' }), undefined);
      assert.equal(github.locate({ host, path: 'acme/../shop' }), undefined);
    });
  }

  it('is asked at an Enterprise Server by its own address', () => {
    const named = (url: string) => github.named({ service: 'github', url }, remote)?.api;
    assert.equal(named('https://git.example.com'), 'https://git.example.com/api/v3');
    assert.equal(named('https://git.example.com/'), 'https://git.example.com/api/v3');
    assert.equal(named('https://user:pass@git.example.com'), undefined);
    assert.equal(named('ftp://git.example.com'), undefined);
  });
});

const protectedBranch = {
  name: 'main',
  protection: { required_status_checks: { contexts: ['unit', 'e2e'] } },
};
