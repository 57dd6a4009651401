import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLintPool } from '../node/lint-pool';
import { folderSeeds, fuzz, halfTyped, inputAt, pageSeeds } from './fuzz-run';

const root = join(__dirname, '../..');

/**
 * `npm run fuzz -- [--count N] [--seed N] [--from N] [DIR…]`: mutants of the rule pages' examples and of the folders.
 * `npm run fuzz -- --typed [DIR…]`: these texts as far as somebody may have typed them, up to each word.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      typed: { type: 'boolean' },
      workers: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    },
  });
  const [seed, from] = [Number(values.seed), Number(values.from)];
  const seeds = [...pageSeeds(root), ...folderSeeds([join(root, 'examples'), ...positionals])];
  const typed = values.typed && halfTyped(seeds);
  const count = typed ? typed.count : Number(values.count);
  const what = typed ? 'half-typed versions' : 'mutants';
  console.log(`${count} ${what} of ${seeds.length} texts${typed ? '' : `, seed ${seed}`}`);
  const pool = createLintPool({
    worker: join(root, 'dist/worker.js'),
    size: Number(values.workers),
  });
  const start = performance.now();
  const failures = await fuzz({
    input: typed ? typed.at : (index) => inputAt(seeds, seed, index),
    from: typed ? 0 : from,
    to: typed ? count : from + count,
    pool,
    progress: (done) => {
      if (done % 10_000 === 0) console.log(`${done} done`);
    },
  });
  await pool.dispose();
  const folder = join(root, '.cache/fuzz');
  mkdirSync(folder, { recursive: true });
  const kinds = new Map<string, number>();
  for (const { index, path, text, reason } of failures) {
    const kind = reason.replace(/\d+/g, 'n');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    // One of a kind is enough to look at.
    if (kinds.get(kind) !== 1) continue;
    const file = join(folder, `${seed}-${index}-${basename(path)}`);
    writeFileSync(file, text);
    console.error(`--from ${index} --count 1: ${path}: ${reason}\n  ${file}`);
  }
  for (const [kind, times] of kinds) if (times > 1) console.error(`${times} times: ${kind}`);
  const seconds = (performance.now() - start) / 1000;
  const mistakes = failures.filter((failure) => !failure.givenUp).length;
  console.log(
    `${count} inputs in ${seconds.toFixed(0)} s: ${mistakes} mistakes, ${failures.length - mistakes} given up after the time limit`,
  );
  process.exitCode = mistakes > 0 ? 1 : 0;
}

void main();
