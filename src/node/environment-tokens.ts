import type { Credential } from '../pipeline/http';

/**
 * Credentials of the environment, each for one origin only: GITHUB_TOKEN or GH_TOKEN for github.com (inside a workflow
 * of an Enterprise Server for that), GH_ENTERPRISE_TOKEN for GH_HOST, GITLAB_TOKEN for gitlab.com, and ANDON_TOKENS, a list `origin=token`
 * separated by white space. A token with a colon in it is a user's name and password.
 */
export function environmentTokens(
  env: Readonly<Record<string, string | undefined>>,
): (origin: string) => Credential | undefined {
  const known = new Map<string, string>();
  const learn = (address: string | undefined, token: string | undefined) => {
    if (!address || !token || !URL.canParse(address)) return;
    const { origin } = new URL(address);
    if (!known.has(origin)) known.set(origin, token);
  };
  for (const pair of (env.ANDON_TOKENS ?? '').split(/\s+/)) {
    const [, address, token] = /^(https?:\/\/[^=]+)=(.+)$/.exec(pair) ?? [];
    learn(address, token);
  }
  learn(env.GITHUB_API_URL ?? 'https://api.github.com', env.GITHUB_TOKEN);
  learn('https://api.github.com', env.GH_TOKEN);
  if (env.GH_HOST) learn(`https://${env.GH_HOST}`, env.GH_ENTERPRISE_TOKEN);
  learn('https://gitlab.com', env.GITLAB_TOKEN);
  return (origin) => {
    const token = known.get(origin);
    if (token === undefined) return undefined;
    const basic = token.includes(':');
    const authorization = basic
      ? `Basic ${Buffer.from(token).toString('base64')}`
      : `Bearer ${token}`;
    return { authorization, account: 'environment' };
  };
}
