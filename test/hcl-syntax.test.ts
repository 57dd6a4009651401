import assert from 'node:assert/strict';
import './grammars';
import {
  type Body,
  type Expression,
  type Heredoc,
  parseHcl,
  walkExpressions,
} from '../src/syntax/hcl';
import { loadGrammar } from '../src/syntax/tree-sitter';
import type { Range } from '../src/text/range';
import { Source } from '../src/text/source';

const parse = (text: string) => parseHcl(Source.file('main.tf', text));
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** The value of `a = …`. */
const value = (written: string): Expression => parse(`a = ${written}\n`).body.attribute('a')!.value;

/** An expression in a form that is easily written down: references as paths, calls as `name(…)`. */
function shown(expression: Expression): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return { template: expression.parts.map(shown) };
    case 'heredoc':
      return { heredoc: expression.body.text, children: expression.children.map(shown) };
    case 'reference':
      return { path: expression.path.join(' '), indices: expression.indices.map(shown) };
    case 'call':
      return { [`${expression.name.value}()`]: expression.args.map(shown) };
    case 'list':
      return expression.items.map(shown);
    case 'object':
      return {
        entries: expression.entries.map((entry) => [
          entry.key?.value ?? (entry.computed && shown(entry.computed)),
          shown(entry.value),
        ]),
      };
    case 'conditional':
      return [shown(expression.condition), '?', shown(expression.then), shown(expression.else)];
    case 'other':
      return { other: expression.children.map(shown) };
  }
}

const path = (...names: string[]) => ({ path: names.join(' '), indices: [] });

/** Every expression of a body and of the blocks in it. */
function expressionsOf(body: Body): Expression[] {
  return [
    ...body.attributes.flatMap((attribute) => [...walkExpressions(attribute.value)]),
    ...body.blocks.flatMap((block) => expressionsOf(block.body)),
  ];
}

function rangesOf(body: Body): Range[] {
  return [
    body.range,
    ...body.attributes.flatMap((attribute) => [attribute.range, attribute.name.range]),
    ...body.blocks.flatMap((block) => [
      block.range,
      block.type.range,
      ...block.labels.map((label) => label.range),
      ...rangesOf(block.body),
    ]),
  ];
}

