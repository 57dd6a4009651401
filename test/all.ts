import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageExtension } from '../src/dev/package';
import { bundleSuites } from './vscode/desktop';
import { ensureVSCode } from './vscode/install';
import { runInHost } from './vscode/workbench';

const root = join(__dirname, '..');

interface Counted {
  passed: number;
  failed: number;
}

/** Runs a program of node_modules with its output shown; what it printed is counted. */
function tool(name: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', name), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', failed);
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** A step that either succeeds or not, as one test. */
async function check(title: string, part: () => Promise<boolean>): Promise<Counted> {
  console.log(`\n— ${title}`);
  const ok = await part().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return false;
  });
  if (!ok) console.error(`${title}: failed`);
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A mocha run, counted by its closing lines. */
async function mocha(title: string, args: readonly string[]): Promise<Counted> {
  console.log(`\n— ${title}`);
  const { code, output } = await tool('mocha/bin/mocha.js', [
    '--reporter',
    'test/dots.ts',
    ...args,
  ]);
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
  const failed = count('failing');
  // A run that ends badly without a failing test has failed as a whole.
  return { passed: count('passing'), failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** The suites inside the extension host, counted by the line each test gives. */
async function inHost(): Promise<Counted> {
  console.log('\n— Suites inside VS Code');
  const suites = await bundleSuites();
  const folder = mkdtempSync(join(tmpdir(), 'andon-suites-'));
  const { code, log } = await runInHost(
    { folder, extensionPath: root, testsPath: suites },
    300_000,
  );
  rmSync(folder, { recursive: true, force: true });
  console.log(log);
  const passed = log.match(/^ok {3}/gm)?.length ?? 0;
  const failed = log.match(/^FAIL /gm)?.length ?? 0;
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** Runs every test there is; the last line says how many passed and failed. */
async function main(): Promise<void> {
  const tsx = (file: string, ...args: string[]) =>
    tool('tsx/dist/cli.mjs', [file, ...args]).then(({ code }) => code === 0);
  const counts: Counted[] = [];
  counts.push(
    await check('Style', () =>
      tool('@biomejs/biome/bin/biome', ['check']).then(({ code }) => code === 0),
    ),
  );
  counts.push(
    await check('Types', async () => {
      const types = (...args: string[]) => tool('typescript/bin/tsc', args);
      return (await types()).code === 0 && (await types('-p', 'src/map-view')).code === 0;
    }),
  );
  counts.push(await check('Generated parts', () => tsx('src/dev/generate.ts', '--check')));
  counts.push(await mocha('Units, rule pages, command line', []));
  counts.push(await check('Package', () => packageExtension().then(Boolean)));
  counts.push(await check('A real VS Code', () => ensureVSCode().then(Boolean)));
  if (counts.at(-1)!.failed === 0) {
    counts.push(await inHost());
    const ui = (...files: readonly string[]) => [
      ...['--no-config', '--no-package', '--require', 'tsx', '--timeout', '180000'],
      ...['--retries', '1', ...files.map((file) => `test/vscode/ui/${file}.test.ts`)],
    ];
    counts.push(
      await mocha(
        'VS Code as a user meets it',
        ui('user', 'editor', 'korean', 'workspace', 'delivery-map', 'prove', 'web'),
      ),
    );
    counts.push(await mocha('The commit guard in VS Code', ui('guard', 'guard-matrix')));
    counts.push(await mocha('The lamp, local', ui('lamp')));
    counts.push(await mocha('The lamp on two repositories', ui('repositories')));
    counts.push(await mocha('The lamp on GitHub', ui('github')));
    counts.push(await mocha('The lamp and the guard together', ui('red-line')));
    counts.push(await mocha('The lamp on a real Buildbot', ui('buildbot')));
  }
  const sum = (key: keyof Counted) => counts.reduce((total, each) => total + each[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

void main();
