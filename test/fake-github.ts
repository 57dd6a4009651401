import { contract } from './contract';
import { type FakeServer, fakeServer, type Got, type Reply } from './fake-server';

const valid = contract('github');

export interface FakeRun {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly app?: string;
  readonly suite?: number;
  readonly id?: number;
  readonly startedAt?: string;
  /** Of a word the description does not have, though it occurs. */
  readonly unlisted?: boolean;
}

export interface FakeWorkflowRun {
  readonly name: string;
  readonly suite: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly id?: number;
  readonly event?: string;
}

/** What is known of a commit. */
export interface FakeCommit {
  readonly checks?: readonly FakeRun[];
  readonly statuses?: readonly {
    readonly context: string;
    readonly state: string;
    /** Page at the server that ran it. */
    readonly page?: string;
  }[];
  readonly workflows?: readonly FakeWorkflowRun[];
}

/** A job of a workflow run, as it lists it. */
export interface FakeJob {
  readonly id: number;
  readonly name: string;
  readonly conclusion: string | null;
  /** By name what they came to; null: under way. */
  readonly steps: Readonly<Record<string, string | null>>;
}

export interface FakeGithub extends FakeServer {
  /** Of each workflow run. */
  jobs: readonly FakeJob[];
  /** By hash. */
  readonly commits: Map<string, FakeCommit>;
  required: readonly string[];
  log: string;
  annotations: readonly { path: string; line: number; message: string }[];
  /** What an answer had against the official description. */
  readonly violations: string[];
  /** Comes before the answer, if it gives one. */
  before: ((got: Got, right: () => Reply | undefined) => Reply | undefined) | undefined;
}

const url = 'https://github.example/x';
const date = '2026-11-01T10:00:00Z';

function checkRun(run: FakeRun, sha: string, i: number): object {
  const { name, status, conclusion, app = 'github-actions', suite = 5, startedAt = date } = run;
  const id = run.id ?? 100 + i;
  return {
    ...{ id, name, status, conclusion, head_sha: sha, node_id: 'x', external_id: '', url },
    html_url: `https://github.example/acme/shop/runs/${id}`,
    details_url: url,
    started_at: status === 'queued' ? null : startedAt,
    completed_at: status === 'completed' ? startedAt.replace('00:00Z', '01:00Z') : null,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: url },
    check_suite: { id: suite },
    app: {
      ...{ id: 1, slug: app, node_id: 'x', name: app, description: null, external_url: url },
      ...{ html_url: url, created_at: date, updated_at: date, permissions: {}, events: [] },
      owner: user,
    },
    pull_requests: [],
  };
}

const user = Object.fromEntries([
  ...['login', 'node_id', 'type', 'gravatar_id'].map((key) => [key, 'x']),
  ...'avatar url html followers following gists starred subscriptions organizations repos events received_events'
    .split(' ')
    .map((key) => [key === 'url' ? 'url' : `${key}_url`, url]),
  ...[
    ['id', 1],
    ['site_admin', false],
  ],
]);

const repository = {
  ...{ id: 1, node_id: 'x', name: 'shop', full_name: 'acme/shop', private: false, owner: user },
  ...{ description: null, fork: false, html_url: url, url, hooks_url: url },
  ...Object.fromEntries(
    'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees'
      .split(' ')
      .map((key) => [`${key}_url`, url]),
  ),
};

function workflowRun(run: FakeWorkflowRun, sha: string, i: number): object {
  const { name, suite, status, conclusion, event = 'push' } = run;
  const id = run.id ?? 900 + i;
  return {
    ...{
      id,
      name,
      node_id: 'x',
      head_branch: 'main',
      head_sha: sha,
      path: '.github/workflows/ci.yml',
    },
    ...{ run_number: i + 1, run_attempt: 1, event, status, conclusion, check_suite_id: suite },
    workflow_id: 70 + name.length,
    ...{
      url,
      html_url: url,
      pull_requests: [],
      created_at: date,
      updated_at: date,
      display_title: 'x',
    },
    ...{ jobs_url: url, logs_url: url, check_suite_url: url, artifacts_url: url, cancel_url: url },
    ...{ rerun_url: url, workflow_url: url, run_started_at: date, check_suite_node_id: 'x' },
    ...{ repository, head_repository: repository },
    head_commit: null,
  };
}

