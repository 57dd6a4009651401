/**
 * Checks the driver on a tiny extension made on the fly:
 * npx tsx test/vscode/workbench.selftest.ts [folder for screenshots]
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createVSIX } from '@vscode/vsce';
import { ensureVSCode } from './install';
import { runInHost, serveWorkbench, startWorkbench, type Workbench } from './workbench';

const MANIFEST = {
  name: 'tiny',
  publisher: 'acme',
  version: '1.0.0',
  license: 'MIT',
  engines: { vscode: '^1.90.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
  capabilities: { untrustedWorkspaces: { supported: true } },
  contributes: {
    commands: ['ask', 'pick', 'page', 'proposed'].map((name) => ({
      command: `tiny.${name}`,
      title: `%${name}%`,
      category: 'Tiny',
    })),
    configuration: { properties: { 'tiny.word': { type: 'string', default: 'latest' } } },
    viewsContainers: { activitybar: [{ id: 'tiny', title: 'Tiny', icon: '$(beaker)' }] },
    views: { tiny: [{ id: 'tiny.tree', name: 'Things' }] },
  },
};

const TITLES = { ask: 'Ask', pick: 'Pick', page: 'Page', proposed: 'Proposed' };

const MAIN = `
const { commands, languages, window, workspace, ...vscode } = require('vscode');
exports.activate = () => {
  const lamp = window.createStatusBarItem('lamp', 1, 1);
  Object.assign(lamp, { text: '$(error) red', tooltip: 'main is red', command: 'tiny.ask' });
  lamp.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
  lamp.show();

  const found = languages.createDiagnosticCollection('tiny');
  const lint = (document) => {
    if (document.uri.scheme !== 'file') return;
    const word = workspace.getConfiguration('tiny').get('word');
    found.set(document.uri, document.getText().split('\\n').flatMap((text, line) => {
      const at = text.indexOf(word);
      if (at < 0) return [];
      const range = new vscode.Range(line, at, line, at + word.length);
      const finding = new vscode.Diagnostic(range, 'do not say ' + word, 1);
      return [Object.assign(finding, { source: 'tiny', code: 'T1' })];
    }));
  };
  const lintAll = () => workspace.textDocuments.forEach(lint);
  lintAll();
  workspace.onDidOpenTextDocument(lint);
  workspace.onDidChangeTextDocument((event) => lint(event.document));
  workspace.onDidChangeConfiguration(lintAll);
  languages.registerCodeActionsProvider('*', {
    provideCodeActions: (document, _range, { diagnostics }) => diagnostics.map((finding) => {
      const fix = new vscode.CodeAction('Say 1.0', vscode.CodeActionKind.QuickFix);
      fix.edit = new vscode.WorkspaceEdit();
      fix.edit.replace(document.uri, finding.range, '1.0');
      return Object.assign(fix, { diagnostics: [finding] });
    }),
  });

  commands.registerCommand('tiny.ask', async () => {
    const options = { modal: true, detail: 'Go on?' };
    const answer = await window.showWarningMessage('Red', options, 'Yes', 'No');
    window.showInformationMessage('said ' + answer, 'Fine', 'Well');
  });
  commands.registerCommand('tiny.pick', async () => {
    const number = await window.showQuickPick(['one', 'two'], { title: 'Which' });
    const name = await window.showInputBox({ prompt: 'Name' });
    window.showErrorMessage(number + ' ' + name + ' ' + vscode.env.language);
  });
  commands.registerCommand('tiny.page', () => {
    window.createWebviewPanel('page', 'Page', 1, {}).webview.html = '<h1>Hello</h1>';
  });
  commands.registerCommand('tiny.proposed', () => {
    try {
      vscode.scm.createSourceControl('x', 'X').actionButton = {};
      window.showInformationMessage('allowed');
    } catch {
      window.showInformationMessage('refused');
    }
  });

  const status = languages.createLanguageStatusItem('tiny', '*');
  Object.assign(status, { text: '3 rules', detail: 'no config', severity: 1 });
  status.command = { command: 'tiny.ask', title: 'Show' };
  const leaf = (label) => Object.assign(new vscode.TreeItem(label), { description: 'leaf' });
  const root = Object.assign(new vscode.TreeItem('root', 2), { leaves: [leaf('a'), leaf('b')] });
  const treeDataProvider = {
    getChildren: (item) => (item ? item.leaves : [root]),
    getTreeItem: (item) => item,
  };
  window.createTreeView('tiny.tree', { treeDataProvider }).badge = { value: 3, tooltip: '' };
};`;

const SUITE = (body: string) => `
const { extensions } = require('vscode');
exports.run = async () => {
  await extensions.getExtension('acme.tiny').activate();
  console.log('hello', { from: 'host' });
  ${body}
};`;

const child = process.argv[2] === '--child' ? process.argv[3] : undefined;
const dir = child ?? mkdtempSync(join(tmpdir(), 'selftest-'));
const [extensionPath, folder, vsix] = [
  join(dir, 'extension'),
  join(dir, 'repo'),
  join(dir, 'x.vsix'),
];
const shots = process.argv[2] ?? join(dir, 'shots');
let failures = 0;
let current: Workbench | undefined;

async function check(name: string, body: () => unknown): Promise<void> {
  const start = Date.now();
  try {
    await body();
    console.log(`ok   ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failures++;
    await current?.screenshot(join(shots, `FAIL ${name}.png`)).catch(() => {});
    console.log(`FAIL ${name}: ${error instanceof Error ? error.stack : error}`);
  }
}

/** The folder that holds all that VS Code keeps. */
function placeOf(vs: Workbench): string {
  return vs.settingsFile.slice(0, vs.settingsFile.indexOf('/profile/'));
}

