import assert from 'node:assert/strict';
import { gitlab } from '../src/pipeline/services/gitlab';
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
const own = '/api/v4/projects/1';
const routes = (
  pipelines: readonly object[],
  jobs: readonly object[] = [],
  statuses: readonly object[] = [],
): Routes => ({
  [`${base}/pipelines`]: pipelines,
  [`${own}/pipelines/9/jobs`]: jobs,
  [`${base}/repository/commits/${sha}/statuses`]: statuses,
});

const insides = (): Routes => ({
  // The newest first.
  [`${own}/pipelines/9/jobs`]: [
    job(3, 'deploy', 'manual'),
    job(2, 'unit', 'failed'),
    job(1, 'build', 'success'),
  ],
  [`${own}/jobs/2/trace`]: () => ({ body: 'error: boom\n' }),
  [`${own}/pipelines/9/retry`]: { id: 9 },
});
const of = failed({
  inside: '1/pipelines/9/jobs?per_page=100',
  log: '1/jobs/2/trace',
  rerun: '1/pipelines/9/retry',
});
/** An open merge request of a branch, and its newest pipeline. */
const proposed = (head: string, pipelineOfIt: object | null): Routes => ({
  [`${base}/merge_requests`]: [
    { id: 50, iid: 5, sha: head, source_branch: 'till', state: 'opened' },
  ],
  [`${base}/merge_requests/5`]: { id: 50, iid: 5, sha: head, head_pipeline: pipelineOfIt },
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
    calls: {
      'jobs of a pipeline': {
        routes: insides,
        call: async (service, project, http) => gist(await service.parts!(project, of, http)),
        gives: [
          ['build', 'passing'],
          ['unit', 'failing'],
          ['deploy', 'pending'],
        ],
        asks: [`GET ${own}/pipelines/9/jobs`],
      },
      'a log': {
        routes: insides,
        call: (service, project, http) => service.log!(project, of, http),
        gives: 'error: boom\n',
        asks: [`GET ${own}/jobs/2/trace`],
        isAny: true,
      },
      'a retry of what failed': {
        routes: insides,
        call: (service, project, http) => service.rerun!(project, of, http),
        gives: undefined,
        asks: [`POST ${own}/pipelines/9/retry`],
        isAny: true,
      },
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
      [`${own}/pipelines/*/retry`]: object({ id: number }),
      [`${base}/merge_requests`]: array(
        object({ id: number, iid: number, sha: text, source_branch: text, state: text }),
      ),
      [`${base}/merge_requests/*`]: object({
        iid: number,
        sha: text,
        head_pipeline: maybe(object({ id: number, status: text, ref: text, source: text })),
      }),
      [`${own}/pipelines/*/jobs`]: array(
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
    it('names the jobs that failed; those that may are a warning, and nothing waits any more', async () => {
      const { failing, checks, running, warnings } = await get().status(
        routes(
          [pipeline(9, 'failed')],
          [
            job(1, 'unit', 'failed'),
            job(2, 'lint', 'failed', { allow_failure: true }),
            job(3, 'build', 'success'),
            job(4, 'deploy', 'manual'),
          ],
        ),
      );
      assert.deepEqual(
        failing.map(({ name, group, log, rerun }) => [name, group, log, rerun]),
        [['unit', 'pipeline main', '1/jobs/1/trace', '1/pipelines/9/retry']],
      );
      assert.deepEqual([running, warnings], [false, true]);
      assert.deepEqual(
        checks.map(({ name, state }) => [name, state]),
        [
          ['lint', 'failing'],
          ['unit', 'failing'],
          ['build', 'passing'],
          ['deploy', 'skipped'],
        ],
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

    const mine = { kind: 'commit', branch: 'till' } as const;
    const merged = pipeline(9, 'failed', {
      ...{ sha: 'c'.repeat(40), ref: 'refs/merge-requests/5/merge' },
      source: 'merge_request_event',
    });

    it('counts the pipeline of merged results for my commit, by its merge request', async () => {
      const { status, fake } = get();
      const all = { ...routes([], [job(1, 'unit', 'failed')]), ...proposed(sha, merged) };
      const { verdict, failing } = await status(all, mine);
      assert.deepEqual([verdict, failing[0]?.name], ['failing', 'unit']);
      const [, asked] = fake.got;
      assert.match(asked!.url, /merge_requests\?source_branch=till&state=opened/);
    });

    it('counts it once where it ran on the commit itself', async () => {
      const detached = pipeline(9, 'success', {
        ...{ source: 'merge_request_event', ref: 'refs/merge-requests/5/head' },
      });
      const all = { ...routes([detached]), ...proposed(sha, detached) };
      const { verdict, checks } = await get().status(all, mine);
      assert.deepEqual([verdict, checks.length], ['passing', 1]);
    });

    it('leaves out that of a merge request whose head is another commit', async () => {
      const { status, fake } = get();
      const { reason } = await status({ ...routes([]), ...proposed('b'.repeat(40), merged) }, mine);
      assert.equal(reason, 'no-ci');
      assert.ok(fake.got.every(({ url }) => !url.includes('merge_requests/5')));
    });

    it('does without where merge requests are switched off, and does not ask for the line', async () => {
      const { status, fake } = get();
      const off = { [`${base}/merge_requests`]: () => ({ status: 403, body: { message: '403' } }) };
      const all = { ...routes([pipeline(9, 'success')]), ...off };
      assert.equal((await status(all, mine)).verdict, 'passing');
      fake.got.length = 0;
      assert.equal((await status(all)).verdict, 'passing');
      assert.ok(fake.got.every(({ url }) => !url.includes('merge_requests')));
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
