import { type Runner, reporters, type Test } from 'mocha';

/** Mocha's dots, and at the end what failed at first and passed when it was tried again: a pass that is owed to luck. */
export default class Dots extends reporters.Dot {
  constructor(runner: Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const retried: string[] = [];
    runner.on('retry', (test: Test, error: Error) => {
      retried.push(`${test.fullTitle()}\n       ${error.stack ?? error.message}`);
    });
    runner.once('end', () => {
      for (const each of retried) console.log(`  tried again: ${each}`);
    });
  }
}
