import assert from 'node:assert/strict';
import { buildbot } from '../src/pipeline/services/buildbot';
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

const build = (id: number, results: number | null, more: object = {}) => ({
  ...{
    buildid: id,
    builderid: 1,
    number: id,
    results,
    complete: results !== null,
    state_string: '',
  },
  ...{ started_at: 1_793_526_000 + id, complete_at: results === null ? null : 1_793_526_060 + id },
  properties: {
    branch: ['main', 'Build'],
    revision: [sha, 'Build'],
    got_revision: [sha, 'Git'],
    repository: ['https://git.example.com/acme/shop.git', 'Build'],
  },
  ...more,
});
const routes = (
  builds: readonly object[],
  requests: readonly object[] = [],
  stamp: object = {},
): Routes => ({
  '/api/v2/builders': {
    builders: [
      { builderid: 1, name: 'unit', tags: [] },
      { builderid: 2, name: 'lint', tags: [] },
    ],
    meta: {},
  },
  '/api/v2/builds': { builds, meta: {} },
  '/api/v2/buildrequests': { buildrequests: requests, meta: {} },
  '/api/v2/buildsets/4': {
    buildsets: [
      { bsid: 4, sourcestamps: [{ branch: 'main', revision: sha, repository: '', ...stamp }] },
    ],
    meta: {},
  },
});

const step = (id: number, name: string, results: number | null, more: object = {}) => ({
  ...{ stepid: id, number: id, name, results, complete: results !== null, hidden: false },
  ...{ started_at: 1_793_526_000, complete_at: results === null ? null : 1_793_526_060 },
  ...more,
});
const insides = (): Routes => ({
  '/api/v2/builders/1/builds/42': { builds: [build(7, 2)], meta: {} },
  '/api/v2/builds/7/steps': {
    steps: [
      step(1, 'git', 0),
      step(2, 'npm test', 2),
      step(3, 'worker_preparation', 0, { hidden: true }),
      step(4, 'deploy', null, { started_at: null }),
    ],
    meta: {},
  },
  '/api/v2/steps/2': { steps: [step(2, 'npm test', 2)], meta: {} },
  '/api/v2/steps/2/logs': { logs: [{ logid: 5, name: 'stdio', stepid: 2 }], meta: {} },
  '/api/v2/logs/5/raw': () => ({ body: 'error: boom\n' }),
  '/api/v2/builds/7': { jsonrpc: '2.0', id: 1, result: [4, { 1: 9 }] },
});
const of = (at: string) => failed({ inside: at, log: at, rerun: at });
const steps = [
  ['git', 'passing'],
  ['npm test', 'failing'],
  ['deploy', 'pending'],
];

