import zeptomatch from 'zeptomatch';

/** Whether a workspace-relative path (with `/`) matches one of the globs. A glob without `/` matches at any depth. */
export type PathMatcher = (path: string) => boolean;

/** Compiles globs (https://github.com/fabiospampinato/zeptomatch#features: those of VS Code's own settings); `dir/` means all below it. */
export function matchPaths(globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  const whole = globs.map((glob) => {
    const anchored = glob.replace(/^\.?\//, '');
    const deep = anchored.endsWith('/') ? `${anchored}**` : anchored;
    return deep.includes('/') ? deep : `**/${deep}`;
  });
  const pattern = zeptomatch.compile(whole);
  return (path) => pattern.test(path);
}

/** As matchPaths, and what matches a folder matches all below it, as in a `.gitignore`. */
export function matchPathsBelow(globs: readonly string[]): PathMatcher {
  return matchPaths([
    ...globs,
    ...globs.filter((glob) => !glob.endsWith('/')).map((glob) => below(glob)),
  ]);
}

/** What lies below the folders a glob names: at any depth if it has no `/`, as the glob itself. */
const below = (glob: string) => (glob.includes('/') ? `${glob}/**` : `**/${glob}/**`);