/** The processes that work in or on a folder. */
function processesOf(path: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(path);
    } catch {
      return false;
    }
  });
}

/** Ends when VS Code has gone with all it left. */
async function gone(path: string): Promise<void> {
  for (
    const end = Date.now() + 10_000;
    existsSync(path) || processesOf(path).length;
    await pause(100)
  ) {
    assert.ok(Date.now() < end, `left behind: ${path}, processes ${processesOf(path)}`);
  }
}

async function main(): Promise<void> {
  const files: Record<string, string> = {
    'extension/package.json': JSON.stringify(MANIFEST),
    'extension/package.nls.json': JSON.stringify(TITLES),
    'extension/package.nls.ko.json': JSON.stringify({ ...TITLES, pick: '고르기' }),
    'extension/main.js': MAIN,
    'extension/README.md': '# Tiny\n',
    'extension/LICENSE': 'MIT\n',
    'extension/pass.js': SUITE(''),
    'extension/fail.js': SUITE('throw new Error("as it should");'),
    'extension/hang.js': SUITE('await new Promise(() => {});'),
    'repo/Dockerfile': `FROM alpine:latest\n${'RUN true\n'.repeat(40)}RUN echo latest\n`,
    'repo/sub/Dockerfile': 'latest\n'.repeat(30),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }

  await check('install', ensureVSCode);
  await check('package', () =>
    createVSIX({
      cwd: extensionPath,
      packagePath: vsix,
      dependencies: false,
      allowMissingRepository: true,
    }),
  );
  await check('start with a .vsix', async () => {
    current = await startWorkbench({ folder, vsix });
  });
  if (current) await drive(current);
  current = undefined;
  await check('Korean, restricted, from a folder', inKorean);
  await check('suite passes', async () => {
    const { code, log, ms } = await runInHost({ folder, extensionPath, testsPath: suite('pass') });
    assert.equal(code, 0, log);
    assert.ok(log.includes("hello { from: 'host' }") && ms > 0, log);
  });
  await check('suite fails', async () => {
    const { code, log } = await runInHost({ folder, extensionPath, testsPath: suite('fail') });
    assert.ok(code !== 0 && /as it should/.test(log), `${code}\n${log}`);
  });
  await check('suite hangs', async () => {
    const run = await runInHost({ folder, extensionPath, testsPath: suite('hang') }, 8000);
    assert.equal(run.code, 124, run.log);
  });
  await check('a broken .vsix', async () => {
    writeFileSync(vsix, 'broken');
    await assert.rejects(serveWorkbench({ folder, vsix }), /VS Code did not start/);
  });
  await check('serve', async () => {
    const served = await serveWorkbench({ folder, extensionPath });
    const { status } = await fetch(served.address, { redirect: 'manual' });
    assert.ok(status < 400, `${status}`);
    const denied = await fetch(new URL('/', served.address));
    assert.equal(denied.status, 403);
    await served.close();
    await gone(served.dir);
  });
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await check(`goes when we die by ${signal}`, () => dieBy(signal));
  }
  rmSync(dir, { recursive: true });
}

const suite = (name: string) => join(extensionPath, `${name}.js`);

