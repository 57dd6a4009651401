import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { EditorFigures, Held, Percentiles } from './bench-in-host';
import { writeWorkspace } from './bench-workspace';
import { runInHost } from './workbench';

const root = resolve(__dirname, '../..');

/**
 * `npm run bench:editor -- [FILES]`: keystroke to diagnostics in a workflow of 1,000 lines, and how long the extension
 * host is held up, in a real VS Code, while a workspace of so many files (8,000) is read and when an edit changes what
 * is delivered. Build first; let nothing else run, or read the load beside the figures.
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
  const files = writeWorkspace(folder, Number(process.argv[2] ?? 8000));
  try {
    const env = process.env.ANDON_PROFILE ? { ANDON_PROFILE: process.env.ANDON_PROFILE } : {};
    // Switched on when the bench has come so far.
    const settings = { 'andon.workspaceCheck': false };
    const { code, log } = await runInHost(
      { folder, extensionPath: root, testsPath: outfile, env, settings },
      15 * 60_000,
    );
    const found = /^FIGURES (.*)$/m.exec(log)?.[1];
    if (code !== 0 || !found) throw new Error(`the bench failed (${code}):\n${log}`);
    report(JSON.parse(found), files);
  } finally {
    rmSync(above, { recursive: true, force: true, maxRetries: 5 });
  }
}

function report(figures: EditorFigures, files: number): void {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const spread = ({ p50, p95, max }: Percentiles) =>
    `p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)}`;
  const held = ({ max, over10, where }: Held) =>
    `longest ${ms(max)} (${where || '–'}), over 10 ms: ${over10}`;
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
  const rows: readonly (readonly [string, string])[] = [
    ['machine', `${figures.processors} processors, load ${figures.load.toFixed(1)}`],
    ['own activation', ms(figures.activation)],
    ['keystroke to diagnostics', spread(figures.keystroke)],
    ...figures.watched.flatMap(({ name, took, delay, held: longest }) => [
      [name, seconds(took)] as const,
      ['  held by us', held(longest)] as const,
      ['  event loop delay', spread(delay)] as const,
    ]),
    ['workspace', `${files} files, ${figures.findings} findings`],
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(28)}${value}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
