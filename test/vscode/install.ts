import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Where the parts of a drivable VS Code are. */
export interface Installation {
  /** The script that runs VS Code's server, for `node`. */
  readonly server: string;
  /** The Node that VS Code's server and its extension host run on. */
  readonly node: string;
  /** The folder of playwright-core. */
  readonly playwright: string;
  /** A Chromium or Chrome binary. */
  readonly chromium: string;
}

// code-server is the one npm package that carries a whole VS Code (here 1.139.1): its server, its
// web workbench and its ordinary extension host. It wants exactly this major version of Node.
const VERSIONS = { 'code-server': '4.139.1', node: '24.21.0', 'playwright-core': '1.65.1' };
const NODE_PACKAGE = `node-linux-${process.arch}`;

/** Where downloads are kept, outside of the project. */
export const CACHE = process.env.ANDON_CACHE ?? join(homedir(), '.cache', 'andon');
const HOME = resolve(CACHE, `vscode-${Object.values(VERSIONS).join('-')}`);
const MODULES = join(HOME, 'node_modules');
const VSCODE = join(MODULES, 'code-server', 'lib', 'vscode');

const MINUTE = 60_000;

/**
 * Installs what a test needs to drive a real VS Code, as far as it is not there, and says where it
 * is. Takes about half a minute once, then milliseconds. Several processes may call it at a time.
 */
export async function ensureVSCode(): Promise<Installation> {
  const parts = await ensureServer();
  await install([browser]);
  const chromium = findChromium();
  if (!chromium) throw new Error(NO_CHROMIUM);
  return { ...parts, chromium };
}

/** The same without a browser, for somebody who looks at VS Code in their own. */
export async function ensureServer(): Promise<Omit<Installation, 'chromium'>> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(
      `The driven VS Code runs on Linux (x64, arm64) only, not on ${process.platform} ` +
        `${process.arch}: there, 'npm run test:desktop' runs the suites in a desktop VS Code.`,
    );
  }
  await install([packages, dependencies, slim, standIns, closeProposedApi]);
  return {
    server: join(VSCODE, 'out', 'server-main.js'),
    node: join(MODULES, NODE_PACKAGE, 'bin', 'node'),
    playwright: join(MODULES, 'playwright-core'),
  };
}

/** The Chromium or Chrome of this machine: ANDON_CHROMIUM, else one in a usual place. */
export function findChromium(): string | undefined {
  const { ANDON_CHROMIUM, PATH, LOCALAPPDATA, PROGRAMFILES } = process.env;
  if (ANDON_CHROMIUM) {
    if (existsSync(ANDON_CHROMIUM)) return ANDON_CHROMIUM;
    throw new Error(`ANDON_CHROMIUM names a file that does not exist: ${ANDON_CHROMIUM}`);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const places =
    process.platform === 'darwin'
      ? ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)
      : process.platform === 'win32'
        ? [PROGRAMFILES, LOCALAPPDATA].flatMap((root) =>
            root ? [join(root, 'Google', 'Chrome', 'Application', 'chrome.exe')] : [],
          )
        : (PATH ?? '').split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)));
  return places.find((place) => existsSync(place));
}

const NO_CHROMIUM =
  'No Chromium was found. Install one (Debian: apt-get install chromium fonts-dejavu-core ' +
  'fonts-nanum; elsewhere Chromium or Google Chrome), or name one with ANDON_CHROMIUM=/path.';

// --- the steps, each run once and remembered by a stamp ------------------------------------------

type Step = () => Promise<void>;

