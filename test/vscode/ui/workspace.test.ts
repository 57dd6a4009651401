import assert from 'node:assert/strict';
import type { Workbench } from '../workbench';
import { lines, shoot, shop, windowOn } from './window';

describe('a workspace', () => {
  let window: Workbench;
  afterEach(() => window?.close());

  it('of many files is checked with progress, which can be stopped', async () => {
    const script = Array.from({ length: 60 }, (_, i) => `curl https://example.com/${i} > ${i}`);
    const many = Object.fromEntries(
      Array.from({ length: 1200 }, (_, i) => [`many/${i}.sh`, `${script.join('\n')}\n`]),
    );
    window = await windowOn({ ...shop, ...many }, { settings: { 'andon.workspaceCheck': false } });
    await window.openFile('scripts/fetch.sh');
    await window.until(async () => (await window.squiggles()).warning === 1, 'a squiggle');
    await window.runCommand('Andon: Check Workspace');
    const progress = async () =>
      (await window.notifications()).find(({ message }) =>
        /checking the workspace/.test(message ?? ''),
      );
    await window.until(
      async () => /\d{2,} of \d+ files/.test((await progress())?.message ?? ''),
      'progress',
      30_000,
    );
    await shoot(window, 'check-workspace');
    assert.deepEqual((await progress())?.buttons, ['Cancel']);
    await window.click('Cancel');
    await window.until(async () => (await progress()) === undefined, 'an end');
    await window.until(() => window.statusItem('Andon: stopped'), 'what came of it');
    // The whole of it: 1,200 files with 60 findings each.
    await window.runCommand('Andon: Check Workspace');
    await window.until(
      () => window.statusItem('Andon: files checked: 1205'),
      'the whole check',
      90_000,
    );
    await window.until(async () => (await window.tree('Findings')).length > 10, 'the list');
    await shoot(window, 'many-findings');
  });

  it('that is not trusted is checked all the same', async () => {
    window = await windowOn(shop, { trust: 'restricted' });
    await window.openFile('scripts/fetch.sh');
    await window.until(async () => (await window.squiggles()).warning === 1, 'a squiggle');
    await window.openContainer('Andon');
    await window.until(async () => (await window.tree('Findings')).length > 6, 'the findings');
    await shoot(window, 'restricted');
  });

  it('of several folders holds each to its own configuration', async () => {
    const script = shop['scripts/fetch.sh'];
    const files = {
      'all.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }),
      'one/fetch.sh': script,
      'one/.andon.yaml': 'rules:\n  shell/curl-no-fail: off\n',
      'two/fetch.sh': script,
      'two/.andon.yaml': 'rules:\n  shell/curl-no-fail: error\n',
    };
    window = await windowOn(files, { open: 'all.code-workspace' });
    await window.openContainer('Andon');
    const rows = await window.until(async () => {
      const all = await window.tree('Findings');
      return all.length > 0 ? all : undefined;
    }, 'the findings');
    await shoot(window, 'several-folders');
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['Failure', 'fetch.sh', rows[2]?.label],
    );
    assert.equal(rows[1]?.description, 'two');
  });

  it('in a browser, without Node, is checked and repaired', async () => {
    window = await windowOn(shop, { web: true });
    await window.openFile('scripts/fetch.sh');
    await window.until(async () => (await window.squiggles()).warning === 1, 'a squiggle', 30_000);
    await window.openContainer('Andon');
    await window.until(async () => (await window.tree('Findings')).length > 6, 'the findings');
    await window.quickFix(3, 2, 'Add -f');
    await window.until(async () => (await lines(window))[2]?.startsWith('curl -f '), 'the repair');
    await shoot(window, 'browser');
    await window.openFile('Dockerfile');
    await window.until(async () => (await window.squiggles()).warning > 0, 'a squiggle');
    await window.quickFix(6, 6, 'Allow shell/curl-no-fail here, because …');
    await window.until(
      async () => (await window.quickPick())?.title,
      'the question for the reason',
    );
    await window.fill('the tool checks itself');
    await window.until(
      async () => (await lines(window)).some((line) => /the tool checks itself/.test(line)),
      'the comment',
    );
  });
});
