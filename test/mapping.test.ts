import assert from 'node:assert/strict';
import { parseYaml, type YamlNode, type YamlScalar } from '../src/syntax/yaml';
import { Source } from '../src/text/source';
import { exampleFiles, pageSnippets } from './samples';

function* scalars(node: YamlNode | undefined, seen = new Set<YamlNode>()): Iterable<YamlScalar> {
  if (!node || seen.has(node)) return;
  seen.add(node);
  if (node.kind === 'scalar') yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* scalars(item, seen);
  else {
    for (const { key, value } of node.entries) {
      yield* scalars(key, seen);
      yield* scalars(value, seen);
    }
  }
}

/** Checks that each character of each scalar maps to where it is written; how many characters that were. */
function checkMapping(path: string, text: string): number {
  const source = Source.file(path, text);
  let characters = 0;
  for (const root of parseYaml(source).roots) {
    for (const scalar of scalars(root)) {
      const inner = scalar.text();
      assert.equal(inner.text, scalar.string);
      for (let i = 0; i < inner.text.length; i++) {
        const place = inner.toFile([i, i + 1]);
        assert.ok(
          place,
          `${path}: character ${i} of ${JSON.stringify(scalar.string)} has no place`,
        );
        const written = text.slice(...place.range);
        if (place.exact) assert.equal(written, inner.text[i]);
        else if (inner.text[i] === ' ' || inner.text[i] === '\n')
          assert.match(written, /^\\|^\s+$|^$/);
        else assert.match(written, /^\\|^''$/);
      }
      characters += inner.text.length;
    }
  }
  return characters;
}

const styles = `plain: a b
wrapped: one
  two

  three
single: 'it''s
  here'
double: "tab\\t quote\\" é \\u00e9 \\
  joined
  folded"
literal: |
  first

    indented
  last
strip: |-
  x
keep: |+
  x

indicated: |2-
   leading blank
  x
folded: >
  one
  two

  three
    more
  four
anchor: &a |
  text
alias: *a
flow: [a, 'b', "c", { d: e }]
`;

/** Flow scalars and lists whose further lines are not indented, as PyYAML and Go's readers take them. */
const left = `a:
  b:
    double: "one
  two
    three"
    single: 'one
  two'
    list:
      - [a,
      b]
    last: x
`;

describe('YAML scalars map back to the file', () => {
  for (const eol of ['\n', '\r\n']) {
    const name = eol === '\n' ? 'LF' : 'CRLF';

    it(`every style, ${name}`, () => {
      assert.ok(checkMapping('styles.yaml', styles.replaceAll('\n', eol)) > 200);
    });

    it(`flow style further left than its key, ${name}`, () => {
      assert.ok(checkMapping('left.yaml', left.replaceAll('\n', eol)) > 15);
    });

    it(`examples and rule pages, ${name}`, () => {
      let characters = 0;
      for (const { path, text } of [...exampleFiles(), ...pageSnippets()]) {
        if (!/\.ya?ml$/.test(path)) continue;
        characters += checkMapping(path, text.replaceAll('\n', eol));
      }
      assert.ok(characters > 10_000);
    });
  }
});

describe('flow style further left than its key', () => {
  const read = (text: string) => {
    const { roots, problems } = parseYaml(Source.file('x.yaml', text));
    const values = roots.map((root) => (root.kind === 'map' ? root : undefined));
    return { map: values[0], problems };
  };

  it('is read', () => {
    const { map, problems } = read(left);
    assert.deepEqual(problems, []);
    const inner = map?.get('a');
    assert.equal(inner?.kind, 'map');
    const b = inner.get('b');
    assert.equal(b?.kind, 'map');
    const text = (key: string) => {
      const value = b.get(key);
      return value?.kind === 'scalar' ? value.string : undefined;
    };
    assert.deepEqual(['double', 'single', 'last'].map(text), ['one two three', 'one two', 'x']);
    const list = b.get('list');
    assert.equal(list?.kind, 'list');
    assert.equal(list.items[0]?.kind === 'list' && list.items[0].items.length, 2);
  });

  it('does not make an open quote run on to the next', () => {
    const { map, problems } = read('a:\n  run: "curl\nb:\n  x: "y"\nc: z\n');
    assert.equal(problems.length, 1);
    assert.ok(map?.has('c'));
  });
});

describe('edits are written back through a scalar', () => {
  const insert = (yaml: string, text: string) => {
    const source = Source.file('x.yaml', yaml);
    const root = parseYaml(source).roots[0];
    assert.equal(root?.kind, 'map');
    const value = root.get('run');
    assert.equal(value?.kind, 'scalar');
    const edit = value.text().editInFile({ range: [0, 0], text });
    return edit && yaml.slice(0, edit.range[0]) + edit.text + yaml.slice(edit.range[1]);
  };

  it('a literal block gets its indentation and line ending', () => {
    assert.equal(insert('run: |\n  a\n  b\n', 'set -e\n'), 'run: |\n  set -e\n  a\n  b\n');
    assert.equal(insert('run: |\r\n    a\r\n', 'set -e\n'), 'run: |\r\n    set -e\r\n    a\r\n');
  });

  it('quotes are escaped', () => {
    assert.equal(insert(`run: 'a'\n`, `it's `), `run: 'it''s a'\n`);
    assert.equal(insert('run: "a"\n', 'say "x"\n'), 'run: "say \\"x\\"\\na"\n');
  });

  it('what a style cannot say is withheld', () => {
    assert.equal(insert('run: a\n', 'b: c '), undefined);
    assert.equal(insert('run: a\n', 'b\n'), undefined);
    assert.equal(insert('run: >\n  a\n', 'b\n'), undefined);
  });
});
