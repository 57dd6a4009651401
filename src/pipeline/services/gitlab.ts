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
  type Wanted,
} from '../service';
import type { Check, State } from '../status';

/** The words of pipelines, jobs and commit statuses. https://docs.gitlab.com/api/pipelines/ */
export function gitlabState(word: unknown): Pick<Check, 'state' | 'word' | 'needsHuman'> {
  const said = stateOf(words, word);
  return word === 'manual' ? { ...said, needsHuman: true } : said;
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

const encoded = ({ slug }: Project) => encodeURIComponent(slug);
const at = (project: Project) => `${project.api}/projects/${encoded(project)}`;

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

  async runs(project, wanted, http) {
    const { sha } = wanted;
    const pipelines = await http.json(`${at(project)}/pipelines?sha=${sha}&per_page=50`);
    const proposed = wanted.kind === 'commit' ? await ofMergeRequests(project, wanted, http) : [];
    const newest = new Map<string, any>();
    for (const each of [...needed(pipelines, 'pipelines').filter(counted), ...proposed]) {
      const key = `${each.source}/${each.ref}`;
      if (!newest.has(key) || each.id > newest.get(key).id) newest.set(key, each);
    }
    const checks: Check[] = [];
    for (const [key, pipeline] of newest) {
      const { state, ...more } = gitlabState(pipeline.status);
      const { id, ref, project_id } = pipeline;
      // That of a merge request may run in the project it comes from.
      const own = Number.isInteger(project_id) ? String(project_id) : encoded(project);
      const whole: Check = {
        key,
        id: String(id),
        name: `pipeline ${ref}`,
        ...more,
        state,
        startedAt: seconds(pipeline.created_at),
        finishedAt: isOpen(state) ? undefined : seconds(pipeline.updated_at),
        url: page(pipeline.web_url),
        rerun: `${own}/pipelines/${id}/retry`,
        inside: `${own}/pipelines/${id}/jobs?per_page=100`,
      };
      // The pipeline's own word decides: how jobs add up depends on their order. They say why.
      const jobs =
        state === 'failing' || state === 'running'
          ? list(await http.json(`${project.api}/projects/${whole.inside}`)).map(jobOf(own))
          : [];
      const failed = jobs.filter((job) => job.state === 'failing');
      const told = failed.some(({ allowFailure }) => !allowFailure);
      if (state !== 'failing' || !told) {
        checks.push({
          ...whole,
          ...(failed.some((job) => job.allowFailure) && { warnings: true }),
        });
        continue;
      }
      for (const { needsHuman: _, finishedAt = whole.finishedAt, ...job } of jobs) {
        checks.push({
          ...job,
          key: `${key}/${job.name}`,
          group: whole.name,
          // What still waits, waits in vain: the pipeline has come to its end.
          ...(isOpen(job.state) && { state: 'skipped' }),
          finishedAt,
          ...(job.state === 'failing' && { rerun: whole.rerun }),
        });
      }
    }
    return [{ sha, checks: [...checks, ...(await others(project, sha, http))] }];
  },

  async rerun(project, { rerun }, http) {
    await http.request(`${project.api}/projects/${rerun}`, { method: 'POST' });
  },

  async log(project, { log }, http) {
    const options = { as: 'text', elsewhere: true, tail: logTail } as const;
    return String((await http.request(`${project.api}/projects/${log}`, options)).body);
  },

  async parts(project, { inside = '' }, http) {
    const jobs = await http.json(`${project.api}/projects/${inside}`);
    const [own = ''] = inside.split('/');
    // The newest is listed first.
    return needed(jobs, 'jobs').map(jobOf(own)).reverse();
  },
};

const isOpen = (state: State) => state === 'running' || state === 'pending';

/** https://docs.gitlab.com/api/jobs/ */
const jobOf =
  (own: string) =>
  (job: any): Check =>
    part([job.id, job.name], gitlabState(job.status), [job.started_at, job.finished_at], {
      ...(job.allow_failure === true && { allowFailure: true }),
      url: page(job.web_url),
      log: `${own}/jobs/${job.id}/trace`,
    });

/**
 * The newest pipeline of each open merge request whose head the commit is. Where results are merged before they are
 * tested it runs on a commit of its own, which only the merge request leads to.
 * https://docs.gitlab.com/ci/pipelines/merged_results_pipelines/
 */
async function ofMergeRequests(
  project: Project,
  { branch, sha }: Wanted,
  http: Http,
): Promise<readonly any[]> {
  const name = encodeURIComponent(branch);
  const url = `${at(project)}/merge_requests?source_branch=${name}&state=opened&per_page=20`;
  const all = await http.json(url).catch((error: unknown) => {
    // A project may have none to give, as these can be switched off.
    if (error instanceof Fault && (error.status === 403 || error.status === 404)) return [];
    throw error;
  });
  const found: any[] = [];
  for (const { iid } of needed(all, 'merge requests').filter((each) => each.sha === sha)) {
    const { head_pipeline } = await http.json(`${at(project)}/merge_requests/${iid}`);
    if (head_pipeline) found.push(head_pipeline);
  }
  return found;
}

/** What other CI servers say of the commit; GitLab's own jobs are in the list, too, and told by their pipelines. */
async function others(project: Project, sha: string, http: Http): Promise<readonly Check[]> {
  const all = await http.json(`${at(project)}/repository/commits/${sha}/statuses?per_page=100`);
  return needed(all, 'statuses')
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
