import assert from 'node:assert/strict';
import { gitea } from '../src/pipeline/services/gitea';
import { array, describeService, number, object, type Routes, sha, text } from './service-harness';

const path = `/sub/api/v1/repos/acme/shop/commits/${sha}/statuses`;
const status = (id: number, context: string, word: string, more: object = {}) => ({
  ...{
    id,
    context,
    status: word,
    target_url: '/acme/shop/actions/runs/1',
    description: '',
    url: '',
  },
  ...{ created_at: '2026-11-01T10:00:00Z', updated_at: '2026-11-01T10:05:00Z' },
  ...more,
});
const routes = (...all: readonly object[]): Routes => ({ [path]: all });

describeService(
  {
    service: gitea,
    project: (origin) =>
      gitea.named({ service: 'gitea', url: `${origin}/sub` }, { host: 'x', path: 'acme/shop' }),
    green: 'success',
    words: {
      blocked: 'pending',
      cancelled: 'cancelled',
      cancelling: 'running',
      error: 'failing',
      failure: 'failing',
      pending: 'pending',
      running: 'running',
      skipped: 'skipped',
      success: 'passing',
      waiting: 'pending',
      warning: 'passing',
    },
    routes: (word) => routes(status(1, 'ci / unit (push)', word)),
    // https://docs.gitea.com/api/next/#tag/repository/operation/repoListStatuses
    schemas: {
      [path]: array(
        object({
          id: number,
          context: text,
          status: text,
          target_url: text,
          created_at: text,
          updated_at: text,
        }),
      ),
    },
    answers: ['an empty list'],
  },
  (get) => {
    it('warns where there is a warning, whatever the server makes of it all', async () => {
      const { verdict, warnings } = await get().status(
        routes(status(1, 'a', 'warning'), status(2, 'b', 'success')),
      );
      assert.deepEqual([verdict, warnings], ['passing', true]);
    });

    it('is red while a run goes on that has failed for certain', async () => {
      const { verdict, running } = await get().status(
        routes(status(1, 'a', 'running_with_failure')),
      );
      assert.deepEqual([verdict, running], ['failing', true]);
    });

    it('takes the newest of one context', async () => {
      const { verdict } = await get().status(
        routes(status(9, 'a', 'failure'), status(10, 'a', 'success')),
      );
      assert.equal(verdict, 'passing');
    });

    it('makes whole addresses of those that are relative', async () => {
      const { status: ask, fake } = get();
      const { checks } = await ask(routes(status(1, 'a', 'success')));
      assert.equal(checks[0]?.url, `${fake.origin}/acme/shop/actions/runs/1`);
    });
  },
);
