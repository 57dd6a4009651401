import assert from 'node:assert/strict';
import { maskTemplates } from '../src/syntax/template-mask';
import { parseYaml } from '../src/syntax/yaml';
import { Source } from '../src/text/source';

const mask = (text: string, language: 'go' | 'jinja' = 'go') =>
  maskTemplates(Source.file('x', text), language);

describe('template mask', () => {
  const cases: readonly (readonly [what: string, 'go' | 'jinja', text: string, masked: string])[] =
    [
      ['a value', 'go', 'a: "{{ .X }}:1"\n', 'a: "________:1"\n'],
      ['a line of its own', 'go', 'a:\n  {{- if .X }}\n  b: 1\n', 'a:\n              \n  b: 1\n'],
      ['a comment behind', 'go', '{{ end }} # x\n', '          # x\n'],
      [
        'two on one line',
        'go',
        '{{ if .A }}{{ .B }}\nc: {{ .D }}{{ .E }}\n',
        '                   \nc: ________________\n',
      ],
      ['a comment with braces', 'go', '{{/* {{ x }} */}}\na: 1\n', '                 \na: 1\n'],
      ['several lines behind a key', 'go', 'a: {{ f\n  .X }}\nb: 1\n', 'a: ____\n       \nb: 1\n'],
      ['braces in strings', 'go', 'a: {{ `{{ x }}` }}{{ "}}" }}\n', `a: ${'_'.repeat(25)}\n`],
      [
        'strings in a quoted value',
        'go',
        'a: "{{ printf \\"f(\'%s\') 1\\" .X | g }} b"\nc: 1\n',
        `a: "${'_'.repeat(33)} b"\nc: 1\n`,
      ],
      ['a blank first line', 'go', '\n{{ if .A }}\na: 1\n', '\n           \na: 1\n'],
      ['CRLF', 'go', '{{ if .A }}\r\na: 1\r\n', '           \r\na: 1\r\n'],
      ['no end', 'go', 'a: {{ .X\n', 'a: {{ .X\n'],
      [
        'jinja values',
        'jinja',
        'a: |\n  {{ x }}\n  {% if y %}\n  z\n',
        'a: |\n  _______\n            \n  z\n',
      ],
      ['shell lengths are no comments', 'jinja', 'n=${#list}\n{{ a }}\n', 'n=${#list}\n_______\n'],
    ];
  for (const [what, language, text, masked] of cases) {
    it(what, () => assert.equal(mask(text, language).source.text, masked));
  }

  it('tells which expressions stand alone and which are silent', () => {
    const { expressions } = mask('{{- if .A }}\nb: {{ .C }}\n  {{- toYaml .D | nindent 2 }}\n');
    assert.deepEqual(
      expressions.map(({ text, silent, alone }) => [text, silent, alone]),
      [
        ['if .A', true, true],
        ['.C', false, false],
        ['toYaml .D | nindent 2', false, true],
      ],
    );
  });

  it('leaves values that hold a template recognisable', () => {
    const [root] = parseYaml(mask('a: "{{ .X }}"\nb: c\n').source).roots;
    assert.ok(root?.kind === 'map');
    const templated = root.entries.map(({ value }) => value?.kind === 'scalar' && value.templated);
    assert.deepEqual(templated, [true, false]);
  });
});
