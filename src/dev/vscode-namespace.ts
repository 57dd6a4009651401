import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const root = join(__dirname, '../..');

/**
 * Gives `import * as vscode` one ES module over the API, of which each file takes the names it uses. Without it the
 * bundle would copy the API's hundreds of names for every file that imports it, which was half of the activation.
 */
export const vscodeNamespace: Plugin = {
  name: 'vscode namespace',
  setup(build) {
    const namespace = 'vscode-api';
    build.onResolve({ filter: /^vscode$/ }, ({ kind, path }) =>
      // What the module below requires is VS Code's own.
      kind === 'require-call' ? { path, external: true } : { path, namespace },
    );
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: apiModule() }));
  },
};

/** Exports those names of the API that occur anywhere in the sources; what is not imported falls out again. */
function apiModule(): string {
  const api = readFileSync(join(root, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
  const declared = /^\texport (?:class|const|enum|function|namespace) (\w+)/gm;
  const sources = join(root, 'src/vscode');
  const words = new Set<string>();
  for (const name of readdirSync(sources, { recursive: true }).map(String)) {
    if (!name.endsWith('.ts')) continue;
    for (const [word] of readFileSync(join(sources, name), 'utf8').matchAll(/\w+/g))
      words.add(word);
  }
  const names = [...new Set([...api.matchAll(declared)].map(([, name]) => name!))];
  return [
    `const api = require('vscode');`,
    `const get = (name) => api[name];`,
    ...names
      .filter((name) => words.has(name))
      .map((name) => `export const ${name} = /* @__PURE__ */ get('${name}');`),
  ].join('\n');
}
