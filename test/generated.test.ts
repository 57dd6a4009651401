import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from '../src/dev/generate';
import { withRule } from '../src/dev/new-rule';
import { replaceBetween } from '../src/dev/rule-head';

const root = join(__dirname, '..');
const read = (path: string) => {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

describe('generated text', () => {
  it('is up to date', () => {
    const stale = [...generated(read)].filter(([path, text]) => read(path) !== text);
    assert.deepEqual(
      stale.map(([path]) => path),
      [],
      'npm run generate brings them up to date',
    );
  });

  it('comes out the same from what it has written', () => {
    const first = generated(read);
    const again = generated((path) => first.get(path) ?? read(path));
    assert.deepEqual([...again], [...first]);
  });

  it('stands between its marks', () => {
    const marks = ['<!-- a -->', '<!-- /a -->'] as const;
    assert.equal(
      replaceBetween('x\n<!-- a -->\nold\n<!-- /a -->\ny', marks, 'new\n'),
      'x\n<!-- a -->\nnew\n<!-- /a -->\ny',
    );
    assert.equal(replaceBetween('x', marks, 'new'), undefined);
  });
});

describe('a new rule', () => {
  const registry = readFileSync(join(root, 'src/rules/index.ts'), 'utf8');

  it('gets its two lines, sorted', () => {
    const text = withRule(registry, 'shell/a-first');
    assert.ok(text.includes("import shellAFirst from './shell/a-first';\nimport shell"));
    assert.ok(text.includes('  shellAFirst,\n  shell'));
    assert.equal(text.split('\n').length, registry.split('\n').length + 2);
  });

  it('that is there already changes nothing', () => {
    const [, known] = /from '\.\/(.+)';/.exec(registry)!;
    assert.equal(withRule(registry, known!), registry);
  });
});
