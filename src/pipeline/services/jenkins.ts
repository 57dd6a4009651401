import { Fault } from '../fault';
import { base, list, logTail, needed, part, type Service, seconds, stateOf } from '../service';
import type { Check, Revision, State } from '../status';

/** https://javadoc.jenkins.io/hudson/model/Result.html; without a result it is under way. */
export function jenkinsState(
  result: unknown,
  building: unknown,
): Pick<Check, 'state' | 'word' | 'warnings'> {
  if (building === true || result === null) return { state: 'running' };
  // Tests failed.
  if (result === 'UNSTABLE') return { state: 'failing', warnings: true };
  return stateOf(words, result);
}

const words: Readonly<Record<string, State>> = {
  ABORTED: 'cancelled',
  FAILURE: 'failing',
  NOT_BUILT: 'skipped',
  SUCCESS: 'passing',
};

// Only what is read: "depth" would cost the server much more.
const builds =
  'builds[number,building,result,timestamp,duration,displayName,actions[lastBuiltRevision[SHA1,branch[name]]]]{0,20}';

/** https://www.jenkins.io/doc/book/using/remote-access-api/ */
export const jenkins: Service = {
  id: 'jenkins',
  title: 'Jenkins',
  least: [15, 15],
  asks: 'branch',
  scheme: 'basic',
  locate: () => undefined,

  /** `url`: that of the job; of a multibranch one, whose jobs are branches, too. */
  named({ url }) {
    const job = base(url);
    return job && /\/job\//.test(`${job}/`)
      ? { service: 'jenkins', api: job, slug: '', web: job }
      : undefined;
  },

  async runs({ api }, { branch }, http) {
    const tree = `name,inQueue,${builds},jobs[name,url]`;
    const top = await http.json(`${api}/api/json?tree=${encodeURIComponent(tree)}`);
    if (typeof top?.name !== 'string') throw new Fault('bad-answer', 'no job in the answer');
    let [job, at] = [top, api];
    if (Array.isArray(top.jobs)) {
      // The name of a branch is encoded once more in the name of its job.
      const own = top.jobs.find(
        ({ name }: any) => name === branch || decoded(String(name)) === branch,
      );
      if (!own) return [];
      // Addresses in answers begin with what the server takes for its own, which may be another name.
      at = `${api}/job/${encodeURIComponent(own.name)}`;
      job = await http.json(`${at}/api/json?tree=${encodeURIComponent(`name,inQueue,${builds}`)}`);
    }
    const all = needed(job?.builds, 'builds');
    const revisions: Revision[] = [];
    if (job.inQueue === true) {
      revisions.push({
        checks: [{ key: at, id: 'queue', name: decoded(job.name), state: 'pending' }],
      });
    }
    for (const build of all) {
      const revision = list(build.actions).find(
        (action) => action?.lastBuiltRevision,
      )?.lastBuiltRevision;
      if (!isOf(revision?.branch, branch)) continue;
      const started = seconds(build.timestamp);
      const state = jenkinsState(build.result, build.building);
      const check: Check = {
        key: at,
        id: String(build.number),
        name: decoded(String(job.name)),
        ...state,
        startedAt: started,
        finishedAt:
          started === undefined || state.state === 'running'
            ? undefined
            : started + Math.floor(Number(build.duration ?? 0) / 1000),
        url: `${at}/${build.number}/`,
        rerun: at,
        log: `${at}/${build.number}`,
        inside: `${at}/${build.number}`,
      };
      revisions.push({ sha: revision?.SHA1, checks: [check] });
    }
    return revisions;
  },

  async rerun(_project, { rerun }, http) {
    await http.request(`${rerun}/build`, { method: 'POST', as: 'text' });
  },

  async log(_project, { log }, http) {
    const options = { as: 'text', tail: logTail } as const;
    return String((await http.request(`${log}/consoleText`, options)).body);
  },

  rerunsAll: true,

  /** Of a pipeline its stages, of a stage its steps. https://plugins.jenkins.io/pipeline-rest-api/ */
  async parts(_project, { inside = '' }, http) {
    const body = await http.json(`${inside}/wfapi/describe`).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.status !== 404) throw error;
      throw new Fault(
        'not-found',
        'no stages: it is no pipeline, or the server does not list them',
      );
    });
    const stages = body?.stages ?? body?.stageFlowNodes;
    return needed(stages, 'stages').map(
      ({ id, name, status, startTimeMillis: started, durationMillis }) => {
        const state = stageState(status);
        const open = state.state === 'running' || state.state === 'pending';
        const ended = open ? undefined : Number(started) + Number(durationMillis ?? 0);
        return part([id, name], state, [started, ended], {
          ...(body.stages && { inside: `${inside}/execution/node/${encodeURIComponent(id)}` }),
        });
      },
    );
  },

  /** https://ci.example.com/job/acme/job/shop/42/, what may follow it, and Blue Ocean's pages. */
  atPage({ origin, pathname }) {
    const [, root, path, number] =
      /^(.*)\/blue\/organizations\/jenkins\/([^/]+\/detail\/[^/]+)\/(\d+)\b/.exec(pathname) ?? [];
    const jobs = path?.split('/detail/').flatMap((part) => decoded(part).split('/'));
    const job = jobs
      ? `${root}${jobs.map((name) => `/job/${encodeURIComponent(name)}`).join('')}`
      : /^(?:\/[^/]+)*?(?:\/job\/[^/]+)+(?=\/\d+(?:\/|$))/.exec(pathname)?.[0];
    const build = number ?? /^\/(\d+)/.exec(pathname.slice(job?.length))?.[1];
    const project = job && this.named({ service: this.id, url: origin + job }, undefined);
    if (!project || !build) return undefined;
    const at = `${project.api}/${build}`;
    return { project, check: { log: at, inside: at } };
  },
};

/** The words of stages and their steps. https://github.com/jenkinsci/pipeline-stage-view-plugin (StatusExt) */
export function stageState(word: unknown): Pick<Check, 'state' | 'word' | 'needsHuman'> {
  if (word === 'PAUSED_PENDING_INPUT') return { state: 'pending', needsHuman: true };
  return stateOf(stageWords, word);
}

const stageWords: Readonly<Record<string, State>> = {
  ABORTED: 'cancelled',
  FAILED: 'failing',
  IN_PROGRESS: 'running',
  NOT_EXECUTED: 'skipped',
  SUCCESS: 'passing',
  UNSTABLE: 'failing',
};

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Whether a build was of a branch, as far as it says: `origin/main`, `refs/remotes/origin/main`, `detached`. */
function isOf(branches: unknown, wanted: string): boolean {
  const names = list(branches).map((each) => String(each?.name));
  const known = names.filter((name) => name !== 'detached');
  return known.length === 0 || known.some((name) => name === wanted || name.endsWith(`/${wanted}`));
}
