import { createLintPool, type PoolOptions } from '../node/lint-pool';
import type { Answered } from '../node/lint-protocol';
import type { Linter } from './linter';

/** A linter in worker threads; `worker` is dist/engine.js. */
export function linterInThreads(options: PoolOptions): Linter {
  const pool = createLintPool(options);
  return {
    configure: pool.configure,
    lint: pool.lint,
    async ask(question) {
      const result = await pool.lint({ path: question.kind, question }, { urgent: true });
      const [problem] = result?.problems ?? [];
      if (problem) throw new Error(`${problem.path}: ${problem.message}`);
      return (result as Answered).answer as never;
    },
    dispose: pool.dispose,
  };
}
