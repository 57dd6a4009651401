import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actions, clean, found, open, workflow, workflowPath } from './workspace';

const rule = 'shell/curl-no-fail';

/** Allows the first finding of a document, as its quick fix would after the reason was typed. */
async function allow(document: vscode.TextDocument, where: 'Here' | 'InFile'): Promise<void> {
  const [first] = await found(document.uri, [rule]);
  const all = await actions(document.uri, first!.range);
  const action = all.find(({ command }) => command?.command === `andon.allow${where}`);
  assert.ok(
    action,
    `not offered at ${JSON.stringify(first!.range)}, but ${all.map(({ title }) => title)}`,
  );
  await vscode.commands.executeCommand(
    action.command!.command,
    ...(action.command!.arguments ?? []),
    'the mirror answers 200 always',
  );
}

describe('exceptions', () => {
  before(clean);
  afterEach(clean);

  it('are written into a run block as a comment of the shell', async () => {
    const text = workflow('run: |\n  echo a\n  curl https://example.com/a > a\n  echo b');
    const document = await open(workflowPath, text);
    await allow(document, 'Here');
    await found(document.uri, []);
    assert.equal(
      document.lineAt(7).text,
      `          # andon-allow ${rule}: the mirror answers 200 always`,
    );
  });

  it('stand above a step written in one line', async () => {
    const document = await open(workflowPath, workflow('run: curl https://example.com/a > a'));
    await allow(document, 'Here');
    await found(document.uri, []);
    assert.match(document.lineAt(5).text, /^ {6}# andon-allow/);
  });

  it('stand above an instruction, never between its lines', async () => {
    const text = 'FROM debian:12.5\nRUN echo a && \\\n    curl https://example.com/a > a\n';
    const document = await open('Dockerfile', text);
    await allow(document, 'Here');
    await found(document.uri, []);
    assert.match(document.lineAt(1).text, /^# andon-allow/);
    assert.equal(document.lineAt(2).text, 'RUN echo a && \\');
  });

  it('stand inside a here-document of a RUN', async () => {
    const text = 'FROM debian:12.5\nRUN <<EOF\nset -e\ncurl https://example.com/a > a\nEOF\n';
    const document = await open('Dockerfile', text);
    await allow(document, 'Here');
    await found(document.uri, []);
    assert.match(document.lineAt(3).text, /^# andon-allow/);
  });

  it('stand above joined lines of a script', async () => {
    const text =
      '#!/bin/sh\nif true; then\n  echo a && \\\n    curl https://example.com/a > a\nfi\n';
    const document = await open('fetch.sh', text);
    await allow(document, 'Here');
    await found(document.uri, []);
    assert.match(document.lineAt(2).text, /^ {2}# andon-allow/);
  });

  it('speak for a file below its first line', async () => {
    const document = await open('fetch.sh', '#!/bin/sh\ncurl https://example.com/a > a\n');
    await allow(document, 'InFile');
    await found(document.uri, []);
    assert.equal(document.lineAt(0).text, '#!/bin/sh');
    assert.match(document.lineAt(1).text, /^# andon-allow-file/);
  });

  it('are not offered where there are no comments', async () => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web', image: 'nginx:latest' }] },
    };
    const document = await open('pod.json', JSON.stringify(manifest, null, 2));
    const [first] = await found(document.uri, ['kubernetes/image-floating-tag']);
    const all = await actions(document.uri, first!.range);
    const ids = all.map(({ command }) => command?.command);
    assert.ok(ids.includes('andon.turnRuleOff'));
    assert.ok(!ids.includes('andon.allowHere'));
  });

  it('turn a rule off for all, and keep what the configuration says', async () => {
    await open(
      '.andon.yaml',
      '# ours\nextends: recommended # agreed\n\nrules:\n  # noisy\n  image/x: off\n',
    );
    const document = await open('fetch.sh', 'curl https://example.com/a > a\n');
    const [first] = await found(document.uri, [rule]);
    const all = await actions(document.uri, first!.range);
    const off = all.find(({ command }) => command?.command === 'andon.turnRuleOff');
    await vscode.commands.executeCommand(off!.command!.command, ...off!.command!.arguments!);
    await found(document.uri, []);
    const written = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(document.uri, '../.andon.yaml'),
    );
    assert.equal(
      written.getText(),
      `# ours\nextends: recommended # agreed\n\nrules:\n  # noisy\n  image/x: off\n  ${rule}: off\n`,
    );
    assert.equal(written.isDirty, false);
  });
});
