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
import type { Check, Revision, State } from '../status';

/**
 * The words of builds, and of the records of their timelines.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list#buildstatus and #buildresult
 * https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get#timelinerecordstate and #taskresult
 */
export function azureState(
  status: unknown,
  result: unknown,
): Pick<Check, 'state' | 'word' | 'warnings'> {
  if (
    status === 'completed' &&
    (result === 'partiallySucceeded' || result === 'succeededWithIssues')
  ) {
    return { state: 'passing', warnings: true };
  }
  return status === 'completed' ? stateOf(results, result) : stateOf(statuses, status);
}

const statuses: Readonly<Record<string, State>> = {
  cancelling: 'running',
  inProgress: 'running',
  notStarted: 'pending',
  pending: 'pending',
  postponed: 'pending',
};
const results: Readonly<Record<string, State>> = {
  abandoned: 'cancelled',
  canceled: 'cancelled',
  failed: 'failing',
  skipped: 'skipped',
  succeeded: 'passing',
};

const version = 'api-version=7.1';
// Without it a bad token is answered with a way to the sign-in page.
const headers = { 'x-tfs-fedauthredirect': 'Suppress' };

const project = (organization: string, name: string, repository?: string): Project => {
  const way = `${encodeURIComponent(organization)}/${encodeURIComponent(name)}`;
  const web = `https://dev.azure.com/${way}`;
  return { service: 'azure-pipelines', api: `${web}/_apis`, slug: repository ?? '', web };
};

/** https://learn.microsoft.com/rest/api/azure/devops/build/builds */
export const azurePipelines: Service = {
  id: 'azure-pipelines',
  title: 'Azure Pipelines',
  least: [15, 60],
  asks: 'branch',
  session: 'microsoft',
  scheme: 'basic-token',

  locate({ host, path }) {
    const parts = path.split('/');
    if (host === 'dev.azure.com') {
      // git@ssh.dev.azure.com:v3/organization/project/repository
      if (parts[0] === 'v3' && parts.length === 4) return project(parts[1]!, parts[2]!, parts[3]);
      const at = parts.indexOf('_git');
      // The project may be left out where it is called as the repository.
      if (at === 2 && parts[3]) return project(parts[0]!, parts[1]!, parts[3]);
      if (at === 1 && parts[2]) return project(parts[0]!, parts[2], parts[2]);
      return undefined;
    }
    const organization = /^([\w-]+)\.visualstudio\.com$/.exec(host)?.[1];
    const rest = parts[0] === 'DefaultCollection' ? parts.slice(1) : parts;
    const at = rest.indexOf('_git');
    const repository = rest[at + 1];
    if (!organization || at === -1 || at > 1 || !repository) return undefined;
    return project(organization, at === 1 ? rest[0]! : repository, repository);
  },

  /** `url`: that of the project, such as https://dev.azure.com/organization/project. */
  named({ url, project: repository }) {
    const web = base(url);
    if (web === undefined) return undefined;
    return { service: 'azure-pipelines', api: `${web}/_apis`, slug: repository ?? '', web };
  },

  async runs({ api }, { branch }, http) {
    const name = encodeURIComponent(`refs/heads/${branch}`);
    const url = `${api}/build/builds?${version}&branchName=${name}&queryOrder=queueTimeDescending&$top=50`;
    const body = await http.json(url, { headers });
    return needed(body?.value, 'builds').map((build: any): Revision => {
      const check: Check = {
        key: String(build.definition?.id),
        id: String(build.id),
        name: String(build.definition?.name ?? build.buildNumber),
        ...azureState(build.status, build.result),
        startedAt: seconds(build.startTime ?? build.queueTime),
        finishedAt: seconds(build.finishTime),
        url: page(build._links?.web?.href),
        rerun: String(build.id),
        log: String(build.id),
        inside: String(build.id),
      };
      const sha = build.triggerInfo?.['pr.sourceSha'] ?? build.sourceVersion;
      return { sha: sha === undefined ? undefined : String(sha), checks: [check] };
    });
  },

  async rerun({ api }, { rerun }, http) {
    const url = `${api}/build/builds/${rerun}?retry=true&${version}`;
    await http.request(url, { method: 'PATCH', headers, body: {} });
  },

  async log({ api }, { log = '' }, http) {
    const [build = '', task] = log.split(' ');
    const records = await timeline(api, build, http);
    let text = '';
    for (const { name, type, result, log: own } of records) {
      if (!own?.id) continue;
      if (task ? String(own.id) !== task : type !== 'Task' || result !== 'failed') continue;
      const url = `${api}/build/builds/${build}/logs/${own.id}?${version}`;
      const options = {
        as: 'text',
        headers: { ...headers, accept: 'text/plain' },
        tail: logTail,
      } as const;
      text += `${name}\n${(await http.request(url, options)).body}\n`;
    }
    return text;
  },

  async parts({ api }, { inside = '' }, http) {
    const records = await timeline(api, inside, http);
    const byId = new Map(records.map((record) => [record.id, record]));
    const stages = records.filter(({ type }) => type === 'Stage');
    const stageOf = (record: any): string | undefined => {
      for (let at = record, i = 0; at && i < 5; at = byId.get(at.parentId), i++) {
        if (at.type === 'Stage') return String(at.name);
      }
      return undefined;
    };
    const one = ({ id, name, state, result, startTime, finishTime, log }: any): Check =>
      part([id, name], azureState(state, result), [startTime, finishTime], {
        ...(log?.id && { log: `${inside} ${log.id}` }),
      });
    const below = (parent: any, type: string) =>
      records
        .filter((record) => record.type === type && (!parent || record.parentId === parent.id))
        .sort((a, b) => Number(a.order) - Number(b.order));
    return below(undefined, 'Job').map((job) => ({
      ...one(job),
      group: stages.length > 1 ? stageOf(job) : undefined,
      parts: below(job, 'Task').map(one),
    }));
  },

  /** https://dev.azure.com/organization/project/_build/results?buildId=42 */
  atPage({ origin, pathname, searchParams }) {
    const [, path] = /^((?:\/[^/]+){2,3})\/_build\/results$/.exec(pathname) ?? [];
    const build = searchParams.get('buildId') ?? '';
    const project = path && this.named({ service: this.id, url: origin + path }, undefined);
    return project && /^\d+$/.test(build)
      ? { project, check: { log: build, inside: build } }
      : undefined;
  },
};

async function timeline(api: string, build: string, http: Http): Promise<readonly any[]> {
  const body = await http.json(`${api}/build/builds/${build}/timeline?${version}`, { headers });
  return needed(body?.records, 'records');
}
