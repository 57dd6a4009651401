import assert from 'node:assert/strict';
import { arithmetic, fields, type Scope, single } from '../src/rerun/expand';
import { isKnown, Unknowns } from '../src/rerun/text';
import { parseShell, type SimpleCommand } from '../src/syntax/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import './grammars';

function scopeOf(given: Readonly<Record<string, string | readonly string[]>> = {}): Scope {
  const values = new Map(Object.entries(given));
  const unknowns = new Unknowns();
  return {
    unknowns,
    home: '/home/app',
    bash: true,
    variable: (name) => {
      const element = /^(\w+)\[(\w+)\]$/.exec(name);
      if (element) return (values.get(element[1]!) as readonly string[])?.[Number(element[2])];
      const value = values.get(name);
      return typeof value === 'string' ? value : value?.[0];
    },
    elements: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? undefined : value;
    },
    assign: (name, value) => values.set(name, value),
    substitute: () => 'out\n\n',
    process: () => '/dev/fd/1',
    glob: (pattern, matches) => {
      const found = ['/etc/a.conf', '/etc/b.conf', '/etc/.hidden'].filter((path) =>
        matches.test(path),
      );
      return found.length > 0 ? found : [pattern];
    },
  };
}

/** The words behind `echo`, as a script has them. */
const wordsOf = (text: string) =>
  (parseShell(`echo ${text}`).statements[0] as SimpleCommand).words.slice(1);

describe('expansion of words', () => {
  before(() => loadGrammar('bash'));

  const variables = {
    x: 'abc',
    empty: '',
    file: '/srv/shop/app.tar.gz',
    two: 'one two',
    list: ['a', 'b c'],
    '@': ['p', 'q r'],
  };
  const rows: readonly [text: string, ...fields: readonly string[]][] = [
    ['plain', 'plain'],
    ['\'a b\' "c d" e\\ f', 'a b', 'c d', 'e f'],
    ['$x', 'abc'],
    ['${x}d', 'abcd'],
    ["'$x'", '$x'],
    ['"$x"', 'abc'],
    ['$two', 'one', 'two'],
    ['"$two"', 'one two'],
    ['x$two', 'xone', 'two'],
    ['$empty'],
    ['"$empty"', ''],
    ['${nothing:-d}', 'd'],
    ['${empty:-d}', 'd'],
    ['${empty-d}'],
    ['"${empty-d}"', ''],
    ['${x:-d}', 'abc'],
    ['${x:+d}', 'd'],
    ['${empty:+d}'],
    ['${nothing:=d} $nothing', 'd', 'd'],
    ['${x:?gone}', 'abc'],
    ['${#x}', '3'],
    ['${file##*/}', 'app.tar.gz'],
    ['${file#*/}', 'srv/shop/app.tar.gz'],
    ['${file%.*}', '/srv/shop/app.tar'],
    ['${file%%.*}', '/srv/shop/app'],
    ['${file%/*}', '/srv/shop'],
    ['${x/b/-}', 'a-c'],
    ['${file//p/P}', '/srv/shoP/aPP.tar.gz'],
    ['${x:1}', 'bc'],
    ['${x:0:2}', 'ab'],
    ['${x^^}', 'ABC'],
    ['${x^}', 'Abc'],
    ['"${list[@]}"', 'a', 'b c'],
    ['${list[@]}', 'a', 'b', 'c'],
    ['"${list[*]}"', 'a b c'],
    ['${list[0]}', 'a'],
    ['"${list[1]}"', 'b c'],
    ['${#list[@]}', '2'],
    ['"$@"', 'p', 'q r'],
    ['"x$@"', 'xp', 'q r'],
    ['{a,b}c', 'ac', 'bc'],
    ['x{a,b}{1,2}', 'xa1', 'xa2', 'xb1', 'xb2'],
    ['{1..3}', '1', '2', '3'],
    ['{3..1}', '3', '2', '1'],
    ['"{a,b}"', '{a,b}'],
    ['{a}', '{a}'],
    ['~', '/home/app'],
    ['~/x', '/home/app/x'],
    ['~root/x', '/root/x'],
    ['"~"', '~'],
    ['a~', 'a~'],
    ['$(cmd)', 'out'],
    ['$((1 + 2 * 3))', '7'],
    ['/etc/*.conf', '/etc/a.conf', '/etc/b.conf'],
    ['/etc/[ab].conf', '/etc/a.conf', '/etc/b.conf'],
    ['/etc/?.conf', '/etc/a.conf', '/etc/b.conf'],
    ['/etc/[!a].conf', '/etc/b.conf'],
    ['/etc/*.none', '/etc/*.none'],
    ['"/etc/*.conf"', '/etc/*.conf'],
  ];
  for (const [text, ...expected] of rows) {
    it(text, () => {
      const scope = scopeOf(variables);
      assert.deepEqual(
        wordsOf(text).flatMap((word) => [...fields(word, scope)]),
        expected,
      );
    });
  }

  it('an assignment is neither split nor matched', () => {
    const scope = scopeOf(variables);
    const one = (text: string) => single(wordsOf(text)[0]!, scope);
    assert.equal(one('$two'), 'one two');
    assert.equal(one('/etc/*.conf'), '/etc/*.conf');
  });

  it('what nobody sets stays one unknown part, the same each time', () => {
    const scope = scopeOf();
    const [a, b, c] = wordsOf('$one $one $other').map((word) => single(word, scope));
    assert.ok(!isKnown(a!));
    assert.equal(a, b);
    assert.notEqual(a, c);
    assert.equal(scope.unknowns.nameOf(a!), '$one');
  });

  it('a plain sh has no braces', () => {
    const scope = { ...scopeOf(), bash: false };
    assert.deepEqual(
      wordsOf('{a,b}').flatMap((word) => [...fields(word, scope)]),
      ['{a,b}'],
    );
  });

  it('a template of the host is not known', () => {
    assert.ok(!isKnown(single(wordsOf('/srv/_______/a')[0]!, scopeOf())));
  });

  it('sums', () => {
    const sums: readonly [string, string][] = [
      ['1+2*3', '7'],
      ['(1+2)*3', '9'],
      ['7/2', '3'],
      ['-7/2', '-3'],
      ['7%4', '3'],
      ['-3', '-3'],
      ['n+1', '5'],
      ['nothing+1', '1'],
    ];
    for (const [text, value] of sums) assert.equal(arithmetic(text, scopeOf({ n: '4' })), value);
    // A division by zero ends a real script; nothing is claimed of it.
    for (const text of ['1/0', '1 <<', '2 ** 3', '(1']) {
      assert.ok(!isKnown(arithmetic(text, scopeOf())), text);
    }
  });
});
