import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Configuration } from '../engine/configuration';
import type { FileResult } from '../engine/finding';
import type { Answer, LintInput, LintJob, Order, WorkerSetUp } from './lint-protocol';

export type { LintInput } from './lint-protocol';

export interface PoolOptions {
  /** The worker's bundle: dist/worker.js. */
  readonly worker: string;
  /** The most threads there are at a time. They start when there is work for them. */
  readonly size: number;
  /** Milliseconds after which a file is given up; 2,000 if left out. */
  readonly timeLimit?: number;
  /** Megabytes of heap a thread may use; 192 if left out. */
  readonly memoryLimit?: number;
  /** Files in one message. Few where somebody types and waits; 16 if left out. */
  readonly batch?: number;
  /** Milliseconds without work after which the threads end and give their memory back; never if left out. */
  readonly idleAfter?: number;
}

export interface LintOptions {
  /** Rejects with the signal's reason as soon as it is aborted; a file still waiting is then not checked at all. */
  readonly signal?: AbortSignal;
  /** Before all that waits: somebody is looking at the file. */
  readonly urgent?: boolean;
}

/** Worker threads that check files. */
export interface LintPool {
  /**
   * Sets the configuration files are checked with from now on; `only` narrows it to some rules. Folders with
   * configurations of their own are told apart by the name of the workspace.
   */
  configure(configuration: Configuration, only?: readonly string[], workspace?: string): void;
  /**
   * Checks one file. Undefined: it is not one to check (binary, no script). A file that hangs or crashes its thread
   * resolves to a result with a problem. Rejects when cancelled, disposed of, or when no thread can be started.
   */
  lint(input: LintInput, options?: LintOptions): Promise<FileResult | undefined>;
  /** Ends all threads; whatever still waits is rejected. */
  dispose(): Promise<void>;
}

/** Thrown at those who wait on a pool that has been disposed of. */
export class PoolDisposed extends Error {
  constructor() {
    super('the check was ended');
  }
}

interface Task {
  readonly job: LintJob;
  attempts: number;
  done: boolean;
  settle(result: FileResult | undefined): void;
  fail(error: unknown): void;
}

/** A thread with what it is at. */
interface Seat {
  readonly worker: Worker;
  readonly current: Int32Array;
  readonly tasks: Map<number, Task>;
  /** Id of the job it was last seen at, since when, and the processor time it had since, both in milliseconds. */
  seen: number;
  since: number;
  worked: number;
  served: boolean;
  ended: boolean;
}

const tick = 100;
/** Milliseconds over the limit in which a thread may end the file by itself, and live on. */
const grace = 300;
/** How many times the limit a file may take while the machine is too busy to give us its processors. */
const patience = 15;
/** The part of the limit a thread has to have worked: what the main thread and the collector take is a guess. */
const nearlyAll = 0.85;
const attemptsAtStart = 2;
/** Files that have to wait before one more thread pays: it starts cold, and runs the first dozens at half the speed. */
const worthAThread = 48;

