import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { defaultConfiguration } from '../src/engine/configuration';
import {
  createLintPool,
  type LintPool,
  PoolDisposed,
  type PoolOptions,
} from '../src/node/lint-pool';

describe('lint pool', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'andon-pool-'));
  const worker = join(folder, 'worker.js');
  let pool: LintPool;
  const make = (options: Partial<PoolOptions> = {}) => {
    pool = createLintPool({ worker, size: 2, ...options });
    return pool;
  };
  const lint = (text: string, path = `${text.slice(0, 8)}.bad`) => pool.lint({ path, text });
  const problemOf = async (text: string) => (await lint(text))?.problems[0]?.message;
  const messageOf = async (text: string) => (await lint(text))?.candidates[0]?.message;

  before(() =>
    build({
      entryPoints: [join(__dirname, 'pool-worker.ts')],
      outfile: worker,
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    }),
  );
  afterEach(() => pool.dispose());
  after(() => rmSync(folder, { recursive: true }));

  it('checks many files', async () => {
    make();
    const texts = Array.from({ length: 500 }, (_, i) => `file ${i}`);
    assert.deepEqual(await Promise.all(texts.map(messageOf)), texts);
  });

  it('reads files itself, and tells what cannot be read', async () => {
    make();
    const file = join(folder, 'a.bad');
    writeFileSync(file, 'from the disk');
    const result = await pool.lint({ path: 'a.bad', file });
    assert.equal(result?.candidates[0]?.message, 'from the disk');
    const gone = await pool.lint({ path: 'b.bad', file: join(folder, 'b.bad') });
    assert.equal(gone?.problems[0]?.message, 'no such file or directory');
  });

  it('gives up a file that hangs, and goes on with the others', async () => {
    make({ timeLimit: 300 });
    const all = await Promise.all(
      ['one', 'hang', 'two', 'hang again', 'three'].map((text) => lint(text)),
    );
    assert.deepEqual(
      all.map((result) => result?.problems[0]?.message ?? result?.candidates[0]?.message),
      [
        'one',
        'took longer than 0.3 s, not checked',
        'two',
        'took longer than 0.3 s, not checked',
        'three',
      ],
    );
  });

  it('survives a thread that ends', async () => {
    make({ size: 1 });
    const all = await Promise.all([problemOf('exit'), messageOf('after')]);
    assert.match(all[0]!, /^broke the check off: the thread ended with code 7/);
    assert.equal(all[1], 'after');
  });

  it('survives an error thrown out of turn', async () => {
    make({ size: 1 });
    await lint('later');
    await pause(50);
    assert.equal(await messageOf('after'), 'after');
  });

  it('survives a file that needs all memory', async () => {
    make({ size: 1, memoryLimit: 32, timeLimit: 60_000 });
    assert.equal(await problemOf('memory'), 'needs more than 32 MB of memory, not checked');
    assert.equal(await messageOf('after'), 'after');
  });

  it('says so when no thread can be started', async () => {
    make({ worker: join(folder, 'missing.js') });
    await assert.rejects(lint('x'), /the checking thread does not start/);
    await assert.rejects(lint('y'), /the checking thread does not start/);
  });

  it('cancels what waits and what is under way', async () => {
    make({ size: 1, batch: 1 });
    const stop = new AbortController();
    const busy = pool.lint({ path: 'slow.bad', text: 'slow300' }, { signal: stop.signal });
    const waiting = pool.lint({ path: 'w.bad', text: 'w' }, { signal: stop.signal });
    const other = messageOf('other');
    await pause(20);
    stop.abort(new Error('changed my mind'));
    await assert.rejects(busy, /changed my mind/);
    await assert.rejects(waiting, /changed my mind/);
    await assert.rejects(
      pool.lint({ path: 'x', text: 'x' }, { signal: stop.signal }),
      /changed my mind/,
    );
    assert.equal(await other, 'other');
  });

  it('takes an urgent file before all that waits', async () => {
    make({ size: 1 });
    await lint('warm up');
    const order: string[] = [];
    const noted = (name: string, result: Promise<unknown>) => result.then(() => order.push(name));
    const rest = Array.from({ length: 40 }, () => noted('patient', lint('slow10')));
    await pause(30);
    await noted('urgent', pool.lint({ path: 'u.bad', text: 'u' }, { urgent: true }));
    assert.ok(order.length < 20, `after ${order.length} others`);
    await Promise.all(rest);
  });

  it('checks by the configuration of the workspace, also one that changes', async () => {
    make({ size: 1 });
    const off = {
      ...defaultConfiguration,
      rules: { 'bad/always': { severity: 'off', options: {} } },
    } as const;
    pool.configure(off, undefined, 'quiet');
    const count = async (workspace?: string) =>
      (await pool.lint({ path: 'a.bad', text: 'a', ...(workspace && { workspace }) }))?.candidates
        .length;
    assert.deepEqual([await count('quiet'), await count()], [0, 1]);
    pool.configure(off);
    pool.configure(defaultConfiguration, undefined, 'quiet');
    assert.deepEqual([await count('quiet'), await count()], [1, 0]);
  });

  it('ends idle threads and starts them again, configured as before', async () => {
    make({ size: 1, idleAfter: 50 });
    pool.configure({
      ...defaultConfiguration,
      rules: { 'bad/always': { severity: 'error', options: {} } },
    });
    const severity = async () => (await lint('x'))?.candidates[0]?.severity;
    assert.equal(await severity(), 'error');
    await pause(300);
    assert.equal(await severity(), 'error');
  });

  it('rejects what still waits when it is disposed of', async () => {
    make({ size: 1 });
    const waiting = Promise.all([
      assert.rejects(lint('slow500'), PoolDisposed),
      assert.rejects(lint('x'), PoolDisposed),
    ]);
    await pause(20);
    await pool.dispose();
    await waiting;
    await assert.rejects(lint('y'), PoolDisposed);
  });
});
