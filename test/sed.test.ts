import assert from 'node:assert/strict';
import { sedLines, sedScript, sedText } from '../src/rerun/sed';
import { Unknowns } from '../src/rerun/text';

const run = (
  script: string,
  input: readonly string[],
  options: Parameters<typeof sedScript>[1] = {},
) => {
  const read = sedScript(script, options);
  assert.ok(read, `not read: ${script}`);
  return sedLines(read, input);
};

describe('sed scripts', () => {
  const rows: readonly [
    script: string,
    input: readonly string[],
    output: readonly string[],
    options?: Parameters<typeof sedScript>[1],
  ][] = [
    ['s/a/b/', ['aa', 'c'], ['ba', 'c']],
    ['s/a/b/g', ['aa'], ['bb']],
    ['s/A/b/I', ['a'], ['b']],
    ['s|/a|/b|', ['/a/c'], ['/b/c']],
    ['s,a\\,b,c,', ['a,b'], ['c']],
    ['s/a\\/b/c/', ['a/b'], ['c']],
    ['s/a/[&]/', ['xay'], ['x[a]y']],
    ['s/a/\\&/', ['a'], ['&']],
    ['s/\\(a\\)\\(b\\)/\\2\\1/', ['ab'], ['ba']],
    ['s/(a)(b)/\\2\\1/', ['ab'], ['ba'], { syntax: 'extended' }],
    ['s/a/x\\ny/', ['a'], ['x', 'y']],
    ['s/$/!/', ['a', ''], ['a!', '!']],
    ['s/^/#/', ['a', 'b'], ['#a', '#b']],
    ['2s/a/b/', ['a', 'a', 'a'], ['a', 'b', 'a']],
    ['$s/a/b/', ['a', 'a'], ['a', 'b']],
    ['/x/s/a/b/', ['ax', 'a'], ['bx', 'a']],
    ['/x/!s/a/b/', ['ax', 'a'], ['ax', 'b']],
    ['/x/d', ['ax', 'b'], ['b']],
    ['1d', ['a', 'b'], ['b']],
    ['$d', ['a', 'b'], ['a']],
    ['2,3d', ['a', 'b', 'c', 'd'], ['a', 'd']],
    ['/b/,/d/d', ['a', 'b', 'c', 'd', 'e'], ['a', 'e']],
    ['/b/,$d', ['a', 'b', 'c'], ['a']],
    ['\\|/x|d', ['/x', '/y'], ['/y']],
    ['/a/a b', ['a', 'c'], ['a', 'b', 'c']],
    ['/a/i b', ['c', 'a'], ['c', 'b', 'a']],
    ['/a/c b', ['a', 'c'], ['b', 'c']],
    ['1i\\head', ['a'], ['head', 'a']],
    ['$a\\\ntail', ['a'], ['a', 'tail']],
    ['$a one\\\ntwo', ['a'], ['a', 'one', 'two']],
    ['s/a/b/;s/b/c/', ['a'], ['c']],
    ['s/a/b/\ns/c/d/', ['ac'], ['bd']],
    ['# note\ns/a/b/', ['a'], ['b']],
    ['/x/{s/a/b/;s/c/d/}', ['acx', 'ac'], ['bdx', 'ac']],
    ['/a/p', ['a', 'b'], ['a'], { silent: true }],
    ['/a/p', ['a', 'b'], ['a', 'a', 'b']],
  ];
  for (const [script, input, output, options] of rows) {
    it(JSON.stringify(script), () => assert.deepEqual(run(script, input, options), output));
  }

  it('what it does not know it does not read', () => {
    for (const script of ['y/a/b/', ':a;N;ba', 's/a/b/e', 's/a/b', '1~2d', 'r /etc/a']) {
      assert.equal(sedScript(script), undefined, script);
    }
  });

  describe('over what is not known', () => {
    const twice = (script: string) => {
      const unknowns = new Unknowns();
      const read = sedScript(script)!;
      const before = `${unknowns.stable('content', { lines: true })}\n`;
      const once = sedText(read, before, script, unknowns, () => false);
      return sedText(read, once, script, unknowns, () => false) === once;
    };
    for (const script of ['s/^port=.*/port=80/', '/^old/d', 's/^cat/#cat/', 's/yes/no/g']) {
      it(`${script} leaves its own result alone`, () => assert.ok(twice(script)));
    }
    for (const script of ['s/^/#/', 's/80/8080/', '$a tail', '1i head', '$d', 's/yes/yes no/']) {
      it(`${script} changes its own result`, () => assert.ok(!twice(script)));
    }
  });
});