function jobOf({ id, name, conclusion, steps }: FakeJob, run: number): object {
  const of = (word: string | null) => ({
    status: word === null ? 'in_progress' : 'completed',
    conclusion: word,
    started_at: date,
    completed_at: word === null ? null : date.replace('00:00Z', '01:00Z'),
  });
  return {
    ...{ id, run_id: run, run_url: url, node_id: 'x', head_sha: 'a'.repeat(40), url, name },
    ...of(conclusion),
    ...{ html_url: `https://github.example/acme/shop/runs/${id}`, check_run_url: url },
    ...{ created_at: date, labels: [], runner_id: null, runner_name: null },
    ...{ runner_group_id: null, runner_group_name: null, workflow_name: 'ci', head_branch: 'main' },
    steps: Object.entries(steps).map(([step, word], i) => ({
      ...{ name: step, number: i + 1 },
      ...of(word),
    })),
  };
}

/** A GitHub whose every answer is checked against GitHub's description of itself. */
export async function fakeGithub(prefix = '/api/v3'): Promise<FakeGithub> {
  const server = await fakeServer();
  const fake = Object.assign(server, {
    commits: new Map<string, FakeCommit>(),
    required: [] as readonly string[],
    jobs: [] as readonly FakeJob[],
    log: '',
    annotations: [] as FakeGithub['annotations'],
    violations: [] as string[],
    before: undefined as FakeGithub['before'],
  }) as FakeGithub;
  const rest = '/repos/acme/shop';

  const reply = (got: Got, path: string, query: URLSearchParams): Reply | undefined => {
    if (!path.startsWith(rest)) return undefined;
    const at = path.slice(rest.length);
    const [, sha = '', what] = /^\/commits\/([^/]+)\/(check-runs|status)$/.exec(at) ?? [];
    const commit = fake.commits.get(sha);
    if (what === 'check-runs') {
      const runs = (commit?.checks ?? []).map((run, i) => checkRun(run, sha, i));
      return { body: { total_count: runs.length, check_runs: runs } };
    }
    if (what === 'status') {
      const statuses = (commit?.statuses ?? []).map(({ context, state, page = url }, i) => ({
        ...{ id: 300 + i, url, node_id: 'x', state, context, description: null, avatar_url: null },
        ...{ target_url: page, created_at: date, updated_at: date },
      }));
      // Of no status at all GitHub says "pending".
      const body = { state: 'pending', statuses, sha, total_count: statuses.length };
      return { body: { ...body, repository, commit_url: url, url } };
    }
    if (at === '/actions/runs') {
      const runs = fake.commits.get(query.get('head_sha') ?? '')?.workflows ?? [];
      const workflow_runs = runs.map((run, i) => workflowRun(run, query.get('head_sha')!, i));
      return { body: { total_count: runs.length, workflow_runs } };
    }
    if (/^\/actions\/runs\/\d+\/jobs$/.test(at)) {
      const jobs = fake.jobs.map((job) => jobOf(job, Number(at.split('/')[3])));
      return { body: { total_count: jobs.length, jobs } };
    }
    if (at === '/rules/branches/main') {
      const required_status_checks = fake.required.map((context) => ({ context }));
      const parameters = { required_status_checks, strict_required_status_checks_policy: false };
      return { body: fake.required.length ? [{ type: 'required_status_checks', parameters }] : [] };
    }
    if (at === '/branches/main') return { status: 404, body: { message: 'Branch not protected' } };
    if (/^\/actions\/jobs\/\d+\/logs$/.test(at)) return { body: fake.log };
    if (/^\/check-runs\/\d+\/annotations$/.test(at)) {
      return {
        body: fake.annotations.map(({ path: file, line, message }) => ({
          ...{ path: file, start_line: line, end_line: line, start_column: null, end_column: null },
          ...{
            annotation_level: 'failure',
            title: null,
            message,
            raw_details: null,
            blob_href: url,
          },
        })),
      };
    }
    if (got.method === 'POST' && /\/(rerun-failed-jobs|rerequest)$/.test(at)) {
      return { status: 201, body: {} };
    }
    return undefined;
  };

  fake.answer = (got) => {
    const { pathname, searchParams } = new URL(got.url, fake.origin);
    const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname;
    const right = () => reply(got, path, searchParams);
    const early = fake.before?.(got, right);
    if (early) return early;
    const answer = right();
    const unlisted = [...fake.commits.values()].some(({ checks = [] }) =>
      checks.some((run) => run.unlisted),
    );
    if (answer && answer.status !== 404 && !unlisted && !path.endsWith('/logs')) {
      const wrong = valid(got, answer, path);
      if (wrong) fake.violations.push(wrong);
    }
    return answer;
  };
  return fake;
}
