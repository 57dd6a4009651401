import assert from 'node:assert/strict';
import { gitlab } from '../src/pipeline/services/gitlab';
import {
  array,
  describeService,
  maybe,
  number,
  object,
  type Routes,
  sha,
  text,
} from './service-harness';

const base = '/api/v4/projects/group/sub/shop';
const pipeline = (id: number, status: string, more: object = {}) => ({
  ...{ id, iid: id, project_id: 1, sha, ref: 'main', status, source: 'push' },
  ...{ created_at: '2026-11-01T10:00:00.000Z', updated_at: '2026-11-01T10:05:00.000Z' },
  web_url: `https://git.example.com/group/sub/shop/-/pipelines/${id}`,
  ...more,
});
const job = (id: number, name: string, status: string, more: object = {}) => ({
  ...{ id, name, status, stage: 'test', allow_failure: false },
  ...{ started_at: '2026-11-01T10:01:00.000Z', finished_at: '2026-11-01T10:02:00.000Z' },
  web_url: `https://git.example.com/group/sub/shop/-/jobs/${id}`,
  ...more,
});
const routes = (
  pipelines: readonly object[],
  jobs: readonly object[] = [],
  statuses: readonly object[] = [],
): Routes => ({
  [`${base}/pipelines`]: pipelines,
  [`${base}/pipelines/9/jobs`]: jobs,
  [`${base}/repository/commits/${sha}/statuses`]: statuses,
});

describeService(
  {
    service: gitlab,
    project: (url) =>
      gitlab.named({ service: 'gitlab', url }, { host: 'x', path: 'group/sub/shop' }),
    green: 'success',
    words: {
      canceled: 'cancelled',
      canceling: 'running',
      created: 'pending',
      failed: 'failing',
      manual: 'pending',
      pending: 'pending',
      preparing: 'pending',
      running: 'running',
      scheduled: 'pending',
      skipped: 'skipped',
      success: 'passing',
      waiting_for_callback: 'pending',
      waiting_for_resource: 'pending',
    },
    routes: (word) => routes([pipeline(9, word)], [job(1, 'unit', word)]),
    // https://docs.gitlab.com/api/pipelines/, https://docs.gitlab.com/api/jobs/, https://docs.gitlab.com/api/commits/
    schemas: {
      [`${base}/pipelines`]: array(
        object({
          id: number,
          status: text,
          source: text,
          ref: text,
          sha: text,
          web_url: text,
          created_at: text,
          updated_at: text,
        }),
      ),
      [`${base}/pipelines/*/jobs`]: array(
        object({
          id: number,
          name: text,
          status: text,
          stage: text,
          allow_failure: { type: 'boolean' },
          web_url: text,
          started_at: maybe(text),
          finished_at: maybe(text),
        }),
      ),
      [`${base}/repository/commits/*/statuses`]: array(
        object({
          id: number,
          name: text,
          status: text,
          target_url: maybe(text),
          allow_failure: { type: 'boolean' },
        }),
      ),
    },
    answers: ['an empty list'],
  },
  (get) => {
    it('names the jobs that failed, and leaves out those that may', async () => {
      const { failing } = await get().status(
        routes(
          [pipeline(9, 'failed')],
          [
            job(1, 'unit', 'failed'),
            job(2, 'lint', 'failed', { allow_failure: true }),
            job(3, 'build', 'success'),
          ],
        ),
      );
      assert.deepEqual(
        failing.map(({ name, group, log }) => [name, group, log]),
        [['unit', 'test', '1']],
      );
    });

    it('takes the newest pipeline of a branch, and each kind of it by itself', async () => {
      const { status } = get();
      assert.equal(
        (await status(routes([pipeline(8, 'failed'), pipeline(10, 'success')]))).verdict,
        'passing',
      );
      const both = [
        pipeline(10, 'success'),
        pipeline(9, 'failed', { source: 'merge_request_event', ref: 'refs/merge-requests/1/head' }),
      ];
      assert.equal((await status(routes(both))).verdict, 'failing');
    });

    it('leaves a child pipeline to its parent', async () => {
      const child = pipeline(11, 'failed', { source: 'parent_pipeline' });
      assert.equal(
        (await get().status(routes([child, pipeline(10, 'success')]))).verdict,
        'passing',
      );
    });

    it('counts what other servers say of the commit', async () => {
      const other = {
        id: 5,
        name: 'jenkins',
        status: 'failed',
        target_url: 'https://ci.example.com/1',
        allow_failure: false,
      };
      const { verdict, failing } = await get().status(
        routes([pipeline(10, 'success')], [], [other]),
      );
      assert.deepEqual([verdict, failing[0]?.name], ['failing', 'jenkins']);
    });

    it('is found at gitlab.com by its remote, with all groups', () => {
      const project = gitlab.locate({ host: 'gitlab.com', path: 'a/b/c/d' });
      assert.deepEqual([project?.api, project?.slug], ['https://gitlab.com/api/v4', 'a/b/c/d']);
      assert.equal(gitlab.locate({ host: 'gitlab.com.evil.example', path: 'a/b' }), undefined);
    });
  },
);
