import { Fault } from '../fault';
import { base, list, logTail, type Service, seconds } from '../service';
import type { Check, Revision, State } from '../status';

/** https://javadoc.jenkins.io/hudson/model/Result.html; without a result it is under way. */
export function jenkinsState(
  result: unknown,
  building: unknown,
): Pick<Check, 'state' | 'word' | 'warnings'> {
  if (building === true || result === null) return { state: 'running' };
  // Tests failed.
  if (result === 'UNSTABLE') return { state: 'failing', warnings: true };
  const state = words[String(result)];
  return state ? { state } : { state: 'unknown', word: String(result) };
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
    if (!Array.isArray(job?.builds)) throw new Fault('bad-answer', 'no builds in the answer');
    const revisions: Revision[] = [];
    if (job.inQueue === true) {
      revisions.push({
        checks: [{ key: at, id: 'queue', name: decoded(job.name), state: 'pending' }],
      });
    }
    for (const build of job.builds) {
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
