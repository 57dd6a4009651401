import assert from 'node:assert/strict';
import { jenkins, stageState } from '../src/pipeline/services/jenkins';
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

const job = '/job/acme/job/shop';
const build = (count: number, result: string, more: object = {}) => ({
  ...{
    number: count,
    building: result === 'building',
    result: result === 'building' ? null : result,
  },
  ...{ timestamp: Date.parse('2026-11-01T10:00:00Z'), duration: 60_000, displayName: `#${count}` },
  actions: [
    {},
    { lastBuiltRevision: { SHA1: sha, branch: [{ name: 'refs/remotes/origin/main' }] } },
  ],
  ...more,
});
const routes = (builds: readonly object[], more: object = {}): Routes => ({
  [`${job}/api/json`]: { name: 'shop', inQueue: false, builds, ...more },
});
const ofJob = object(
  {
    name: text,
    inQueue: { type: 'boolean' },
    builds: array(
      object({
        number,
        building: { type: 'boolean' },
        result: maybe(text),
        timestamp: number,
        duration: number,
        actions: array({ type: 'object' }),
      }),
    ),
    jobs: array(object({ name: text, url: text })),
  },
  ['inQueue', 'builds', 'jobs'],
);

const stage = (id: string, name: string, status: string) => ({
  ...{ id, name, status, execNode: '', pauseDurationMillis: 0 },
  ...{ startTimeMillis: Date.parse('2026-11-01T10:00:00Z'), durationMillis: 4000 },
});
const insides = (): Routes => ({
  [`${job}/7/wfapi/describe`]: {
    ...stage('7', '#7', 'FAILED'),
    stages: [
      stage('6', 'Build', 'SUCCESS'),
      stage('15', 'Test', 'FAILED'),
      stage('20', 'Ask', 'PAUSED_PENDING_INPUT'),
      stage('25', 'Deploy', 'NOT_EXECUTED'),
    ],
  },
  [`${job}/7/execution/node/15/wfapi/describe`]: {
    ...stage('15', 'Test', 'FAILED'),
    stageFlowNodes: [stage('16', 'Shell Script', 'FAILED')],
  },
  [`${job}/7/consoleText`]: () => ({ body: 'error: boom\n' }),
  [`${job}/build`]: () => ({ status: 201, body: '' }),
});
/** A check whose jobs and log are below the address of the service's project. */
const of = (api: string, below: string) =>
  failed({ rerun: api, inside: api + below, log: api + below });
const ofStages = object(
  {
    ...{ id: text, name: text, status: text, startTimeMillis: number, durationMillis: number },
    stages: array(object({ id: text, name: text, status: text })),
    stageFlowNodes: array(object({ id: text, name: text, status: text })),
  },
  ['stages', 'stageFlowNodes'],
);

