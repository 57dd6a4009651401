import assert from 'node:assert/strict';
import { azurePipelines, azureState } from '../src/pipeline/services/azure-pipelines';
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

const path = '/acme/web/_apis/build/builds';
const build = (id: number, word: string, more: object = {}) => {
  const [status, result] = word.includes('/') ? word.split('/') : [word, undefined];
  return {
    ...{ id, buildNumber: `2026.${id}`, status, ...(result && { result }), reason: 'individualCI' },
    ...{
      sourceBranch: 'refs/heads/main',
      sourceVersion: sha,
      queueTime: '2026-11-01T10:00:00.1234567Z',
    },
    ...(status === 'completed' && {
      startTime: '2026-11-01T10:00:01.1234567Z',
      finishTime: '2026-11-01T10:05:00Z',
    }),
    ...{
      definition: { id: 3, name: 'ci' },
      _links: { web: { href: `https://dev.azure.com/x/${id}` } },
    },
    ...more,
  };
};
const routes = (...value: readonly object[]): Routes => ({
  [path]: { count: value.length, value },
});

const record = (
  id: string,
  type: string,
  name: string,
  result: string | null,
  more: object = {},
) => ({
  ...{ id, type, name, result, state: result ? 'completed' : 'inProgress', order: 1, log: null },
  ...{ startTime: '2026-11-01T10:00:00Z', finishTime: result && '2026-11-01T10:05:00Z' },
  ...{ parentId: null, issues: [] },
  ...more,
});
const insides = (): Routes => ({
  [`${path}/7/timeline`]: {
    id: 't',
    records: [
      record('t2', 'Task', 'npm test', 'failed', { parentId: 'j1', order: 2, log: { id: 9 } }),
      record('t1', 'Task', 'Checkout', 'succeeded', { parentId: 'j1', log: { id: 8 } }),
      record('t3', 'Task', 'Publish', 'skipped', { parentId: 'j1', order: 3 }),
      record('s1', 'Stage', 'Build', 'failed'),
      record('p1', 'Phase', 'unit', 'failed', { parentId: 's1' }),
      record('j1', 'Job', 'unit', 'failed', { parentId: 'p1' }),
      record('s2', 'Stage', 'Deploy', null),
      record('p2', 'Phase', 'deploy', null, { parentId: 's2', order: 2 }),
      record('j2', 'Job', 'deploy', null, { parentId: 'p2', order: 2 }),
    ],
  },
  [`${path}/7/logs/9`]: () => ({ body: 'error: boom\n' }),
  [`${path}/7`]: { id: 7 },
});
const of = failed({ inside: '7', log: '7', rerun: '7' });

