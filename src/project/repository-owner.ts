import type { FactName } from '../engine/fact';

/**
 * Whose repository a checkout is, from the text of `.git/config`: the first part of each remote's path, lower-cased
 * (https://git-scm.com/docs/git-clone#_git_urls). Facts of kind `repository/owner`.
 */
export function repositoryOwners(gitConfig: string): readonly FactName[] {
  const remote =
    /^[ \t]*url[ \t]*=[ \t]*(?:[a-z+]+:\/\/(?:[^@/\s]+@)?[^/\s]+\/|[^:/\s]+:)([\w.-]+)\//gim;
  const owners = [...gitConfig.matchAll(remote)].map((match) => match[1]!.toLowerCase());
  return [...new Set(owners)].map((key) => ({ kind: 'repository/owner', key }));
}
