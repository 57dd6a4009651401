#!/usr/bin/env node
// What the pre-commit hook calls: builds the command line when pre-commit has just cloned it, and checks the files
// named. npm does not run the scripts of what it installs from a repository any more, so nothing is built before.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, setUp } from './set-up.mjs';

const cli = join(root, 'dist/cli.js');
if (!existsSync(cli)) {
  setUp();
  run('npx', ['tsx', 'src/dev/build.ts']);
}
const { status } = spawnSync(process.execPath, [cli, 'check', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 2);
