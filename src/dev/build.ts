import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { context } from 'esbuild';
import { buildInto, bundles, optionsInto } from './bundle';

const root = join(__dirname, '../..');
const dist = join(root, 'dist');
/** Bytes of JavaScript every window may get, */
const sizeLimit = 600 * 1024;
/** and windows with a git checkout besides, for the state of the line and for the guard. */
const limits: Readonly<Record<string, number>> = {
  'lamp.js': 90 * 1024,
  'guard.js': 60 * 1024,
};

async function checkSize(): Promise<void> {
  let total = 0;
  for (const name of Object.keys(bundles)) {
    const file = join(dist, name);
    if (!existsSync(file)) continue;
    const { size } = await stat(file);
    // The command line with its worker is a product of its own and no part of the extension.
    if (name === 'extension.js' || name === 'engine.js') total += size;
    const limit = limits[name];
    if (limit !== undefined && size > limit) {
      console.error(`${name} is larger than it may be`);
      process.exitCode = 1;
    }
    console.log(`${name.padEnd(15)} ${(size / 1024).toFixed(0).padStart(5)} KB`);
  }
  const kilobytes = (total / 1024).toFixed(0);
  console.log(`extension       ${kilobytes.padStart(5)} KB of ${sizeLimit / 1024}`);
  if (total > sizeLimit) {
    console.error('larger than it may be');
    process.exitCode = 1;
  }
}

async function watch(): Promise<void> {
  await buildInto(dist);
  for (const options of optionsInto(dist)) {
    await (await context({ ...options, logLevel: 'info' })).watch();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean' }, 'check-size': { type: 'boolean' } },
  });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (values.watch) return watch();
  const start = performance.now();
  await buildInto(dist);
  console.log(`andon ${version} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (values['check-size']) await checkSize();
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
