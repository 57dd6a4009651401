import assert from 'node:assert/strict';
import { circleci } from '../src/pipeline/services/circleci';
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

describeService(
  {
    service: circleci,
    project: (url) =>
      circleci.named({ service: 'circleci', url }, { host: 'github.com', path: 'acme/shop' }),
    green: 'success',
    words: {
      canceled: 'cancelled',
      cancelled: 'cancelled',
      error: 'failing',
      failed: 'failing',
      not_run: 'skipped',
      on_hold: 'passing',
      queued: 'pending',
      running: 'running',
      success: 'passing',
      unauthorized: 'failing',
    },
    routes: (word) => routes([pipeline(9)], { p9: [workflow('build', word)] }),
    // https://circleci.com/docs/api/v2/#tag/Pipeline, https://circleci.com/docs/api/v2/#operation/listWorkflowsByPipelineId
    schemas: {
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
