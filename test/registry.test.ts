import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../src/catalog';
import { services } from '../src/pipeline/services';

const src = join(__dirname, '../src');

describe('rule registry', () => {
  const folder = join(src, 'rules');
  const onDisk = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(join(folder, entry.name))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${entry.name}/${file.slice(0, -3)}`),
    )
    .sort();
  const ids = engine.rules.map((rule) => rule.id);

  it('holds every rule file, sorted, and nothing else', () => {
    assert.deepEqual(ids, onDisk);
  });

  for (const rule of engine.rules) {
    it(`${rule.id}: words, page, visitor`, () => {
      assert.match(rule.id, /^[a-z-]+\/[a-z0-9-]+$/);
      assert.ok(rule.summary.length <= 80 && !rule.summary.endsWith('.'), 'summary');
      assert.ok(rule.why.endsWith('.'), 'why is a sentence');
      for (const text of [rule.summary, rule.why]) {
        assert.doesNotMatch(text, /\b(should|please)\b/i);
      }
      const page = readFileSync(join(folder, `${rule.id}.md`), 'utf8');
      const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      const order = ['Bad', 'Good', 'Options', 'When to allow it', 'Sources'];
      const known = order.filter((heading) => headings.includes(heading));
      assert.deepEqual(headings, known, `headings are ${order.join(', ')}`);
      assert.ok(headings.includes('Sources'), 'a page names its sources');
      const visitor = rule.create({
        options: {},
        document: { source: {} as never, problems: [], embedded: [], walk: () => [] },
        path: 'x',
        hosts: [],
        report: () => {},
      });
      for (const kind of Object.keys(visitor)) {
        assert.ok(kind === 'end' || rule.on.nodes.includes(kind), `no node kind "${kind}"`);
      }
    });
  }
});

describe('rules left out', () => {
  it('are not there, and those that are instead are', () => {
    const text = readFileSync(join(src, '../docs/rules-left-out.md'), 'utf8');
    const ids = new Set(engine.rules.map((rule) => rule.id));
    const named = [...text.matchAll(/^\| ([a-z-]+\/[a-z0-9-]+) \|/gm)].map((match) => match[1]!);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((id) => ids.has(id)),
      [],
      'take out the line of a rule that is there now',
    );
    const instead = [...text.matchAll(/\(\.\.\/src\/rules\/(.+?)\.md\)/g)].map(
      (match) => match[1]!,
    );
    assert.deepEqual(
      instead.filter((id) => !ids.has(id)),
      [],
    );
  });
});

describe('format registry', () => {
  it('holds every format a file exports, sorted by id', () => {
    const defined = readdirSync(join(src, 'formats'))
      .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
      .map((file) => readFileSync(join(src, 'formats', file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/defineFormat[\s\S]*?\n\s+id: '([a-z-]+)'/g)])
      .map((match) => match[1]!)
      .sort();
    assert.deepEqual(
      engine.formats.map((format) => format.id),
      defined,
    );
  });
});

describe('service registry', () => {
  it('holds every file of the folder, sorted by id', () => {
    const onDisk = readdirSync(join(src, 'pipeline/services'))
      .filter((file) => file !== 'index.ts')
      .map((file) => file.replace(/\.ts$/, ''))
      .sort();
    assert.deepEqual(
      services.map((service) => service.id),
      onDisk,
    );
  });
});
