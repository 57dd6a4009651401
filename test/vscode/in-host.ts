import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MochaOptions, Runner } from 'mocha';
import { extensions } from 'vscode';

/** The extension under test. */
export const EXTENSION = 'andon.andon';

/**
 * Runs the suites of `test/vscode/suite` inside an extension host and rejects if a test fails. VS
 * Code calls it, in the browser (`runInHost` of workbench.ts) and on the desktop (desktop.ts).
 *
 * The file is bundled, with the suites, into one CommonJS file; `bundleSuites` of desktop.ts does
 *
 *     esbuild test/vscode/in-host.ts --bundle --platform=node --format=cjs
 *       --external:vscode --external:mocha --outfile=.cache/in-host.js
 *
 * The bundle has to lie in the project, where `mocha` is found.
 */
export async function run(): Promise<void> {
  // Mocha is an ES module, which not every extension host can `require`.
  const { default: Mocha } = await import('mocha');
  const reporter = Report as unknown as NonNullable<MochaOptions['reporter']>;
  const mocha = new Mocha({ reporter, timeout: 60_000 });
  // What Mocha does before it loads a file: makes `describe` and `it` known.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const root = extensions.getExtension(EXTENSION)?.extensionPath;
  if (!root) throw new Error(`${EXTENSION} is not installed`);
  for (const file of readdirSync(join(root, 'test', 'vscode', 'suite')).sort()) {
    const name = /^(.+)\.test\.ts$/.exec(file)?.[1];
    // The bundle holds all that match this pattern.
    if (name) require(`./suite/${name}.test.ts`);
  }
  const failures = await new Promise<number>((done) => mocha.run(done));
  if (failures) throw new Error(`${failures} failed`);
  if (!mocha.suite.total()) throw new Error('there are no tests');
}

/** One whole line per test: the console of an extension host forwards no formats. */
class Report {
  constructor(runner: Runner) {
    runner.on('pass', (test) => console.log(`ok   ${test.fullTitle()} (${test.duration} ms)`));
    runner.on('pending', (test) => console.log(`skip ${test.fullTitle()}`));
    runner.on('fail', (test, error) => console.log(`FAIL ${test.fullTitle()}\n${error.stack}`));
  }
}
