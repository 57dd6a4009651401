import type { Http } from '../http';
import {
  base,
  list,
  logTail,
  needed,
  type Project,
  part,
  type Service,
  seconds,
  stateOf,
} from '../service';
import type { Check, Revision, State } from '../status';

/**
 * The words of workflows and jobs, and of the steps of version 1.1, which alone tells of those.
 * https://circleci.com/docs/workflows/#states, https://circleci.com/docs/api/v2/ (Job)
 */
export function circleciState(
  word: unknown,
): Pick<Check, 'state' | 'word' | 'doomed' | 'needsHuman' | 'soFar'> {
  if (word === 'failing') return { state: 'running', doomed: true };
  // Everything before what is held has passed, otherwise it would be failing.
  if (word === 'on_hold') return { state: 'pending', needsHuman: true, soFar: true };
  return stateOf(words, word);
}

const words: Readonly<Record<string, State>> = {
  blocked: 'pending',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  error: 'failing',
  failed: 'failing',
  infrastructure_fail: 'failing',
  not_run: 'skipped',
  not_running: 'pending',
  queued: 'pending',
  retried: 'cancelled',
  running: 'running',
  success: 'passing',
  timedout: 'failing',
  unauthorized: 'failing',
};

/** Pipelines of a branch whose workflows are asked for: a poll asks two questions, and more only after a push. */
const looked = 3;

/** https://circleci.com/docs/api/v2/ */
export const circleci: Service = {
  id: 'circleci',
  title: 'CircleCI',
  least: [30, 60],
  asks: 'branch',
  locate: () => undefined,

  /** `project`: the slug, such as gh/organization/repository, where the remote does not tell it. */
  named({ url, project }, remote) {
    const server = base(url);
    const kinds: Readonly<Record<string, string>> = { 'github.com': 'gh', 'bitbucket.org': 'bb' };
    const kind = remote && kinds[remote.host];
    const slug = project ?? (kind && `${kind}/${remote.path}`);
    if (!server || !slug || !/^[\w-]+\/[\w.-]+\/[\w.-]+$/.test(slug)) return undefined;
    const web = server === 'https://circleci.com' ? 'https://app.circleci.com' : server;
    return { service: 'circleci', api: `${server}/api/v2`, slug, web };
  },

  async runs(project, { branch }, http) {
    const { api, slug } = project;
    const url = `${api}/project/${slug}/pipeline?branch=${encodeURIComponent(branch)}`;
    const body = await http.json(url);
    const pipelines = needed(body?.items, 'pipelines');
    const revisions: Revision[] = [];
    let decided = false;
    for (const pipeline of pipelines.slice(0, looked)) {
      if (decided) break;
      const checks = await workflows(project, pipeline, http);
      revisions.push({ sha: pipeline.vcs?.revision, checks });
      decided =
        checks.length > 0 &&
        checks.every(({ state }) => state === 'passing' || state === 'failing');
    }
    return revisions;
  },

  async rerun({ api }, { rerun }, http) {
    const options = { method: 'POST', body: { from_failed: true } } as const;
    await http.request(`${api}/workflow/${rerun}/rerun`, options);
  },

  /** Of a workflow its jobs, of a job its steps. */
  async parts(project, { inside = '' }, http) {
    if (!/^\d+$/.test(inside)) return jobs(project, inside, http);
    return (await steps(project, inside, http)).map(({ name, actions }, i) => {
      // Of a job that runs several times at once each step is there as often.
      const failed = actions.find((action) => circleciState(action.status).state === 'failing');
      const shown = failed ?? actions.at(-1);
      return part([i, name], circleciState(shown?.status), [shown?.start_time, shown?.end_time]);
    });
  },

  /** Of each step that failed what it printed. */
  async log(project, { log = '' }, http) {
    const numbers = /^\d+$/.test(log)
      ? [log]
      : (await jobs(project, log, http)).flatMap(({ state, log: own }) =>
          state === 'failing' && own ? own : [],
        );
    let text = '';
    for (const number of numbers.slice(0, 3)) {
      for (const { name, actions } of await steps(project, number, http)) {
        for (const { status, output_url } of actions) {
          if (circleciState(status).state !== 'failing' || typeof output_url !== 'string') continue;
          // Lies on another host, behind an address that is a secret for some minutes.
          const options = { as: 'text', anonymous: true, tail: logTail } as const;
          text += `${name}\n${messages(String((await http.request(output_url, options)).body))}\n`;
        }
      }
    }
    return text;
  },

  /**
   * https://circleci.com/gh/acme/shop/42, https://app.circleci.com/pipelines/github/acme/shop/7/workflows/<id>/jobs/42 and
   * the same of a workflow.
   */
  atPage({ protocol, host, pathname }) {
    const old = /^\/(gh|bb)(\/[\w.-]+\/[\w.-]+)\/(\d+)$/.exec(pathname);
    const [, kind = '', path = '', workflow, job] =
      /^\/(?:jobs|pipelines)\/(\w+)(\/[\w.-]+\/[\w.-]+)\/\d+(?:\/workflows\/([\w-]+))?(?:\/jobs\/(\d+))?$/.exec(
        pathname,
      ) ?? [];
    const short = { github: 'gh', bitbucket: 'bb' }[kind] ?? kind;
    const slug = old ? old[1]! + old[2]! : short + path;
    const at = old?.[3] ?? job ?? workflow;
    const url = `${protocol}//${host.replace(/^app\.circleci\.com$/, 'circleci.com')}`;
    const named = { service: this.id, url, project: slug };
    const project = at === undefined ? undefined : this.named(named, undefined);
    return project ? { project, check: { log: at, inside: at } } : undefined;
  },
};

