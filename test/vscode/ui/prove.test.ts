import assert from 'node:assert/strict';
import { ensureSandbox } from '../../ordinary-user';
import type { Workbench } from '../workbench';
import { lines, shoot, windowOn } from './window';

const files = {
  'provision/hosts.sh': `#!/bin/bash
# Names the servers of the shop. Run on each machine.
set -euo pipefail
mkdir -p /etc/shop

cat > /etc/shop/servers <<'LIST'
10.0.0.5 db.internal
10.0.0.6 cache.internal
LIST

cat /etc/shop/servers >> /etc/hosts
`,
  'deploy.yaml': `steps:
  - run: |
      mkdir /opt/shop
      echo done
`,
  'provision/forever.sh': 'sleep 1000\n',
};

const viewport = { width: 1100, height: 700 };

describe('Prove Idempotency', () => {
  let window: Workbench;
  before(function () {
    const reason = ensureSandbox();
    if (!reason) return;
    console.log(`    left out: ${reason}`);
    this.skip();
  });
  afterEach(() => window?.close());

  const settings = { 'andon.workspaceCheck': false, 'editor.minimap.enabled': false };
  /** The palette offers it only once VS Code knows that the workspace is trusted. */
  const offered = (title: string) =>
    window.until(async () => (await window.commands(title)).includes(title), title, 60_000);
  const proveIt = async (title = 'Andon: Prove Idempotency') => {
    await offered(title);
    await window.runCommand(title);
  };
  const confirm = async () => {
    const dialog = await window.until(() => window.dialog(), 'the question');
    await window.click('Run Twice');
    return dialog;
  };
  const shown = (text: RegExp) =>
    window.until(
      async () => (await lines(window)).find((line) => text.test(line)),
      `${text}`,
      60_000,
    );

  it('asks, runs the script twice and shows what the second run changed', async () => {
    window = await windowOn(files, { settings, viewport });
    await window.openFile('provision/hosts.sh');
    await proveIt();
    const dialog = await window.until(() => window.dialog(), 'the question');
    await shoot(window, 'prove-question');
    assert.equal(dialog.message, 'Run hosts.sh twice in a sandbox?');
    assert.match(dialog.detail ?? '', /without a network/);
    await window.click('Run Twice');
    await shown(/^# hosts\.sh: not idempotent: run again it changed something/);
    await shown(/^\+10\.0\.0\.5 db\.internal/);
    const compare = window.page.locator('.codelens-decoration a').first();
    await compare.waitFor();
    await shoot(window, 'prove-result');
    await compare.click();
    await window.until(
      () => window.page.locator('.monaco-diff-editor .line-insert').count(),
      'the comparison',
    );
    await shoot(window, 'prove-difference');
  });

  it('runs what is selected in any document', async () => {
    window = await windowOn(files, { settings, viewport });
    await window.openFile('deploy.yaml');
    await offered('Andon: Prove Idempotency');
    await window.goTo(3, 1);
    for (const key of ['Shift+ArrowDown', 'Shift+ArrowDown']) await window.page.keyboard.press(key);
    // By hand: runCommand begins with Escape, which would end the selection.
    await window.page.keyboard.press('F1');
    await window.page.keyboard.insertText('Andon: Prove Idempotency');
    await window.choose('Andon: Prove Idempotency');
    const dialog = await confirm();
    assert.equal(dialog.message, 'Run the selected lines of deploy.yaml twice in a sandbox?');
    // "echo" makes the second run succeed all the same; what failed in it is shown.
    await shown(/File exists/);
  });

  it('can be cancelled, in the question and in the middle', async () => {
    window = await windowOn(files, { settings, viewport, locale: 'ko' });
    await window.openFile('provision/forever.sh');
    await proveIt('Andon: 멱등성 입증');
    await window.until(() => window.dialog(), 'the question');
    await window.page.keyboard.press('Escape');
    assert.deepEqual(await window.notifications(), []);
    await proveIt('Andon: 멱등성 입증');
    await window.until(() => window.dialog(), 'the question');
    await shoot(window, 'prove-korean');
    await window.click('두 번 실행');
    await window.until(
      async () => (await window.notifications()).some(({ buttons }) => buttons.includes('Cancel')),
      'the progress',
    );
    await window.click('Cancel');
    await window.until(async () => (await window.notifications()).length === 0, 'the end');
  });

  it('is not offered in a workspace that is not trusted', async () => {
    window = await windowOn(files, { settings, viewport, trust: 'restricted' });
    await window.openFile('provision/hosts.sh');
    await window.until(async () => (await window.commands('Andon: Check')).length > 1, 'Andon');
    const found = await window.commands('Andon: Prove Idempotency');
    assert.ok(!found.includes('Andon: Prove Idempotency'), `${found}`);
  });
});
