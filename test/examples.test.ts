import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import type { Finding } from '../src/engine/finding';
import { Workspace } from '../src/project/workspace';
import './grammars';
import { exampleFiles } from './samples';

async function check(folder: string): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const files = exampleFiles(folder);
  const policy = engine.policy(defaultConfiguration);
  const workspace = new Workspace();
  workspace.setFiles(files.map((file) => file.path));
  for (const file of files) workspace.update(await engine.lint(file, policy));
  const options = { today: '2026-01-01', judgeSuppressions: true };
  return new Map(files.map(({ path }) => [path, workspace.findings(path, options)]));
}

describe('examples', () => {
  it('every repaired file had something to repair', async () => {
    const before = await check('before');
    const texts = new Map(exampleFiles('before').map((file) => [file.path, file.text]));
    for (const { path, text } of exampleFiles('after')) {
      if (texts.get(path) === text) continue;
      assert.ok((before.get(path) ?? []).length > 0, `nothing is found in before/${path}`);
    }
  });

  it('nothing is found in the repaired ones', async () => {
    for (const [path, findings] of await check('after')) {
      assert.deepEqual(
        findings.map((finding) => `${path}:${finding.start.line} ${finding.message}`),
        [],
      );
    }
  });

  it('most rules have something to show', async () => {
    const found = new Set([...(await check('before')).values()].flat().map((each) => each.rule));
    const missing = engine.rules.filter((rule) => rule.recommended && !found.has(rule.id));
    assert.ok(
      missing.length <= 2,
      `without an example: ${missing.map((rule) => rule.id).join(', ')}`,
    );
  });
});
