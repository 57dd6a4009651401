import { Fault } from '../fault';
import type { Http } from '../http';
import {
  base,
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

/** The words of commit statuses. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/ */
export function bitbucketState(word: unknown): Pick<Check, 'state' | 'word'> {
  return stateOf(words, word);
}

const words: Readonly<Record<string, State>> = {
  CANCELLED: 'cancelled',
  FAILED: 'failing',
  INPROGRESS: 'running',
  STOPPED: 'cancelled',
  SUCCESSFUL: 'passing',
  UNKNOWN: 'unknown',
};

/**
 * The words of pipelines and their steps: how they stand, and how they ended.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/
 */
export function pipelineState(state: any): Pick<Check, 'state' | 'word' | 'needsHuman'> {
  const word = String(state?.result?.name ?? state?.stage?.name ?? state?.name);
  if (word === 'PAUSED' || word === 'HALTED') return { state: 'pending', needsHuman: true };
  return stateOf(pipelineWords, word);
}

const pipelineWords: Readonly<Record<string, State>> = {
  ERROR: 'failing',
  EXPIRED: 'failing',
  FAILED: 'failing',
  IN_PROGRESS: 'running',
  NOT_RUN: 'skipped',
  PENDING: 'pending',
  READY: 'pending',
  RUNNING: 'running',
  STOPPED: 'cancelled',
  SUCCESSFUL: 'passing',
};

const cloud = 'https://api.bitbucket.org/2.0';

/**
 * Bitbucket Cloud and Data Center, by the statuses of commits, which Pipelines writes too: one request, as the limit of
 * Cloud is the tightest of all. https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
 */
export const bitbucket: Service = {
  id: 'bitbucket',
  title: 'Bitbucket',
  least: [30, 300],
  asks: 'commit',

  locate({ host, path }) {
    if (host !== 'bitbucket.org' || !/^[\w.-]+\/[\w.-]+$/.test(path)) return undefined;
    return { service: 'bitbucket', api: cloud, slug: path, web: `https://bitbucket.org/${path}` };
  },

  /** A server of one's own is Data Center. */
  named({ url, project }, remote) {
    const server = base(url);
    const slug = project ?? remote?.path.replace(/^scm\//, '');
    if (!server || !slug) return undefined;
    if (server === 'https://bitbucket.org')
      return this.locate({ host: 'bitbucket.org', path: slug });
    return { service: 'bitbucket', api: `${server}/rest/build-status/1.0`, slug, web: server };
  },

  async runs({ api, slug }, { sha }, http) {
    // Data Center knows statuses by commit alone.
    const own = /\/rest\/build-status\/1\.0$/.test(api);
    let next: string | undefined = own
      ? `${api}/commits/${sha}?limit=100`
      : `${api}/repositories/${slug}/commit/${sha}/statuses?pagelen=100`;
    const checks: Check[] = [];
    for (let i = 0; next !== undefined && i < 5; i++) {
      const body: any = await http.json(next);
      for (const each of needed(body?.values, 'statuses')) {
        const state = bitbucketState(each.state);
        const finished =
          state.state === 'running' ? undefined : (each.updated_on ?? each.dateAdded);
        checks.push({
          key: String(each.key),
          id: String(each.uuid ?? each.key),
          name: String(each.name || each.key),
          ...state,
          startedAt: seconds(each.created_on ?? each.dateAdded),
          finishedAt: seconds(finished),
          url: page(each.url),
          ...(!own && ofPipeline(each.url, slug)),
        });
      }
      const { origin } = new URL(api);
      const more: unknown = body.next;
      next = typeof more === 'string' && more.startsWith(`${origin}/`) ? more : undefined;
    }
    return [{ sha, checks }];
  },

  /** There is no call for steps that failed: the same pipeline is started again, for the same commit. */
  async rerun(project, { rerun = '' }, http) {
    const { target } = await pipelineOf(project, rerun, http);
    const options = { method: 'POST', body: { target: without(target) } } as const;
    await http.request(`${at(project)}/pipelines/`, options);
  },
  rerunsAll: true,

  async log(project, { log = '' }, http) {
    const [number = '', step] = log.split(' ');
    const { uuid } = await pipelineOf(project, number, http);
    let text = '';
    for (const each of await stepsOf(project, uuid, http)) {
      if (step ? each.uuid !== step : pipelineState(each.state).state !== 'failing') continue;
      const way = `${encodeURIComponent(uuid)}/steps/${encodeURIComponent(each.uuid)}`;
      // The log itself may lie on another host, and is fetched there without the token.
      const options = { as: 'text', elsewhere: true, tail: logTail } as const;
      const { body } = await http.request(`${at(project)}/pipelines/${way}/log`, options);
      text += `${each.name}\n${body}\n`;
    }
    return text;
  },

  async parts(project, { inside = '' }, http) {
    const { uuid } = await pipelineOf(project, inside, http);
    const steps = await stepsOf(project, uuid, http);
    return steps.map(({ uuid: id, name, state, started_on, completed_on }) =>
      part([id, name], pipelineState(state), [started_on, completed_on], {
        log: `${inside} ${id}`,
      }),
    );
  },
};

const at = ({ api, slug }: Project) => `${api}/repositories/${slug}`;

/** Where the pipeline of a status is, told from its page; statuses of other servers have other pages. */
function ofPipeline(url: unknown, slug: string): Pick<Check, 'rerun' | 'log' | 'inside'> {
  const [, of, number] =
    /^https:\/\/bitbucket\.org\/([^/]+\/[^/]+)\/.*\bresults\/(\d+)\b/.exec(String(url)) ?? [];
  return of === slug ? { rerun: number, log: number, inside: number } : {};
}

/** A pipeline by its number: addresses want its other name. */
async function pipelineOf(project: Project, number: string, http: Http): Promise<any> {
  const body = await http.json(`${at(project)}/pipelines/?sort=-created_on&pagelen=50`);
  const all = needed(body?.values, 'pipelines');
  const found = all.find(({ build_number }) => String(build_number) === number);
  if (typeof found?.uuid !== 'string') {
    throw new Fault('not-found', `pipeline ${number} is not among the newest 50`);
  }
  return found;
}

async function stepsOf(project: Project, uuid: string, http: Http): Promise<readonly any[]> {
  const way = `${encodeURIComponent(uuid)}/steps/?pagelen=100`;
  const body = await http.json(`${at(project)}/pipelines/${way}`);
  return needed(body?.values, 'steps');
}

/** What a pipeline was started for, without what the server adds when it tells of it. */
function without(target: unknown): unknown {
  if (Array.isArray(target) || typeof target !== 'object' || target === null) return target;
  return Object.fromEntries(
    Object.entries(target)
      .filter(([key]) => key !== 'links')
      .map(([key, value]) => [key, without(value)]),
  );
}
