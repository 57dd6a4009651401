import assert from 'node:assert/strict';
import { behind } from '../src/pipeline/behind';
import { Fault } from '../src/pipeline/fault';
import { createHttp, type Http } from '../src/pipeline/http';
import { probe } from '../src/pipeline/probe';
import { services } from '../src/pipeline/services';
import { type FakeServer, fakeServer, faults, type Reply } from './fake-server';
import { failed } from './service-harness';

describe('which service runs at a host', () => {
  let fake: FakeServer;
  let elsewhere: FakeServer;
  let http: Http;
  let routes: Readonly<Record<string, Reply>>;

  before(async () => {
    elsewhere = await fakeServer(() => ({ body: {} }));
    fake = await fakeServer(({ url }) => routes[url]);
  });
  after(async () => {
    await fake.close();
    await elsewhere.close();
  });
  beforeEach(() => {
    fake.got.length = 0;
    elsewhere.got.length = 0;
    http = createHttp({
      fetch: (url, init) => fetch(url, init),
      // The user may well be signed in there.
      credential: async () => ({ authorization: 'Bearer SECRET', account: 'ann' }),
      now: () => 1_800_000_000_000,
      userAgent: 'andon-test',
    });
  });
  const unauthorised = { status: 401, body: { message: '401 Unauthorized' } };
  const found: Readonly<
    Record<string, readonly [Readonly<Record<string, Reply>>, string | undefined]>
  > = {
    Gitea: [{ '/api/v1/version': { body: { version: '1.25.1' } } }, 'gitea'],
    Forgejo: [{ '/api/v1/version': { body: { version: '16.0.0+gitea-1.22.0' } } }, 'gitea'],
    GitLab: [{ '/api/v4/version': unauthorised }, 'gitlab'],
    'a newer GitLab': [
      {
        '/api/v4/version': {
          status: 401,
          headers: { 'x-gitlab-meta': '{"correlation_id":"x","version":"1"}' },
          body: { message: 'something else' },
        },
      },
      'gitlab',
    ],
    'GitHub Enterprise Server': [
      { '/api/v3/meta': { body: { installed_version: '3.19.0' } } },
      'github',
    ],
    'GitHub Enterprise Server in private mode': [
      {
        '/api/v3/meta': {
          status: 401,
          headers: { 'x-github-enterprise-version': 'enterprise-server@3.19.0' },
          body: { message: 'Requires authentication' },
        },
      },
      'github',
    ],
    'Bitbucket Data Center': [
      {
        '/rest/api/1.0/application-properties': {
          body: { version: '9.4.0', buildNumber: '1', displayName: 'Bitbucket' },
        },
      },
      'bitbucket',
    ],
    'none of them': [{}, undefined],
    'one that wants a sign-in for everything': [
      Object.fromEntries(
        ['/api/v1/version', '/api/v4/version', '/api/v3/meta'].map((path) => [
          path,
          { status: 401, body: { message: 'Unauthorized' } },
        ]),
      ),
      undefined,
    ],
  };
  for (const [name, [answers, service]] of Object.entries(found)) {
    it(`${name}: ${service ?? 'not known'}`, async () => {
      routes = answers;
      assert.equal(await probe(fake.origin, http), service);
      assert.ok(fake.got.length > 0 && fake.got.length <= 4);
      for (const { method, headers } of fake.got) {
        assert.deepEqual([method, headers.authorization], ['GET', undefined]);
      }
    });
  }

  for (const [name, fault] of Object.entries(faults)) {
    it(`is not told by ${name}, and nobody else is asked`, async () => {
      fake.answer = () => fault({ body: { version: 1 } }, elsewhere.origin);
      const outcome = await probe(fake.origin, http).catch((error: unknown) => {
        assert.ok(error instanceof Fault, String(error));
        return undefined;
      });
      fake.answer = ({ url }) => routes[url];
      assert.equal(outcome, undefined);
      assert.equal(elsewhere.got.length, 0);
      for (const { headers } of fake.got) assert.equal(headers.authorization, undefined);
    });
  }

  it('is not guessed where nobody answers', async () => {
    await assert.rejects(probe('http://127.0.0.1:1', http), { reason: 'offline' });
  });

  it('is not asked unencrypted on another machine', async () => {
    assert.equal(await probe('http://git.example.com', http), undefined);
  });
});

describe('the server behind a check', () => {
  const at = (url: string | undefined, more: object = {}) =>
    behind(failed({ url, ...more }), services);

  const pages: Readonly<Record<string, string | undefined>> = {
    'https://ci.example.com/job/acme/job/shop/job/main/42/display/redirect': 'jenkins',
    'https://circleci.com/gh/acme/shop/42': 'circleci',
    'https://app.circleci.com/pipelines/github/acme/shop/7/workflows/ab-1': 'circleci',
    'https://dev.azure.com/acme/web/_build/results?buildId=42': 'azure-pipelines',
    'https://ci.example.com/#/builders/1/builds/42': 'buildbot',
    'https://github.com/acme/shop/actions/runs/1/job/2': undefined,
    'https://example.com/reports/42': undefined,
    'https://example.com/': undefined,
  };
  for (const [url, service] of Object.entries(pages)) {
    it(`${url}: ${service ?? 'not told'}`, () => assert.equal(at(url)?.service.id, service));
  }

  it('is what a check says itself, where it does', () => {
    assert.equal(at('https://ci.example.com/job/shop/42/', { log: '1' }), undefined);
    assert.equal(at(undefined), undefined);
  });

  it('is only read: who wrote the address may have meant another job', () => {
    const url = 'https://ci.example.com/job/deploy/42/';
    assert.equal(at(url)?.check.rerun, undefined);
    // What its own service runs again stays its own.
    assert.equal(
      at(url, { rerun: 'check-runs/1/rerequest' })?.check.rerun,
      'check-runs/1/rerequest',
    );
  });
});