describeService(
  {
    service: jenkins,
    project: (origin) => jenkins.named({ service: 'jenkins', url: `${origin}${job}/` }, undefined),
    green: 'SUCCESS',
    words: {
      ABORTED: 'cancelled',
      FAILURE: 'failing',
      NOT_BUILT: 'skipped',
      SUCCESS: 'passing',
      UNSTABLE: 'failing',
      building: 'running',
    },
    calls: {
      'stages of a build': {
        routes: insides,
        call: async (service, project, http) =>
          gist(await service.parts!(project, of(project.api, '/7'), http)),
        gives: [
          ['Build', 'passing'],
          ['Test', 'failing'],
          ['Ask', 'pending'],
          ['Deploy', 'skipped'],
        ],
        asks: [`GET ${job}/7/wfapi/describe`],
      },
      'steps of a stage': {
        routes: insides,
        async call(service, project, http) {
          const stages = await service.parts!(project, of(project.api, '/7'), http);
          return gist(await service.parts!(project, stages[1]!, http));
        },
        gives: [['Shell Script', 'failing']],
        asks: [`GET ${job}/7/wfapi/describe`, `GET ${job}/7/execution/node/15/wfapi/describe`],
      },
      'a log': {
        routes: insides,
        call: (service, project, http) => service.log!(project, of(project.api, '/7'), http),
        gives: 'error: boom\n',
        isAny: true,
      },
      'a build once more': {
        routes: insides,
        call: (service, project, http) => service.rerun!(project, of(project.api, '/7'), http),
        gives: undefined,
        asks: [`POST ${job}/build`],
        isAny: true,
      },
    },
    routes: (word) => routes([build(7, word)]),
    // https://www.jenkins.io/doc/book/using/remote-access-api/, and each server's own /api/schema;
    // https://plugins.jenkins.io/pipeline-rest-api/
    schemas: {
      [`${job}/*/wfapi/describe`]: ofStages,
      [`${job}/*/execution/node/*/wfapi/describe`]: ofStages,
      [`${job}/api/json`]: ofJob,
      [`${job}/job/*/api/json`]: ofJob,
    },
  },
  (get) => {
    it('waits while it is in the queue, and stays red meanwhile', async () => {
      const { verdict, running } = await get().status(
        routes([build(7, 'FAILURE')], { inQueue: true }),
      );
      assert.deepEqual([verdict, running], ['failing', true]);
    });

    it('finds the job of a branch, whose name is encoded in it', async () => {
      const branch = {
        name: 'feature%2Ftill',
        url: 'http://inside.example/job/acme/job/shop/job/feature%252Ftill/',
      };
      const actions = [{ lastBuiltRevision: { SHA1: sha, branch: [{ name: 'feature/till' }] } }];
      const { fake, status } = get();
      const { verdict } = await status(
        {
          [`${job}/api/json`]: { name: 'shop', jobs: [{ name: 'main', url: 'x' }, branch] },
          [`${job}/job/feature%2Ftill/api/json`]: {
            name: 'feature%2Ftill',
            inQueue: false,
            builds: [build(1, 'SUCCESS', { actions })],
          },
        },
        { branch: 'feature/till' },
      );
      assert.equal(verdict, 'passing');
      // Never to the address in the answer, which is another host's.
      assert.match(fake.got[1]!.url, /^\/job\/acme\/job\/shop\/job\/feature%252Ftill\/api\/json\?/);
    });

    it('has no CI for a branch without a job', async () => {
      const { reason } = await get().status({ [`${job}/api/json`]: { name: 'shop', jobs: [] } });
      assert.equal(reason, 'no-ci');
    });

    it('leaves out builds of other branches', async () => {
      const actions = [{ lastBuiltRevision: { SHA1: sha, branch: [{ name: 'origin/other' }] } }];
      const { verdict } = await get().status(
        routes([build(8, 'FAILURE', { actions }), build(7, 'SUCCESS')]),
      );
      assert.equal(verdict, 'passing');
    });

    for (const [word, state] of Object.entries({
      ABORTED: 'cancelled',
      FAILED: 'failing',
      IN_PROGRESS: 'running',
      NOT_EXECUTED: 'skipped',
      PAUSED_PENDING_INPUT: 'pending',
      SUCCESS: 'passing',
      UNSTABLE: 'failing',
      'a word of tomorrow': 'unknown',
    })) {
      it(`stage ${word}: ${state}`, () => assert.equal(stageState(word).state, state));
    }

    it('says so where a build has no stages', async () => {
      const { http, project, status } = get();
      await status(routes([build(7, 'FAILURE')]));
      await assert.rejects(jenkins.parts!(project, of(project.api, '/7'), http), /no stages/);
    });

    const pages: Readonly<Record<string, string | undefined>> = {
      'https://ci.example.com/job/acme/job/shop/job/feature%252Ftill/42/display/redirect':
        'https://ci.example.com/job/acme/job/shop/job/feature%252Ftill/42',
      'https://ci.example.com/ci/job/shop/42/': 'https://ci.example.com/ci/job/shop/42',
      'https://ci.example.com/job/shop/42': 'https://ci.example.com/job/shop/42',
      'https://ci.example.com/blue/organizations/jenkins/acme%2Fshop/detail/main/42/pipeline':
        'https://ci.example.com/job/acme/job/shop/job/main/42',
      'https://ci.example.com/job/shop/': undefined,
      'https://ci.example.com/42/': undefined,
    };
    for (const [url, build] of Object.entries(pages)) {
      it(`${url}: ${build ? 'a build' : 'none'}`, () => {
        assert.equal(jenkins.atPage!(new URL(url))?.check.inside, build);
      });
    }

    it('is of use only by the address of a job', () => {
      assert.equal(
        jenkins.named({ service: 'jenkins', url: 'https://ci.example.com' }, undefined),
        undefined,
      );
    });
  },
);
