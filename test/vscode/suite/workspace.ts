import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AndonApi } from '../../../src/vscode/activate';

/** The folder the suites work in. */
export function root(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri;
}

export const at = (path: string): vscode.Uri => vscode.Uri.joinPath(root(), path);

let watching: Promise<AndonApi> | undefined;

/** The extension, activated, in a window that has begun to watch its files. */
export function andon(): Promise<AndonApi> {
  watching ??= (async () => {
    const extension = vscode.extensions.getExtension<AndonApi>('andon.andon');
    assert.ok(extension);
    const api = await extension.activate();
    await api.whenIdle();
    for (let i = 0; diagnostics(at('probe.sh')).length === 0; i++) {
      assert.ok(i < 30, 'VS Code does not tell of new files');
      await write('probe.sh', `curl https://example.com/${i} > a\n`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return api;
  })();
  return watching;
}

export async function write(path: string, text: string): Promise<vscode.Uri> {
  const uri = at(path);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

export async function read(path: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(at(path)));
}

export async function open(path: string, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(await write(path, text));
  await vscode.window.showTextDocument(document);
  // A document of an earlier test may still be there, and take in the file's new text only now.
  await until(() => document.getText() === text && !document.isDirty, `the text of ${path}`);
  await (await andon()).whenIdle();
  return document;
}

/** Empties the folder, closes all editors and waits until Andon has noticed. */
export async function clean(): Promise<void> {
  const { whenIdle } = await andon();
  // Unsaved changes would make closing ask.
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && !document.isUntitled) await document.save();
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const [name] of await vscode.workspace.fs.readDirectory(root())) {
    await vscode.workspace.fs.delete(at(name), { recursive: true });
  }
  const left = () =>
    vscode.languages
      .getDiagnostics()
      .flatMap(([uri, all]) =>
        isBelow(uri) && all.some((each) => each.source === 'andon') ? uri.path : [],
      );
  await until(() => left().length === 0, 'an empty folder without findings').catch((error) => {
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri.toString());
    throw new Error(`${error.message}: ${left()}; open: ${open}`);
  });
  await whenIdle();
}

const isBelow = (uri: vscode.Uri) => uri.toString().startsWith(`${root().toString()}/`);

/** Waits until `read` gives something truthy, and returns that. */
export async function until<T>(
  read: () => T | Promise<T>,
  what: string,
  limit = 15_000,
): Promise<NonNullable<T>> {
  for (const end = Date.now() + limit; ; ) {
    const value = await read();
    if (value) return value as NonNullable<T>;
    if (Date.now() > end) throw new Error(`${what} did not come in ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Andon's diagnostics of a file. */
export const diagnostics = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter((each) => each.source === 'andon');

/** The rule of a diagnostic. */
export const ruleOf = ({ code }: vscode.Diagnostic): string =>
  typeof code === 'object' ? String(code.value) : String(code);

/** Waits until exactly these rules are found in a file, in the order of the text. */
export async function found(
  uri: vscode.Uri,
  rules: readonly string[],
): Promise<readonly vscode.Diagnostic[]> {
  const sorted = () => [...diagnostics(uri)].sort((a, b) => a.range.start.compareTo(b.range.start));
  try {
    return await until(() => {
      const all = sorted();
      return all.map(ruleOf).join() === rules.join() ? { all } : undefined;
    }, 'the findings').then(({ all }) => all);
  } catch (error) {
    const shown = sorted().map((each) => `${ruleOf(each)} ${each.message}`);
    throw new Error(`${(error as Error).message}; shown: ${shown.join(', ') || 'none'}`);
  }
}

/** The code actions at a place that are Andon's, made out. */
export async function actions(
  uri: vscode.Uri,
  range: vscode.Range,
  kind = vscode.CodeActionKind.QuickFix,
): Promise<readonly vscode.CodeAction[]> {
  const all = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    kind.value,
    20,
  );
  return all.filter((each) => kind.contains(each.kind!));
}

/** A workflow with these steps, each a list of lines. */
export const workflow = (...steps: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  build:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    ...steps.flatMap((step) => {
      const [first, ...rest] = step.split('\n');
      return [`      - ${first}`, ...rest.map((line) => `        ${line}`)];
    }),
    '',
  ].join('\n');

/** Where a file counts as a workflow. */
export const workflowPath = '.github/workflows/ci.yml';
