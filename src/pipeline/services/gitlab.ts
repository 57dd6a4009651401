import { Fault } from '../fault';
import { base, list, logTail, type Project, page, type Service, seconds } from '../service';
import type { Check, State } from '../status';

/** The words of pipelines, jobs and commit statuses. https://docs.gitlab.com/api/pipelines/ */
export function gitlabState(word: unknown): Pick<Check, 'state' | 'word' | 'needsHuman'> {
  const state = words[String(word)];
  if (!state) return { state: 'unknown', word: String(word) };
  return word === 'manual' ? { state, needsHuman: true } : { state };
}

const words: Readonly<Record<string, State>> = {
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
};

const at = ({ api, slug }: Project) => `${api}/projects/${encodeURIComponent(slug)}`;

/** Pipelines of merge requests and tags may share the commit; a child's verdict is its parent's to take or leave. */
const counted = ({ source }: any) => source !== 'parent_pipeline';

/** https://docs.gitlab.com/api/rest/; gitlab.com and servers of one's own. */
export const gitlab: Service = {
  id: 'gitlab',
  title: 'GitLab',
  least: [15, 30],
  asks: 'commit',

  locate({ host, path }) {
    if (host !== 'gitlab.com' || !path.includes('/')) return undefined;
    return {
      service: 'gitlab',
      api: 'https://gitlab.com/api/v4',
      slug: path,
      web: `https://gitlab.com/${path}`,
    };
  },

  named({ url, project }, remote) {
    const server = base(url);
    const slug = project ?? remote?.path;
    if (!server || !slug) return undefined;
    return { service: 'gitlab', api: `${server}/api/v4`, slug, web: `${server}/${slug}` };
  },

  async runs(project, { sha }, http) {
    const pipelines = await http.json(`${at(project)}/pipelines?sha=${sha}&per_page=50`);
    if (!Array.isArray(pipelines)) throw new Fault('bad-answer', 'no list of pipelines');
    const newest = new Map<string, any>();
    for (const each of pipelines.filter(counted)) {
      const key = `${each.source}/${each.ref}`;
      if (!newest.has(key) || each.id > newest.get(key).id) newest.set(key, each);
    }
    const checks: Check[] = [];
    for (const [key, pipeline] of newest) {
      const { state, ...more } = gitlabState(pipeline.status);
      const open = state === 'running' || state === 'pending';
      const whole: Check = {
        key,
        id: String(pipeline.id),
        name: `pipeline ${pipeline.ref}`,
        ...more,
        state,
        startedAt: seconds(pipeline.created_at),
        finishedAt: open ? undefined : seconds(pipeline.updated_at),
        url: page(pipeline.web_url),
        rerun: `pipelines/${pipeline.id}/retry`,
      };
      // The pipeline's own word decides: how jobs add up depends on their order. They say why.
      const jobs =
        state === 'failing' || state === 'running'
          ? await http.json(`${at(project)}/pipelines/${pipeline.id}/jobs?per_page=100`)
          : [];
      const failed = list(jobs).filter(({ status }) => status === 'failed');
      const told = failed.filter(({ allow_failure }) => allow_failure !== true);
      if (state !== 'failing' || told.length === 0) {
        checks.push({ ...whole, ...(failed.length > told.length && { warnings: true }) });
      }
      for (const job of state === 'failing' ? told : []) {
        checks.push({
          key: `${key}/${job.name}`,
          id: String(job.id),
          name: String(job.name),
          group: String(job.stage),
          state: 'failing',
          startedAt: seconds(job.started_at),
          finishedAt: seconds(job.finished_at) ?? whole.finishedAt,
          url: page(job.web_url),
          rerun: whole.rerun,
          log: String(job.id),
        });
      }
    }
    return [{ sha, checks: [...checks, ...(await others(project, sha, http))] }];
  },

  async rerun(project, { rerun }, http) {
    await http.request(`${at(project)}/${rerun}`, { method: 'POST' });
  },

  async log(project, { log }, http) {
    const options = { as: 'text', elsewhere: true, tail: logTail } as const;
    return String((await http.request(`${at(project)}/jobs/${log}/trace`, options)).body);
  },
};

/** What other CI servers say of the commit; GitLab's own jobs are in the list, too, and told by their pipelines. */
async function others(
  project: Project,
  sha: string,
  http: Parameters<Service['runs']>[2],
): Promise<readonly Check[]> {
  const all = await http.json(`${at(project)}/repository/commits/${sha}/statuses?per_page=100`);
  if (!Array.isArray(all)) throw new Fault('bad-answer', 'no list of statuses');
  return all
    .filter(
      ({ target_url }) => typeof target_url === 'string' && !/\/-\/jobs\/\d+$/.test(target_url),
    )
    .map((each) => ({
      key: `status/${each.name}`,
      id: String(each.id),
      name: String(each.name),
      ...gitlabState(each.status),
      allowFailure: each.allow_failure === true,
      startedAt: seconds(each.started_at ?? each.created_at),
      finishedAt: seconds(each.finished_at),
      url: page(each.target_url),
    }));
}
