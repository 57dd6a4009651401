import { Fault } from '../fault';
import type { Http } from '../http';
import { isUnder } from '../remote';
import {
  base,
  list,
  logTail,
  needed,
  type Project,
  page,
  part,
  type Service,
  seconds,
  stateOf,
} from '../service';
import type { Check, State } from '../status';

/**
 * The words of check runs, statuses and workflow runs.
 * https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses
 */
export function githubState(
  status: unknown,
  conclusion: unknown,
): Pick<Check, 'state' | 'word'> & Pick<Check, 'needsHuman'> {
  const word = String((status === 'completed' ? conclusion : status) ?? '');
  const { state } = stateOf(words, word);
  if (word === 'action_required') return { state, needsHuman: true };
  return state === 'unknown' ? { state, word } : { state };
}

const words: Readonly<Record<string, State>> = {
  action_required: 'pending',
  cancelled: 'cancelled',
  error: 'failing',
  expected: 'pending',
  failure: 'failing',
  in_progress: 'running',
  neutral: 'skipped',
  pending: 'pending',
  queued: 'pending',
  requested: 'pending',
  skipped: 'skipped',
  stale: 'unknown',
  startup_failure: 'failing',
  success: 'passing',
  timed_out: 'failing',
  waiting: 'pending',
};

const headers = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
};
const repo = ({ api, slug }: Project) => `${api}/repos/${slug}`;
const paged = 'per_page=100';

/** More pages than these mean a thousand checks. */
const pages = 10;

async function all(http: Http, url: string, field: string): Promise<readonly any[]> {
  const items: any[] = [];
  let next: string | undefined = url;
  for (let i = 0; next !== undefined; i++) {
    if (i === pages) throw new Fault('bad-answer', `over ${pages * 100} ${field}`);
    const answer = await http.request(next, { headers });
    const body = answer.body as Record<string, unknown>;
    items.push(...needed(body?.[field], field));
    next = answer.next;
  }
  return items;
}

/** A fine-grained token never reads check runs, whatever it is granted. */
const barred = (error: unknown) =>
  error instanceof Fault && error.status === 403 && /not accessible by/i.test(error.message);