async function install(steps: readonly Step[]): Promise<void> {
  if (steps.every(isDone)) return;
  await mkdir(HOME, { recursive: true });
  const release = await lock(HOME);
  try {
    for (const step of steps) {
      if (isDone(step)) continue;
      const start = Date.now();
      await step();
      await writeFile(stamp(step), '');
      say(`${step.name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    }
  } finally {
    release();
  }
}

function stamp(step: Step): string {
  return join(HOME, `.done-${step.name}`);
}

function isDone(step: Step): boolean {
  // The browser is not ours: it may have been removed since.
  return existsSync(stamp(step)) && (step !== browser || findChromium() !== undefined);
}

async function packages(): Promise<void> {
  await writeFile(join(HOME, 'package.json'), '{ "private": true }\n');
  await npmInstall(
    HOME,
    ...Object.entries(VERSIONS).map(([name, version]) =>
      name === 'node' ? `${NODE_PACKAGE}@${version}` : `${name}@${version}`,
    ),
  );
}

/** What code-server's own postinstall would fetch; that script refuses to run on our Node. */
async function dependencies(): Promise<void> {
  await npmInstall(VSCODE, '--omit=dev');
}

/** Removes half of the bytes: chat, TypeScript's server, binaries for other systems, C headers. */
async function slim(): Promise<void> {
  const system = `linux-${process.arch}`;
  const remove = async (dir: string, unwanted: (name: string) => boolean): Promise<void> => {
    for (const name of existsSync(dir) ? await readdir(dir) : []) {
      if (unwanted(name)) await rm(join(dir, name), { recursive: true });
    }
  };
  const dependency = (...path: readonly string[]) => join(VSCODE, 'node_modules', ...path);
  await remove(join(MODULES, NODE_PACKAGE), (name) => ['include', 'lib', 'share'].includes(name));
  await remove(join(VSCODE, 'extensions'), (name) =>
    /^(copilot|mermaid|ms-vscode|typescript-language)/.test(name),
  );
  await remove(dependency('@github'), (name) => name.startsWith('copilot-sdk'));
  await remove(dependency('@microsoft'), (name) => name === 'mxc-sdk');
  for (const binaries of [
    dependency('@vscode/ripgrep-universal/bin'),
    dependency('node-pty/prebuilds'),
  ]) {
    await remove(binaries, (name) => !name.startsWith(system));
  }
}

/**
 * Writes in JavaScript what would need a C++ compiler: a log writer, without which log channels stay
 * empty and the console fills with errors, and a watch over the parent process, of which VS Code has
 * a second one.
 */
async function standIns(): Promise<void> {
  const modules = { spdlog: SPDLOG, 'native-watchdog': 'exports.start = () => {};' };
  for (const [name, text] of Object.entries(modules)) {
    await writeFile(join(VSCODE, 'node_modules', '@vscode', name, 'index.js'), text);
  }
}

const SPDLOG = `
const { appendFileSync, mkdirSync } = require('fs');
const { dirname } = require('path');
const nothing = () => {};
exports.setFlushOn = nothing;
exports.createAsyncRotatingLogger = async (_name, file) => {
  mkdirSync(dirname(file), { recursive: true });
  let format = (level, text) => new Date().toISOString() + ' [' + level + '] ' + text + '\\n';
  const write = (level) => (text) => appendFileSync(file, format(level, text));
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
  return {
    ...Object.fromEntries(levels.map((level) => [level, write(level)])),
    clearFormatters: () => { format = (_level, text) => text; },
    drop: nothing, flush: nothing, setLevel: nothing, setPattern: nothing,
  };
};`;

/**
 * code-server opens proposed API to every extension, Microsoft's VS Code does not: an extension that
 * passed here could be refused there. So the check goes back in, where the patch made it `true`.
 */
async function closeProposedApi(): Promise<void> {
  const files = ['server-main', 'vs/workbench/api/node/extensionHostProcess'];
  files.push(
    'vs/workbench/api/worker/extensionHostWorkerMain',
    'vs/code/browser/workbench/workbench',
  );
  // The patched function, told by its neighbour that throws where the first says no.
  const patched =
    /(function ([\w$]+)\(([\w$]+),([\w$]+)\)\{)return!0\}(?=function [\w$]+\(\3,\4\)\{if\(!\2\(\3,\4\)\)throw)/;
  const closed = '/*closed*/return!!$3.enabledApiProposals?.includes($4)}';
  for (const file of files.map((name) => join(VSCODE, 'out', `${name}.js`))) {
    const text = await readFile(file, 'utf8');
    if (text.includes('/*closed*/')) continue;
    if (!patched.test(text)) throw new Error(`${file}: found no place to close proposed API`);
    await writeFile(file, text.replace(patched, `$1${closed}`));
  }
}

/** Debian's Chromium, with a font for Korean screenshots, where we may install it. */
async function browser(): Promise<void> {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) {
    if (!findChromium()) throw new Error(NO_CHROMIUM);
    return;
  }
  const wanted = ['fonts-dejavu-core', 'fonts-nanum', ...(findChromium() ? [] : ['chromium'])];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: readonly string[]) =>
    run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', ...wanted);
  } catch (error) {
    // Fonts only matter for looks.
    if (!findChromium()) throw new Error(NO_CHROMIUM, { cause: error });
  }
}

// --- running things ------------------------------------------------------------------------------

async function npmInstall(cwd: string, ...args: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const npm = ['npm', 'install', '--ignore-scripts', ...quiet, ...args];
  // Should we be killed, npm goes on; whoever takes over waits until it is done.
  await run('flock', [join(HOME, '.npm-lock'), ...npm], { cwd });
}

const run = (
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
) => promisify(execFile)(command, args, { ...options, timeout: 10 * MINUTE, maxBuffer: 1 << 26 });

/**
 * Waits until no other process holds the lock of this name. The lock is a listening socket in
 * Linux's abstract name space: the kernel frees it when its holder ends, however it ends.
 */
async function lock(name: string): Promise<() => void> {
  const address = `\0andon-${createHash('sha256').update(name).digest('hex')}`;
  for (let waiting = false, end = Date.now() + 15 * MINUTE; ; await pause(200)) {
    const server = createServer();
    const error = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
      server.once('error', done).listen(address, () => done(undefined));
    });
    if (!error) return () => server.close();
    if (error.code !== 'EADDRINUSE' || Date.now() > end) throw error;
    if (!waiting) say('another set-up is at work; waiting for it');
    waiting = true;
  }
}

function say(text: string): void {
  console.log(`vscode: ${text}`);
}

if (require.main === module) {
  ensureVSCode().then(
    (installation) => say(`ready\n${JSON.stringify(installation, null, 2)}`),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
