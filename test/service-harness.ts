import assert from 'node:assert/strict';
import Ajv from 'ajv';
import { ask, type Subject } from '../src/pipeline/conclude';
import { Fault } from '../src/pipeline/fault';
import { createHttp, type Http } from '../src/pipeline/http';
import type { Remote } from '../src/pipeline/remote';
import type { Project, Service } from '../src/pipeline/service';
import type { Check, State, Status } from '../src/pipeline/status';
import { type FakeServer, fakeServer, faults, type Got, type Reply } from './fake-server';

/** The commit all tests of services are about. */
export const sha = 'a'.repeat(40);
export const now = Date.parse('2026-11-01T10:30:00Z') / 1000;

/** Answers by path without query; a function may look at the query. */
export type Routes = Readonly<
  Record<string, unknown | ((query: URLSearchParams, got: Got) => Reply)>
>;

/** What a service is tested with. */
export interface ServiceCase {
  readonly service: Service;
  /** What is named in the settings, with the fake's address. */
  project(origin: string): Project | undefined;
  /** A branch whose newest commit is in this state, in the service's own words. */
  routes(word: string): Routes;
  /** Every word of the service, and what it means. A combination of two is joined with `/`. */
  readonly words: Readonly<Record<string, State>>;
  /** A word that stands for all being well. */
  readonly green: string;
  /**
   * What the vendor's page says of the answers, by path, as JSON Schema; `*` stands for a part of a path. Each answer
   * of the fake that is not a fault is checked against it.
   */
  readonly schemas: Readonly<Record<string, object>>;
  /** Faults that are an answer here: an empty list of runs, where lists are what is answered. */
  readonly answers?: readonly string[];
  readonly remotes?: readonly Remote[];
  /** What it is asked besides, by what it is: each is tried with all faults, too. */
  readonly calls?: Readonly<Record<string, ServiceCall>>;
}

/** Something a service is asked or told besides the state: jobs, steps, logs, to run again. */
export interface ServiceCall {
  /** `elsewhere` is another server, such as one that keeps logs. */
  routes(elsewhere: string): Routes;
  /** What that answers. */
  readonly elsewhere?: unknown;
  call(service: Service, project: Project, http: Http): Promise<unknown>;
  readonly gives: unknown;
  /** Requests it takes, as method and path, where that matters. */
  readonly asks?: readonly string[];
  /** Takes whatever it gets for an answer, as logs are any text, and starting a run says nothing. */
  readonly isAny?: true;
}

/** A check that failed, and how it is asked about. */
export const failed = (more: Partial<Check>): Check => ({
  ...{ key: 'x', id: '1', name: 'x', state: 'failing' },
  ...more,
});

/** Jobs and steps as a test has them: name, state, and their own parts. */
export const gist = (parts: readonly Check[]): readonly unknown[] =>
  parts.map(({ name, state, group, parts: own }) => [
    group === undefined ? name : `${group} / ${name}`,
    state,
    ...(own ? [gist(own)] : []),
  ]);

/** The rest of a test of one service: `status` asks, `fake` is the server. */
export interface ServiceTest {
  readonly fake: FakeServer;
  readonly http: Http;
  readonly project: Project;
  status(routes: Routes, subject?: Partial<Subject>): Promise<Status>;
}

const literally = (path: string) =>
  path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\*/g, '[^/]+');