/** Makes a pool; no thread is started before there is work. */
export function createLintPool(options: PoolOptions): LintPool {
  const { size, timeLimit = 2000, memoryLimit = 192, batch = 16, idleAfter } = options;
  const configurations = new Map<string, Order>();
  const seats = new Set<Seat>();
  const urgent: Task[] = [];
  let queue: Task[] = [];
  let head = 0;
  let lastId = 0;
  let disposed = false;
  let failedStarts = 0;
  let watch: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let scheduled = false;
  let lookedAt = 0;
  let usedThen = 0;
  /** Who waits for what can be cancelled by a signal; one listener a signal, however many files it is for. */
  const cancellable = new Map<AbortSignal, Set<Task>>();

  const resourceLimits: ResourceLimits = {
    maxOldGenerationSizeMb: memoryLimit,
    maxYoungGenerationSizeMb: 16,
  };

  function next(): Task | undefined {
    while (head < queue.length) {
      const task = queue[head++]!;
      if (head > 1024 && head * 2 > queue.length) {
        queue = queue.slice(head);
        head = 0;
      }
      if (!task.done) return task;
    }
    return undefined;
  }

  function putBack(tasks: readonly Task[]): void {
    queue = [...tasks.filter((task) => !task.done), ...queue.slice(head)];
    head = 0;
  }

  const waiting = () => queue.length - head;

  function start(): Seat {
    const current = new SharedArrayBuffer(4);
    const worker = new Worker(options.worker, {
      workerData: { current, timeLimit } satisfies WorkerSetUp,
      resourceLimits,
      execArgv: [],
    });
    const seat: Seat = {
      worker,
      current: new Int32Array(current),
      tasks: new Map(),
      seen: 0,
      since: 0,
      worked: 0,
      served: false,
      ended: false,
    };
    worker.on('message', (answer: Answer) => take(seat, answer));
    worker.on('error', (error) => crashed(seat, error));
    worker.on('exit', (code) => crashed(seat, new Error(`the thread ended with code ${code}`)));
    for (const order of configurations.values()) worker.postMessage(order);
    seats.add(seat);
    return seat;
  }

  function give(seat: Seat, tasks: readonly Task[]): void {
    for (const task of tasks) seat.tasks.set(task.job.id, task);
    seat.worker.postMessage({ kind: 'lint', jobs: tasks.map((task) => task.job) } satisfies Order);
    watch ??= setInterval(look, tick);
    clearTimeout(idle);
    idle = undefined;
  }

  function dispatch(): void {
    scheduled = false;
    if (disposed) return;
    while (urgent.length > 0) {
      const task = urgent.shift()!;
      if (task.done) continue;
      // A busy thread takes it between two files.
      const seat = leastBusy();
      give(seat, [task]);
    }
    for (;;) {
      if (waiting() === 0) break;
      let seat = [...seats].find((each) => each.tasks.size === 0);
      if (!seat && (seats.size === 0 || (seats.size < size && waiting() > worthAThread))) {
        seat = start();
      }
      if (!seat) break;
      const count = Math.max(1, Math.min(batch, Math.ceil(waiting() / (2 * size))));
      const tasks: Task[] = [];
      for (let task = next(); task; task = tasks.length < count ? next() : undefined)
        tasks.push(task);
      if (tasks.length > 0) give(seat, tasks);
    }
    if (![...seats].some((seat) => seat.tasks.size > 0)) rest();
  }

  function leastBusy(): Seat {
    let best: Seat | undefined;
    for (const seat of seats) if (!best || seat.tasks.size < best.tasks.size) best = seat;
    return best && (best.tasks.size === 0 || seats.size >= size) ? best : start();
  }

  function rest(): void {
    clearInterval(watch);
    watch = undefined;
    if (idleAfter === undefined || seats.size === 0) return;
    idle ??= setTimeout(() => {
      idle = undefined;
      for (const seat of seats) void end(seat);
    }, idleAfter).unref();
  }

  function take(seat: Seat, answer: Answer): void {
    seat.served = true;
    failedStarts = 0;
    for (const { id, result } of answer.outcomes) {
      const task = seat.tasks.get(id);
      seat.tasks.delete(id);
      task?.settle(result);
    }
    dispatch();
  }

  /**
   * Looks whether a thread is stuck at a file. Where other programs hold the processors, time passes without the file
   * being to blame: so what counts is the thread's share of the processor time this process was given.
   */
  function look(): void {
    const now = performance.now();
    const { user, system } = process.cpuUsage();
    const passed = now - lookedAt;
    const used = (user + system) / 1000 - usedThen;
    lookedAt = now;
    usedThen += used;
    const busy = [...seats].filter((seat) => seat.tasks.size > 0).length;
    for (const seat of [...seats]) {
      const id = Atomics.load(seat.current, 0);
      if (id === 0 || id !== seat.seen) {
        seat.seen = id;
        seat.since = now;
        seat.worked = 0;
        continue;
      }
      seat.worked += Math.min(passed, used / Math.max(1, busy));
      const waited = now - seat.since;
      const spent = waited >= timeLimit + grace && seat.worked >= timeLimit * nearlyAll;
      if (spent || waited > timeLimit * patience) cutOff(seat, id);
    }
  }

  function cutOff(seat: Seat, id: number): void {
    const task = seat.tasks.get(id);
    seat.tasks.delete(id);
    const limit = timeLimit / 1000;
    task?.settle(problem(task.job.path, `took longer than ${limit} s, not checked`));
    putBack([...seat.tasks.values()]);
    seat.tasks.clear();
    void end(seat);
    dispatch();
  }

  function crashed(seat: Seat, error: Error): void {
    if (seat.ended) return;
    seat.ended = true;
    seats.delete(seat);
    const culprit = seat.tasks.get(Atomics.load(seat.current, 0));
    const others = [...seat.tasks.values()].filter((task) => task !== culprit);
    seat.tasks.clear();
    if (!culprit && !seat.served && ++failedStarts >= attemptsAtStart) {
      const reason = new Error(`the checking thread does not start: ${error.message}`);
      failedStarts = 0;
      for (const task of [...others, ...urgent.splice(0), ...queue.slice(head)]) task.fail(reason);
      queue = [];
      head = 0;
      rest();
      return;
    }
    if (culprit) {
      const memory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      // Memory may have been used up by the files before; in a fresh thread the file has all of it.
      if (memory && culprit.attempts++ === 0) others.unshift(culprit);
      else {
        const message = memory
          ? `needs more than ${memoryLimit} MB of memory, not checked`
          : `broke the check off: ${error.message}`;
        culprit.settle(problem(culprit.job.path, message));
      }
    }
    putBack(others);
    dispatch();
  }

  async function end(seat: Seat): Promise<void> {
    seat.ended = true;
    seats.delete(seat);
    await seat.worker.terminate();
  }

  /** Lets the signal cancel the task; the function returned ends that. */
  function tie(task: Task, signal: AbortSignal): () => void {
    let tasks = cancellable.get(signal);
    if (!tasks) {
      tasks = new Set();
      cancellable.set(signal, tasks);
      signal.addEventListener('abort', cancel, { once: true });
    }
    tasks.add(task);
    const all = tasks;
    return () => {
      all.delete(task);
      if (all.size > 0 || cancellable.get(signal) !== all) return;
      cancellable.delete(signal);
      signal.removeEventListener('abort', cancel);
    };
  }

  function cancel(this: AbortSignal): void {
    const tasks = cancellable.get(this);
    cancellable.delete(this);
    for (const task of [...(tasks ?? [])]) task.fail(this.reason);
  }

  return {
    configure(configuration, only, workspace = '') {
      const order: Order = { kind: 'configure', workspace, configuration, only };
      configurations.set(workspace, order);
      for (const seat of seats) seat.worker.postMessage(order);
    },

    lint(input, { signal, urgent: first = false } = {}) {
      if (disposed) return Promise.reject(new PoolDisposed());
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const task: Task = {
          job: { ...input, id: ++lastId },
          attempts: 0,
          done: false,
          settle(result) {
            if (task.done) return;
            task.done = true;
            untie?.();
            resolve(result);
          },
          fail(error) {
            if (task.done) return;
            task.done = true;
            untie?.();
            reject(error);
          },
        };
        const untie = signal && tie(task, signal);
        if (first) urgent.push(task);
        else queue.push(task);
        // Calls made in one go are handed out together.
        if (!scheduled) setImmediate(dispatch);
        scheduled = true;
      });
    },

    async dispose() {
      disposed = true;
      clearInterval(watch);
      clearTimeout(idle);
      const left = [...urgent.splice(0), ...queue.slice(head)];
      for (const seat of seats) left.push(...seat.tasks.values());
      queue = [];
      head = 0;
      for (const task of left) task.fail(new PoolDisposed());
      await Promise.all([...seats].map(end));
    },
  };
}

function problem(path: string, message: string): FileResult {
  return {
    path,
    format: undefined,
    candidates: [],
    facts: [],
    suppressions: [],
    problems: [{ path, message }],
  };
}
