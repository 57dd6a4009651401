import assert from 'node:assert/strict';
import { type Dashboard, grafana } from '../src/formats/grafana';
import { parseJson } from '../src/syntax/json';
import { Source } from '../src/text/source';

const dashboards = (text: string): readonly Dashboard[] =>
  [...grafana.parse(Source.file('d.json', text), undefined).walk()].map(([, node]) => node);

describe('grafana', () => {
  it('reads panels in rows of now and of old, and a dashboard as the API gives it', () => {
    const text = JSON.stringify({
      meta: {},
      dashboard: {
        uid: 'a',
        title: 'A',
        schemaVersion: 1,
        panels: [{ title: 'one' }, { type: 'row', panels: [{ title: 'two' }] }],
        rows: [{ panels: [{ title: 'three', description: ' d ' }] }],
      },
    });
    const [dashboard] = dashboards(text);
    assert.deepEqual(
      dashboard!.panels.map(({ title, description }) => [title, description]),
      [
        ['one', ''],
        ['two', ''],
        ['three', 'd'],
      ],
    );
    assert.equal(text.slice(...dashboard!.title!.range), '"A"');
    assert.equal(dashboard!.uid?.value, 'a');
  });

  it('takes anything', () => {
    for (const text of ['', '[]', '{', '{"panels": [1, {"panels": 2}], "rows": {}}', '{"a": ]']) {
      assert.ok(dashboards(text).length <= 1, text);
    }
  });
});

describe('json', () => {
  it('tells what could not be read, and reads the rest', () => {
    const source = Source.file('a.json', '{ "a": [1, "x",], // why\n "b": }');
    const { root, problems } = parseJson(source);
    assert.ok(root?.kind === 'object');
    const list = root.get('a');
    assert.ok(list?.kind === 'list');
    assert.deepEqual(
      list.items.map((item) => source.text.slice(...item.range)),
      ['1', '"x"'],
    );
    assert.equal(root.get('b'), undefined);
    assert.deepEqual(
      problems.map(({ message, range }) => [message, source.text.slice(...range)]),
      [['ValueExpected', '}']],
    );
  });

  it('is not brought down by depth', () => {
    const { root, problems } = parseJson(Source.file('a.json', '['.repeat(1e5)));
    assert.ok(root === undefined || problems.length > 0);
  });
});
