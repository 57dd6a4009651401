import assert from 'node:assert/strict';
import { azurePipelines } from '../src/pipeline/services/azure-pipelines';
import { array, describeService, number, object, type Routes, sha, text } from './service-harness';

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
    routes: (word) => routes(build(7, word)),
    // https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
    schemas: {
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
