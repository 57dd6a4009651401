import assert from 'node:assert/strict';
import { BaselineError, readBaseline, staleEntries, writeBaseline } from '../src/engine/baseline';
import type { Finding } from '../src/engine/finding';

const finding = (fingerprint: string) => ({ fingerprint }) as Finding;

describe('baseline', () => {
  it('reads what it writes, each entry once and sorted', () => {
    const text = writeBaseline([finding('b|f|'), finding('a|f|'), finding('b|f|')]);
    assert.deepEqual([...readBaseline(text)], ['a|f|', 'b|f|']);
    assert.ok(text.endsWith('}\n'));
  });

  it('says what is wrong with another text', () => {
    for (const [text, what] of [
      ['', /not JSON/],
      ['{"version":1,', /not JSON/],
      ['null', /"version" is not 1/],
      ['{"version":2,"findings":[]}', /"version" is not 1/],
      ['{"version":1,"findings":"x"}', /"findings" is not a list/],
      ['{"version":1,"findings":[1]}', /"findings" is not a list/],
    ] as const) {
      assert.throws(
        () => readBaseline(text),
        (error) => error instanceof BaselineError && what.test(error.message),
      );
    }
  });

  it('tells entries nothing answers to, of checked files only', () => {
    const baseline = new Set(['a|checked|1', 'a|checked|2', 'a|elsewhere|1']);
    const stale = staleEntries(baseline, [finding('a|checked|1')], (path) => path === 'checked');
    assert.deepEqual(stale, ['a|checked|2']);
  });
});
