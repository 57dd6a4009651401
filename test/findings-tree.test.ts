import assert from 'node:assert/strict';
import type { Finding } from '../src/engine/finding';
import {
  FindingsTree,
  noFilter,
  portion,
  type Row,
  rowsBelow,
  type TreeFile,
} from '../src/vscode/findings-tree';

const finding = (over: Partial<Finding> = {}): Finding => ({
  rule: 'shell/any',
  concern: 'failure',
  severity: 'warning',
  path: '',
  range: [0, 1],
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
  message: 'It fails',
  fingerprint: '',
  ...over,
});

const file = (path: string, ...findings: readonly Finding[]): TreeFile => ({
  key: `file:///${path}`,
  path,
  folder: undefined,
  findings: findings.length > 0 ? findings : [finding()],
});

const drawn = (tree: FindingsTree, filter = noFilter, only?: string) =>
  tree
    .concerns(filter, only)
    .map(({ concern, count, files }) => [concern, count, ...files.map((each) => each.file.path)]);

describe('findings tree', () => {
  it('keeps files in the order people count in, whichever comes first', () => {
    const tree = new FindingsTree();
    for (const path of ['b.sh', 'a10.sh', 'a2.sh', 'a01.sh', 'a1.sh']) tree.set(file(path));
    const order = ['a01.sh', 'a1.sh', 'a2.sh', 'a10.sh', 'b.sh'];
    assert.deepEqual(drawn(tree), [['failure', 5, ...order]]);
    tree.delete('file:///a1.sh');
    tree.delete('file:///nobody-knows-it');
    assert.deepEqual(drawn(tree), [['failure', 4, ...order.filter((each) => each !== 'a1.sh')]]);
  });

  it('draws a file anew when it is set or filtered anew', () => {
    const tree = new FindingsTree();
    tree.set(file('a.sh'));
    tree.set(file('a.sh', finding(), finding({ concern: 'delivery', severity: 'info' })));
    const both = [
      ['failure', 1, 'a.sh'],
      ['delivery', 1, 'a.sh'],
    ];
    assert.deepEqual(drawn(tree).sort(), both.sort());
    const filter = { ...noFilter, hiddenSeverities: ['info'] as const };
    assert.deepEqual(drawn(tree, filter), [['failure', 1, 'a.sh']]);
    assert.deepEqual(drawn(tree, { ...noFilter, hiddenConcerns: ['failure'] }), [
      ['delivery', 1, 'a.sh'],
    ]);
  });

  it('counts what is in the baseline no more, and hides it when asked', () => {
    const tree = new FindingsTree();
    tree.set(file('a.sh', finding({ baselined: true })));
    assert.deepEqual(drawn(tree), [['failure', 0, 'a.sh']]);
    assert.deepEqual(drawn(tree, { ...noFilter, hideBaselined: true }), []);
  });

  it('narrows it to one file', () => {
    const tree = new FindingsTree();
    for (const path of ['a.sh', 'b.sh']) tree.set(file(path));
    assert.deepEqual(drawn(tree, noFilter, 'file:///b.sh'), [['failure', 1, 'b.sh']]);
    assert.deepEqual(drawn(tree, noFilter, ''), []);
  });

  it('draws portions of many files and of many findings', () => {
    const tree = new FindingsTree();
    const many = Array.from({ length: portion + 1 }, () => finding());
    for (let i = 0; i < portion; i++) tree.set(file(`${i}.sh`));
    tree.set(file('z.sh', ...many));
    const [concern] = tree.concerns(noFilter);
    const all = (rows: readonly Row[]): readonly Row[] =>
      rows.flatMap((row) => (row.kind === 'more' ? all(rowsBelow(row.of, row.from)) : [row]));
    const first = rowsBelow(concern!);
    assert.equal(first.length, portion + 1);
    assert.deepEqual(first.at(-1), { kind: 'more', of: concern, from: portion });
    const files = all(first);
    assert.equal(files.length, portion + 1);
    const last = files.at(-1)!;
    assert.ok(last.kind === 'file' && last.file.path === 'z.sh');
    assert.equal(rowsBelow(last).length, portion + 1);
    assert.equal(all(rowsBelow(last)).length, many.length);
  });
});
