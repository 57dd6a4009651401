import assert from 'node:assert/strict';
import { circleci } from '../src/pipeline/services/circleci';
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

const project = '/api/v2/project/gh/acme/shop/pipeline';
const pipeline = (count: number, more: object = {}) => ({
  ...{
    id: `p${count}`,
    number: count,
    state: 'created',
    errors: [],
    created_at: '2026-11-01T10:00:00Z',
  },
  ...{
    trigger: { type: 'webhook', actor: { login: 'ann' } },
    vcs: { revision: sha, branch: 'main' },
  },
  ...more,
});
const workflow = (name: string, status: string, more: object = {}) => ({
  ...{ id: `w-${name}`, name, status, pipeline_id: 'p9', created_at: '2026-11-01T10:00:00Z' },
  stopped_at: /running|queued|hold|failing/.test(status) ? null : '2026-11-01T10:05:00Z',
  ...more,
});
const routes = (
  items: readonly object[],
  workflows: Readonly<Record<string, readonly object[]>>,
): Routes => ({
  [project]: { items, next_page_token: null },
  ...Object.fromEntries(
    Object.entries(workflows).map(([id, all]) => [
      `/api/v2/pipeline/${id}/workflow`,
      { items: all, next_page_token: null },
    ]),
  ),
});

const job = (count: number | undefined, name: string, status: string) => ({
  ...{ id: `j-${name}`, name, status, type: count ? 'build' : 'approval', dependencies: [] },
  ...(count && { job_number: count }),
  ...{ started_at: '2026-11-01T10:00:00Z', stopped_at: '2026-11-01T10:05:00Z' },
  project_slug: 'gh/acme/shop',
});
const action = (status: string, output?: string) => ({
  ...{ index: 0, step: 1, status, type: 'test', has_output: output !== undefined, exit_code: 1 },
  ...{ start_time: '2026-11-01T10:00:00Z', end_time: '2026-11-01T10:00:05Z' },
  ...(output && { output_url: output }),
});
const insides = (elsewhere: string): Routes => ({
  '/api/v2/workflow/w1/job': {
    items: [
      job(41, 'lint', 'success'),
      job(42, 'unit', 'failed'),
      job(undefined, 'ask', 'on_hold'),
    ],
    next_page_token: null,
  },
  '/api/v1.1/project/gh/acme/shop/42': {
    build_num: 42,
    steps: [
      { name: 'Checkout', actions: [action('success')] },
      { name: 'Test', actions: [action('success'), action('failed', `${elsewhere}/out?sig=1`)] },
    ],
  },
});
const printed = [{ type: 'out', time: '2026-11-01T10:00:01Z', message: 'error: boom\r\n' }];
const of = (inside: string) => failed({ inside });

