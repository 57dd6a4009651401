import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWeb, type Workbench } from '../workbench';

const root = join(__dirname, '../../..');

describe('the extension in a browser, without a server', () => {
  let folder: string;
  let vs: Workbench;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'andon-ui-'));
    cpSync(join(root, 'examples/before'), folder, { recursive: true });
    // The shell grammar takes ten seconds for it.
    writeFileSync(join(folder, 'scripts/brackets.sh'), `#!/bin/sh\n${'a=('.repeat(7000)}\n`);
    const settings = { 'editor.minimap.enabled': false };
    vs = await startWeb({ folder, extensionPath: root, settings });
  });
  after(async () => {
    await vs?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('underlines what is wrong in the shell of a workflow', async () => {
    await vs.openFile('.github/workflows/ci.yml', 20);
    await vs.until(async () => (await vs.squiggles()).warning > 3, 'squiggles');
    assert.equal((await vs.squiggles()).error, 1);
    assert.match(await vs.hover(20, 20), /shell\//);
    await vs.screenshot(join(root, 'shots', 'web.png'));
    await vs.page.keyboard.press('Escape');
  });

  it('checks files that nobody has opened', async () => {
    const problems = await vs.until(async () => {
      const found = await vs.problems();
      return found.length > 30 ? found : undefined;
    }, 'the problems of the folder');
    const found = new Set(problems.map(({ code }) => code));
    assert.ok(found.has('shell/curl-no-fail'), [...found].join());
    assert.ok(found.has('terraform/never-converges'), [...found].join());
  });

  it('repairs by quick fix', async () => {
    await vs.openFile('scripts/setup-server.sh', 10);
    await vs.quickFix(10, 2, 'Add -f');
    const repaired = vs.page.locator('.view-line:has-text("curl -fL")');
    await vs.until(async () => (await repaired.count()) > 0, 'the repaired line');
  });

  it('opens the page of a rule', async () => {
    await vs.quickFix(7, 2, 'Explain shell/append-not-idempotent');
    // The Markdown preview it opens in comes without its half for the browser here.
    await vs.runCommand('View: Reopen Editor with Text Editor');
    const line = vs.page.locator('.view-line:has-text("# shell/append-not-idempotent")');
    await vs.until(async () => (await line.count()) > 0, 'the page');
    await vs.screenshot(join(root, 'shots', 'web-rule.png'));
  });

  it('gives up a file that takes too long, and says so', async () => {
    await vs.openFile('scripts/brackets.sh');
    await vs.until(async () => {
      const items = await vs.languageStatus();
      await vs.page.keyboard.press('Escape');
      return items.some(({ text }) => text?.includes('took longer than 2 s'));
    }, 'the problem in the language status');
  });
});
