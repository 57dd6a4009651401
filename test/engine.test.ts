import assert from 'node:assert/strict';
import { defaultConfiguration } from '../src/engine/configuration';
import { createEngine, sizeLimit } from '../src/engine/engine';
import { defineFormat, embed } from '../src/engine/format';
import { defineRule } from '../src/engine/rule';
import { Workspace } from '../src/project/workspace';
import type { Located } from '../src/text/range';
import type { Source } from '../src/text/source';

type Word = Located & { readonly text: string };

function* words(source: Source): Iterable<readonly ['word', Word]> {
  for (const { 0: text, index } of source.text.matchAll(/\w+/g)) {
    yield ['word', { text, range: [index, index + text.length] }];
  }
}

/** Words, and between quotes words again. */
const inner = defineFormat<{ word: Word }>({
  id: 'inner',
  title: 'Inner',
  files: [],
  nodes: ['word'],
  recognises: () => undefined,
  alone: () => undefined,
  parse(source) {
    if (source.text.includes('broken')) throw new Error('cannot read this');
    return { source, problems: [], embedded: [], walk: () => words(source) };
  },
});
const outer = defineFormat<{ word: Word }>({
  id: 'outer',
  title: 'Outer',
  files: ['**/*.outer'],
  nodes: ['word'],
  recognises: (file) => (file.name.endsWith('.outer') ? 'by-name' : undefined),
  alone: () => undefined,
  parse(source) {
    if (source.text.startsWith('unreadable')) throw new Error('no way');
    const embedded = [...source.text.matchAll(/"([^"]*)"/g)].map(({ index, 0: whole }) => {
      const range = [index + 1, index + whole.length - 1] as const;
      return embed(inner, source.slice(range), undefined, { range });
    });
    const at = source.text.indexOf('?');
    const problems = at === -1 ? [] : [{ range: [at, at + 1] as const, message: 'a question' }];
    const facts = source.text.includes('state') ? [{ kind: 'said', key: 'state' }] : [];
    return { source, problems, embedded, facts, walk: () => words(source) };
  },
});
const meta = {
  summary: 's',
  why: 'w.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
} as const;
const rules = [
  defineRule({
    ...meta,
    id: 'inner/bad',
    on: inner,
    create: ({ report }) => ({
      word(at) {
        if (at.text !== 'bad') return;
        report({
          at,
          message: 'bad',
          fix: { title: 'Good', safe: true, edits: [{ range: at.range, text: 'good' }] },
        });
      },
    }),
  }),
  defineRule({
    ...meta,
    id: 'outer/depends',
    on: outer,
    create: ({ report }) => ({
      word(at) {
        if (at.text === 'wants') {
          report({ at, message: 'wants', condition: { anyOf: [{ kind: 'said', key: 'state' }] } });
        }
        if (at.text === 'without') {
          report({
            at,
            message: 'without',
            condition: { noneOf: [{ kind: 'file', key: 'there.txt' }] },
          });
        }
      },
    }),
  }),
  defineRule({
    ...meta,
    id: 'outer/throws',
    on: outer,
    create: () => ({
      word(at) {
        if (at.text === 'crash') throw new Error('oh');
      },
    }),
  }),
];
const engine = createEngine([inner, outer], rules);
const policy = engine.policy(defaultConfiguration);
const lint = (text: string, path = 'a.outer') => engine.lint({ path, text }, policy);

describe('engine', () => {
  it('finds what stands inside and says where it is in the file', async () => {
    const text = 'x "a bad" y';
    const { candidates, format } = await lint(text);
    assert.equal(format, 'outer');
    const [finding] = candidates;
    assert.equal(text.slice(...finding!.range), 'bad');
    assert.deepEqual(finding!.start, { line: 1, column: 6 });
    assert.deepEqual(finding!.fix?.edits[0]?.range, [5, 8]);
    assert.deepEqual(finding!.fix?.edits[0]?.start, { line: 1, column: 6 });
  });

  it('goes on after a rule that throws, and says so once', async () => {
    const { candidates } = await lint('crash crash "bad"');
    assert.deepEqual(
      candidates.map((each) => each.rule),
      ['andon/crash', 'inner/bad'],
    );
    assert.match(candidates[0]!.message, /outer\/throws failed on this file: oh/);
  });

  it('goes on after a piece that cannot be read', async () => {
    const { candidates } = await lint('"broken" "bad"');
    assert.deepEqual(
      candidates.map((each) => each.rule),
      ['andon/crash', 'inner/bad'],
    );
  });

  it('makes a problem of a file that cannot be read', async () => {
    const { problems, candidates } = await lint('unreadable');
    assert.deepEqual(candidates, []);
    assert.deepEqual(problems, [
      { path: 'a.outer', message: 'could not be read as Outer: no way' },
    ]);
  });

  it('tells the first syntax problem, inside the file', async () => {
    const { candidates } = await lint('x ? ?');
    assert.deepEqual(
      candidates.map(({ rule, range }) => [rule, range]),
      [['andon/syntax', [2, 3]]],
    );
  });

  it('leaves alone what no format claims, and what is too large', async () => {
    assert.equal((await lint('"bad"', 'a.txt')).format, undefined);
    const { problems } = await lint('x'.repeat(sizeLimit + 1));
    assert.match(problems[0]!.message, /larger than 4 million/);
  });

  it('takes the format the configuration names', async () => {
    const told = engine.policy({ ...defaultConfiguration, files: { '*.txt': 'outer' } });
    assert.equal(
      (await engine.lint({ path: 'b/a.txt', text: '"bad"' }, told)).candidates.length,
      1,
    );
  });

  it('tells two alike findings apart in their fingerprints, whatever their lines', async () => {
    const one = (await lint('"bad" "bad"')).candidates.map((each) => each.fingerprint);
    const other = (await lint('\n\n"bad"\n\n"bad"')).candidates.map((each) => each.fingerprint);
    assert.equal(new Set(one).size, 2);
    assert.deepEqual(one, other);
  });
});

describe('workspace', () => {
  const options = { today: '2026-01-01', judgeSuppressions: false };

  it('settles findings by what other files say', async () => {
    const workspace = new Workspace();
    const messages = () => workspace.findings('a.outer', options).map((each) => each.message);
    workspace.update(await lint('wants without'));
    assert.deepEqual(messages(), ['without']);
    workspace.update(await lint('state', 'b.outer'));
    assert.deepEqual(messages(), ['wants', 'without']);
    workspace.setFiles(['there.txt']);
    assert.deepEqual(messages(), ['wants']);
    workspace.setFile('there.txt', false);
    assert.deepEqual(messages(), ['wants', 'without']);
    workspace.setFile('there.txt', true);
    assert.deepEqual(messages(), ['wants']);
    workspace.update(await lint('nothing', 'b.outer'));
    assert.deepEqual(messages(), []);
    workspace.update(await lint('state', 'b.outer'));
    workspace.update(await lint('state', 'c.outer'));
    workspace.remove('b.outer');
    assert.deepEqual(messages(), ['wants']);
    workspace.remove('c.outer');
    assert.deepEqual(messages(), []);
    workspace.remove('a.outer');
    assert.deepEqual([...workspace.paths], []);
  });

  it('marks what a baseline knows', async () => {
    const workspace = new Workspace();
    const result = await lint('"bad" "bad"');
    workspace.update(result);
    const baseline = new Set([result.candidates[0]!.fingerprint]);
    const marks = workspace
      .findings('a.outer', { ...options, baseline })
      .map((each) => each.baselined === true);
    assert.deepEqual(marks, [true, false]);
  });
});
