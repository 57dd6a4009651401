/** Longest time, in milliseconds, that work of ours holds the extension host without a pause. */
const budget = 4;

/** Lets everything else that waits in this thread have its turn. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

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
