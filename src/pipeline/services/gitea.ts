import { Fault } from '../fault';
import type { Http } from '../http';
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
 * The words of commit statuses; the aggregate of a run under way may come through.
 * https://docs.gitea.com/api/ (CommitStatus), https://codeberg.org/api/swagger
 */
export function giteaState(word: unknown): Pick<Check, 'state' | 'word' | 'warnings' | 'doomed'> {
  if (word === 'warning') return { state: 'passing', warnings: true };
  if (word === 'running_with_failure') return { state: 'running', doomed: true };
  return stateOf(words, word);
}

const words: Readonly<Record<string, State>> = {
  blocked: 'pending',
  cancelled: 'cancelled',
  cancelling: 'running',
  error: 'failing',
  failure: 'failing',
  in_progress: 'running',
  pending: 'pending',
  queued: 'pending',
  running: 'running',
  skipped: 'skipped',
  success: 'passing',
  waiting: 'pending',
};

/** Gitea and Forgejo: each status by itself, as what they call the combined state changed between versions. */
export const gitea: Service = {
  id: 'gitea',
  title: 'Gitea / Forgejo',
  least: [15, 60],
  asks: 'commit',

  locate({ host, path }) {
    if (host !== 'codeberg.org' || !/^[\w.-]+\/[\w.-]+$/.test(path)) return undefined;
    return {
      service: 'gitea',
      api: 'https://codeberg.org/api/v1',
      slug: path,
      web: `https://codeberg.org/${path}`,
    };
  },

  named({ url, project }, remote) {
    const server = base(url);
    const slug = project ?? remote?.path;
    if (!server || !slug || !/^[\w.-]+\/[\w.-]+$/.test(slug)) return undefined;
    return { service: 'gitea', api: `${server}/api/v1`, slug, web: `${server}/${slug}` };
  },

  async runs({ api, slug, web }, { sha }, http) {
    const checks: Check[] = [];
    const size = 50;
    for (let number = 1; number <= 10; number++) {
      const url = `${api}/repos/${slug}/commits/${sha}/statuses?sort=recentupdate&limit=${size}&page=${number}`;
      const all = await http.json(url);
      for (const each of needed(all, 'statuses')) {
        const state = giteaState(each.status);
        const open = state.state === 'running' || state.state === 'pending';
        checks.push({
          key: String(each.context),
          id: String(each.id),
          name: String(each.context),
          ...state,
          startedAt: seconds(each.created_at),
          finishedAt: open ? undefined : seconds(each.updated_at),
          ...ofJob(each.target_url, web, sha),
        });
      }
      if (all.length < size) break;
    }
    return [{ sha, checks }];
  },

  /** Gitea has the call since 1.26; Forgejo, up to 16, has none. https://github.com/go-gitea/gitea/pull/36924 */
  async rerun(project, { rerun }, http) {
    const url = `${repo(project)}/actions/runs/${await runAt(project, rerun, http)}/rerun-failed-jobs`;
    await http.request(url, { method: 'POST', as: 'text' }).catch((error: unknown) => {
      if (!(error instanceof Fault) || (error.status !== 404 && error.status !== 405)) throw error;
      throw new Fault('not-found', 'this server has no call to run jobs again, but its page may');
    });
  },

  /** Gitea has the call since 1.24, Forgejo since 16. */
  async log(project, { log }, http) {
    const job = await jobAt(project, log, http);
    const options = { as: 'text', elsewhere: true, tail: logTail } as const;
    return String(
      (await http.request(`${repo(project)}/actions/jobs/${job.id}/logs`, options)).body,
    );
  },

  /** Forgejo lists jobs without their steps. */
  async parts(project, { inside }, http) {
    const job = await jobAt(project, inside, http);
    return list(job.steps).map(({ number, name, status, conclusion, started_at, completed_at }) => {
      const state = giteaState(status === 'completed' ? conclusion : status);
      return part([number, name], state, [started_at, completed_at]);
    });
  },
};

const repo = ({ api, slug }: Project) => `${api}/repos/${slug}`;

/** The page of a status, which may be relative to the server, and what it tells if it is that of a job. */
function ofJob(target: unknown, web: string, sha: string): Partial<Check> {
  const whole =
    typeof target === 'string' && target.startsWith('/') ? new URL(target, web).href : target;
  const url = page(whole);
  const [way] = /\/actions\/runs\/\d+\/jobs\/\d+/.exec(url ?? '') ?? [];
  if (!way || new URL(url!).host !== new URL(web).host) return { url };
  const at = `${sha} ${way}`;
  // Failed jobs of one run are run again together.
  return { url, log: at, inside: at, rerun: at.replace(/\/jobs\/\d+$/, '') };
}

/** What an older version says to a question it does not know. */
const missing = (error: unknown): never => {
  if (!(error instanceof Fault) || error.status !== 404) throw error;
  throw new Fault('not-found', 'this version of the server does not tell of runs and jobs');
};

/**
 * The id of the run of a page. Pages number runs and jobs, depending on the version, by their ids or by their places, so
 * it is their own pages that are compared. https://docs.gitea.com/api/ (ActionWorkflowRun, ActionWorkflowJob)
 */
async function runAt(project: Project, at: string | undefined, http: Http): Promise<number> {
  const [sha, way = ''] = at?.split(' ') ?? [];
  const url = `${repo(project)}/actions/runs?head_sha=${sha}&limit=50`;
  const runs = needed((await http.json(url).catch(missing))?.workflow_runs, 'runs');
  const run = runs.find(({ html_url }) => String(html_url).endsWith(way));
  if (!Number.isInteger(run?.id)) throw new Fault('not-found', 'this run is not there any more');
  return run.id as number;
}

/** The job of a page. */
async function jobAt(project: Project, at: string | undefined, http: Http): Promise<any> {
  const [sha, way = ''] = at?.split(' ') ?? [];
  const [, of, place] = /^(.*)\/jobs\/(\d+)$/.exec(way) ?? [];
  const run = await runAt(project, `${sha} ${of}`, http);
  const answer = await http.json(`${repo(project)}/actions/runs/${run}/jobs`).catch(missing);
  // Forgejo's is the list itself, in which jobs have no page but a place.
  const jobs = list(answer?.jobs ?? answer?.workflow_jobs ?? answer);
  const job =
    jobs.find(({ html_url }) => String(html_url).endsWith(way)) ??
    (Array.isArray(answer) ? jobs[Number(place)] : undefined);
  if (!Number.isInteger(job?.id)) throw new Fault('not-found', 'this job is not there any more');
  return job;
}
