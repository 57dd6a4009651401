import picomatch from 'picomatch';

/** Whether a workspace-relative path (with `/`) matches one of the globs. A glob without `/` matches at any depth. */
export type PathMatcher = (path: string) => boolean;

/** Compiles globs (https://github.com/micromatch/picomatch#globbing-features); `dir/` means all below it. */
export function matchPaths(globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  const whole = globs.map((glob) => {
    const anchored = glob.replace(/^\.?\//, '');
    const deep = anchored.endsWith('/') ? `${anchored}**` : anchored;
    return deep.includes('/') ? deep : `**/${deep}`;
  });
  return picomatch(whole, { dot: true });
}
