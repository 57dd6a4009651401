import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { context } from 'esbuild';
import { buildInto, bundles, optionsInto } from './bundle';

const root = join(__dirname, '../..');
const dist = join(root, 'dist');
/**
 * Kilobytes a bundle may have. What a window loads when Andon starts is extension.js; the engine runs in threads (in a
 * browser in place), lamp and guard come with a git checkout. 600 in all were the bar of the engine with its editor
 * alone; the second runs, the sandbox, the lamp and the guard came on top, each held to a bar of its own.
 */
const limits: Readonly<Record<string, number>> = {
  'extension.js': 170,
  'engine.js': 830,
  'lamp.js': 105,
  'guard.js': 50,
  'prove.js': 60,
  'map-view.js': 90,
};

async function checkSize(): Promise<void> {
  let total = 0;
  for (const name of Object.keys(bundles)) {
    const file = join(dist, name);
    if (!existsSync(file)) continue;
    const size = (await stat(file)).size / 1024;
    const limit = limits[name];
    // The command line with its worker is a product of its own and no part of the extension.
    console.log(
      `${name.padEnd(15)} ${size.toFixed(0).padStart(5)} KB${limit ? ` of ${limit}` : ''}`,
    );
    if (limit === undefined) continue;
    total += size;
    if (size <= limit) continue;
    console.error(`${name} is larger than it may be`);
    process.exitCode = 1;
  }
  console.log(`extension       ${total.toFixed(0).padStart(5)} KB in all`);
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
