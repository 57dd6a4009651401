/** Where a module comes from, and what of it may move. */
export type ModuleSource =
  | { readonly kind: 'local' | 'other' }
  | { readonly kind: 'registry' }
  | {
      readonly kind: 'vcs';
      /** The branch, tag or commit; undefined for the default branch. */
      readonly ref: string | undefined;
    };

/** Hosts whose plain addresses are git repositories. */
const gitHosts = /^(?:github\.com|bitbucket\.org|gitlab\.com)\//;

/**
 * Reads a module's address (https://developer.hashicorp.com/terraform/language/modules/configuration). `open`: parts
 * of it are not known and stand as underscores.
 */
export function terraformModuleSource(text: string, open: boolean): ModuleSource {
  if (/^\.{0,2}\//.test(text) || text === '.' || text === '..' || text === '')
    return { kind: 'local' };
  const query = /\?([^#]*)$/.exec(text)?.[1] ?? '';
  const path = text.replace(/\?.*$/, '');
  const parameters = new URLSearchParams(query);
  const ref = parameters.get('ref') || parameters.get('rev') || undefined;
  const isGit =
    /^(?:git|hg)::/.test(path) ||
    /^git@/.test(path) ||
    gitHosts.test(path) ||
    /^(?:ssh|git):\/\//.test(path) ||
    (/^https?:\/\//.test(path) && /\.git(?:\/\/|$)/.test(path));
  if (isGit) {
    // A reference put together at run time, or behind a name that is not known, may well be pinned.
    if (open && (ref === undefined || /__/.test(ref))) return { kind: 'other' };
    return { kind: 'vcs', ref };
  }
  if (open || /^[a-z0-9]+:/.test(path)) return { kind: 'other' };
  const [address = ''] = path.split('//');
  return /^(?:[\w.-]+\.[a-z]+(?::\d+)?\/)?[\w-]+\/[\w-]+\/[\w-]+$/.test(address)
    ? { kind: 'registry' }
    : { kind: 'other' };
}