/** https://circleci.com/docs/api/v2/#operation/listWorkflowJobs */
async function jobs(project: Project, workflow: string, http: Http): Promise<readonly Check[]> {
  const body = await http.json(`${project.api}/workflow/${workflow}/job`);
  return needed(body?.items, 'jobs').map(
    ({ id, name, status, job_number, started_at, stopped_at }) => {
      // One that waits for a person is no job, and has no number.
      const at = Number.isInteger(job_number) ? String(job_number) : undefined;
      const more = at ? { log: at, inside: at } : {};
      return part([id, name], circleciState(status), [started_at, stopped_at], more);
    },
  );
}

/** https://circleci.com/docs/api/v1/#single-job */
async function steps(
  { api, slug }: Project,
  job: string,
  http: Http,
): Promise<readonly { readonly name: unknown; readonly actions: readonly any[] }[]> {
  const old = api.replace(/\/v2$/, '/v1.1');
  const body = await http.json(`${old}/project/${slug}/${job}`);
  return needed(body?.steps, 'steps').map((step) => ({
    name: step?.name,
    actions: list(step?.actions),
  }));
}

/** What a step printed comes as a list of messages. */
function messages(text: string): string {
  try {
    return list(JSON.parse(text))
      .map((each) => String(each?.message ?? ''))
      .join('');
  } catch {
    return text;
  }
}

async function workflows(
  { api, slug, web }: Project,
  pipeline: any,
  http: Http,
): Promise<readonly Check[]> {
  const errors = list(pipeline.errors).map((error) => String(error?.message));
  if (pipeline.state === 'errored' || errors.length > 0) {
    // A configuration that cannot be read has no workflows, and builds nothing.
    const at = seconds(pipeline.updated_at ?? pipeline.created_at);
    const name = 'configuration';
    return [{ key: name, id: String(pipeline.number), name, state: 'failing', finishedAt: at }];
  }
  const body = await http.json(`${api}/pipeline/${pipeline.id}/workflow`);
  const all = needed(body?.items, 'workflows');
  // What is run again is another workflow of the same name.
  const newest = new Map<string, any>();
  for (const each of all) {
    const known = newest.get(each.name);
    if (!known || String(each.created_at) > String(known.created_at)) newest.set(each.name, each);
  }
  return [...newest.values()].map((each) => ({
    key: String(each.name),
    id: String(pipeline.number),
    name: String(each.name),
    ...circleciState(each.status),
    startedAt: seconds(each.created_at),
    finishedAt: seconds(each.stopped_at),
    url: `${web}/pipelines/${slug}/${pipeline.number}/workflows/${each.id}`,
    rerun: String(each.id),
    log: String(each.id),
    inside: String(each.id),
  }));
}
