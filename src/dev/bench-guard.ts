import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entryFile } from '../guard/hook-entry';
import { serialiseStatus } from '../guard/status-file';

/*
 * What the guard costs a commit while nothing is red: "git commit" with and without it, in turns, so that what else
 * the machine does meets both alike.
 */

const root = join(__dirname, '../..');

function main(): void {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '50' } } });
  const runs = Number(values.runs);
  const folder = mkdtempSync(join(tmpdir(), 'andon-bench-'));
  const { CI: _, ...env } = process.env;
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...args], { cwd: folder, env, stdio: 'ignore' });
  try {
    git('init', '--initial-branch', 'main');
    for (const [key, value] of Object.entries({
      'user.name': 'Bench',
      'user.email': 'bench@example.org',
      'commit.gpgSign': 'false',
      'core.hooksPath': '.git/hooks',
      'gc.auto': '0',
    })) {
      git('config', key, value);
    }
    const hook = join(folder, '.git/hooks/commit-msg');
    mkdirSync(join(folder, '.git/hooks'), { recursive: true });
    mkdirSync(join(folder, '.git/andon'));
    copyFileSync(join(root, 'src/guard/hook.sh'), join(folder, '.git/andon/hook'));
    const now = Math.floor(Date.now() / 1000);
    const status = { state: 'passing', running: false, branch: 'main', sinceExact: true } as const;
    writeFileSync(
      join(folder, '.git/andon/status'),
      serialiseStatus({ ...status, checked: now, expires: now + 900 }),
    );
    const commit = (guarded: boolean): number => {
      if (guarded) writeFileSync(hook, entryFile('commit-msg'), { mode: 0o755 });
      else rmSync(hook, { force: true });
      const start = process.hrtime.bigint();
      git('commit', '--quiet', '--allow-empty', '--message', 'bench');
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    for (let i = 0; i < 5; i++) commit(i % 2 === 0);
    const times = { with: [] as number[], without: [] as number[] };
    for (let i = 0; i < runs; i++) {
      times.without.push(commit(false));
      times.with.push(commit(true));
    }
    const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1]!;
    const [plain, guarded] = [median(times.without), median(times.with)];
    console.log(`git commit, ${runs} runs, median in ms`);
    console.log(`without the guard ${plain.toFixed(1)}`);
    console.log(`with the guard    ${guarded.toFixed(1)}`);
    console.log(`difference        ${(guarded - plain).toFixed(1)} of 15`);
    if (guarded - plain > 15) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
