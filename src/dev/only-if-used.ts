import type { Plugin } from 'esbuild';

/** Packages of which a bundle takes nothing when it uses nothing of them, though they do not say so of themselves. */
export const onlyIfUsed: Plugin = {
  name: 'only if used',
  setup(build) {
    const asked = 'only-if-used';
    build.onResolve({ filter: /^(?:grammex|graphmatch|zeptomatch)$/ }, async (import_) => {
      if (import_.pluginData === asked) return undefined;
      const { importer, kind, path, resolveDir } = import_;
      const resolved = await build.resolve(path, { importer, kind, resolveDir, pluginData: asked });
      return { ...resolved, sideEffects: false };
    });
  },
};
