import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../src/catalog';
import { precisionPage, readJudged, readSeen, sampleFiles } from '../src/dev/precision';

const root = join(__dirname, '..');
const folder = 'docs/precision';
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const names = readdirSync(join(root, folder)).sort();
const samples = names.filter((name) => name !== 'seen.tsv').map((name) => `${folder}/${name}`);

const sorted = (text: string) => {
  const lines = text.split('\n').slice(0, -1);
  assert.deepEqual(lines, [...new Set(lines)].sort());
};

describe('the judged sample', () => {
  it('has its files named after formats and families of rules', () => {
    assert.deepEqual(
      samples.filter((path) => !sampleFiles(engine).includes(path)),
      [],
    );
  });

  for (const path of samples) {
    it(`${path} holds judged findings of rules there are, sorted, none twice`, () => {
      const text = read(path);
      sorted(text);
      const rules = new Set(engine.rules.map(({ id }) => id));
      const judged = readJudged(text);
      assert.ok(judged.length > 0);
      const unknown = judged.filter(({ rule }) => !rules.has(rule)).map(({ rule }) => rule);
      assert.deepEqual(unknown, []);
    });
  }

  it('judges no finding twice', () => {
    const all = samples.flatMap((path) => readJudged(read(path)));
    const keys = all.map(({ rule, repository, place }) => `${rule} ${repository} ${place}`);
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    );
  });

  it('counts what was seen, a line a format', () => {
    const text = read(`${folder}/seen.tsv`);
    sorted(text);
    const seen = readSeen(text).map(({ format }) => format);
    assert.equal(new Set(seen).size, seen.length);
    const formats = new Set(engine.formats.map(({ id }) => id));
    assert.deepEqual(
      seen.filter((format) => !formats.has(format)),
      [],
    );
  });

  it('is refused where a line is of another form', () => {
    const good = 'shell/curl-no-fail\tan/example\ta.sh:3\tright\tno -f';
    assert.equal(readJudged(`${good}\n`).length, 1);
    for (const [from, to] of [
      ['right', 'perhaps'],
      ['an/example', 'example'],
      ['a.sh:3', 'a.sh'],
      ['\tno -f', ''],
      ['no -f', 'no -f\tmore'],
    ] as const)
      assert.throws(() => readJudged(good.replace(from, to)), /line 1/);
    assert.throws(() => readSeen('shell\t1\n'), /line 1/);
    assert.throws(() => readSeen('shell\tone\t2\n'), /line 1/);
  });
});

describe('the page on it', () => {
  const lines = (number: number, right: number) =>
    Array.from(
      { length: number },
      (_, index) =>
        `shell/curl-no-fail\tan/example\ta.sh:${index + 1}\t${index < right ? 'right' : 'wrong'}\tno -f\n`,
    ).join('');
  const page = (number: number, right: number) =>
    precisionPage(engine, ['sample'], (path) =>
      path === 'sample' ? lines(number, right) : 'shell\t2\t30\n',
    );
  const row = (text: string) =>
    text.split('\n').find((line) => line.startsWith('| [shell/curl-no-fail]'));

  it('counts, and says in words what is below the bar or thin', () => {
    const start = '| [shell/curl-no-fail](../src/rules/shell/curl-no-fail.md) | 2 | 30 |';
    assert.equal(row(page(10, 9)), `${start} 10 | 9 | 1 | 90 % |  |`);
    assert.equal(row(page(20, 17)), `${start} 20 | 17 | 3 | 85 % | below nine of ten |`);
    assert.equal(row(page(3, 3)), `${start} 3 | 3 | 0 | 100 % | thin: 3 judged |`);
    assert.equal(
      row(page(2, 1)),
      `${start} 2 | 1 | 1 | 50 % | below nine of ten; thin: 2 judged |`,
    );
  });

  it('names recommended rules nobody has judged', () => {
    assert.ok(
      page(0, 0).includes(
        '- [shell/curl-no-fail](../src/rules/shell/curl-no-fail.md): 2 repositories, 30 files',
      ),
    );
    assert.ok(!page(1, 1).includes('- [shell/curl-no-fail]'));
  });
});
