import { execFile } from 'node:child_process';
import { isAbsolute } from 'node:path';

/** The one on the PATH. */
const usual = 'git';

let preferred: readonly string[] = [];
let found: Promise<string> | undefined;

/**
 * Has git be run from the first of these paths where there is one, and from the PATH if there is none. Whoever calls
 * this vouches that the paths are of the user's own choice: what lies there is executed. Relative ones are passed over.
 */
export function preferGit(paths: readonly string[]): void {
  preferred = paths.filter((path) => isAbsolute(path));
  found = undefined;
}

/** The program to run for git. Paths are tried once. */
export function gitProgram(): Promise<string> {
  found ??= firstThatRuns(preferred);
  return found;
}

async function firstThatRuns(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await runs(path)) return path;
  return usual;
}

function runs(path: string): Promise<boolean> {
  return new Promise((done) => {
    const options = { timeout: 10_000, windowsHide: true };
    execFile(path, ['--version'], options, (error, out) => done(!error && /^git /.test(out)));
  });
}
