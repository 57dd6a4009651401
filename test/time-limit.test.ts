import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import { allowParsing } from '../src/syntax/tree-sitter';
import './grammars';

describe('the time a file may take', () => {
  const policy = engine.policy(defaultConfiguration);
  const check = (path: string, text: string) => engine.lint({ path, text }, policy);
  /** Of these the shell grammar takes time that grows with the square of their number. */
  const brackets = 'a=('.repeat(2000);
  // A clock that goes by looks, so that the machine's speed plays no part.
  const limit = (looks: number) => {
    let time = 0;
    allowParsing(looks, () => time++);
  };
  after(() => allowParsing(Number.POSITIVE_INFINITY, () => 0));

  it('ends a script the grammar cannot cope with', async () => {
    limit(20);
    const { problems, candidates } = await check('a.sh', brackets);
    assert.deepEqual(problems, [{ path: 'a.sh', message: 'took longer than 0.02 s, not checked' }]);
    assert.deepEqual(candidates, []);
  });

  it('ends it inside another file, and counts all pieces of that', async () => {
    limit(40);
    const steps = Array.from({ length: 60 }, (_, i) => `      - run: echo ${i}\n`).join('');
    const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`;
    const { problems } = await check('.github/workflows/a.yml', text);
    assert.match(problems[0]?.message ?? '', /^took longer than/);
  });

  it('leaves nothing behind in the parser', async () => {
    limit(20);
    await check('a.sh', brackets);
    limit(1_000_000);
    const { candidates } = await check(
      'b.sh',
      '#!/bin/sh\nset -e\ncurl https://example.com/a > a\n',
    );
    assert.deepEqual(
      candidates.map(({ rule }) => rule),
      ['shell/curl-no-fail'],
    );
  });
});
