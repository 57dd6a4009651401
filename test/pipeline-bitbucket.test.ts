import assert from 'node:assert/strict';
import { bitbucket, pipelineState } from '../src/pipeline/services/bitbucket';
import type { Got } from './fake-server';
import {
  array,
  describeService,
  failed,
  gist,
  maybe,
  number,
  object,
  type Routes,
  sha,
  text,
} from './service-harness';

const path = `/rest/build-status/1.0/commits/${sha}`;
const status = (key: string, state: string) => ({
  ...{ key, name: key, state, url: 'https://ci.example.com/1', dateAdded: 1_793_526_000_000 },
});
const routes = (...values: readonly object[]): Routes => ({
  [path]: { size: values.length, limit: 100, isLastPage: true, start: 0, values },
});

const slug = 'acme/shop';
const cloud = `/2.0/repositories/${slug}/pipelines`;
const uuid = '{0b1c}';
const links = { self: { href: 'https://api.bitbucket.org/x' } };
const pipeline = (count: number, more: object = {}) => ({
  ...{ uuid: `{${count}}`, build_number: count, created_on: '2026-11-01T10:00:00Z' },
  state: { name: 'COMPLETED', result: { name: 'FAILED' } },
  target: {
    ...{ type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' },
    ...{ selector: { type: 'default' }, commit: { type: 'commit', hash: sha, links } },
  },
  ...more,
});
const ofPipeline = object({
  ...{ uuid: text, build_number: number, created_on: text },
  state: object({ name: text }),
  target: object({ type: text }),
});
const step = (of: string, name: string, state: object) => ({
  ...{ uuid: of, name, state, started_on: '2026-11-01T10:00:00Z' },
  completed_on: '2026-11-01T10:05:00Z',
});
const ended = (name: string) => ({ name: 'COMPLETED', result: { name } });
const insides = (): Routes => ({
  [`${cloud}/`]: (_query: URLSearchParams, { method }: Got) =>
    method === 'POST'
      ? { status: 201, body: pipeline(9) }
      : { body: { page: 1, pagelen: 50, values: [pipeline(8), pipeline(7, { uuid })] } },
  [`${cloud}/${uuid}/steps/`]: {
    values: [
      step('{a}', 'Build', ended('SUCCESSFUL')),
      step('{b}', 'Test', ended('FAILED')),
      step('{c}', 'Deploy', { name: 'PENDING', stage: { name: 'HALTED' } }),
    ],
  },
  [`${cloud}/${uuid}/steps/{b}/log`]: () => ({ body: 'error: boom\n' }),
});
const of = failed({});
/** The cloud, at the fake. */
const inCloud = (api: string) => ({
  ...{ service: 'bitbucket', api: `${new URL(api).origin}/2.0`, slug, web: api },
});

describeService(
  {
    service: bitbucket,
    project: (url) =>
      bitbucket.named({ service: 'bitbucket', url }, { host: 'x', path: 'scm/acme/shop' }),
    green: 'SUCCESSFUL',
    words: {
      CANCELLED: 'cancelled',
      FAILED: 'failing',
      INPROGRESS: 'running',
      STOPPED: 'cancelled',
      SUCCESSFUL: 'passing',
      UNKNOWN: 'unknown',
    },
    calls: {
      'steps of a pipeline': {
        routes: insides,
        call: async (service, { api }, http) =>
          gist(await service.parts!(inCloud(api), { ...of, inside: '7' }, http)),
        gives: [
          ['Build', 'passing'],
          ['Test', 'failing'],
          ['Deploy', 'pending'],
        ],
        asks: [`GET ${cloud}/`, `GET ${cloud}/%7B0b1c%7D/steps/`],
      },
      'the log of what failed': {
        routes: insides,
        call: (service, { api }, http) => service.log!(inCloud(api), { ...of, log: '7' }, http),
        gives: 'Test\nerror: boom\n\n',
        asks: [
          `GET ${cloud}/`,
          `GET ${cloud}/%7B0b1c%7D/steps/`,
          `GET ${cloud}/%7B0b1c%7D/steps/%7Bb%7D/log`,
        ],
      },
      'the same pipeline again, for the same commit': {
        routes: insides,
        call: (service, { api }, http) => service.rerun!(inCloud(api), { ...of, rerun: '7' }, http),
        gives: undefined,
        asks: [`GET ${cloud}/`, `POST ${cloud}/`],
        isAny: true,
      },
    },
    routes: (word) => routes(status('build', word)),
    // https://developer.atlassian.com/server/bitbucket/how-tos/updating-build-status-for-commits/
    // https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/
    schemas: {
      [`${cloud}/`]: { anyOf: [object({ values: array(ofPipeline) }), ofPipeline] },
      [`${cloud}/*/steps/`]: object({
        values: array(
          object({
            uuid: text,
            name: text,
            state: object({ name: text }),
            started_on: text,
            completed_on: maybe(text),
          }),
        ),
      }),
      [path]: object({
        values: array(object({ key: text, name: text, state: text, url: text, dateAdded: number })),
      }),
    },
  },
  (get) => {
    it('starts a pipeline again for what it was started for, without what the server adds', async () => {
      const { fake, http, status: ask } = get();
      await ask(insides()).catch(() => {});
      fake.got.length = 0;
      await bitbucket.rerun!(inCloud(fake.origin), { ...of, rerun: '7' }, http);
      assert.deepEqual(JSON.parse(fake.got[1]!.body), {
        target: {
          ...{ type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' },
          ...{ selector: { type: 'default' }, commit: { type: 'commit', hash: sha } },
        },
      });
    });

    it('adds up statuses', async () => {
      const { verdict } = await get().status(
        routes(status('a', 'SUCCESSFUL'), status('b', 'FAILED')),
      );
      assert.equal(verdict, 'failing');
    });

    it('is asked in the cloud by commit, and pages there stay there', async () => {
      const { http, fake } = get();
      const project = {
        ...bitbucket.locate({ host: 'bitbucket.org', path: 'acme/shop' })!,
        api: `${fake.origin}/2.0`,
      };
      const value = {
        key: 'b',
        name: 'b',
        state: 'SUCCESSFUL',
        url: 'https://bitbucket.org/acme/shop/pipelines/results/7',
        created_on: '2026-11-01T10:00:00Z',
        updated_on: '2026-11-01T10:00:00Z',
      };
      fake.answer = ({ url }) => ({
        body: {
          values: [value],
          next: url.includes('?page=') ? 'https://evil.example/2.0' : `${fake.origin}/2.0/x?page=2`,
        },
      });
      const wanted = { branch: 'main', sha, remotes: [], kind: 'line' as const };
      const [revision] = await bitbucket.runs(project, wanted, http);
      assert.equal(revision?.checks.length, 2);
      assert.deepEqual(revision?.checks.map(({ inside, log, rerun }) => [inside, log, rerun])[0], [
        '7',
        '7',
        '7',
      ]);
      assert.deepEqual(
        fake.got.map(({ url }) => url),
        [`/2.0/repositories/acme/shop/commit/${sha}/statuses?pagelen=100`, '/2.0/x?page=2'],
      );
    });

    for (const [state, word] of Object.entries({
      failing: ['ERROR', 'EXPIRED', 'FAILED'],
      passing: ['SUCCESSFUL'],
      cancelled: ['STOPPED'],
      skipped: ['NOT_RUN'],
      unknown: ['a word of tomorrow'],
    })) {
      it(`ended ${word}: ${state}`, () => {
        for (const name of word) assert.equal(pipelineState(ended(name)).state, state);
      });
    }

    it('stands as its stage says, and as its state where it has none', () => {
      const open = (name: string, stage?: string) =>
        pipelineState({ name, ...(stage && { stage: { name: stage } }) });
      assert.equal(open('IN_PROGRESS', 'RUNNING').state, 'running');
      assert.equal(open('IN_PROGRESS').state, 'running');
      assert.deepEqual(open('IN_PROGRESS', 'PAUSED'), { state: 'pending', needsHuman: true });
      assert.equal(open('PENDING').state, 'pending');
      assert.equal(open('READY').state, 'pending');
    });

    it('takes the page of another repository for that of another server', async () => {
      const { fake, http } = get();
      const url = 'https://bitbucket.org/acme/other/pipelines/results/7';
      fake.answer = () => ({ body: { values: [{ key: 'a', state: 'FAILED', url }] } });
      const wanted = { branch: 'main', sha, remotes: [], kind: 'line' as const };
      const [revision] = await bitbucket.runs(inCloud(fake.origin), wanted, http);
      assert.equal(revision?.checks[0]?.rerun, undefined);
    });

    it('is found by its remote', () => {
      assert.equal(
        bitbucket.locate({ host: 'bitbucket.org', path: 'acme/shop' })?.api,
        'https://api.bitbucket.org/2.0',
      );
      assert.equal(bitbucket.locate({ host: 'xbitbucket.org', path: 'acme/shop' }), undefined);
    });
  },
);
