import type { Interruptible } from '../project/interruptible';

/** Longest time, in milliseconds, that work of ours holds the extension host without a pause. */
const budget = 4;

/** Lets everything else that waits in this thread have its turn. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Paces one piece of work: awaited between two bits of it, the function returned pauses when it is time. */
export function pacer(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since <= budget) return;
    await pause();
    since = performance.now();
  };
}

/**
 * Works through the items in slices short enough that typing is never held up. Items are taken as they come, so
 * `items` may grow meanwhile; stops early when `stop` says so.
 */
export async function inSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  stop: () => boolean = () => false,
): Promise<void> {
  let since = performance.now();
  for (const item of items) {
    if (stop()) return;
    work(item);
    if (performance.now() - since > budget) {
      await pause();
      since = performance.now();
    }
  }
}

/** Does work that may be interrupted in such slices. Undefined when `stop` says so after a pause. */
export async function inSteps<T>(
  work: Interruptible<T>,
  stop: () => boolean = () => false,
): Promise<T | undefined> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since <= budget) continue;
    await pause();
    if (stop()) return undefined;
    since = performance.now();
  }
}
