import { Fault } from './fault';
import type { Answer, Http } from './http';

/** What a service answers to somebody it does not know, by its id. */
const questions: readonly (readonly [
  service: string,
  path: string,
  is: (answer: Answer) => boolean,
])[] = [
  // Gitea and Forgejo tell everybody their version. https://docs.gitea.com/api/ (getVersion)
  ['gitea', '/api/v1/version', ({ status, body }) => status === 200 && has(body, 'version')],
  // GitLab tells nobody, in these words. https://docs.gitlab.com/api/version/
  [
    'gitlab',
    '/api/v4/version',
    ({ status, body, header }) =>
      header('x-gitlab-meta') !== undefined ||
      (status === 401 && (body as any)?.message === '401 Unauthorized'),
  ],
  // https://docs.github.com/enterprise-server/rest/meta/meta
  [
    'github',
    '/api/v3/meta',
    ({ body, header }) =>
      header('x-github-enterprise-version') !== undefined || has(body, 'installed_version'),
  ],
  // https://developer.atlassian.com/server/bitbucket/rest/ (application-properties)
  [
    'bitbucket',
    '/rest/api/1.0/application-properties',
    ({ status, body }) => status === 200 && (body as any)?.displayName === 'Bitbucket',
  ],
];

const has = (body: unknown, key: string) => typeof (body as any)?.[key] === 'string';

/**
 * Finds out which service runs at an origin whose name does not tell, by asking it what it says to strangers: never with
 * a credential, never anywhere else. Resolves to the id of the service, or undefined if it is none of them. Rejects with a
 * Fault if nobody answers, which says nothing.
 */
export async function probe(origin: string, http: Http): Promise<string | undefined> {
  for (const [service, path, is] of questions) {
    try {
      const options = { anonymous: true, accept: [401, 403] };
      if (is(await http.request(origin + path, options))) return service;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.reason === 'offline' || error.reason === 'rate-limited') throw error;
    }
  }
  return undefined;
}
