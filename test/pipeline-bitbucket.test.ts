import assert from 'node:assert/strict';
import { bitbucket } from '../src/pipeline/services/bitbucket';
import { array, describeService, number, object, type Routes, sha, text } from './service-harness';

const path = `/rest/build-status/1.0/commits/${sha}`;
const status = (key: string, state: string) => ({
  ...{ key, name: key, state, url: 'https://ci.example.com/1', dateAdded: 1_793_526_000_000 },
});
const routes = (...values: readonly object[]): Routes => ({
  [path]: { size: values.length, limit: 100, isLastPage: true, start: 0, values },
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
    routes: (word) => routes(status('build', word)),
    // https://developer.atlassian.com/server/bitbucket/how-tos/updating-build-status-for-commits/
    schemas: {
      [path]: object({
        values: array(object({ key: text, name: text, state: text, url: text, dateAdded: number })),
      }),
    },
  },
  (get) => {
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
        url: 'https://ci.example.com',
        created_on: '2026-11-01T10:00:00Z',
        updated_on: '2026-11-01T10:00:00Z',
      };
      fake.answer = ({ url }) => ({
        body: {
          values: [value],
          next: url.includes('?page=') ? 'https://evil.example/2.0' : `${fake.origin}/2.0/x?page=2`,
        },
      });
      const wanted = { branch: 'main', sha, remotes: [] };
      const [revision] = await bitbucket.runs(project, wanted, http);
      assert.equal(revision?.checks.length, 2);
      assert.deepEqual(
        fake.got.map(({ url }) => url),
        [`/2.0/repositories/acme/shop/commit/${sha}/statuses?pagelen=100`, '/2.0/x?page=2'],
      );
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
