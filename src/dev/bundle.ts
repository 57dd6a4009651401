import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { hookFile } from '../node/guard-install';
import { notices } from './notices';
import { onlyIfUsed } from './only-if-used';
import { vscodeNamespace } from './vscode-namespace';
import { wasmFiles } from './wasm';
import { withoutProse } from './without-prose';

const root = join(__dirname, '../..');

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  format: 'cjs',
  sourcemap: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
  // Nothing is kept of a package where nothing of it is used; the packages do not say so of themselves.
  plugins: [onlyIfUsed],
  // The same code as ES modules, of which the bundle takes only what is used; the other form of jsonc-parser
  // looks for its parts at run time.
  alias: {
    'jsonc-parser': join(root, 'node_modules/jsonc-parser/lib/esm/main.js'),
    yaml: join(root, 'node_modules/yaml/browser/index.js'),
  },
};
const forNode: BuildOptions = {
  ...shared,
  platform: 'node',
  target: 'node20',
  // web-tree-sitter makes a `require` for itself out of the address of its module.
  define: { 'import.meta.url': 'moduleAddress' },
  banner: { js: "const moduleAddress=require('node:url').pathToFileURL(__filename).href;" },
};
/** Runs on Node and in a browser, where only what neither of them lacks is ever executed. */
const forBoth: BuildOptions = {
  ...forNode,
  banner: {
    js: `const moduleAddress=typeof __filename==='string'?require('node:url').pathToFileURL(__filename).href:'file:///';`,
  },
};

/**
 * The bundles by the name of their file. What every window loads is extension.js; the engine with all rules and
 * parsers runs in threads (in a browser in place). The lamp and the guard are loaded where there is git, what
 * proves scripts when it is asked for; the guard's client runs for a hook.
 */
export const bundles: Readonly<Record<string, BuildOptions>> = {
  'cli.js': {
    ...forNode,
    entryPoints: ['src/cli.ts'],
    banner: { js: `#!/usr/bin/env node\n${forNode.banner!.js}` },
  },
  'worker.js': {
    ...forNode,
    entryPoints: ['src/node/lint-worker.ts'],
    plugins: [onlyIfUsed, withoutProse],
  },
  'extension.js': {
    ...forBoth,
    entryPoints: ['src/extension.ts'],
    plugins: [onlyIfUsed, vscodeNamespace],
  },
  'lamp.js': {
    ...forNode,
    entryPoints: ['src/vscode/lamp/index.ts'],
    plugins: [onlyIfUsed, vscodeNamespace],
  },
  'guard.js': {
    ...forNode,
    entryPoints: ['src/vscode/guard/index.ts'],
    plugins: [onlyIfUsed, vscodeNamespace],
  },
  'prove.js': {
    ...forNode,
    entryPoints: ['src/vscode/prove/index.ts'],
    plugins: [onlyIfUsed, vscodeNamespace],
  },
  'map-view.js': {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: ['src/map-view/index.ts'],
  },
  'guard-client.js': { ...forNode, entryPoints: ['src/node/guard-client.ts'] },
  'engine.js': {
    ...forBoth,
    entryPoints: ['src/vscode/engine.ts'],
    plugins: [onlyIfUsed, withoutProse],
  },
};

/** The options of each bundle whose source is there, for writing into a folder. */
export function optionsInto(dist: string): readonly BuildOptions[] {
  return Object.entries(bundles).flatMap(([name, options]) => {
    const [entry] = options.entryPoints as string[];
    if (existsSync(join(root, entry!))) return [{ ...options, outfile: join(dist, name) }];
    console.warn(`${entry} is not there: no ${name}`);
    return [];
  });
}

/** The rule pages, for "explain" and for the editor. */
async function copyPages(dist: string): Promise<void> {
  await rm(join(dist, 'rules'), { recursive: true, force: true });
  const from = join(root, 'src/rules');
  for (const entry of await readdir(from, { recursive: true })) {
    if (!entry.endsWith('.md')) continue;
    const to = join(dist, 'rules', entry);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(from, entry), to);
  }
}

/** The hook of the guard, a script for shells. */
const copyHook = (dist: string) => copyFile(join(root, 'src/guard/hook.sh'), join(dist, hookFile));

async function copyWasm(dist: string): Promise<void> {
  for (const [name, from] of Object.entries(wasmFiles)) await cp(from, join(dist, name));
}

/** Builds everything that is shipped into a folder: bundles, wasm, rule pages, licences. Throws what esbuild does. */
export async function buildInto(dist: string): Promise<void> {
  await mkdir(dist, { recursive: true });
  const metafiles: Metafile[] = [];
  for (const options of optionsInto(dist)) {
    const { metafile } = await build(options);
    if (metafile) metafiles.push(metafile);
  }
  await chmod(join(dist, 'cli.js'), 0o755);
  await Promise.all([copyPages(dist), copyHook(dist), copyWasm(dist)]);
  const files = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const shipped = [...files, ...Object.values(wasmFiles).map((file) => relative(root, file))];
  await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), await notices(root, shipped));
}
