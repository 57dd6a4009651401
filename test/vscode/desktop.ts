import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { CACHE } from './install';

const ROOT = resolve(__dirname, '..', '..');

/** Bundles in-host.ts with its suites; returns the file for `runInHost` or the desktop. */
export async function bundleSuites(): Promise<string> {
  const outfile = join(ROOT, '.cache', 'in-host.js');
  await build({
    absWorkingDir: ROOT,
    bundle: true,
    entryPoints: ['test/vscode/in-host.ts'],
    external: ['vscode', 'mocha'],
    format: 'cjs',
    logLevel: 'warning',
    outfile,
    platform: 'node',
    sourcemap: 'inline',
  });
  return outfile;
}

/**
 * Runs the suites in a desktop VS Code that is downloaded once: `tsx test/vscode/desktop.ts`, with a
 * version or `insiders` after it if not in the newest stable one. It opens a window: where there is
 * no display, start it with `xvfb-run -a`.
 */
async function main(version = 'stable'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-'));
  mkdirSync(join(folder, 'workspace'));
  const cachePath = join(CACHE, 'desktop');
  mkdirSync(cachePath, { recursive: true });
  try {
    await runTests({
      cachePath,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: await bundleSuites(),
      launchArgs: [
        join(folder, 'workspace'),
        '--disable-extensions',
        '--disable-workspace-trust',
        `--user-data-dir=${join(folder, 'user')}`,
        `--extensions-dir=${join(folder, 'extensions')}`,
      ],
      version,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (require.main === module) {
  main(process.argv[2]).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
