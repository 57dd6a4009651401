import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { andon, at, clean, diagnostics, found, open, read, until, write } from './workspace';

const rule = 'shell/curl-no-fail';
const script = 'curl https://example.com/a > a\n';

describe('configuration', () => {
  before(clean);
  afterEach(clean);

  it('is taken in when it comes, changes and goes', async () => {
    const uri = await write('fetch.sh', script);
    const document = await open('open.sh', script);
    await found(uri, [rule]);
    await write('.andon.yaml', `rules:\n  ${rule}: off\n`);
    await found(uri, []);
    await found(document.uri, []);
    await write('.andon.yaml', `rules:\n  ${rule}: error\n`);
    const [first] = await found(uri, [rule]);
    assert.equal(first!.severity, vscode.DiagnosticSeverity.Error);
    await vscode.workspace.fs.delete(at('.andon.yaml'));
    await until(
      () => diagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Warning,
      'the severity of the rule',
    );
  });

  it('leaves out paths', async () => {
    await write('.andon.yaml', 'ignore:\n  - vendor/\n');
    const left = await write('vendor/fetch.sh', script);
    const seen = await write('fetch.sh', script);
    await found(seen, [rule]);
    assert.deepEqual(diagnostics(left), []);
  });

  it('that is broken says so in its place, and the last good one stays in force', async () => {
    const uri = await write('fetch.sh', script);
    await found(uri, [rule]);
    await write('.andon.yaml', `rules:\n  ${rule}: off\n`);
    await found(uri, []);
    await write('.andon.yaml', `rules:\n  ${rule}: [off\nextends: strict\n`);
    const [problem] = await until(() => {
      const all = diagnostics(at('.andon.yaml'));
      return all.length > 0 ? all : undefined;
    }, 'what is wrong');
    assert.equal(problem!.severity, vscode.DiagnosticSeverity.Error);
    assert.match(problem!.message, /stays in force/);
    await (await andon()).whenIdle();
    assert.deepEqual(diagnostics(uri), []);
    await write('.andon.yaml', 'extends: recommended\n');
    await found(uri, [rule]);
    assert.deepEqual(diagnostics(at('.andon.yaml')), []);
  });

  it('shows what is not understood while it is typed', async () => {
    const document = await open('.andon.yaml', 'rules:\n  shell/curl-no-fial: off\n');
    const [problem] = await until(() => {
      const all = diagnostics(document.uri);
      return all.length > 0 ? all : undefined;
    }, 'what is wrong');
    assert.equal(document.getText(problem!.range), 'shell/curl-no-fial');
    assert.match(problem!.message, /did you mean/);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, problem!.range, rule);
    await vscode.workspace.applyEdit(edit);
    await until(() => diagnostics(document.uri).length === 0, 'an end of the problem');
  });

  it('of the editor counts where the file is silent', async () => {
    const uri = await write('fetch.sh', script);
    await found(uri, [rule]);
    const settings = vscode.workspace.getConfiguration('andon');
    const target = vscode.ConfigurationTarget.Workspace;
    await settings.update('rules', { [rule]: 'error' }, target);
    try {
      await until(
        () => diagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Error,
        'the severity of the settings',
      );
      await write('.andon.yaml', `rules:\n  ${rule}: info\n`);
      await until(
        () => diagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Information,
        'the severity of the file',
      );
    } finally {
      await settings.update('rules', undefined, target);
    }
  });

  it('is written, with everything explained, when there is none', async () => {
    await found(await write('fetch.sh', script), [rule]);
    await vscode.commands.executeCommand('andon.openConfiguration');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), at('.andon.yaml').toString());
    assert.match(document!.getText(), /extends: recommended/);
    await document!.save();
    assert.match(await read('.andon.yaml'), /shell: Shell script, 1 file/);
    await (await andon()).whenIdle();
    assert.deepEqual(diagnostics(at('.andon.yaml')), []);
  });
});