describeService(
  {
    service: azurePipelines,
    project: (origin) =>
      azurePipelines.named({ service: 'azure-pipelines', url: `${origin}/acme/web` }, undefined),
    green: 'completed/succeeded',
    words: {
      cancelling: 'running',
      'completed/canceled': 'cancelled',
      'completed/failed': 'failing',
      'completed/partiallySucceeded': 'passing',
      'completed/succeeded': 'passing',
      'completed/none': 'unknown',
      'completed/a word of tomorrow': 'unknown',
      inProgress: 'running',
      none: 'unknown',
      notStarted: 'pending',
      postponed: 'pending',
    },
    calls: {
      'jobs of a build with their tasks': {
        routes: insides,
        call: async (service, project, http) => gist(await service.parts!(project, of, http)),
        gives: [
          [
            'Build / unit',
            'failing',
            [
              ['Checkout', 'passing'],
              ['npm test', 'failing'],
              ['Publish', 'skipped'],
            ],
          ],
          ['Deploy / deploy', 'running', []],
        ],
        asks: [`GET ${path}/7/timeline`],
      },
      'the log of what failed': {
        routes: insides,
        call: (service, project, http) => service.log!(project, of, http),
        gives: 'npm test\nerror: boom\n\n',
        asks: [`GET ${path}/7/timeline`, `GET ${path}/7/logs/9`],
      },
      'the log of one task': {
        routes: insides,
        call: (service, project, http) => service.log!(project, { ...of, log: '7 9' }, http),
        gives: 'npm test\nerror: boom\n\n',
      },
      'a retry of what failed': {
        routes: insides,
        call: (service, project, http) => service.rerun!(project, of, http),
        gives: undefined,
        asks: [`PATCH ${path}/7`],
        isAny: true,
      },
    },
    routes: (word) => routes(build(7, word)),
    // https://learn.microsoft.com/rest/api/azure/devops/build/builds/list, …/build/timeline/get
    schemas: {
      [`${path}/*`]: object({ id: number }),
      [`${path}/*/timeline`]: object({
        id: text,
        records: array(
          object({
            ...{ id: text, type: text, name: text, state: text, result: maybe(text) },
            ...{ parentId: maybe(text), order: number },
            log: maybe(object({ id: number })),
          }),
        ),
      }),
      [path]: object({
        count: number,
        value: array(
          object(
            {
              id: number,
              buildNumber: text,
              status: text,
              result: text,
              sourceBranch: text,
              sourceVersion: text,
              queueTime: text,
              definition: object({ id: number, name: text }),
            },
            ['result'],
          ),
        ),
      }),
    },
  },
  (get) => {
    it('asks for the whole name of the branch', async () => {
      const { fake, status } = get();
      await status(routes(build(7, 'completed/succeeded')));
      assert.match(fake.got[0]!.url, /branchName=refs%2Fheads%2Fmain&/);
      assert.equal(fake.got[0]!.headers['x-tfs-fedauthredirect'], 'Suppress');
    });

    it('counts each pipeline by its newest finished build', async () => {
      const other = { definition: { id: 4, name: 'nightly' }, sourceVersion: 'b'.repeat(40) };
      const { verdict, running, failing } = await get().status(
        routes(
          build(9, 'inProgress'),
          build(8, 'completed/failed', other),
          build(7, 'completed/succeeded'),
        ),
      );
      assert.deepEqual([verdict, running, failing[0]?.name], ['failing', true, 'nightly']);
    });

    it('knows the words of timelines, too', () => {
      assert.deepEqual(azureState('completed', 'succeededWithIssues'), {
        ...{ state: 'passing', warnings: true },
      });
      assert.equal(azureState('completed', 'abandoned').state, 'cancelled');
      assert.equal(azureState('completed', 'skipped').state, 'skipped');
      assert.equal(azureState('pending', null).state, 'pending');
    });

    it('finds a build by its page', () => {
      const at = (url: string) => azurePipelines.atPage!(new URL(url));
      const found = at('https://dev.azure.com/acme/web/_build/results?buildId=42&view=logs');
      assert.deepEqual(
        [found?.project.api, found?.check.inside],
        ['https://dev.azure.com/acme/web/_apis', '42'],
      );
      assert.equal(at('https://dev.azure.com/acme/web/_build/results?buildId=x'), undefined);
      assert.equal(at('https://dev.azure.com/acme/web/_git/shop'), undefined);
    });

    const remotes: Readonly<Record<string, string | undefined>> = {
      'dev.azure.com acme/web/_git/shop': 'https://dev.azure.com/acme/web/_apis',
      'dev.azure.com acme/My Project/_git/shop': 'https://dev.azure.com/acme/My%20Project/_apis',
      'dev.azure.com acme/_git/shop': 'https://dev.azure.com/acme/shop/_apis',
      'dev.azure.com v3/acme/web/shop': 'https://dev.azure.com/acme/web/_apis',
      'acme.visualstudio.com web/_git/shop': 'https://dev.azure.com/acme/web/_apis',
      'acme.visualstudio.com DefaultCollection/web/_git/shop':
        'https://dev.azure.com/acme/web/_apis',
      'acme.visualstudio.com _git/shop': 'https://dev.azure.com/acme/shop/_apis',
      'acme.visualstudio.com.evil.example web/_git/shop': undefined,
      'dev.azure.com.evil.example acme/web/_git/shop': undefined,
      'dev.azure.com acme/web': undefined,
    };
    for (const [remote, api] of Object.entries(remotes)) {
      it(`${remote}: ${api ?? 'not Azure'}`, () => {
        const cut = remote.indexOf(' ');
        const found = azurePipelines.locate({
          host: remote.slice(0, cut),
          path: remote.slice(cut + 1),
        });
        assert.equal(found?.api, api);
      });
    }
  },
);
