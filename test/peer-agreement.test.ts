import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../src/catalog';
import {
  countedFile,
  differencesFile,
  readCounted,
  readDifferences,
} from '../src/dev/peer-agreement';
import { peersWithCases } from '../src/dev/peers';

const read = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');

describe("other tools' own cases", () => {
  const counted = readCounted(read(countedFile));

  for (const { name, shared } of peersWithCases) {
    it(`${name}: each difference is counted, and has a reason`, () => {
      const own = counted.filter(({ peer }) => peer === name);
      assert.deepEqual(
        own.map(({ check }) => check),
        Object.keys(shared).sort(),
      );
      const differences = readDifferences(read(differencesFile(name)));
      for (const { check, cases, agreed } of own) {
        assert.equal(differences.filter((each) => each.check === check).length, cases - agreed);
      }
      assert.deepEqual(
        differences.filter(({ reason }) => reason === '?'),
        [],
      );
    });

    it(`${name}: the rules are there`, () => {
      const ids = new Set(engine.rules.map(({ id }) => id));
      const missing = Object.values(shared)
        .flat()
        .filter((id) => !ids.has(id));
      assert.deepEqual(missing, []);
    });
  }

  it('says which line it cannot read', () => {
    assert.throws(() => readCounted('a\tb\t3\t2\na\tb\t2\t3\n'), /line 2/);
    assert.throws(() => readDifferences('a\tb\tmaybe\tc\n'), /line 1/);
  });
});