async function drive(vs: Workbench): Promise<void> {
  const tell = (text: string) =>
    vs.until(async () => (await vs.notifications()).find((n) => n.message === text), text);

  await check('openFile, squiggles', async () => {
    await vs.openFile('Dockerfile');
    await vs.until(async () => (await vs.squiggles()).warning, 'a squiggle');
    assert.deepEqual(await vs.squiggles(), { error: 0, warning: 1, info: 0, hint: 0 });
  });
  await check('problems', async () => {
    await vs.openFile('sub/Dockerfile', 7);
    const problems = await vs.until(async () => {
      const now = await vs.problems();
      return now.length === 32 ? now : undefined;
    });
    const found = { severity: 'warning', message: 'do not say latest', source: 'tiny', code: 'T1' };
    assert.deepEqual(problems[1], { file: 'Dockerfile', line: 42, column: 10, ...found });
    assert.deepEqual(problems[31], { file: 'sub/Dockerfile', line: 30, column: 1, ...found });
    await vs.screenshot(join(shots, 'problems.png'));
  });
  await check('hover', async () => {
    await vs.openFile('Dockerfile');
    assert.match(await vs.hover(1, 14), /do not say latest/);
  });
  await check('quickFix, type, save', async () => {
    assert.deepEqual(await vs.quickFix(1, 14), ['Say 1.0']);
    assert.deepEqual(await vs.quickFix(3, 1), []);
    await vs.quickFix(1, 14, 'Say 1.0');
    await vs.goTo(2, 9);
    await vs.type(' && echo "(done)" {\n  more');
    await vs.save();
    const [first, second, third] = readFileSync(join(folder, 'Dockerfile'), 'utf8').split('\n');
    const expected = ['FROM alpine:1.0', 'RUN true && echo "(done)" {', '  more'];
    assert.deepEqual([first, second, third], expected);
  });
  await check('commands', async () => {
    const commands = await vs.commands('Tiny: ');
    for (const title of Object.values(TITLES))
      assert.ok(commands.includes(`Tiny: ${title}`), `${commands}`);
    await assert.rejects(vs.runCommand('Tiny: Nothing'), /no command/);
  });
  await check('quickPick, choose, fill, notifications', async () => {
    await vs.runCommand('Tiny: Pick');
    const pick = await vs.until(() => vs.quickPick());
    assert.deepEqual(pick, { title: 'Which', items: ['one', 'two'] });
    await vs.choose('two');
    assert.match((await vs.until(() => vs.quickPick())).message ?? '', /Name/);
    await vs.fill('Bob');
    assert.equal((await tell('two Bob en')).severity, 'error');
  });
  await check('status bar, dialog, click', async () => {
    const lamp = await vs.until(() => vs.statusItem('red'));
    assert.deepEqual([lamp.id, lamp.text, lamp.kind], ['acme.tiny.lamp', 'red', 'error']);
    await vs.clickStatus('red');
    const dialog = await vs.until(() => vs.dialog());
    assert.deepEqual(
      [dialog.severity, dialog.message, dialog.detail],
      ['warning', 'Red', 'Go on?'],
    );
    assert.deepEqual(dialog.buttons.toSorted(), ['Cancel', 'No', 'Yes']);
    await vs.screenshot(join(shots, 'dialog.png'));
    await vs.click('No');
    assert.deepEqual((await tell('said No')).buttons.toSorted(), ['Fine', 'Well']);
    await vs.click('Fine');
    assert.equal(await vs.dialog(), undefined);
  });
  await check('language status', async () => {
    const items = await vs.languageStatus();
    assert.deepEqual(items, [{ text: '3 rules\nno config', command: 'Show' }]);
    await vs.page.keyboard.press('Escape');
  });
  await check('container, tree', async () => {
    assert.equal(await vs.openContainer('Tiny'), '3');
    const labels = async () => (await vs.tree('Things')).map((row) => row.label);
    assert.deepEqual(await vs.until(labels), ['root', 'a', 'b']);
    assert.deepEqual((await vs.tree('Things'))[1], { label: 'a', description: 'leaf', level: '2' });
    await vs.clickTree('Things', 'root');
    await vs.until(async () => (await labels()).length === 1, 'the folded tree');
    await vs.openContainer('Tiny');
    await vs.screenshot(join(shots, 'tree.png'));
  });
  await check('webview', async () => {
    await vs.runCommand('Tiny: Page');
    assert.equal(await vs.webviewText(), 'Hello');
  });
  await check('setSettings', async () => {
    await vs.setSettings({ 'tiny.word': 'alpine' });
    await vs.until(async () => (await vs.problems())[0]?.message === 'do not say alpine');
  });
  await check('proposed API is closed', async () => {
    await vs.runCommand('Tiny: Proposed');
    await tell('refused');
  });
  await check('close', async () => {
    const place = placeOf(vs);
    assert.ok(processesOf(place).length > 2);
    await vs.close();
    await gone(place);
  });
}

async function inKorean(): Promise<void> {
  const viewport = { width: 1000, height: 700 };
  const vs = await startWorkbench({
    folder,
    extensionPath,
    locale: 'ko',
    trust: 'restricted',
    viewport,
  });
  try {
    await vs.until(() => vs.statusItem('Restricted Mode'), 'restricted mode');
    await vs.until(() => vs.statusItem('red'), 'the lamp');
    await vs.runCommand('Tiny: 고르기');
    await vs.until(() => vs.quickPick());
    await vs.page.keyboard.press('Escape');
    await vs.until(() => vs.quickPick());
    await vs.fill('이름');
    await vs.until(async () =>
      (await vs.notifications()).some((n) => n.message?.endsWith('이름 ko')),
    );
    await vs.screenshot(join(shots, 'korean.png'));
  } finally {
    await vs.close();
  }
}

async function dieBy(signal: NodeJS.Signals): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, __filename, '--child', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const place = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (chunk) => done(String(chunk).trim()));
    child.once('exit', (code) => fail(new Error(`the child ended: ${code}`)));
  });
  child.kill(signal);
  await gone(place);
}

async function runChild(): Promise<void> {
  const vs = await startWorkbench({ folder });
  console.log(placeOf(vs));
}

const started = Date.now();
(child ? runChild() : main()).then(() => {
  if (child) return;
  console.log(`${failures ? `${failures} failed` : 'all passed'} in ${Date.now() - started} ms`);
  process.exitCode = failures ? 1 : 0;
});
