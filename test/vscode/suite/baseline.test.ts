import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, clean, diagnostics, found, read, until, write } from './workspace';

const rule = 'shell/curl-no-fail';
const line = 'curl https://example.com/a > a\n';

describe('baseline', () => {
  before(clean);
  afterEach(clean);

  it('accepts what is there, dimmed, and not what is new', async () => {
    const uri = await write('fetch.sh', line);
    await found(uri, [rule]);
    await vscode.commands.executeCommand('andon.createBaseline');
    await until(
      () => diagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Hint,
      'the dimmed finding',
    );
    assert.deepEqual(diagnostics(uri)[0]!.tags, [vscode.DiagnosticTag.Unnecessary]);
    const { version, findings } = JSON.parse(await read('.andon/baseline.json'));
    assert.equal(version, 1);
    assert.equal(findings.length, 1);
    // Moved by a line it is the same finding; another one is new.
    await write('fetch.sh', `echo a\n${line}curl https://example.com/b > b\n`);
    const all = await found(uri, [rule, rule]);
    assert.deepEqual(
      all.map((each) => each.severity),
      [vscode.DiagnosticSeverity.Hint, vscode.DiagnosticSeverity.Warning],
    );
    await vscode.workspace.fs.delete(at('.andon'), { recursive: true });
    await until(
      () => diagnostics(uri).every((each) => each.severity === vscode.DiagnosticSeverity.Warning),
      'all findings again',
    );
  });

  it('that is damaged says so, and the last good one stays in force', async () => {
    const uri = await write('fetch.sh', line);
    await found(uri, [rule]);
    await vscode.commands.executeCommand('andon.createBaseline');
    const dimmed = () => diagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Hint;
    await until(dimmed, 'the dimmed finding');
    await write('.andon/baseline.json', '{ "version": 1, "findings": [');
    await until(() => diagnostics(at('.andon/baseline.json')).length === 1, 'what is wrong');
    assert.ok(dimmed());
  });
});
