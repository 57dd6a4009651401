import assert from 'node:assert/strict';
import { atOnce, type Interruptible } from '../src/project/interruptible';
import { inSteps } from '../src/vscode/time-slices';

/** Counts to ten, each time long enough to pause after. */
function* count(): Interruptible<number> {
  for (let i = 1; i < 10; i++) {
    const until = performance.now() + 5;
    while (performance.now() < until);
    yield;
  }
  return 10;
}

describe('time slices', () => {
  it('come to what is done at once', async () => {
    assert.equal(atOnce(count()), 10);
    assert.equal(await inSteps(count()), 10);
  });

  it('give others their turn in between', async () => {
    let turns = 0;
    const others = setInterval(() => turns++, 0);
    await inSteps(count());
    clearInterval(others);
    assert.ok(turns > 1);
  });

  it('stop when what they are about has changed meanwhile', async () => {
    let changed = false;
    setTimeout(() => {
      changed = true;
    }, 0);
    assert.equal(await inSteps(count(), () => changed), undefined);
  });
});
