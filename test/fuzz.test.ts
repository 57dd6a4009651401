import assert from 'node:assert/strict';
import { join } from 'node:path';
import { folderSeeds, fuzz, inputAt, pageSeeds } from '../src/dev/fuzz-run';
import { createLintPool } from '../src/node/lint-pool';
import { built, ensureBuilt } from './built';

const root = join(__dirname, '..');

describe('fuzzing', function () {
  this.timeout(300_000);
  const seeds = [...pageSeeds(root), ...folderSeeds([join(root, 'examples')])];
  before(ensureBuilt);

  it('makes the same input again', () => {
    assert.deepEqual(inputAt(seeds, 1, 17), inputAt(seeds, 1, 17));
    assert.notDeepEqual(inputAt(seeds, 1, 17), inputAt(seeds, 2, 17));
  });

  it('a few thousand mutants show no mistake', async () => {
    const pool = createLintPool({ worker: join(built, 'worker.js'), size: 2 });
    const failures = await fuzz({ seeds, seed: 42, from: 0, to: 3000, pool });
    await pool.dispose();
    const told = failures.map(({ index, path, reason }) => `${index} ${path}: ${reason}`);
    const mistakes = told.filter((_, i) => !failures[i]!.givenUp);
    assert.deepEqual(mistakes, [], 'npm run fuzz -- --seed 42 --count 3000 keeps the inputs');
    // What no grammar recovers from is given up; that is rare, or something has become slow.
    assert.ok(told.length <= 3, told.join('\n'));
  });
});
