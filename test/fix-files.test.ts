import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, FileResult } from '../src/engine/finding';
import { placeOf } from '../src/engine/lint';
import type { Checked } from '../src/node/check-files';
import { fixFiles } from '../src/node/fix-files';
import type { LintPool } from '../src/node/lint-pool';
import { Workspace } from '../src/project/workspace';
import { LineIndex } from '../src/text/line-index';

/** A rule that finds a pattern and replaces it; `?` makes a file unreadable. */
type Replacing = readonly [pattern: RegExp, by: (found: string) => string];

function lint(path: string, text: string, [pattern, by]: Replacing): FileResult {
  const lines = new LineIndex(text);
  const candidates = [...text.matchAll(pattern)].map(({ index, 0: found }): Candidate => {
    const place = placeOf([index, index + found.length], lines);
    return {
      rule: 'a/rule',
      concern: 'failure',
      severity: 'warning',
      path,
      ...place,
      message: found,
      fingerprint: `${index}`,
      fix: { title: 'Replace', safe: true, edits: [{ ...place, text: by(found) }] },
    };
  });
  if (text.includes('?')) {
    const broken = { ...placeOf([0, 0], lines), rule: 'andon/syntax', message: 'broken' };
    candidates.push({ ...broken, concern: undefined, severity: 'info', path, fingerprint: 's' });
  }
  return { path, format: 'x', candidates, facts: [], suppressions: [], problems: [] };
}

describe('repairing files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'andon-fix-'));
  const file = join(folder, 'f');
  after(() => rmSync(folder, { recursive: true }));

  async function fix(text: string, rule: Replacing, meanwhile?: () => void) {
    writeFileSync(file, text);
    const workspace = new Workspace();
    workspace.update(lint('f', text, rule));
    const checked: Checked = {
      workspace,
      files: new Map([['f', { path: 'f', file, named: false, script: false }]]),
      problems: [],
      incomplete: false,
    };
    const pool = {
      lint: async (input: { text?: string }) => {
        meanwhile?.();
        return lint('f', input.text!, rule);
      },
    } as unknown as LintPool;
    const settling = { today: '2026-01-01', judgeSuppressions: false };
    const outcome = await fixFiles({ checked, pool, settling, wants: () => true });
    const left = workspace.findings('f', settling).length;
    return { ...outcome, left, text: readFileSync(file, 'utf8') };
  }

  it('goes on until nothing is left', async () => {
    // Each repair makes room for the next.
    const { text, fixed, left } = await fix('aaaa b a', [/aa|a(?= b)/g, (found) => found.slice(1)]);
    assert.deepEqual([text, left], [' b a', 0]);
    assert.equal(fixed, 4);
  });

  it('stops in a circle', async () => {
    const { text, fixed } = await fix('x', [/[xy]/g, (found) => (found === 'x' ? 'y' : 'x')]);
    assert.deepEqual([text, fixed], ['x', 0]);
    const grown = await fix('x', [/x$/g, () => 'xx']);
    assert.equal(grown.text, 'x'.repeat(11));
  });

  it('keeps the line ends of the file', async () => {
    const { text } = await fix('a\r\nb\r\n', [/^a$|^a(?=\r)/gm, () => 'c\nd']);
    assert.equal(text, 'c\r\nd\r\nb\r\n');
  });

  it('leaves a file that would no longer be readable', async () => {
    const { text, problems, left } = await fix('a', [/a/g, () => 'a?']);
    assert.deepEqual([text, left], ['a', 1]);
    assert.match(problems[0]!.message, /would no longer be readable/);
  });

  it('repairs a file that was not readable before either', async () => {
    assert.equal((await fix('a ?', [/a/g, () => 'b'])).text, 'b ?');
  });

  it('leaves a file that changed meanwhile', async () => {
    const { text, problems, fixed } = await fix('a', [/a/g, () => 'b'], () =>
      writeFileSync(file, 'a, edited'),
    );
    assert.deepEqual([text, fixed], ['a, edited', 0]);
    assert.match(problems[0]!.message, /changed while it was checked/);
  });

  it('leaves a file that is gone', async () => {
    let first = true;
    const gone = () => {
      if (first) rmSync(file);
      first = false;
    };
    await assert.rejects(fix('a', [/a/g, () => 'b'], gone), /ENOENT/);
  });
});
