import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import korean from '../l10n/bundle.l10n.ko.json';
import koreanRules from '../l10n/rules.ko.json';
import english from '../package.nls.json';
import koreanManifest from '../package.nls.ko.json';
import { ruleTexts } from '../src/dev/rule-texts';

const src = join(__dirname, '../src');

/** The texts given to `l10n.t`, with the file they are in. */
function texts(): Map<string, string> {
  const found = new Map<string, string>();
  const names = readdirSync(join(src, 'vscode'), { recursive: true }).map(String);
  for (const name of names.filter((each) => each.endsWith('.ts'))) {
    const text = readFileSync(join(src, 'vscode', name), 'utf8');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.name.text === 't' &&
        /\bl10n$/.test(node.expression.expression.getText())
      ) {
        const [first] = node.arguments;
        assert.ok(
          first && ts.isStringLiteralLike(first),
          `${name}: a text put together cannot be translated: ${node.getText()}`,
        );
        found.set(first.text, name);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

const placeholders = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort().join(' ');
const links = (text: string) => (text.match(/\]\([^)]*\)/g) ?? []).join(' ');
const marks = (text: string) => (text.match(/`[^`]*`/g) ?? []).sort().join(' ');

/** The same in every language. */
const names = new Set(['Dockerfile']);

describe('localisation', () => {
  it('translates every text of the sources, and none that is gone', () => {
    assert.deepEqual(Object.keys(korean).sort(), [...texts().keys()].sort());
  });

  it('translates every text of the manifest', () => {
    assert.deepEqual(Object.keys(koreanManifest).sort(), Object.keys(english).sort());
  });

  it('translates every text of rules and findings, and none that is gone', () => {
    assert.deepEqual(Object.keys(koreanRules).sort(), [...ruleTexts()]);
    const missing = Object.entries(koreanRules).filter(([, text]) => text === '');
    assert.deepEqual(
      missing.map(([english]) => english),
      [],
      'not yet in l10n/rules.ko.json',
    );
  });

  it('keeps what is filled in, links and names', () => {
    const pairs = [
      ...Object.entries(korean),
      ...Object.entries(koreanRules),
      ...Object.entries(english).map(
        ([key, text]) => [text, (koreanManifest as Record<string, string>)[key] ?? ''] as const,
      ),
    ];
    for (const [from, to] of pairs) {
      assert.equal(placeholders(to), placeholders(from), to);
      assert.equal(links(to), links(from), to);
      assert.equal(marks(to), marks(from), to);
    }
  });

  it('is Korean throughout', () => {
    for (const text of [
      ...Object.values(korean),
      ...Object.values(koreanManifest),
      ...Object.values(koreanRules),
    ]) {
      if (!names.has(text)) assert.match(text, /[가-힣]/, text);
    }
  });
});
