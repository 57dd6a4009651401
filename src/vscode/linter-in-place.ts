import { defaultConfiguration, type Policy } from '../engine/configuration';
import type { Engine } from '../engine/engine';
import type { FileResult } from '../engine/finding';
import { allowParsing } from '../syntax/tree-sitter';
import type { Linter, LintRequest } from './linter';
import { answer } from './questions';

/** Milliseconds the grammars may take for a file: nobody else can end them here. */
const timeLimit = 2000;

interface Waiting {
  readonly request: LintRequest;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: FileResult | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A linter in this very thread, for hosts that have no other: one file at a time, urgent ones first, and between two
 * files everything else gets its turn.
 */
export function linterInPlace(engine: Engine): Linter {
  const policies = new Map<string, Policy>();
  const urgent: Waiting[] = [];
  const patient: Waiting[] = [];
  let running = false;
  let ended = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (!ended) {
      const next = urgent.shift() ?? patient.shift();
      if (!next) break;
      // A macrotask: without it a long queue would starve typing.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const { request, signal, resolve, reject } = next;
      if (signal?.aborted) {
        reject(signal.reason);
        continue;
      }
      let policy = policies.get(request.workspace);
      if (!policy) {
        policy = engine.policy(defaultConfiguration);
        policies.set(request.workspace, policy);
      }
      const { path, text = '', languageId, script } = request;
      if (script && !text.startsWith('#!')) resolve(undefined);
      else {
        const input = { path, text, ...(languageId && { languageId }) };
        allowParsing(timeLimit, () => performance.now());
        await engine.lint(input, policy).then(resolve, reject);
      }
    }
    running = false;
  }

  return {
    configure(configuration, _only, workspace) {
      policies.set(workspace, engine.policy(configuration));
    },
    lint(request, { signal, urgent: first = false } = {}) {
      if (ended) return Promise.reject(new Error('the linter has ended'));
      return new Promise((resolve, reject) => {
        (first ? urgent : patient).push({ request, signal, resolve, reject });
        void run();
      });
    },
    async ask(question) {
      return answer(engine, question) as never;
    },
    dispose() {
      ended = true;
      for (const each of [...urgent.splice(0), ...patient.splice(0)]) {
        each.reject(new Error('the linter has ended'));
      }
    },
  };
}
