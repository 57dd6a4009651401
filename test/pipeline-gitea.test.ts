import assert from 'node:assert/strict';
import { gitea } from '../src/pipeline/services/gitea';
import {
  array,
  describeService,
  failed,
  gist,
  number,
  object,
  type Routes,
  sha,
  text,
} from './service-harness';

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

const actions = '/sub/api/v1/repos/acme/shop/actions';
const html = 'https://git.example.com/sub/acme/shop/actions/runs';
const run = (id: number, number: number) => ({
  ...{ id, run_number: number, run_attempt: 1, event: 'push', status: 'completed' },
  ...{ conclusion: 'failure', head_sha: sha, html_url: `${html}/${number}` },
});
const step = (number: number, name: string, conclusion: string) => ({
  ...{ number, name, status: 'completed', conclusion },
  ...{ started_at: '2026-11-01T10:00:00Z', completed_at: '2026-11-01T10:00:05Z' },
});
const insides = (): Routes => ({
  [`${actions}/runs`]: { total_count: 2, workflow_runs: [run(901, 12), run(900, 2)] },
  [`${actions}/runs/900/jobs`]: {
    total_count: 2,
    jobs: [
      {
        id: 70,
        name: 'lint',
        status: 'completed',
        conclusion: 'success',
        html_url: `${html}/2/jobs/0`,
      },
      {
        ...{ id: 71, name: 'unit', status: 'completed', conclusion: 'failure' },
        html_url: `${html}/2/jobs/1`,
        steps: [
          step(1, 'Set up job', 'success'),
          step(2, 'npm test', 'failure'),
          { number: 3, name: 'Upload', status: 'in_progress' },
        ],
      },
    ],
  },
  [`${actions}/jobs/71/logs`]: () => ({ body: 'error: boom\n' }),
  [`${actions}/runs/900/rerun-failed-jobs`]: () => ({ status: 201, body: '' }),
});
/** The same of Forgejo 16: another list, jobs without steps, none to run again. */
const forgejo = (): Routes => ({
  [`${actions}/runs`]: {
    total_count: 1,
    workflow_runs: [
      { id: 900, index_in_repo: 2, status: 'failure', commit_sha: sha, html_url: `${html}/2` },
    ],
  },
  [`${actions}/runs/900/jobs`]: [
    { id: 70, run_id: 900, attempt: 1, name: 'lint', status: 'success', task_id: 1 },
    { id: 71, run_id: 900, attempt: 1, name: 'unit', status: 'failure', task_id: 2 },
  ],
  [`${actions}/jobs/71/logs`]: () => ({ body: 'error: boom\n' }),
});
const at = `${sha} /actions/runs/2/jobs/1`;
const of = failed({ log: at, inside: at, rerun: `${sha} /actions/runs/2` });
const found = [`GET ${actions}/runs`, `GET ${actions}/runs/900/jobs`];

describeService(
  {
    service: gitea,
    project: (origin) =>
      gitea.named({ service: 'gitea', url: `${origin}/sub` }, { host: 'x', path: 'acme/shop' }),
    green: 'success',
    calls: {
      'steps of a job': {
        routes: insides,
        call: async (service, project, http) => gist(await service.parts!(project, of, http)),
        gives: [
          ['Set up job', 'passing'],
          ['npm test', 'failing'],
          ['Upload', 'running'],
        ],
        asks: found,
      },
      'no steps of Forgejo': {
        routes: forgejo,
        call: (service, project, http) => service.parts!(project, of, http),
        gives: [],
      },
      'a log': {
        routes: insides,
        call: (service, project, http) => service.log!(project, of, http),
        gives: 'error: boom\n',
        asks: [...found, `GET ${actions}/jobs/71/logs`],
      },
      'a log of Forgejo': {
        routes: forgejo,
        call: (service, project, http) => service.log!(project, of, http),
        gives: 'error: boom\n',
        asks: [...found, `GET ${actions}/jobs/71/logs`],
      },
      'a re-run of what failed': {
        routes: insides,
        call: (service, project, http) => service.rerun!(project, of, http),
        gives: undefined,
        asks: [`GET ${actions}/runs`, `POST ${actions}/runs/900/rerun-failed-jobs`],
        isAny: true,
      },
    },
    words: {
      in_progress: 'running',
      queued: 'pending',
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
    // https://docs.gitea.com/api/next/#tag/repository/operation/getWorkflowRuns, listWorkflowRunJobs;
    // https://codeberg.org/api/swagger (ActionRun, ActionRunJob)
    schemas: {
      [`${actions}/runs`]: object({
        total_count: number,
        workflow_runs: array(object({ id: number, status: text, html_url: text })),
      }),
      [`${actions}/runs/*/jobs`]: {
        anyOf: [
          object({
            jobs: array(
              object(
                {
                  ...{ id: number, name: text, status: text, html_url: text },
                  steps: array(object({ number, name: text, status: text })),
                },
                ['steps'],
              ),
            ),
          }),
          array(object({ id: number, run_id: number, name: text, status: text })),
        ],
      },
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

    it('finds the job of a status by its page, and of one of another server none', async () => {
      const { status: ask } = get();
      const { checks } = await ask(
        routes(
          status(1, 'a', 'failure', { target_url: '/acme/shop/actions/runs/2/jobs/1' }),
          status(2, 'b', 'failure', { target_url: 'https://evil.example/actions/runs/2/jobs/1' }),
        ),
      );
      assert.deepEqual(
        checks.map(({ name, inside }) => [name, inside]),
        [
          ['a', at],
          ['b', undefined],
        ],
      );
    });

    it('says so where the server has no call to run again', async () => {
      const { http, project, fake, status: ask } = get();
      await ask({ ...routes(status(1, 'a', 'failure')), ...forgejo() });
      await assert.rejects(gitea.rerun!(project, of, http), /no call to run jobs again/);
      assert.equal(fake.got.at(-1)!.method, 'POST');
    });

    it('says so where the server does not tell of runs', async () => {
      const { http, project, status: ask } = get();
      await ask(routes(status(1, 'a', 'failure')));
      await assert.rejects(gitea.log!(project, of, http), /does not tell of runs and jobs/);
    });

    it('makes whole addresses of those that are relative', async () => {
      const { status: ask, fake } = get();
      const { checks } = await ask(routes(status(1, 'a', 'success')));
      assert.equal(checks[0]?.url, `${fake.origin}/acme/shop/actions/runs/1`);
    });
  },
);
