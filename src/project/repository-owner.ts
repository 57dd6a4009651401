import type { FactName } from '../engine/fact';

/** The kind of fact that no file of a workspace states. */
export const ownerKind = 'repository/owner';

/**
 * Whose repository a checkout is, from the text of `.git/config`: the first part of each remote's path, lower-cased
 * (https://git-scm.com/docs/git-clone#_git_urls). Facts of kind `repository/owner`.
 */
export function repositoryOwners(gitConfig: string): readonly FactName[] {
  const remote =
    /^[ \t]*url[ \t]*=[ \t]*(?:[a-z+]+:\/\/(?:[^@/\s]+@)?[^/\s]+\/|[^:/\s]+:)([\w.-]+)\//gim;
  const owners = [...gitConfig.matchAll(remote)].map((match) => match[1]!.toLowerCase());
  return [...new Set(owners)].map((key) => ({ kind: ownerKind, key }));
}
