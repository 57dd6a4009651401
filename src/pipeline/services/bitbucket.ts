import { Fault } from '../fault';
import { base, page, type Service, seconds } from '../service';
import type { Check, State } from '../status';

/** The words of commit statuses. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/ */
export function bitbucketState(word: unknown): Pick<Check, 'state' | 'word'> {
  const state = words[String(word)];
  return state ? { state } : { state: 'unknown', word: String(word) };
}

const words: Readonly<Record<string, State>> = {
  CANCELLED: 'cancelled',
  FAILED: 'failing',
  INPROGRESS: 'running',
  STOPPED: 'cancelled',
  SUCCESSFUL: 'passing',
  UNKNOWN: 'unknown',
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
      if (!Array.isArray(body?.values)) throw new Fault('bad-answer', 'no statuses in the answer');
      for (const each of body.values) {
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
        });
      }
      const { origin } = new URL(api);
      const more: unknown = body.next;
      next = typeof more === 'string' && more.startsWith(`${origin}/`) ? more : undefined;
    }
    return [{ sha, checks }];
  },
};
