import assert from 'node:assert/strict';
import type { Workbench } from '../workbench';
import { shoot, shop, windowOn } from './window';

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
});
