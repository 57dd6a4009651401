import { Fault } from '../fault';
import { base, page, type Service, seconds } from '../service';
import type { Check, State } from '../status';

/**
 * The words of commit statuses; the aggregate of a run under way may come through.
 * https://docs.gitea.com/api/ (CommitStatus), https://codeberg.org/api/swagger
 */
export function giteaState(word: unknown): Pick<Check, 'state' | 'word' | 'warnings' | 'doomed'> {
  if (word === 'warning') return { state: 'passing', warnings: true };
  if (word === 'running_with_failure') return { state: 'running', doomed: true };
  const state = words[String(word)];
  return state ? { state } : { state: 'unknown', word: String(word) };
}

const words: Readonly<Record<string, State>> = {
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
      if (!Array.isArray(all)) throw new Fault('bad-answer', 'no list of statuses');
      for (const each of all) {
        const state = giteaState(each.status);
        const open = state.state === 'running' || state.state === 'pending';
        checks.push({
          key: String(each.context),
          id: String(each.id),
          name: String(each.context),
          ...state,
          startedAt: seconds(each.created_at),
          finishedAt: open ? undefined : seconds(each.updated_at),
          // May be relative to the server.
          url: page(
            typeof each.target_url === 'string' && each.target_url.startsWith('/')
              ? new URL(each.target_url, web).href
              : each.target_url,
          ),
        });
      }
      if (all.length < size) break;
    }
    return [{ sha, checks }];
  },
};
