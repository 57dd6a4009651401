import assert from 'node:assert/strict';
import { join } from 'node:path';
import { engine } from '../src/catalog';
import { folderSeeds, fuzz, halfTyped, inputAt, pageSeeds } from '../src/dev/fuzz-run';
import { createLintPool } from '../src/node/lint-pool';
import { built, ensureBuilt } from './built';

const secondRunRule = /^shell\/.*(?:not-idempotent|-on-rerun|-each-run|-guard)$/;

const root = join(__dirname, '..');

describe('fuzzing', function () {
  this.timeout(300_000);
  const seeds = [...pageSeeds(root), ...folderSeeds([join(root, 'examples')])];
  before(ensureBuilt);

  it('makes the same input again', () => {
    assert.deepEqual(inputAt(seeds, 1, 17), inputAt(seeds, 1, 17));
    assert.notDeepEqual(inputAt(seeds, 1, 17), inputAt(seeds, 2, 17));
  });

  it('its texts reach the rules on a second run', async () => {
    const pool = createLintPool({ worker: join(built, 'worker.js'), size: 1 });
    const found = new Set<string>();
    for (const seed of seeds) {
      const result = await pool.lint(seed);
      for (const { rule } of result?.candidates ?? []) found.add(rule);
    }
    await pool.dispose();
    const missing = engine.rules.filter(
      ({ id, recommended }) => recommended && secondRunRule.test(id) && !found.has(id),
    );
    assert.deepEqual(
      missing.map(({ id }) => id),
      [],
    );
  });

  it('what showed a mistake once shows none', async () => {
    const workflow = (jobs: readonly string[]) => `on: push\njobs:\n${jobs.join('')}`;
    const job = (name: string, needs: string, run: string) =>
      `  ${name}:\n    needs: ${needs}\n    if: always() && needs.build.result == 'success' && needs.deploy.result == 'success'\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`;
    const test = '  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm test\n';
    const inputs = [
      {
        path: '.github/workflows/ci.yml',
        text: workflow([
          test,
          job('build', '[test, deploy]', 'docker push example.com/shop:1'),
          job('deploy', '[test, build]', 'kubectl apply -f k8s'),
        ]),
      },
      {
        // Names that every object has.
        path: 'setup.sh',
        text: 'constructor a\nhasOwnProperty --x\ntoString && docker toString\nsystemctl constructor\naws cloudformation constructor\ncp a constructor\n',
      },
      { path: 'Dockerfile', text: 'FROM constructor\nCONSTRUCTOR a\nRUN valueOf x\n' },
      {
        path: '.github/workflows/x.yml',
        text: 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: constructor/toString@main\n',
      },
      { path: '.gitignore', text: `.terra${'{a: '.repeat(20_000)}\n` },
      // Nothing behind the flag yet.
      {
        path: '.github/workflows/x.yml',
        text: workflow([test.replace('npm test', 'python3 -m ')]),
      },
      { path: 'setup.sh', text: 'coverage run -m \n' },
      // Deeper than those who read what was parsed can follow.
      { path: 'live/main.tf', text: `${'a { '.repeat(5000)}\n` },
      { path: 'Jenkinsfile', text: `node {\n  x = ${'~'.repeat(20_000)}1\n}\n` },
      { path: 'Jenkinsfile', text: 'if (a) { '.repeat(5000) },
      // Too long for a regular expression of JavaScript.
      {
        path: 'provision.sh',
        text: `grep -q '^${'RUN '.repeat(20_000)}' /etc/a || echo x >> /etc/a\nsed -i 's/${'RUN '.repeat(20_000)}/b/' /etc/a\n`,
      },
    ];
    const pool = createLintPool({ worker: join(built, 'worker.js'), size: 1 });
    const told: string[] = [];
    for (const input of inputs) {
      const result = await pool.lint(input);
      told.push(...(result?.candidates ?? []).map(({ message }) => message));
      told.push(...(result?.problems ?? []).map(({ message }) => message));
    }
    await pool.dispose();
    assert.deepEqual(
      told.filter((message) => /failed on this file|could not be read/.test(message)),
      [],
    );
  });

  it('texts that somebody is just typing show none', async () => {
    const pool = createLintPool({ worker: join(built, 'worker.js'), size: 2 });
    const { count, at } = halfTyped(seeds);
    assert.ok(count > 50_000, `${count}`);
    // All of them are npm run fuzz -- --typed.
    const every = 23;
    const input = (index: number) => at(index * every);
    const failures = await fuzz({ input, from: 0, to: Math.floor(count / every), pool });
    await pool.dispose();
    assert.deepEqual(
      failures.map(({ path, text, reason }) => `${path}: ${reason}\n${text.slice(-80)}`),
      [],
    );
  });

  it('a few thousand mutants show no mistake', async () => {
    const pool = createLintPool({ worker: join(built, 'worker.js'), size: 2 });
    const failures = await fuzz({
      input: (index) => inputAt(seeds, 42, index),
      from: 0,
      to: 3000,
      pool,
    });
    await pool.dispose();
    const told = failures.map(({ index, path, reason }) => `${index} ${path}: ${reason}`);
    const mistakes = told.filter((_, i) => !failures[i]!.givenUp);
    assert.deepEqual(mistakes, [], 'npm run fuzz -- --seed 42 --count 3000 keeps the inputs');
    // What no grammar recovers from is given up; that is rare, or something has become slow.
    assert.ok(told.length <= 3, told.join('\n'));
  });
});