/** Each character of each text comes from the character it shows; a hole's underscore from within the hole. */
function assertMapped(text: string): void {
  const file = Source.file('main.tf', text);
  for (const expression of expressionsOf(parseHcl(file).body)) {
    const { kind, range } = expression;
    if (kind !== 'literal' && kind !== 'template' && kind !== 'heredoc') continue;
    const { body } = expression;
    for (let i = 0; i < body.text.length; i++) {
      const place = body.toFile([i, i + 1]);
      assert.ok(place, `${JSON.stringify(body.text)} has no origin at ${i}`);
      assert.ok(range[0] <= place.range[0] && place.range[1] <= range[1]);
      const written = text.slice(...place.range);
      const decoded = !place.exact && /^(?:\\.|\$\$\{|%%\{|\r\n)/s.test(written);
      const hidden = !place.exact && body.text[i] === '_' && written.length === 1;
      if (!decoded && !hidden) assert.equal(written, body.text[i], `at ${i} of ${body.text}`);
    }
    if (kind === 'literal' && typeof expression.value === 'string') {
      assert.equal(expression.value, body.text);
    }
  }
}

const sample = `# a comment
terraform {
  required_version = ">= 1.5" // another
}

resource "aws_instance" "web" {
  ami           = data.aws_ami.ubuntu[0].id
  count         = var.enabled ? 2 : -1
  instance_type = "t3.\${var.size}\\n\\"é\\u00e9😀$\${x}"
  tags          = merge(local.tags, { Name = "web-\${count.index}", "b" : 2, (var.key) = null })

  user_data = <<-EOT
    #!/bin/bash
    echo "\${var.name}" > /etc/x

      if true; then
    %{ for ip in var.ips ~}
      echo \${ip} $\${HOME} é😀
    %{ endfor ~}
      fi
    EOT

  provisioner "local-exec" {
    command = <<EOF
  echo \${jsonencode({
    a = <<X
inner
X
})} done
EOF
    when    = destroy
  }
  list = [for k, v in var.m : upper(v) if k != "" && !startswith(k, "x")]
}`;

describe('HCL syntax', () => {
  before(() => loadGrammar('terraform'));

  describe('expressions', () => {
    const cases: readonly (readonly [written: string, expected: unknown])[] = [
      ['"x"', 'x'],
      ['""', ''],
      ['"a\\n\\t\\\\\\"\\u00e9\\U0001F600"', 'a\n\t\\"é😀'],
      ['"$${a} %%{b} $ % $$"', '${a} %{b} $ % $$'],
      ['"# no // comment"', '# no // comment'],
      ['12', 12],
      ['-1.5e3', -1500],
      ['true', true],
      ['null', null],
      ['b', path('b')],
      ['b.c.d', path('b', 'c', 'd')],
      ['b[0].c["d e"].0.f', path('b', '0', 'c', 'd e', '0', 'f')],
      ['b[*].c.*.d', path('b', '*', 'c', '*', 'd')],
      ['b[c.d].e', { path: 'b * e', indices: [path('c', 'd')] }],
      ['(b)', path('b')],
      ['f()', { 'f()': [] }],
      ['f(b, "c", g(d...))', { 'f()': [path('b'), 'c', { 'g()': [path('d')] }] }],
      ['provider::x::f(1)', { 'provider::x::f()': [1] }],
      ['f(b).c[d]', { other: [{ 'f()': [path('b')] }, path('d')] }],
      ['[1, # c\n "b", c]', [1, 'b', path('c')]],
      ['[]', []],
      [
        '{ b = 1, "c" : 2\n d = e, (f) = 3, "${g}" = 4 }',
        {
          entries: [
            ['b', 1],
            ['c', 2],
            ['d', path('e')],
            [path('f'), 3],
            [{ template: [path('g')] }, 4],
          ],
        },
      ],
      ['{}', { entries: [] }],
      ['b ? "c" : d', [path('b'), '?', 'c', path('d')]],
      ['!b.c && d == "e"', { other: [{ other: [path('b', 'c')] }, { other: [path('d'), 'e'] }] }],
      ['-b', { other: [path('b')] }],
      ['"a-${b.c}-d"', { template: ['a-', path('b', 'c'), '-d'] }],
      ['"${b}"', { template: [path('b')] }],
      ['" ${b} ${~ c ~}"', { template: [' ', path('b'), ' ', path('c')] }],
      ['"%{ if b }c%{ else }d%{ endif }"', { template: [path('b'), 'c', 'd'] }],
      ['"a${f("b${c}")}"', { template: ['a', { 'f()': [{ template: ['b', path('c')] }] }] }],
      ['[for x in b : f(x) if x]', { other: [path('b'), { 'f()': [path('x')] }, path('x')] }],
      ['{ for k, v in b : k => v.c... }', { other: [path('b'), path('k'), path('v', 'c')] }],
      ['f(<<E\n b\nE\n, 1)', { 'f()': [{ heredoc: ' b\n', children: [] }, 1] }],
    ];
    for (const [written, expected] of cases) {
      it(JSON.stringify(written), () => {
        assert.deepEqual(shown(value(written)), expected);
        assert.deepEqual(parse(`a = ${written}\n`).problems, []);
        assert.deepEqual(shown(value(crlf(written))), expected);
      });
    }
  });

  describe('here-documents', () => {
    const cases: readonly (readonly [written: string, text: string])[] = [
      ['<<E\n a\n\nb\nE', ' a\n\nb\n'],
      ['<<E\nE', ''],
      ['<<E\n\nE', '\n'],
      ['<<E\n  a\n  E', '  a\n'],
      ['<<-E\n    a\n      b\n    E', 'a\n  b\n'],
      ['<<-E\n\ta\n\t\tb\n  E', 'a\n\tb\n'],
      ['<<-E\n    a\n\n   \n    b\n    E', 'a\n\n   \nb\n'],
      ['<<-E\n    a\n  b\nE', '  a\nb\n'],
      ['<<-E\n  ${a}\n    b ${c}d\n  E', '____\n  b ____d\n'],
      ['<<-E\n${a}\n  b\nE', '____\n  b\n'],
      ['<<-E\n    a ${\n  b\n} c\n      d\n    E', 'a ________ c\n  d\n'],
      ['<<E\n%{ if a }b%{ endif }\nE', '_________b__________\n'],
      ['<<E\n$${a} %%{b} \\n "\nE', '${a} %{b} \\n "\n'],
      ['<<E\n# a\n// b /*\nE', '# a\n// b /*\n'],
    ];
    for (const [written, text] of cases) {
      it(JSON.stringify(written), () => {
        const found = value(written);
        assert.equal(found.kind === 'heredoc' && found.body.text, text);
        const other = value(crlf(written));
        // The line breaks inside a hole are two characters there, and so two underscores.
        const breaks = written.match(/\$\{\n[^}]*\n\}/) ? 2 : 0;
        const expected = text.replace(/_{8}/, (hole) => hole + '_'.repeat(breaks));
        assert.equal(other.kind === 'heredoc' && other.body.text, expected);
      });
    }

    for (const lineBreak of ['\n', '\r\n']) {
      it(`take new text, indented and ended as the file has it: ${JSON.stringify(lineBreak)}`, () => {
        const text = 'a = <<-E\n    b\n    c ${d}\n    E\n'.replaceAll('\n', lineBreak);
        const { body } = parse(text).body.attribute('a')!.value as Heredoc;
        assert.equal(body.text, 'b\nc ____\n');
        const edit = body.editInFile({ range: [0, 1], text: 'x ${y}\n\nz' });
        assert.equal(edit?.text, `x $\${y}${lineBreak}${lineBreak}    z`);
        assert.equal(text.slice(...edit!.range), 'b');
        assert.equal(body.editInFile({ range: [0, 1], text: 'x\n E' }), undefined);
        assert.equal(body.editInFile({ range: [4, 8], text: 'x' }), undefined);
      });
    }

    it('know their delimiter', () => {
      const found = value('<<-END\n  a\n  END') as Heredoc;
      assert.deepEqual(found.delimiter, { value: 'END', range: [7, 10] });
      assert.equal(found.indented, true);
    });
  });

  it('writes new text into strings', () => {
    const text = 'a = "b ${c} d"\n';
    const found = parse(text).body.attribute('a')!.value;
    assert.ok(found.kind === 'template');
    assert.equal(found.text, 'b ____ d');
    const edit = found.body.editInFile({ range: [0, 1], text: '"${x}"\n\\' });
    assert.deepEqual(edit, { range: [5, 6], text: '\\"$${x}\\"\\n\\\\' });
  });

  it('reads blocks, labels and bodies', () => {
    const { body, problems } = parse(sample);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      body.blocks.map((block) => [block.type.value, ...block.labels.map((label) => label.value)]),
      [['terraform'], ['resource', 'aws_instance', 'web']],
    );
    const web = body.block('resource')!;
    assert.deepEqual(
      web.body.attributes.map((attribute) => attribute.name.value),
      ['ami', 'count', 'instance_type', 'tags', 'user_data', 'list'],
    );
    const exec = web.body.block('provisioner')!;
    assert.equal(exec.body.attribute('when')!.value.kind, 'reference');
    assert.equal(exec.body.attribute('none'), undefined);
    assert.equal(web.body.block('none'), undefined);
    const written = (range: Range) => sample.slice(...range);
    assert.deepEqual(
      web.labels.map((label) => written(label.range)),
      ['"aws_instance"', '"web"'],
    );
    assert.equal(written(body.block('terraform')!.range).split('\n').length, 3);
    assert.equal(written(web.range), sample.slice(sample.indexOf('resource')));
    assert.equal(
      written(web.body.attribute('count')!.range),
      'count         = var.enabled ? 2 : -1',
    );
  });

  it('takes labels without quotes and bodies in one line', () => {
    const { body } = parse('a b "c" { d = 1 }\ne {}\n');
    assert.deepEqual(
      body.blocks.map((block) => [block.labels.map((label) => label.value), block.body.range]),
      [
        [
          ['b', 'c'],
          [9, 16],
        ],
        [[], [21, 21]],
      ],
    );
  });

  it('walks to every call and reference', () => {
    const found = expressionsOf(parse(sample).body);
    const texts = (kind: Expression['kind']) =>
      found
        .filter((each) => each.kind === kind)
        .map((each) =>
          each.kind === 'reference' ? each.text : each.kind === 'call' ? each.name.value : '',
        );
    assert.deepEqual(texts('call'), ['merge', 'upper', 'startswith', 'jsonencode']);
    assert.deepEqual(texts('reference'), [
      'data.aws_ami.ubuntu[0].id',
      'var.enabled',
      'var.size',
      'local.tags',
      'count.index',
      'var.key',
      'var.name',
      'var.ips',
      'ip',
      'var.m',
      'v',
      'k',
      'k',
      'destroy',
    ]);
  });

  describe('half-typed files', () => {
    const cases: readonly (readonly [text: string, blocks: readonly string[]])[] = [
      ['module "x" {\n  source = "y"\n', ['module x source=y']],
      ['module "x" {\n  source = "y"\n  ver', ['module x source=y']],
      ['x "y" {\n  a {\n    b = "c"\n', ['x y', 'a b=c']],
      ['x "y" {\n  b = \n  c = "d"\n}\ne {\n f = "g"\n}\n', ['x y b=?', 'e f=g']],
      ['x "y" {\n  b = f(\n}\ne {\n f = "g"\n}\n', ['x y b=?', 'e f=g']],
      ['x {\n a = "b"\n c = <<E\nd\n', ['x a=b c=?']],
    ];
    const names = (body: Body): string[] =>
      body.blocks.flatMap((block) => [
        [
          block.type.value,
          ...block.labels.map((label) => label.value),
          ...block.body.attributes.map(({ name, value: found }) => {
            const known = found.kind === 'literal' ? found.value : '?';
            return `${name.value}=${known}`;
          }),
        ].join(' '),
        ...names(block.body),
      ]);
    for (const [text, blocks] of cases) {
      it(JSON.stringify(text), () => {
        const { body, problems } = parse(text);
        assert.deepEqual(names(body), blocks);
        assert.notDeepEqual(problems, []);
      });
    }

    it('nested beyond reading are a problem, not an exception', () => {
      const { problems } = parse(`a = ${'['.repeat(5000)}${']'.repeat(5000)}\n`);
      assert.deepEqual(
        problems.map((problem) => problem.message),
        ['nested too deeply to be read'],
      );
    });
  });

  for (const [name, text] of [
    ['LF', sample],
    ['CRLF', crlf(sample)],
    ['BOM', `\ufeff${sample}`],
  ] as const) {
    it(`maps every character (${name})`, () => {
      assert.deepEqual(parse(text).problems, []);
      assertMapped(text);
    });

    it(`survives being cut anywhere (${name})`, () => {
      for (let end = 0; end < text.length; end += 5) {
        const cut = text.slice(0, end);
        const { body, problems } = parse(cut);
        const ranges = [
          ...rangesOf(body),
          ...expressionsOf(body).map((expression) => expression.range),
          ...problems.map((problem) => problem.range),
        ];
        for (const [from, to] of ranges) {
          assert.ok(0 <= from && from <= to && to <= end, `${from}-${to} in ${end}`);
        }
        assertMapped(cut);
      }
    });
  }
});
