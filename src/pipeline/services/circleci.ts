import { Fault } from '../fault';
import { base, list, type Project, type Service, seconds } from '../service';
import type { Check, Revision, State } from '../status';

/** The words of workflows. https://circleci.com/docs/workflows/#states */
export function circleciState(
  word: unknown,
): Pick<Check, 'state' | 'word' | 'doomed' | 'needsHuman' | 'soFar'> {
  if (word === 'failing') return { state: 'running', doomed: true };
  // Everything before what is held has passed, otherwise it would be failing.
  if (word === 'on_hold') return { state: 'pending', needsHuman: true, soFar: true };
  const state = words[String(word)];
  return state ? { state } : { state: 'unknown', word: String(word) };
}

const words: Readonly<Record<string, State>> = {
  canceled: 'cancelled',
  cancelled: 'cancelled',
  error: 'failing',
  failed: 'failing',
  not_run: 'skipped',
  queued: 'pending',
  running: 'running',
  success: 'passing',
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
    if (!Array.isArray(body?.items)) throw new Fault('bad-answer', 'no pipelines in the answer');
    const revisions: Revision[] = [];
    let decided = false;
    for (const pipeline of body.items.slice(0, looked)) {
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
};

async function workflows(
  { api, slug, web }: Project,
  pipeline: any,
  http: Parameters<Service['runs']>[2],
): Promise<readonly Check[]> {
  const errors = list(pipeline.errors).map((error) => String(error?.message));
  if (pipeline.state === 'errored' || errors.length > 0) {
    // A configuration that cannot be read has no workflows, and builds nothing.
    const at = seconds(pipeline.updated_at ?? pipeline.created_at);
    const name = 'configuration';
    return [{ key: name, id: String(pipeline.number), name, state: 'failing', finishedAt: at }];
  }
  const body = await http.json(`${api}/pipeline/${pipeline.id}/workflow`);
  if (!Array.isArray(body?.items)) throw new Fault('bad-answer', 'no workflows in the answer');
  // What is run again is another workflow of the same name.
  const newest = new Map<string, any>();
  for (const each of body.items) {
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
  }));
}
