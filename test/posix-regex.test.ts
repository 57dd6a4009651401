import assert from 'node:assert/strict';
import { pattern, type Syntax } from '../src/rerun/posix-regex';

const compiled = (text: string, syntax: Syntax, ignoreCase = false) => {
  const made = pattern(text, syntax, ignoreCase);
  assert.ok(made, `not read: ${text}`);
  return made;
};

const matches = (text: string, syntax: Syntax, line: string, ignoreCase = false): boolean => {
  const { expression } = compiled(text, syntax, ignoreCase);
  expression.lastIndex = 0;
  return expression.test(line);
};

describe('POSIX regular expressions', () => {
  const rows: readonly [
    text: string,
    syntax: Syntax,
    yes: readonly string[],
    no: readonly string[],
  ][] = [
    ['abc', 'basic', ['abc', 'xabcx'], ['ab c', 'ABC']],
    ['^abc$', 'basic', ['abc'], ['abcd', 'xabc']],
    ['a.c', 'basic', ['abc', 'a c'], ['ac']],
    ['a\\.c', 'basic', ['a.c'], ['abc']],
    ['ab*c', 'basic', ['ac', 'abbc'], ['adc']],
    // A star that has nothing to repeat stands for itself.
    ['*a', 'basic', ['*a'], ['a']],
    // Without a backslash these are plain characters in a basic expression.
    ['a+b', 'basic', ['a+b'], ['aab']],
    ['a?b', 'basic', ['a?b'], ['ab']],
    ['a|b', 'basic', ['a|b'], ['a', 'b']],
    ['(a)', 'basic', ['(a)'], ['a']],
    ['a{2}', 'basic', ['a{2}'], ['aa']],
    ['a$b', 'basic', ['a$b'], ['ab']],
    ['a^b', 'basic', ['a^b'], ['ab']],
    // With one they are the operators, as GNU has it.
    ['a\\+b', 'basic', ['ab', 'aab'], ['b']],
    ['xa\\?b', 'basic', ['xab', 'xb'], ['xaab']],
    ['^\\(a\\|bc\\)$', 'basic', ['a', 'bc'], ['ab']],
    ['^a\\{2\\}$', 'basic', ['aa'], ['a', 'aaa']],
    ['^a\\{2,\\}$', 'basic', ['aa', 'aaa'], ['a']],
    ['\\(a\\)\\1', 'basic', ['aa'], ['ab']],
    ['a+b', 'extended', ['ab', 'aab'], ['a+b']],
    ['^(a|bc)?$', 'extended', ['', 'a', 'bc'], ['abc']],
    ['^a{2,3}$', 'extended', ['aa', 'aaa'], ['a', 'aaaa']],
    ['a\\+b', 'extended', ['a+b'], ['aab']],
    ['\\(a\\)', 'extended', ['(a)'], ['a']],
    ['(a)(b)\\2\\1', 'extended', ['abba'], ['abab']],
    ['[abc]', 'basic', ['b'], ['d']],
    ['[^abc]', 'basic', ['d'], ['a']],
    ['[a-c]x', 'basic', ['bx'], ['dx']],
    ['[]x]', 'basic', [']', 'x'], ['[']],
    ['[^]x]', 'basic', ['a'], [']', 'x']],
    ['[[:digit:]]', 'basic', ['5'], ['a']],
    ['^[[:space:]]*a', 'basic', ['a', ' \ta'], ['ba']],
    ['[[:alpha:]_]', 'extended', ['a', '_'], ['1']],
    ['[.*]', 'basic', ['.', '*'], ['a']],
    ['\\bport\\b', 'basic', ['a port b'], ['sport']],
    ['\\<port\\>', 'basic', ['port=1'], ['ports']],
    ['\\w\\s\\w', 'extended', ['a b'], ['a-b']],
    ['a/b', 'basic', ['a/b'], ['ab']],
    ['(?:a|b)c', 'perl', ['ac', 'bc'], ['cc']],
    ['a(?=b)', 'perl', ['ab'], ['ac']],
    ['\\d+', 'perl', ['12'], ['a']],
  ];
  for (const [text, syntax, yes, no] of rows) {
    it(`${syntax} ${text}`, () => {
      for (const line of yes) assert.ok(matches(text, syntax, line), `does not match ${line}`);
      for (const line of no) assert.ok(!matches(text, syntax, line), `matches ${line}`);
    });
  }

  it('the case is ignored where that is said', () => {
    assert.ok(matches('abc', 'basic', 'ABC', true));
    assert.ok(!matches('abc', 'basic', 'ABC'));
  });

  it('examples match the expression they were made from', () => {
    for (const [text, syntax] of rows) {
      // What a group holds is not put in the place of `\1`, nor what is looked ahead for.
      if (/\\[12]|\(\?=/.test(text)) continue;
      for (const example of compiled(text, syntax).examples) {
        assert.ok(matches(text, syntax, example), `${text} does not match its example ${example}`);
      }
    }
  });

  it('tells where an expression is tied to the ends of a line', () => {
    const ties = (text: string) => {
      const { anchoredStart, anchoredEnd } = compiled(text, 'basic');
      return [anchoredStart, anchoredEnd];
    };
    assert.deepEqual(ties('^a$'), [true, true]);
    assert.deepEqual(ties('^a'), [true, false]);
    assert.deepEqual(ties('a$'), [false, true]);
    assert.deepEqual(ties('a\\$'), [false, false]);
  });

  it('what cannot be read is nothing, and no exception', () => {
    for (const [text, syntax] of [
      ['(a', 'extended'],
      ['\\(a', 'basic'],
      ['[a', 'basic'],
      ['a\\', 'basic'],
    ] as const) {
      assert.equal(pattern(text, syntax), undefined, text);
    }
  });
});
