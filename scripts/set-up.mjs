// What `npm start` and `npm test` need before anything else: plain JavaScript, as nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a program with its output shown; ends this process when it fails. */
export function run(program, args) {
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', shell });
  if (error) {
    console.error(`${program} could not be started: ${error.message}`);
    process.exit(2);
  }
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs the packages where they are missing or older than the lock file. Install scripts are not run. */
export function setUp() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Andon needs Node 20 or newer; this is ${process.version}.`);
    process.exit(2);
  }
  const installed = join(root, 'node_modules/.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.log('Installing packages …');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}
