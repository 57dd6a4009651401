import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves out what rules say of themselves, for bundles of threads that only find: reports, tables and the editor have
 * it from elsewhere. Biome writes each text in one line.
 */
export const withoutProse: Plugin = {
  name: 'without prose',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]rules[\\/][\w-]+[\\/][\w-]+\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        /^ {2}(summary|why):\s+(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"),$/gm,
        "  $1: '',",
      ),
      loader: 'ts',
    }));
  },
};
