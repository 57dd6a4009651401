import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  andon,
  at,
  clean,
  diagnostics,
  found,
  open,
  ruleOf,
  until,
  workflow,
  workflowPath,
  write,
} from './workspace';

const curl = 'curl https://example.com/tool > tool';

describe('diagnostics', () => {
  before(clean);
  afterEach(clean);

  it('stand at the right characters inside a run block', async () => {
    const text = workflow(`run: |\n  echo fetching\n  ${curl}`);
    const document = await open(workflowPath, text);
    const [diagnostic] = await found(document.uri, ['shell/curl-no-fail']);
    assert.equal(document.getText(diagnostic!.range), 'curl');
    assert.equal(diagnostic!.range.start.line, 7);
    assert.equal(diagnostic!.range.start.character, 10);
    assert.equal(diagnostic!.source, 'andon');
    assert.equal(diagnostic!.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('lead to the page of the rule, which opens without a network', async () => {
    const document = await open(workflowPath, workflow(`run: ${curl}`));
    const [diagnostic] = await found(document.uri, ['shell/curl-no-fail']);
    const { target } = diagnostic!.code as { target: vscode.Uri };
    assert.equal(target.toString(), 'andon-rule:/shell/curl-no-fail.md');
    const page = (await vscode.workspace.openTextDocument(target)).getText();
    assert.match(page, /^# /);
    assert.match(page, /exits 0 whatever/);
    assert.doesNotMatch(page, /<!--/);
  });

  it('follow the typing', async () => {
    const document = await open(workflowPath, workflow('run: echo a'));
    await (await andon()).whenIdle();
    assert.deepEqual(diagnostics(document.uri), []);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(6, 0), `      - run: ${curl}\n`);
    await vscode.workspace.applyEdit(edit);
    const [first] = await found(document.uri, ['shell/curl-no-fail']);
    assert.equal(first!.range.start.line, 6);
    // Undone in many small steps, of which only the last counts.
    for (let i = 0; i < 12; i++) {
      const step = new vscode.WorkspaceEdit();
      step.insert(document.uri, new vscode.Position(0, 0), `# ${i}\n`);
      await vscode.workspace.applyEdit(step);
    }
    await until(
      () => diagnostics(document.uri)[0]?.range.start.line === 18,
      'the finding in its new place',
    );
    const last = new vscode.WorkspaceEdit();
    last.delete(document.uri, new vscode.Range(18, 0, 19, 0));
    await vscode.workspace.applyEdit(last);
    await found(document.uri, []);
  });

  it('are several in one file, each in its place', async () => {
    const text = workflow(
      `run: |\n  ${curl}\n  curl -sL https://example.com/a.tgz | tar xz`,
      'run: npm test\ncontinue-on-error: true',
    );
    const document = await open(workflowPath, text);
    const all = await found(document.uri, [
      'shell/curl-no-fail',
      'shell/curl-no-fail',
      'github-actions/continue-on-error',
    ]);
    assert.deepEqual(
      all.map((each) => each.range.start.line),
      [6, 7, 9],
    );
  });

  it('come for unsaved documents by their language', async () => {
    const content = `#!/bin/sh\n${curl}\n`;
    const document = await vscode.workspace.openTextDocument({ language: 'shellscript', content });
    await vscode.window.showTextDocument(document);
    await found(document.uri, ['shell/curl-no-fail']);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => diagnostics(document.uri).length === 0, 'an end of the findings');
  });

  it('do not come for what is no file', async () => {
    const content = `${curl}\n`;
    const provider = vscode.workspace.registerTextDocumentContentProvider('andon-test', {
      provideTextDocumentContent: () => content,
    });
    try {
      const uri = vscode.Uri.parse('andon-test:/a.sh');
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      await new Promise((resolve) => setTimeout(resolve, 500));
      await (await andon()).whenIdle();
      assert.deepEqual(diagnostics(uri), []);
    } finally {
      provider.dispose();
    }
  });

  it('come for files nobody has open, and go with them', async () => {
    const uri = await write('scripts/fetch.sh', `${curl}\n`);
    await found(uri, ['shell/curl-no-fail']);
    await write('scripts/fetch.sh', 'echo a\n');
    await found(uri, []);
    await write('scripts/fetch.sh', `${curl}\n`);
    await found(uri, ['shell/curl-no-fail']);
    await vscode.workspace.fs.delete(uri);
    await found(uri, []);
  });

  it('move with a file and with a folder', async () => {
    const before = await write('a/fetch.sh', `${curl}\n`);
    await found(before, ['shell/curl-no-fail']);
    await vscode.workspace.fs.rename(before, at('a/get.sh'));
    await found(at('a/get.sh'), ['shell/curl-no-fail']);
    await found(before, []);
    await vscode.workspace.fs.rename(at('a'), at('b'));
    await found(at('b/get.sh'), ['shell/curl-no-fail']);
    await found(at('a/get.sh'), []);
  });

  it('keep up with many files at once', async () => {
    const uris = await Promise.all(
      Array.from({ length: 300 }, (_, i) => write(`many/${i}.sh`, `${curl}\n`)),
    );
    await until(
      () => uris.every((uri) => diagnostics(uri).length === 1),
      'a finding in each of 300 files',
      30_000,
    );
    await vscode.workspace.fs.delete(at('many'), { recursive: true });
    await until(() => uris.every((uri) => diagnostics(uri).length === 0), 'an end of them', 30_000);
  });

  it('leave out what git and the settings leave out', async () => {
    await write('.gitignore', 'ignored/\n');
    const ignored = await write('ignored/fetch.sh', `${curl}\n`);
    const seen = await write('seen.sh', `${curl}\n`);
    await found(seen, ['shell/curl-no-fail']);
    // The folder of the tests is no repository, where git's rules do not hold; with one it is.
    await write('.git/HEAD', 'ref: refs/heads/main\n');
    await write('.gitignore', 'ignored/\n# changed\n');
    await found(ignored, []);
    await write('.gitignore', '');
    await found(ignored, ['shell/curl-no-fail']);
    const files = vscode.workspace.getConfiguration('files');
    await files.update('exclude', { '**/ignored': true }, vscode.ConfigurationTarget.Workspace);
    try {
      await found(ignored, []);
    } finally {
      await files.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await found(ignored, ['shell/curl-no-fail']);
  });

  it('can be switched off', async () => {
    const uri = await write('fetch.sh', `${curl}\n`);
    await found(uri, ['shell/curl-no-fail']);
    await vscode.commands.executeCommand('andon.disable');
    try {
      await found(uri, []);
    } finally {
      await vscode.commands.executeCommand('andon.enable');
    }
    await found(uri, ['shell/curl-no-fail']);
  });

  it('speak of the text, not of the file, while it is open', async () => {
    const document = await open('fetch.sh', `${curl}\n`);
    await found(document.uri, ['shell/curl-no-fail']);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 4), 'wget');
    await vscode.workspace.applyEdit(edit);
    await found(document.uri, []);
    assert.equal(document.isDirty, true);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    const [back] = await found(document.uri, ['shell/curl-no-fail']);
    assert.equal(ruleOf(back!), 'shell/curl-no-fail');
  });
});