/** Tests that hold for every service, and those that `more` adds. */
export function describeService(
  of: ServiceCase,
  more: (get: () => ServiceTest) => void = () => {},
): void {
  const { service, calls = {} } = of;
  describe(service.title, () => {
    let fake: FakeServer;
    let elsewhere: FakeServer;
    let http: Http;
    let routes: Routes = {};
    let fault: ((right: Reply | undefined) => Reply) | undefined;
    const violations: string[] = [];
    const ajv = new Ajv({ strict: false, allErrors: true });
    const schemas = Object.entries(of.schemas).map(
      ([path, schema]) => [new RegExp(`^${literally(path)}$`), ajv.compile(schema)] as const,
    );

    before(async () => {
      elsewhere = await fakeServer();
      fake = await fakeServer((got) => {
        const { pathname, searchParams } = new URL(got.url, 'http://x');
        const route = routes[decodeURIComponent(pathname)] ?? routes[pathname];
        const right = (): Reply | undefined =>
          typeof route === 'function'
            ? (route as (query: URLSearchParams, got: Got) => Reply)(searchParams, got)
            : route === undefined
              ? undefined
              : { body: route };
        if (fault) return fault(right());
        const reply = right();
        if (!reply || (reply.status ?? 200) >= 300 || typeof reply.body === 'string') return reply;
        const known = schemas.find(([pattern]) => pattern.test(decodeURIComponent(pathname)));
        if (!known) violations.push(`no description of ${pathname}`);
        else if (!known[1](reply.body))
          violations.push(`${pathname}: ${ajv.errorsText(known[1].errors)}`);
        return reply;
      });
    });
    after(async () => {
      await fake.close();
      await elsewhere.close();
    });
    beforeEach(() => {
      fault = undefined;
      violations.length = 0;
      fake.got.length = 0;
      elsewhere.got.length = 0;
      elsewhere.answer = () => ({ body: [] });
      http = createHttp({
        fetch: (url, init) => fetch(url, init),
        credential: async (origin) =>
          origin === fake.origin ? { authorization: 'Bearer SECRET', account: 'ann' } : undefined,
        now: () => now * 1000,
        userAgent: 'andon-test',
      });
    });
    afterEach(() => assert.deepEqual(violations, []));

    const project = () => {
      const found = of.project(fake.origin);
      assert.ok(found, 'no project');
      return found;
    };
    const status = (given: Routes, subject: Partial<Subject> = {}): Promise<Status> => {
      routes = given;
      return ask({
        service,
        projects: [project()],
        subject: { kind: 'line', branch: 'main', sha, history: [sha], ...subject },
        remotes: of.remotes ?? [],
        weights: {},
        before: undefined,
        http,
        now,
      });
    };

    for (const [word, state] of Object.entries({
      ...of.words,
      'a word of tomorrow': 'unknown' as State,
    })) {
      it(`${word}: ${state}`, async () => {
        const { verdict, reason, running } = await status(of.routes(word));
        const expected: Readonly<Record<State, readonly unknown[]>> = {
          passing: ['passing', 'ok', false],
          failing: ['failing', 'ok', false],
          running: ['unknown', 'running', true],
          pending: ['unknown', 'running', true],
          cancelled: ['unknown', 'cancelled', false],
          skipped: ['unknown', 'skipped', false],
          unknown: ['unknown', 'unknown-state', false],
        };
        assert.deepEqual([verdict, reason, running], expected[state]);
      });
    }

    it('gives the token to its own server only, in one header', async () => {
      await status(of.routes(of.green));
      assert.ok(fake.got.length > 0);
      for (const { headers, url } of fake.got) {
        assert.equal(headers.authorization, 'Bearer SECRET');
        assert.doesNotMatch(url, /SECRET/);
      }
    });

    for (const [name, make] of Object.entries(faults)) {
      it(`gives no verdict on ${name}`, async () => {
        fault = (right) => make(right, elsewhere.origin);
        const asked = status(of.routes(of.green));
        if (of.answers?.includes(name)) assert.equal((await asked).reason, 'no-ci');
        else await assert.rejects(asked, (error) => error instanceof Fault);
        for (const { headers } of elsewhere.got) assert.equal(headers.authorization, undefined);
        assert.equal(elsewhere.got.length, 0);
      });
    }

    for (const [name, { gives, asks, isAny, ...of }] of Object.entries(calls)) {
      const call = () => {
        routes = of.routes(elsewhere.origin);
        elsewhere.answer = () => ({ body: of.elsewhere });
        return of.call(service, project(), http);
      };
      const noLeak = () => {
        for (const { headers, url } of elsewhere.got) {
          assert.equal(headers.authorization, undefined);
          assert.doesNotMatch(`${url} ${JSON.stringify(headers)}`, /SECRET/);
        }
        for (const { url } of fake.got) assert.doesNotMatch(url, /SECRET/);
      };

      it(name, async () => {
        assert.deepEqual(await call(), gives);
        assert.ok(fake.got.length > 0);
        for (const { headers } of fake.got) assert.equal(headers.authorization, 'Bearer SECRET');
        const asked = fake.got.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`);
        if (asks) assert.deepEqual(asked, asks);
        noLeak();
      });

      for (const [title, make] of Object.entries(faults)) {
        it(`${name}: no harm by ${title}`, async () => {
          fault = (right) => make(right, elsewhere.origin);
          const outcome = await call().catch((error: unknown) => {
            assert.ok(error instanceof Fault, String(error));
            return undefined;
          });
          if (!isAny && title !== 'an empty list') assert.equal(outcome, undefined);
          noLeak();
        });
      }
    }

    it('takes no place that holds a user name, and no other protocol', () => {
      for (const url of [
        'https://ann:secret@ci.example.com',
        'file:///etc/passwd',
        'javascript:1',
        '',
      ]) {
        assert.equal(
          service.named({ service: service.id, url }, { host: 'x.example', path: 'a/b' }),
          undefined,
        );
      }
    });

    more(() => ({ fake, http, project: project(), status }));
  });
}

/** JSON Schema of an object with these fields. */
export const object = (
  properties: Readonly<Record<string, object>>,
  optional: readonly string[] = [],
) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
});
export const array = (items: object) => ({ type: 'array', items });
export const text = { type: 'string' };
export const number = { type: 'integer' };
export const maybe = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
