import assert from 'node:assert/strict';
import { applyEdits, mergeEdits } from '../src/text/edit';
import { LineIndex } from '../src/text/line-index';
import { contains } from '../src/text/range';
import { Source } from '../src/text/source';

describe('edits', () => {
  const edit = (start: number, end: number, text: string) => ({
    range: [start, end] as const,
    text,
  });

  it('apply in any order', () => {
    assert.equal(
      applyEdits('abcdef', [edit(4, 5, 'E'), edit(0, 1, 'A'), edit(2, 2, '-')]),
      'Ab-cdEf',
    );
    assert.equal(applyEdits('abc', []), 'abc');
    assert.equal(applyEdits('', [edit(0, 0, 'x')]), 'x');
  });

  it('refuse to overlap', () => {
    assert.throws(() => applyEdits('abcdef', [edit(0, 3, 'x'), edit(2, 4, 'y')]), RangeError);
  });

  it('are taken in whole groups, the earlier one first', () => {
    const groups = [
      [edit(0, 1, 'A'), edit(5, 6, 'F')],
      [edit(0, 2, 'x'), edit(3, 4, 'y')],
      [edit(2, 3, 'C')],
    ];
    assert.equal(applyEdits('abcdef', mergeEdits(groups)), 'AbCdeF');
  });

  it('that are the same are made once', () => {
    const flag = [edit(4, 4, ' -f')];
    assert.equal(applyEdits('curl x', mergeEdits([flag, flag])), 'curl -f x');
  });

  it('that insert at one place collide', () => {
    assert.equal(mergeEdits([[edit(1, 1, 'a')], [edit(1, 1, 'b')]]).length, 1);
  });
});

describe('lines', () => {
  it('end with LF, CR LF and CR', () => {
    const lines = new LineIndex('a\nb\r\nc\rd');
    assert.equal(lines.lineCount, 4);
    assert.deepEqual(lines.position(0), { line: 1, column: 1 });
    assert.deepEqual(lines.position(2), { line: 2, column: 1 });
    assert.deepEqual(lines.position(3), { line: 2, column: 2 });
    assert.deepEqual(lines.position(5), { line: 3, column: 1 });
    assert.deepEqual(lines.position(7), { line: 4, column: 1 });
    assert.deepEqual(lines.position(8), { line: 4, column: 2 });
  });

  it('count columns in UTF-16 units', () => {
    const text = 'é🚦x';
    assert.deepEqual(new LineIndex(text).position(text.indexOf('x')), { line: 1, column: 4 });
  });

  it('take what is outside to the nearest end', () => {
    const lines = new LineIndex('ab\n');
    assert.deepEqual(lines.position(-5), { line: 1, column: 1 });
    assert.deepEqual(lines.position(99), { line: 2, column: 1 });
    assert.equal(lines.lineStart(99), 3);
  });
});

describe('ranges', () => {
  it('contain what lies wholly inside', () => {
    assert.ok(contains([1, 5], [1, 5]));
    assert.ok(!contains([1, 5], [0, 2]));
  });
});

describe('source', () => {
  const file = Source.file('f', 'key: "a\\tb"  # é\r\nnext');

  it('of a file maps to itself', () => {
    assert.deepEqual(file.toFile([3, 7]), { range: [3, 7], exact: true });
    assert.equal(file.file, file);
  });

  it('sliced twice maps through both', () => {
    const inner = file.slice([4, 12]).slice([2, 4]);
    assert.equal(inner.text, file.text.slice(6, 8));
    assert.deepEqual(inner.toFile([0, 1]), { range: [6, 7], exact: true });
  });

  it('with an escape maps the character to the escape, and may not be edited there', () => {
    const value = file.derive().copy('a', 6).decoded('\t', 7, 2).copy('b', 9).build();
    assert.equal(value.text, 'a\tb');
    assert.deepEqual(value.toFile([0, 1]), { range: [6, 7], exact: true });
    assert.deepEqual(value.toFile([1, 2]), { range: [7, 9], exact: false });
    assert.deepEqual(value.toFile([0, 3]), { range: [6, 10], exact: false });
    assert.deepEqual(value.editInFile({ range: [2, 3], text: 'c' }), { range: [9, 10], text: 'c' });
    assert.equal(value.editInFile({ range: [0, 3], text: 'c' }), undefined);
  });

  it('with inserted text has no place for it', () => {
    const joined = file.derive().copy('key', 0).insert('\n').copy('next', 18).build();
    assert.equal(joined.toFile([3, 4]), undefined);
    assert.deepEqual(joined.toFile([0, 8]), { range: [0, 22], exact: false });
    assert.deepEqual(joined.toFile([4, 8]), { range: [18, 22], exact: true });
  });

  it('masked keeps its length and tells what is no longer verbatim', () => {
    const masked = Source.file('f', 'a {{ x }} b {{ y }}').mask(/\{\{.*?\}\}/g);
    assert.equal(masked.text, 'a _______ b _______');
    assert.ok(masked.isVerbatim([0, 2]));
    assert.ok(!masked.isVerbatim([0, 3]));
    assert.ok(masked.isVerbatim([9, 12]));
    assert.deepEqual(masked.toFile([10, 11]), { range: [10, 11], exact: true });
  });

  it('encodes what is written back', () => {
    const value = file.derive((text) =>
      text.includes('"') ? undefined : text.replace(/\n/g, '\\n'),
    );
    const source = value.copy('a', 6).build();
    assert.deepEqual(source.editInFile({ range: [0, 1], text: 'x\ny' }), {
      range: [6, 7],
      text: 'x\\ny',
    });
    assert.equal(source.editInFile({ range: [0, 1], text: '"' }), undefined);
  });

  it('places an insertion at the end of the text before it', () => {
    const value = file.derive().copy('key', 0).copy('next', 18).build();
    assert.deepEqual(value.toFile([7, 7]), { range: [22, 22], exact: true });
    assert.deepEqual(value.toFile([0, 0]), { range: [0, 0], exact: true });
  });

  it('joined of pieces leads back into each of them', () => {
    const quoted = file
      .derive((text) => text.toUpperCase())
      .copy('key', 0)
      .build();
    const joined = Source.joined([quoted, '\n', file.slice([18, 22]), '\n']);
    assert.equal(joined.text, 'key\nnext\n');
    assert.equal(joined.file, file);
    assert.deepEqual(joined.toFile([4, 8]), { range: [18, 22], exact: true });
    assert.deepEqual(joined.toFile([1, 6]), { range: [1, 20], exact: false });
    assert.deepEqual(joined.toFile([3, 3]), { range: [3, 3], exact: true });
    assert.equal(joined.toFile([3, 4]), undefined);
    assert.ok(joined.isVerbatim([0, 3]));
    assert.ok(!joined.isVerbatim([0, 4]));
    assert.deepEqual(joined.editInFile({ range: [0, 1], text: 'x' }), { range: [0, 1], text: 'X' });
    assert.deepEqual(joined.editInFile({ range: [4, 4], text: 'x' }), {
      range: [18, 18],
      text: 'x',
    });
    assert.equal(joined.editInFile({ range: [2, 5], text: 'x' }), undefined);
    assert.equal(joined.editInFile({ range: [2, 4], text: 'x' }), undefined);
    assert.equal(joined.slice([4, 8]).toFile([0, 1])?.range[0], 18);
  });
});
