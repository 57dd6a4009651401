import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build, context, type Metafile } from 'esbuild';
import { notices } from './notices';
import { wasmFiles } from './wasm';

const root = join(__dirname, '../..');
const dist = join(root, 'dist');
/** Bytes of JavaScript the extension may bring along. */
const sizeLimit = 600 * 1024;

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  format: 'cjs',
  sourcemap: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
  // The same code as an ES module, of which the bundle takes only what is used.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
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
 * The bundles by the name of their file. The extension is two: what every window loads, and the engine with all
 * rules and parsers, which runs in threads (in a browser in place). Both serve desktop and browser.
 */
const bundles: Readonly<Record<string, BuildOptions>> = {
  'cli.js': {
    ...forNode,
    entryPoints: ['src/cli.ts'],
    banner: { js: `#!/usr/bin/env node\n${forNode.banner!.js}` },
  },
  'worker.js': { ...forNode, entryPoints: ['src/node/lint-worker.ts'] },
  'extension.js': { ...forBoth, entryPoints: ['src/extension.ts'], external: ['vscode'] },
  'engine.js': { ...forBoth, entryPoints: ['src/vscode/engine.ts'] },
};

function wanted(): readonly (readonly [name: string, options: BuildOptions])[] {
  return Object.entries(bundles).flatMap(([name, options]) => {
    const [entry] = options.entryPoints as string[];
    if (existsSync(join(root, entry!))) {
      return [[name, { ...options, outfile: join(dist, name) }] as const];
    }
    console.warn(`${entry} is not there: no dist/${name}`);
    return [];
  });
}

/** The rule pages, for "explain" and for the editor. */
async function copyPages(): Promise<void> {
  await rm(join(dist, 'rules'), { recursive: true, force: true });
  const from = join(root, 'src/rules');
  for (const entry of await readdir(from, { recursive: true })) {
    if (!entry.endsWith('.md')) continue;
    const to = join(dist, 'rules', entry);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(from, entry), to);
  }
}

async function copyWasm(): Promise<void> {
  for (const [name, from] of Object.entries(wasmFiles)) await cp(from, join(dist, name));
}

async function buildAll(): Promise<void> {
  const metafiles: Metafile[] = [];
  for (const [, options] of wanted()) {
    const { metafile } = await build(options);
    if (metafile) metafiles.push(metafile);
  }
  await chmod(join(dist, 'cli.js'), 0o755);
  await Promise.all([copyPages(), copyWasm()]);
  const files = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const shipped = [...files, ...Object.values(wasmFiles).map((file) => relative(root, file))];
  await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), await notices(root, shipped));
}

async function checkSize(): Promise<void> {
  let total = 0;
  for (const name of Object.keys(bundles)) {
    const file = join(dist, name);
    if (!existsSync(file)) continue;
    const { size } = await stat(file);
    // The command line with its worker is a product of its own and no part of the extension.
    if (name === 'extension.js' || name === 'engine.js') total += size;
    console.log(`${name.padEnd(13)} ${(size / 1024).toFixed(0).padStart(5)} KB`);
  }
  const kilobytes = (total / 1024).toFixed(0);
  console.log(`extension     ${kilobytes.padStart(5)} KB of ${sizeLimit / 1024}`);
  if (total > sizeLimit) {
    console.error('larger than it may be');
    process.exitCode = 1;
  }
}

async function watch(): Promise<void> {
  await buildAll();
  for (const [, options] of wanted()) {
    await (await context({ ...options, logLevel: 'info' })).watch();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean' }, 'check-size': { type: 'boolean' } },
  });
  await mkdir(dist, { recursive: true });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (values.watch) return watch();
  const start = performance.now();
  await buildAll();
  console.log(`andon ${version} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (values['check-size']) await checkSize();
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
