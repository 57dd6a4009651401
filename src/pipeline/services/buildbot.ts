import { Fault } from '../fault';
import type { Http } from '../http';
import { parseRemote, type Remote } from '../remote';
import { base, list, logTail, needed, type Project, part, type Service } from '../service';
import type { Check, Revision, State } from '../status';

/**
 * The result codes of builds; without one the build is under way.
 * https://docs.buildbot.net/latest/developer/results.html
 */
export function buildbotState(
  results: unknown,
  complete: unknown,
): Pick<Check, 'state'> & Pick<Check, 'warnings' | 'word'> {
  if (complete !== true) return { state: 'running' };
  if (results === 1) return { state: 'passing', warnings: true };
  const state = typeof results === 'number' ? codes[results] : undefined;
  return state ? { state } : { state: 'unknown', word: String(results) };
}

const codes: readonly State[] = [
  'passing',
  'passing',
  'failing',
  'skipped',
  'failing',
  'pending',
  'cancelled',
];

const newest = 60;

/** https://docs.buildbot.net/latest/developer/rest.html */
export const buildbot: Service = {
  id: 'buildbot',
  title: 'Buildbot',
  least: [15, 15],
  asks: 'branch',
  scheme: 'basic',
  locate: () => undefined,

  /** `url`: where Buildbot is; `project`: names of the builders that count, joined with commas; usually all. */
  named({ url, project }) {
    const server = base(url);
    if (server === undefined) return undefined;
    return { service: 'buildbot', api: `${server}/api/v2`, slug: project ?? '', web: server };
  },

  async runs({ api, slug, web }, { branch, remotes }, http) {
    const wanted = slug.split(',').flatMap((name) => name.trim() || []);
    const builders = new Map<number, string>();
    for (const { builderid, name } of await items(http, `${api}/builders`, 'builders')) {
      if (wanted.length === 0 || wanted.includes(name)) builders.set(builderid, String(name));
    }
    const properties = ['branch', 'revision', 'got_revision', 'repository'];
    const query = properties.map((name) => `&property=${name}`).join('');
    const builds = await items(
      http,
      `${api}/builds?order=-buildid&limit=${newest}${query}`,
      'builds',
    );
    const revisions: Revision[] = [];
    for (const build of builds) {
      const name = builders.get(build.builderid);
      const of = (property: string) => String(build.properties?.[property]?.[0] ?? '');
      if (name === undefined || !isWanted(of('branch'), of('repository'), branch, remotes))
        continue;
      const check: Check = {
        key: String(build.builderid),
        id: String(build.buildid),
        name,
        ...buildbotState(build.results, build.complete),
        startedAt: build.started_at ?? undefined,
        finishedAt: build.complete_at ?? undefined,
        url: `${web}/#/builders/${build.builderid}/builds/${build.number}`,
        rerun: String(build.buildid),
        log: String(build.buildid),
        inside: String(build.buildid),
      };
      revisions.push({ sha: of('got_revision') || of('revision') || undefined, checks: [check] });
    }
    const begun = new Set(builds.map((build) => build.buildrequestid));
    const waiting = await queued(api, builders, branch, remotes, http, begun);
    return [...waiting, ...revisions];
  },

  async rerun({ api }, { rerun }, http) {
    const body = { id: 1, jsonrpc: '2.0', method: 'rebuild', params: {} };
    await http.request(`${api}/builds/${rerun}`, { method: 'POST', body });
  },

  rerunsAll: true,

  async log({ api }, { log = '' }, http) {
    const [, step] = /^step (\d+)$/.exec(log) ?? [];
    const steps = step
      ? await items(http, `${api}/steps/${step}`, 'steps')
      : await items(http, `${await buildAt(api, log, http)}/steps`, 'steps');
    const failed = steps.filter(({ results }) => step || results === 2 || results === 4);
    let text = '';
    for (const { stepid, name } of failed.slice(0, 3)) {
      for (const { logid } of (await items(http, `${api}/steps/${stepid}/logs`, 'logs')).slice(
        0,
        3,
      )) {
        const options = { as: 'text', tail: logTail } as const;
        text += `${name}\n${(await http.request(`${api}/logs/${logid}/raw`, options)).body}\n`;
      }
    }
    return text;
  },

  /** https://docs.buildbot.net/latest/developer/rtype-step.html */
  async parts({ api }, { inside = '' }, http) {
    const steps = await items(http, `${await buildAt(api, inside, http)}/steps`, 'steps');
    return steps
      .filter(({ hidden }) => hidden !== true)
      .map(({ stepid, name, results, complete, started_at, complete_at }) => {
        const state = started_at
          ? buildbotState(results, complete)
          : { state: complete ? ('skipped' as const) : ('pending' as const) };
        const log = started_at ? { log: `step ${stepid}` } : {};
        return part([stepid, name], state, [started_at, complete_at], log);
      });
  },

  /** https://ci.example.com/#/builders/1/builds/42 */
  atPage({ origin, pathname, hash }) {
    const [, of] = /^#\/?(builders\/\d+\/builds\/\d+)\b/.exec(hash) ?? [];
    const project = of && this.named({ service: this.id, url: origin + pathname }, undefined);
    return project ? { project, check: { log: of, inside: of } } : undefined;
  },
};

/** The address of a build: by its own id, or by the number its builder gave it. */
async function buildAt(api: string, build: string, http: Http): Promise<string> {
  if (/^\d+$/.test(build)) return `${api}/builds/${build}`;
  const [found] = await items(http, `${api}/${build}`, 'builds');
  if (!found) throw new Fault('not-found', 'this build is not there');
  return `${api}/builds/${Number(found.buildid)}`;
}

async function items(http: Http, url: string, field: string): Promise<readonly any[]> {
  const body = await http.json(url);
  return needed(body?.[field], field);
}

/** What waits for a worker, or has been given to one and has not begun; newest first. */
async function queued(
  api: Project['api'],
  builders: ReadonlyMap<number, string>,
  branch: string,
  remotes: readonly Remote[],
  http: Http,
  begun: ReadonlySet<unknown>,
): Promise<readonly Revision[]> {
  const url = `${api}/buildrequests?complete=false&order=-buildrequestid&limit=10`;
  const waiting: Revision[] = [];
  for (const request of await items(http, url, 'buildrequests')) {
    const name = builders.get(request.builderid);
    if (name === undefined || begun.has(request.buildrequestid)) continue;
    const [set] = await items(http, `${api}/buildsets/${request.buildsetid}`, 'buildsets');
    const [stamp] = list(set?.sourcestamps);
    if (!isWanted(stamp?.branch ?? '', stamp?.repository ?? '', branch, remotes)) continue;
    const check: Check = {
      key: String(request.builderid),
      id: `request ${request.buildrequestid}`,
      name,
      state: 'pending',
    };
    waiting.push({ sha: stamp?.revision ?? undefined, checks: [check] });
  }
  return waiting;
}

/** A build without a branch was started by hand; a server may build many repositories. */
function isWanted(
  branch: string,
  repository: string,
  wanted: string,
  remotes: readonly Remote[],
): boolean {
  if (branch !== '' && branch !== wanted) return false;
  const remote = parseRemote(repository);
  if (!remote || remotes.length === 0) return true;
  return remotes.some(({ host, path }) => host === remote.host && path === remote.path);
}