describeService(
  {
    service: circleci,
    project: (url) =>
      circleci.named({ service: 'circleci', url }, { host: 'github.com', path: 'acme/shop' }),
    green: 'success',
    calls: {
      'jobs of a workflow': {
        routes: insides,
        call: async (service, project, http) => gist(await service.parts!(project, of('w1'), http)),
        gives: [
          ['lint', 'passing'],
          ['unit', 'failing'],
          ['ask', 'pending'],
        ],
        asks: ['GET /api/v2/workflow/w1/job'],
      },
      'steps of a job, of which one of two parallel runs failed': {
        routes: insides,
        call: async (service, project, http) => gist(await service.parts!(project, of('42'), http)),
        gives: [
          ['Checkout', 'passing'],
          ['Test', 'failing'],
        ],
        asks: ['GET /api/v1.1/project/gh/acme/shop/42'],
      },
      'what failed steps printed, from another host': {
        routes: insides,
        elsewhere: printed,
        call: (service, project, http) => service.log!(project, { ...of('w1'), log: 'w1' }, http),
        gives: 'Test\nerror: boom\r\n\n',
        asks: ['GET /api/v2/workflow/w1/job', 'GET /api/v1.1/project/gh/acme/shop/42'],
      },
      'a re-run of what failed': {
        routes: () => ({ '/api/v2/workflow/w1/rerun': { workflow_id: 'w2' } }),
        call: (service, project, http) =>
          service.rerun!(project, { ...of('w1'), rerun: 'w1' }, http),
        gives: undefined,
        asks: ['POST /api/v2/workflow/w1/rerun'],
        isAny: true,
      },
    },
    words: {
      canceled: 'cancelled',
      cancelled: 'cancelled',
      blocked: 'pending',
      error: 'failing',
      failed: 'failing',
      infrastructure_fail: 'failing',
      not_run: 'skipped',
      not_running: 'pending',
      on_hold: 'passing',
      queued: 'pending',
      retried: 'cancelled',
      running: 'running',
      success: 'passing',
      timedout: 'failing',
      unauthorized: 'failing',
    },
    routes: (word) => routes([pipeline(9)], { p9: [workflow('build', word)] }),
    // https://circleci.com/docs/api/v2/#tag/Pipeline, https://circleci.com/docs/api/v2/#operation/listWorkflowsByPipelineId,
    // https://circleci.com/docs/api/v2/#operation/listWorkflowJobs, https://circleci.com/docs/api/v1/#single-job
    schemas: {
      '/api/v2/workflow/*/job': object({
        items: array(
          object({ id: text, name: text, status: text, job_number: number, type: text }, [
            'job_number',
          ]),
        ),
        next_page_token: maybe(text),
      }),
      '/api/v2/workflow/*/rerun': object({ workflow_id: text }),
      '/api/v1.1/project/gh/acme/shop/*': object({
        build_num: number,
        steps: array(
          object({
            name: text,
            actions: array(
              object({ index: number, step: number, status: text, output_url: text }, [
                'output_url',
              ]),
            ),
          }),
        ),
      }),
      [project]: object({
        items: array(
          object({
            id: text,
            number,
            state: text,
            errors: array(object({ type: text, message: text })),
            created_at: text,
            vcs: object({ revision: text }),
          }),
        ),
        next_page_token: maybe(text),
      }),
      '/api/v2/pipeline/*/workflow': object({
        items: array(
          object({ id: text, name: text, status: text, created_at: text, stopped_at: maybe(text) }),
        ),
        next_page_token: maybe(text),
      }),
    },
  },
  (get) => {
    it('is red at once when what runs is failing', async () => {
      const { verdict, running } = await get().status(
        routes([pipeline(9)], { p9: [workflow('build', 'failing')] }),
      );
      assert.deepEqual([verdict, running], ['failing', true]);
    });

    it('is red when the configuration is broken and there are no workflows', async () => {
      const broken = pipeline(9, {
        state: 'errored',
        errors: [{ type: 'config', message: 'no jobs' }],
      });
      const { verdict, failing } = await get().status(routes([broken], {}));
      assert.deepEqual([verdict, failing[0]?.name], ['failing', 'configuration']);
    });

    it('counts the newest workflow of a name: what is run again is another', async () => {
      const again = [
        workflow('build', 'failed'),
        workflow('build', 'success', { id: 'w2', created_at: '2026-11-01T11:00:00Z' }),
      ];
      const { verdict } = await get().status(routes([pipeline(9)], { p9: again }));
      assert.equal(verdict, 'passing');
    });

    it('looks at earlier pipelines while the newest has not come to an end', async () => {
      const { verdict, running } = await get().status(
        routes([pipeline(9), pipeline(8, { vcs: { revision: 'b'.repeat(40) } })], {
          p9: [workflow('build', 'running')],
          p8: [workflow('build', 'failed')],
        }),
      );
      assert.deepEqual([verdict, running], ['failing', true]);
    });

    const pages: Readonly<Record<string, readonly [slug: string, at: string] | undefined>> = {
      'https://circleci.com/gh/acme/shop/42?utm_source=github': ['gh/acme/shop', '42'],
      'https://app.circleci.com/pipelines/github/acme/shop/7/workflows/ab-1/jobs/42': [
        'gh/acme/shop',
        '42',
      ],
      'https://app.circleci.com/pipelines/github/acme/shop/7/workflows/ab-1': [
        'gh/acme/shop',
        'ab-1',
      ],
      'https://app.circleci.com/pipelines/circleci/Org1/Proj2/7/workflows/ab-1': [
        'circleci/Org1/Proj2',
        'ab-1',
      ],
      'https://circleci.com/docs/x/y/42': undefined,
      'https://circleci.com/gh/acme/../42': undefined,
    };
    for (const [url, expected] of Object.entries(pages)) {
      it(`${url}: ${expected?.join(' ') ?? 'no job'}`, () => {
        const found = circleci.atPage!(new URL(url));
        assert.deepEqual(found && [found.project.slug, found.check.inside], expected);
        if (found) assert.equal(found.project.api, 'https://circleci.com/api/v2');
      });
    }

    it('takes the slug the user names, as that of a GitHub App is told by nothing', () => {
      const named = {
        service: 'circleci',
        url: 'https://circleci.com',
        project: 'circleci/Org1/Proj2',
      };
      assert.equal(circleci.named(named, undefined)?.slug, 'circleci/Org1/Proj2');
      assert.equal(circleci.named({ ...named, project: '../../x' }, undefined), undefined);
    });
  },
);