/** https://docs.github.com/en/rest; also GitHub Enterprise Server and *.ghe.com. */
export const github: Service = {
  id: 'github',
  title: 'GitHub',
  least: [20, 300],
  asks: 'commit',
  session: 'github',

  locate({ host, path, port }) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(path)) return undefined;
    const web = `https://${host}${port ? `:${port}` : ''}/${path}`;
    const project = { service: 'github', slug: path, web };
    if (host === 'github.com') return { ...project, api: 'https://api.github.com' };
    if (isUnder(host, 'ghe.com')) return { ...project, api: `https://api.${host}` };
    return undefined;
  },

  named({ url, project }, remote) {
    const server = base(url);
    const slug = project ?? remote?.path;
    if (!server || !slug || !/^[\w.-]+\/[\w.-]+$/.test(slug)) return undefined;
    const { host } = new URL(server);
    const api =
      host === 'github.com'
        ? 'https://api.github.com'
        : isUnder(host, 'ghe.com')
          ? `https://api.${host}`
          : `${server}/api/v3`;
    return { service: 'github', api, slug, web: `${server}/${slug}` };
  },

  async runs(project, { sha }, http) {
    const commit = `${repo(project)}/commits/${sha}`;
    const [runs, without] = await all(http, `${commit}/check-runs?${paged}`, 'check_runs').then(
      (found) => [found, false] as const,
      (error: unknown) => {
        if (barred(error)) return [[], true] as const;
        throw error;
      },
    );
    const statuses = await all(http, `${commit}/status?${paged}`, 'statuses');
    const checks = new Map<string, Check[]>();
    const others: Check[] = [];
    for (const run of runs) {
      const suite = String(run.check_suite?.id ?? '');
      const app = String(run.app?.slug ?? '');
      const check: Check = {
        key: `${app}/${suite}/${run.name}`,
        id: String(run.id),
        name: String(run.name),
        group: app === 'github-actions' ? undefined : (run.app?.name ?? undefined),
        ...githubState(run.status, run.conclusion),
        startedAt: seconds(run.started_at),
        finishedAt: seconds(run.completed_at),
        url: page(run.html_url) ?? page(run.details_url),
        rerun: `check-runs/${run.id}/rerequest`,
        ...(app === 'github-actions' && { log: String(run.id) }),
      };
      if (app !== 'github-actions') others.push(check);
      else checks.set(suite, [...(checks.get(suite) ?? []), check]);
    }
    for (const each of statuses) {
      others.push({
        key: `status/${each.context}`,
        id: `status ${each.id ?? ''}`,
        name: String(each.context),
        ...githubState(each.state, undefined),
        startedAt: seconds(each.created_at),
        finishedAt: each.state === 'pending' ? undefined : seconds(each.updated_at),
        url: page(each.target_url),
      });
    }
    const actions: Check[] = [];
    if (without || checks.size > 0 || others.length === 0) {
      // Jobs that wait for others are not there until those are through: only the run tells that it goes on.
      const found = await all(
        http,
        `${repo(project)}/actions/runs?head_sha=${sha}&${paged}`,
        'workflow_runs',
      ).catch((error: unknown) => {
        // Of a server without Actions, or with them switched off.
        if (error instanceof Fault && error.reason === 'not-found') return [];
        throw error;
      });
      const newest = new Map<string, any>();
      for (const run of found) {
        const known = newest.get(groupOf(run));
        if (!known || run.id > known.id) newest.set(groupOf(run), run);
      }
      for (const run of found) {
        const suite = String(run.check_suite_id ?? '');
        const jobs = checks.get(suite) ?? [];
        checks.delete(suite);
        if (newest.get(groupOf(run)) === run) actions.push(...ofRun(run, jobs));
      }
    }
    return [{ sha, checks: [...actions, ...[...checks.values()].flat(), ...others] }];
  },

  async required(project, branch, http) {
    const name = encodeURIComponent(branch);
    const rules = await http.json(`${repo(project)}/rules/branches/${name}?${paged}`, { headers });
    const names = list(rules).flatMap((rule) =>
      rule?.type === 'required_status_checks'
        ? list(rule.parameters?.required_status_checks).map((each) => String(each?.context))
        : [],
    );
    const { protection } = await http.json(`${repo(project)}/branches/${name}`, { headers });
    names.push(...list(protection?.required_status_checks?.contexts).map(String));
    return [...new Set(names)];
  },

  async rerun(project, check, http) {
    await http.request(`${repo(project)}/${check.rerun}`, { method: 'POST', headers, as: 'text' });
  },

  async log(project, check, http) {
    const url = `${repo(project)}/actions/jobs/${check.log}/logs`;
    // The log itself lies on another host for a minute, and is fetched without the token.
    const options = { headers, as: 'text', elsewhere: true, tail: logTail } as const;
    return String((await http.request(url, options)).body);
  },

  async parts(project, { inside = '' }, http) {
    const [run, job] = inside.split(' ');
    const url = `${repo(project)}/actions/runs/${run}/jobs?filter=latest&${paged}`;
    const jobs = (await all(http, url, 'jobs')).map(ofJob);
    return job === undefined ? jobs : (jobs.find(({ id }) => id === job)?.parts ?? []);
  },

  async annotations(project, check, http) {
    // Statuses and whole runs have none, and ids of their own kind.
    if (!/^\d+$/.test(check.id)) return [];
    const url = `${repo(project)}/check-runs/${check.id}/annotations?${paged}`;
    return list(await http.json(url, { headers })).flatMap((each) => {
      const line = Number(each?.start_line);
      if (typeof each?.path !== 'string' || !(line > 0) || each.path === '.github') return [];
      const level = String(each.annotation_level);
      return {
        path: each.path,
        line,
        endLine: Number(each.end_line) || undefined,
        level: level === 'failure' || level === 'warning' ? level : 'notice',
        message: String(each.message ?? ''),
      };
    });
  },
};

/** A job with its steps. https://docs.github.com/en/rest/actions/workflow-jobs */
function ofJob(job: any): Check {
  const one = (id: unknown, { name, ...of }: any, more?: Partial<Check>) => {
    const state = githubState(of.status, of.conclusion);
    return part([id, name], state, [of.started_at, of.completed_at], more);
  };
  const parts = list(job.steps).map((step) => one(step.number, step));
  return one(job.id, job, { url: page(job.html_url), log: String(job.id), parts });
}

/** Runs of one workflow for one event replace each other. */
const groupOf = (run: any) => `${run.workflow_id}/${run.event}`;

/** The jobs of a workflow run; or the run itself, where they do not tell all of it. */
function ofRun(run: any, jobs: readonly Check[]): readonly Check[] {
  const name = String(run.name ?? run.path ?? run.workflow_id);
  const group = groupOf(run);
  const whole = githubState(run.status, run.conclusion);
  const own: Check = {
    key: `run/${group}`,
    id: `run ${run.id}`,
    name,
    group: name,
    ...whole,
    startedAt: seconds(run.run_started_at),
    finishedAt: run.status === 'completed' ? seconds(run.updated_at) : undefined,
    url: page(run.html_url),
    rerun: `actions/runs/${run.id}/rerun-failed-jobs`,
    inside: String(run.id),
  };
  const told = (state: State) => jobs.some((job) => job.state === state);
  const toldWhole =
    jobs.length > 0 &&
    (whole.state === 'running' || whole.state === 'pending'
      ? told('running') || told('pending')
      : whole.state !== 'failing' || told('failing'));
  return [
    ...jobs.map((job) => ({
      ...job,
      key: `${group}/${job.name}`,
      group: name,
      inside: `${run.id} ${job.id}`,
      ...(job.state === 'failing' && { rerun: own.rerun }),
      ...(whole.needsHuman && { needsHuman: true }),
    })),
    ...(toldWhole ? [] : [own]),
  ];
}
