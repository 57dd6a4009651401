import assert from 'node:assert/strict';
import './grammars';
import {
  parseRuby,
  type RubyCall,
  type RubyNode,
  type RubyString,
  rubyChildren,
  walkRuby,
} from '../src/syntax/ruby';
import { GrammarFailed, loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';

const parse = (text: string) => parseRuby(Source.file('Vagrantfile', text));
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

const several = (nodes: readonly RubyNode[]) => nodes.map(shown);
const pairs = (of: RubyCall['options']) =>
  of.map(({ key, value }) => [key?.value ?? '?', shown(value)]);

/** A node in a form that is easily written down. */
function shown(node: RubyNode): unknown {
  switch (node.kind) {
    case 'string':
      return node.text;
    case 'symbol':
      return `:${node.value}`;
    case 'literal':
      return node.value;
    case 'name':
      return `<${node.name}>`;
    case 'call': {
      const { receiver, args, options, block } = node;
      return [
        ...(receiver ? [shown(receiver)] : []),
        `${node.name.value}()`,
        ...several(args),
        ...(options.length > 0 ? [{ options: pairs(options) }] : []),
        ...(block ? [{ block: [block.parameters.join(' '), ...several(block.body)] }] : []),
      ];
    }
    case 'list':
      return several(node.items);
    case 'hash':
      return { hash: pairs(node.pairs) };
    case 'assignment':
      return [shown(node.target), node.operator, shown(node.value)];
    case 'condition':
      return { if: shown(node.test), yes: several(node.whenTrue), no: several(node.whenFalse) };
    case 'case':
      return {
        case: node.subject && shown(node.subject),
        when: node.branches.map((each) => [several(each.patterns), several(each.body)]),
        else: several(node.else),
      };
    case 'loop':
      return { loop: node.over && shown(node.over), body: several(node.body) };
    case 'rescue':
      return {
        body: several(node.body),
        rescue: node.handlers.map(several),
        after: several(node.after),
      };
    case 'definition':
      return { [`${node.what} ${node.name.value}`]: several(node.body) };
    case 'operation':
      return [node.operator, ...several(node.operands)];
    case 'other':
      return { other: several(node.children) };
  }
}

const strings = (text: string) =>
  [...walkRuby(parse(text).body)].filter((node): node is RubyString => node.kind === 'string');

describe('Ruby syntax', () => {
  before(() => loadGrammar('ruby'));

  const cases: readonly (readonly [written: string, expected: unknown])[] = [
    ['"a\\n\\"\\#{b}\\u00e9\\x41\\101\\s"', 'a\n"#{b}éAA '],
    ["'a\\n\\'\\\\'", "a\\n'\\"],
    ['%q(a\\)b)', 'a)b'],
    ['%Q[a#{b}c]', 'a____c'],
    ['"a" \'b\'', 'ab'],
    [':a', ':a'],
    [':"a b"', ':a b'],
    ['%w[a b\\ c]', ['a', 'b c']],
    ['%i[a b]', [':a', ':b']],
    ['1_000', 1000],
    ['1.5', 1.5],
    ['nil', null],
    ['true', true],
    ['a', '<a>'],
    ['@a', '<@a>'],
    ['A::B', '<A::B>'],
    ['{ "a" => 1, b: 2, :c => 3 }', { hash: [['a', 1], ['b', 2], ['c', 3]] }], // biome-ignore format: one row
    ['a.b "c", d: 1, "e" => f', ['<a>', 'b()', 'c', { options: [['d', 1], ['e', '<f>']] }]], // biome-ignore format: one row
    ['a&.b(1) { |c, d| e }', ['<a>', 'b()', 1, { block: ['c d', '<e>'] }]],
    ['a do\n b\nend', ['a()', { block: ['', '<b>'] }]],
    ["a['b']['c']", [['<a>', '[]()', 'b'], '[]()', 'c']],
    ['a.b = 1', [['<a>', 'b()'], '=', 1]],
    ['a ||= 1', ['<a>', '||=', 1]],
    ['a if b', { if: '<b>', yes: ['<a>'], no: [] }],
    ['a unless b', { if: '<b>', yes: [], no: ['<a>'] }],
    ['b ? a : c', { if: '<b>', yes: ['<a>'], no: ['<c>'] }],
    [
      'if a\n b\nelsif c\n d\nelse\n e\nend',
      { if: '<a>', yes: ['<b>'], no: [{ if: '<c>', yes: ['<d>'], no: ['<e>'] }] },
    ],
    ['unless a\n b\nelse\n c\nend', { if: '<a>', yes: ['<c>'], no: ['<b>'] }],
    [
      "case a\nwhen 'b', 'c' then d\nelse e\nend",
      { case: '<a>', when: [[['b', 'c'], ['<d>']]], else: ['<e>'] },
    ],
    ['while a\n b\nend', { loop: '<a>', body: ['<b>'] }],
    ['for a in b do\n c\nend', { loop: '<b>', body: ['<c>'] }],
    ['a rescue nil', { body: ['<a>'], rescue: [[null]], after: [] }],
    [
      'begin\n a\nrescue B => c\n d\nensure\n e\nend',
      { body: ['<a>'], rescue: [['<d>']], after: ['<e>'] },
    ],
    ['def a(b)\n c\nend', { 'def a': ['<c>'] }],
    ['class A < B\n c\nend', { 'class A': ['<c>'] }],
    ['!a and b', ['&&', ['!', '<a>'], '<b>']],
    ['-> { a }', { other: ['<a>'] }],
    ['`a #{b}`', { other: ['<b>'] }],
  ];
  for (const [written, expected] of cases) {
    it(written.replaceAll('\n', '⏎'), () => {
      const { body, problems } = parse(`${written}\n`);
      assert.deepEqual(problems, []);
      assert.deepEqual(several(body), [expected]);
    });
  }

  describe('here-documents', () => {
    const rows: readonly (readonly [written: string, text: string])[] = [
      ['<<-A\n  x\n  A\n', '  x\n'],
      ['<<~A\n    x\n\n      y #{z}\n  A\n', 'x\n\n  y ____\n'],
      ["<<~'A'\n  x\\n #{y}\n  A\n", 'x\\n #{y}\n'],
      ['<<-A\nx \\\n  y\\\\z\nA\n', 'x   y\\z\n'],
      ['<<-A\nA\n', ''],
    ];
    for (const [written, text] of rows) {
      it(written.replaceAll('\n', '⏎'), () => {
        for (const turn of [(same: string) => same, crlf]) {
          const [found] = strings(turn(`a = ${written}b\n`));
          assert.equal(found?.text, text);
        }
      });
    }

    it('several begin on one line', () => {
      const [a, b] = strings('f(<<-A, <<-B)\n1\nA\n2\nB\n');
      assert.deepEqual([a?.text, b?.text], ['1\n', '2\n']);
    });

    it('each character maps to where it stands', () => {
      const text = 'x = <<~A\n    one\n    #{y} two\\t3\nA\n';
      const [found] = strings(text);
      const at = (word: string) => {
        const start = found!.text.indexOf(word);
        return found!.body.toFile([start, start + word.length])!.range;
      };
      for (const word of ['one', 'two', '3']) assert.equal(text.slice(...at(word)), word);
      assert.equal(text.slice(...at('\t')), '\\t');
      assert.equal(text.slice(...at('____')), '#{y}');
    });
  });

  it('an edit is written as its place needs it', () => {
    const rows: readonly (readonly [text: string, edit: string, result: string])[] = [
      ['a "x"', 'y "#{z}" \\', '"y \\"\\#{z}\\" \\\\"'],
      ["a 'x'", "y 'z' \\n", "'y \\'z\\' \\\\n'"],
      ['a <<~S\n  x\nS\n', 'y\nz', '  y\n  z\n'],
    ];
    for (const [text, edit, result] of rows) {
      const [found] = strings(text);
      const made = found!.body.editInFile({ range: [0, 1], text: edit })!;
      const out = text.slice(0, made.range[0]) + made.text + text.slice(made.range[1]);
      assert.ok(out.includes(result), out);
    }
  });

  it('where the grammar breaks off the next file is read all the same, however often that was', () => {
    // The scanner of here-documents asserts that their words are short.
    const long = `a = <<'${'S'.repeat(300)}'\n`;
    for (let i = 0; i < 3000; i++) assert.throws(() => parse(long), GrammarFailed);
    assert.deepEqual(parse('a = 1\n').problems, []);
  });

  it('half a file is read as far as it goes, and says where it stops', () => {
    const text =
      'Vagrant.configure("2") do |config|\n  config.vm.box = "a"\n  config.vm.provision "shell", inline: <<-S\n    x\n  S\n  if a\n    b(1)\n  end\nend\n';
    for (let end = 0; end <= text.length; end++) {
      const { body } = parse(text.slice(0, end));
      for (const node of walkRuby(body)) {
        assert.ok(node.range[0] <= node.range[1] && node.range[1] <= end);
        for (const child of rubyChildren(node)) assert.ok(child.range[1] <= end);
        if (node.kind === 'string') assert.ok(node.text.length <= end);
      }
    }
    assert.equal(parse(text).problems.length, 0);
    assert.deepEqual(
      parse(text.slice(0, -4)).problems.map(({ message }) => message),
      ['Vagrant.configure("2") do |config| cannot be read'],
    );
  });
});
