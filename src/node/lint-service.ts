import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import type { Policy } from '../engine/configuration';
import { defaultConfiguration } from '../engine/configuration';
import type { Engine } from '../engine/engine';
import type { FileResult } from '../engine/finding';
import { allowParsing } from '../syntax/tree-sitter';
import type { Answer, Answered, LintJob, Order, WorkerSetUp } from './lint-protocol';
import { readText } from './read-text';

const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };

/** Milliseconds this thread has worked, on a Node that can tell (23.9 and later). */
function processorTime(usage: () => NodeJS.CpuUsage): number {
  const { user, system } = usage.call(process);
  return (user + system) / 1000;
}

/**
 * Serves lint orders in a worker thread with the given engine until the thread is ended. `answer` serves those jobs
 * that are questions.
 */
export function serveLint(engine: Engine, answer?: (question: unknown) => unknown): void {
  const port = parentPort;
  if (!port) throw new Error('serveLint runs in a worker thread only');
  const { current: shared, timeLimit } = workerData as WorkerSetUp;
  const current = new Int32Array(shared);
  const policies = new Map<string, Policy>();

  const carryOut = async (order: Order): Promise<void> => {
    if (order.kind === 'configure') {
      policies.set(order.workspace, engine.policy(order.configuration, order.only));
      return;
    }
    const outcomes: Answer['outcomes'][number][] = [];
    for (const job of order.jobs) {
      // Orders that came meanwhile are urgent ones: somebody is typing. They go first.
      if (outcomes.length > 0) await takeWaiting(port);
      Atomics.store(current, 0, job.id);
      // Given up by itself, a file costs no thread; what takes its time elsewhere, the pool ends with the thread.
      if (threadCpuUsage) allowParsing(timeLimit, () => processorTime(threadCpuUsage));
      let policy = policies.get(job.workspace ?? '');
      if (!policy) {
        policy = engine.policy(defaultConfiguration);
        policies.set(job.workspace ?? '', policy);
      }
      const result =
        job.question === undefined
          ? await lint(engine, policy, job)
          : answered(job.path, answer?.(job.question));
      outcomes.push({ id: job.id, result });
      Atomics.store(current, 0, 0);
    }
    port.postMessage({ outcomes } satisfies Answer);
  };

  const takeWaiting = async (from: MessagePort): Promise<void> => {
    for (let waiting = receiveMessageOnPort(from); waiting; waiting = receiveMessageOnPort(from)) {
      await carryOut(waiting.message as Order);
    }
  };

  // One order after the other, also where one waits for a grammar to load.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (order: Order) => {
    last = last.then(() => carryOut(order));
  });
}

async function lint(engine: Engine, policy: Policy, job: LintJob): Promise<FileResult | undefined> {
  const { path, languageId } = job;
  let { text } = job;
  const nothing = resultOf(path);
  if (text === undefined) {
    const read = readText(job.file!, {
      ...(job.named && { named: true }),
      ...(job.script && { script: true }),
    });
    if (read.kind === 'skipped') return undefined;
    if (read.kind === 'problem') {
      return { ...nothing, problems: [{ path, message: read.message }] };
    }
    text = read.text;
  }
  try {
    return await engine.lint({ path, text, ...(languageId && { languageId }) }, policy);
  } catch (error) {
    const message = `could not be checked: ${error instanceof Error ? error.message : error}`;
    return { ...nothing, problems: [{ path, message }] };
  }
}

const resultOf = (path: string): FileResult => ({
  path,
  format: undefined,
  candidates: [],
  facts: [],
  suppressions: [],
  problems: [],
});

const answered = (path: string, answer: unknown): Answered => ({ ...resultOf(path), answer });
