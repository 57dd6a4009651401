import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { EditorFigures, Held, Percentiles } from './bench-in-host';
import { runInHost } from './workbench';

const root = resolve(__dirname, '../..');

/**
 * `npm run bench:editor`: keystroke to diagnostics in a workflow of 1,000 lines, and how long the extension
 * host is held up, in a real VS Code. Build first; let nothing else run, or read the load beside the figures.
 */
async function main(): Promise<void> {
  const outfile = join(root, '.cache', 'bench-in-host.js');
  await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: ['test/vscode/bench-in-host.ts'],
    external: ['vscode'],
    format: 'cjs',
    logLevel: 'warning',
    outfile,
    platform: 'node',
  });
  const above = mkdtempSync(join(tmpdir(), 'andon-bench-'));
  const folder = join(above, 'workspace');
  mkdirSync(folder);
  try {
    const env = process.env.ANDON_PROFILE ? { ANDON_PROFILE: process.env.ANDON_PROFILE } : {};
    const { code, log } = await runInHost(
      { folder, extensionPath: root, testsPath: outfile, env },
      10 * 60_000,
    );
    const found = /^FIGURES (.*)$/m.exec(log)?.[1];
    if (code !== 0 || !found) throw new Error(`the bench failed (${code}):\n${log}`);
    report(JSON.parse(found));
  } finally {
    rmSync(above, { recursive: true, force: true, maxRetries: 5 });
  }
}

function report(figures: EditorFigures): void {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const spread = ({ p50, p95, max }: Percentiles) =>
    `p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)}`;
  const held = ({ max, over10, where }: Held) =>
    `longest ${ms(max)} (${where || '–'}), over 10 ms: ${over10}`;
  const { files, findings, took } = figures.workspace;
  const rows: readonly (readonly [string, string])[] = [
    ['machine', `${figures.processors} processors, load ${figures.load.toFixed(1)}`],
    ['own activation', ms(figures.activation)],
    ['keystroke to diagnostics', spread(figures.keystroke)],
    ['held by us, typing', held(figures.heldTyping)],
    ['event loop delay, typing', spread(figures.delayTyping)],
    ['Check Workspace', `${files} files, ${findings} findings, ${(took / 1000).toFixed(1)} s`],
    ['held by us, checking', held(figures.heldChecking)],
    ['event loop delay, checking', spread(figures.delayChecking)],
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(28)}${value}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