describeService(
  {
    service: buildbot,
    project: (url) => buildbot.named({ service: 'buildbot', url }, undefined),
    remotes: [{ host: 'git.example.com', path: 'acme/shop' }],
    green: '0',
    words: {
      0: 'passing',
      1: 'passing',
      2: 'failing',
      3: 'skipped',
      4: 'failing',
      5: 'pending',
      6: 'cancelled',
      running: 'running',
      7: 'unknown',
    },
    routes: (word) =>
      routes([
        build(7, word === 'running' ? null : Number.isNaN(Number(word)) ? 99 : Number(word)),
      ]),
    calls: {
      'steps of a build': {
        routes: insides,
        call: async (service, project, http) => gist(await service.parts!(project, of('7'), http)),
        gives: steps,
        asks: ['GET /api/v2/builds/7/steps'],
      },
      'steps of the build of a page': {
        routes: insides,
        call: async (service, project, http) =>
          gist(await service.parts!(project, of('builders/1/builds/42'), http)),
        gives: steps,
      },
      'logs of the steps that failed': {
        routes: insides,
        call: (service, project, http) => service.log!(project, of('7'), http),
        gives: 'npm test\nerror: boom\n\n',
      },
      'the log of one step': {
        routes: insides,
        call: (service, project, http) => service.log!(project, of('step 2'), http),
        gives: 'npm test\nerror: boom\n\n',
      },
      'a rebuild': {
        routes: insides,
        call: (service, project, http) => service.rerun!(project, of('7'), http),
        gives: undefined,
        asks: ['POST /api/v2/builds/7'],
        isAny: true,
      },
    },
    // https://docs.buildbot.net/latest/developer/raml/, and each master's own /api/v2/application.spec
    schemas: {
      '/api/v2/builders/*/builds/*': object({ builds: array(object({ buildid: number })) }),
      '/api/v2/builds/*': object({ jsonrpc: text, id: number }),
      ...Object.fromEntries(
        ['/api/v2/builds/*/steps', '/api/v2/steps/*'].map((path) => [
          path,
          object({
            steps: array(
              object({
                ...{ stepid: number, number, name: text, results: maybe(number) },
                ...{ complete: { type: 'boolean' }, hidden: { type: 'boolean' } },
                ...{ started_at: maybe(number), complete_at: maybe(number) },
              }),
            ),
          }),
        ]),
      ),
      '/api/v2/steps/*/logs': object({ logs: array(object({ logid: number, name: text })) }),
      '/api/v2/builders': object({ builders: array(object({ builderid: number, name: text })) }),
      '/api/v2/builds': object({
        builds: array(
          object({
            buildid: number,
            builderid: number,
            number,
            results: maybe(number),
            complete: { type: 'boolean' },
            started_at: number,
            complete_at: maybe(number),
            properties: { type: 'object' },
          }),
        ),
      }),
      '/api/v2/buildrequests': object({
        buildrequests: array(
          object({ buildrequestid: number, builderid: number, buildsetid: number }),
        ),
      }),
      '/api/v2/buildsets/*': object({
        buildsets: array(
          object({
            bsid: number,
            sourcestamps: array(object({ branch: maybe(text), revision: maybe(text) })),
          }),
        ),
      }),
    },
  },
  (get) => {
    it('stays red with a build in the queue', async () => {
      const request = { buildrequestid: 3, builderid: 1, buildsetid: 4 };
      const { verdict, running } = await get().status(routes([build(7, 2)], [request]));
      assert.deepEqual([verdict, running], ['failing', true]);
      const other = await get().status(routes([build(7, 2)], [request], { branch: 'other' }));
      assert.equal(other.running, false);
    });

    it('leaves out builds of other branches and repositories', async () => {
      const of = (branch: string, repository: string) => ({
        properties: { branch: [branch, ''], revision: [sha, ''], repository: [repository, ''] },
      });
      const { verdict } = await get().status(
        routes([
          build(9, 2, of('other', '')),
          build(8, 2, of('main', 'https://git.example.com/acme/other.git')),
          build(7, 0),
        ]),
      );
      assert.equal(verdict, 'passing');
    });

    for (const [url, at] of Object.entries({
      'https://ci.example.com/bb/#/builders/1/builds/42': 'builders/1/builds/42',
      'https://ci.example.com/#builders/1/builds/42': 'builders/1/builds/42',
      'https://ci.example.com/#/waterfall': undefined,
    })) {
      it(`${url}: ${at ?? 'no build'}`, () => {
        assert.equal(buildbot.atPage!(new URL(url))?.check.inside, at);
      });
    }

    it('counts the builders the user names', async () => {
      const { http, fake, status } = get();
      await status(routes([build(8, 2, { builderid: 2 }), build(7, 0)]));
      const project = buildbot.named(
        { service: 'buildbot', url: fake.origin, project: 'unit' },
        undefined,
      )!;
      const found = await buildbot.runs(
        project,
        { branch: 'main', sha, remotes: [], kind: 'line' as const },
        http,
      );
      assert.deepEqual(
        found.flatMap(({ checks }) => checks.map(({ name }) => name)),
        ['unit'],
      );
    });
  },
);
