/**
 * Work that may pause wherever it yields, so that who does it beside other things need not stop for all of it. What it
 * reads has to be as it was when it goes on: otherwise it is to be begun anew.
 */
export type Interruptible<T> = Generator<void, T>;

/** Does all of it in one go. */
export function atOnce<T>(work: Interruptible<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
