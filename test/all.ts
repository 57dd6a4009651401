import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageExtension } from '../src/dev/package';
import { ensureBuilt } from './built';
import { bundleSuites } from './vscode/desktop';
import { ensureVSCode } from './vscode/install';
import { runInHost } from './vscode/workbench';

const root = join(__dirname, '..');

interface Counted {
  passed: number;
  failed: number;
}

/** What is made once, so that the steps need not make it again: see `ensureBuilt` and `ensurePackaged`. */
const madeOnce: Record<string, string> = {};

/** What failed, said once more at the end: who reads a log begins there. */
const failures: string[] = [];

/** What a step prints. */
type Out = (text: string) => void;

/** Runs a program of node_modules; what it printed on its standard output is counted. */
function tool(
  out: Out,
  name: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', name), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...madeOnce, FORCE_COLOR: '0' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      out(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', out);
    child.once('error', failed);
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** A step of the run. Two are at work at a time, so what one prints is shown when it is done. */
type Step = () => Promise<Counted>;

function step(title: string, part: (out: Out) => Promise<Counted>): Step {
  return async () => {
    const begun = performance.now();
    console.log(`— ${title} …`);
    let printed = '';
    const out: Out = (text) => {
      printed += text;
    };
    const counted = await part(out).catch((error: unknown) => {
      out(`${error instanceof Error ? error.message : error}\n`);
      return { passed: 0, failed: 1 };
    });
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    const failed = counted.failed > 0 ? ', FAILED' : '';
    if (failed) failures.push(`— ${title}\n${printed.slice(-4000).trimEnd()}`);
    console.log(`\n— ${title}: done in ${seconds} s${failed}\n${printed.trimEnd()}\n`);
    return counted;
  };
}

/** A step that either succeeds or not, as one test. */
const check = (title: string, part: (out: Out) => Promise<boolean>): Step =>
  step(title, async (out) =>
    (await part(out)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  );

/** A mocha run, counted by its closing lines. */
const mocha = (title: string, args: readonly string[]): Step =>
  step(title, async (out) => {
    const { code, output } = await tool(out, 'mocha/bin/mocha.js', [
      '--reporter',
      'test/dots.ts',
      ...args,
    ]);
    const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
    const failed = count('failing');
    // A run that ends badly without a failing test has failed as a whole.
    return { passed: count('passing'), failed: failed === 0 && code !== 0 ? 1 : failed };
  });

/** Suites that drive a window of VS Code. */
const ui = (title: string, ...files: readonly string[]): Step =>
  mocha(title, [
    ...['--no-config', '--no-package', '--require', 'tsx', '--timeout', '180000'],
    ...['--retries', '1', ...files.map((file) => `test/vscode/ui/${file}.test.ts`)],
  ]);

/** The suites inside the extension host, counted by the line each test gives. */
const inHost = step('Suites inside VS Code', async (out) => {
  const suites = await bundleSuites();
  const folder = mkdtempSync(join(tmpdir(), 'andon-suites-'));
  const { code, log } = await runInHost(
    { folder, extensionPath: root, testsPath: suites },
    300_000,
  );
  rmSync(folder, { recursive: true, force: true });
  out(log);
  const passed = log.match(/^ok {3}/gm)?.length ?? 0;
  const failed = log.match(/^FAIL /gm)?.length ?? 0;
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
});

/** One step after the other, as long as `goOn` says so after each. */
async function inTurn(
  steps: readonly Step[],
  goOn: (last: Counted) => boolean = () => true,
): Promise<Counted> {
  const sum = { passed: 0, failed: 0 };
  for (const each of steps) {
    const counted = await each();
    sum.passed += counted.passed;
    sum.failed += counted.failed;
    if (!goOn(counted)) break;
  }
  return sum;
}

/**
 * Runs every test there is; the last line says how many passed and failed. Most of the time of a window of VS Code is
 * waiting, so there are two rows of steps side by side, of about the same length. Suites that look at what others of
 * their kind leave on the machine stand in one row: those of the sandbox of `andon prove`, and those that install
 * Buildbot.
 */
async function main(): Promise<void> {
  const tsx = (out: Out, file: string, ...args: string[]) =>
    tool(out, 'tsx/dist/cli.mjs', [file, ...args]).then(({ code }) => code === 0);
  await ensureBuilt();
  madeOnce.ANDON_TESTS_BUILT = 'yes';
  const packaged = inTurn(
    [
      check('Package', async () => {
        madeOnce.ANDON_TESTS_PACKAGE = await packageExtension();
        return true;
      }),
      check('A real VS Code', () => ensureVSCode().then(Boolean)),
    ],
    ({ failed }) => failed === 0,
  );
  const withVSCode = async (steps: readonly Step[]): Promise<Counted> =>
    (await packaged).failed === 0 ? inTurn(steps) : { passed: 0, failed: 0 };
  const counts = await Promise.all([
    packaged,
    withVSCode([
      inHost,
      ui(
        'VS Code as a user meets it',
        'own-grammars',
        'user',
        'editor',
        'korean',
        'workspace',
        'delivery-map',
      ),
      ui('VS Code in a browser alone', 'web'),
      ui('The commit guard in VS Code', 'guard', 'guard-matrix'),
    ]),
    inTurn([
      check('Style', (out) =>
        tool(out, '@biomejs/biome/bin/biome', ['check']).then(({ code }) => code === 0),
      ),
      check('Types', async (out) => {
        const types = (...args: string[]) => tool(out, 'typescript/bin/tsc', args);
        return (await types()).code === 0 && (await types('-p', 'src/map-view')).code === 0;
      }),
      check('Generated parts', (out) => tsx(out, 'src/dev/generate.ts', '--check')),
      mocha('Units, rule pages, command line', []),
      () =>
        withVSCode([
          ui('Prove Idempotency', 'prove'),
          ui('The lamp, local', 'lamp'),
          ui('The lamp on two repositories', 'repositories'),
          ui('The lamp on GitHub', 'github'),
          ui('The lamp and the guard together', 'red-line'),
          ui('The lamp on a real Buildbot', 'buildbot'),
        ]),
    ]),
  ]);
  const sum = (key: keyof Counted) => counts.reduce((total, each) => total + each[key], 0);
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('\n')}`);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

void main();
