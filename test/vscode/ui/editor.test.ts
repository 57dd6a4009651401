import assert from 'node:assert/strict';
import type { Workbench } from '../workbench';
import { colours, hoverWith, lightBulb, lines, shoot, shop, windowOn } from './window';

const workflow = '.github/workflows/ci.yml';
const rule = 'shell/curl-no-fail';

describe('the editor', () => {
  let window: Workbench;

  before(async () => {
    window = await windowOn(shop);
    await window.openFile(workflow);
    await window.until(async () => (await window.squiggles()).warning >= 2, 'squiggles');
  });
  after(() => window?.close());

  it('marks the right characters inside a run block', async () => {
    await shoot(window, 'squiggle');
    const found = (await window.problems()).filter(({ file }) => file === workflow);
    const [curl] = found.filter(({ code }) => code?.includes(rule));
    assert.deepEqual([curl?.line, curl?.column], [11, 11]);
    assert.match(curl!.source!, /andon/);
    assert.equal(curl!.severity, 'warning');
    await shoot(window, 'problems');
    await window.runCommand('View: Hide Panel');
  });

  it('colours the shell inside, and what is filled in', async () => {
    await window.openFile(workflow);
    const words = await colours(window);
    const colour = (word: string) =>
      words.find((each) => each.startsWith(`${word} `))?.slice(word.length);
    assert.ok(colour('echo') && colour('if'), words.join('\n'));
    // A command is no string, and a variable inside a string is none either.
    assert.notEqual(colour('echo'), colour('ci'));
    assert.notEqual(colour('$GITHUB_REF'), colour('"fetching for'));
  });

  it('says in a hover what goes wrong, when, and what can be done', async () => {
    await window.openFile(workflow);
    const text = await hoverWith(window, [11, 12], /curl keeps the error page/);
    await shoot(window, 'hover');
    assert.match(text, /curl stores the error page/);
    assert.match(text, /curl keeps the error page as if it were the file · Warning · Failure/);
    assert.match(text, /Without -f curl exits 0 on 404 and 500/);
    assert.match(text, /Add -f {2}\| {2}Explain shell\/curl-no-fail {2}\| {2}Allow here …/);
  });

  it('opens the page of the rule from there, without a network', async () => {
    await window.openFile(workflow);
    await hoverWith(window, [11, 12], /Explain shell/);
    await window.page.locator(`.monaco-hover a:has-text("${rule}")`).first().click();
    const page = await window.until(async () => {
      const text = await window.webviewText();
      return /curl exits 0 whatever status/.test(text) ? text : undefined;
    }, 'the page of the rule');
    await shoot(window, 'explained-rule');
    assert.match(page, /When to allow it/);
    await window.runCommand('View: Close Editor');
  });

  it('offers the repair, and makes it', async () => {
    await window.openFile(workflow);
    await lightBulb(window, 11, 12);
    await shoot(window, 'quick-fix');
    await window.page.keyboard.press('Escape');
    const titles = await window.quickFix(11, 12, 'Add -f');
    assert.deepEqual(titles, [
      'Add -f',
      'Fix all that is safe to fix in this file',
      `Allow ${rule} here, because …`,
      `Allow ${rule} in this file, because …`,
      `Turn ${rule} off in .andon.yaml`,
      `Explain ${rule}`,
    ]);
    await window.until(
      async () => /curl -fs "https/.test((await lines(window))[10] ?? ''),
      'the repair',
    );
    await window.runCommand('File: Revert File');
  });

  it('writes an exception where it belongs, with its reason', async () => {
    await window.openFile('Dockerfile');
    await window.until(async () => (await window.squiggles()).warning > 0, 'a squiggle');
    const titles = await window.quickFix(6, 6, `Allow ${rule} here, because …`);
    assert.ok(titles.includes('Add -f'));
    await window.until(
      async () => (await window.quickPick())?.title,
      'the question for the reason',
    );
    await shoot(window, 'reason');
    await window.fill('the tool checks itself');
    await window.until(async () => (await lines(window)).length > 7, 'the comment');
    assert.equal((await lines(window))[5], `# andon-allow ${rule}: the tool checks itself`);
    await window.until(async () => {
      const { warning, info } = await window.squiggles();
      return warning + info === 0;
    }, 'an end of the squiggle');
    await shoot(window, 'exception');
    await window.runCommand('File: Revert File');
  });

  it('colours GitLab, Ansible and comments of Andon', async () => {
    await window.openFile('.gitlab-ci.yml');
    await shoot(window, 'shell-in-gitlab');
    await window.openFile('site.yml');
    await shoot(window, 'shell-in-ansible');
    await window.openFile('Dockerfile');
    await shoot(window, 'shell-in-dockerfile');
    const words = await colours(window);
    assert.ok(
      words.some((each) => each.startsWith('andon-allow ')),
      words.join('\n'),
    );
    assert.ok(
      words.some((each) => each.startsWith('9999-12-31 ')),
      words.join('\n'),
    );
  });

  it('lists the findings by concern and file', async () => {
    const badge = await window.openContainer('Andon');
    assert.equal(badge, '4');
    const rows = await window.until(async () => {
      const all = await window.tree('Findings');
      return all.length > 6 ? all : undefined;
    }, 'the rows');
    await shoot(window, 'findings');
    const concerns = rows
      .filter(({ level }) => level === '1')
      .map(({ label, description }) => `${label} ${description}`);
    assert.ok(
      concerns.some((each) => /^Failure \d/.test(each)),
      concerns.join(),
    );
    const [script] = rows.filter(({ label }) => label === 'fetch.sh');
    assert.equal(script?.description, 'scripts');
  });

  it('opens a finding at its place, and narrows the list to a file', async () => {
    await window.openFile('scripts/fetch.sh');
    await window.goTo(1, 1);
    await window.runCommand('Andon: Show Findings of This File Only');
    const rows = await window.until(async () => {
      const all = await window.tree('Findings');
      return all.length === 3 ? all : undefined;
    }, 'the rows of one file');
    await shoot(window, 'findings-of-this-file');
    assert.deepEqual(rows.map(({ label }) => label).slice(0, 2), ['Failure', 'fetch.sh']);
    await window.clickTree('Findings', rows[2]!.label!);
    await window.until(
      () => window.statusItem('Ln 3, Col 5 (4 selected)'),
      'the place of the finding',
    );
    await window.runCommand('Andon: Show Findings of All Files');
    await window.until(async () => (await window.tree('Findings')).length > 6, 'all rows');
  });

  it('filters by severity and concern', async () => {
    await window.runCommand('Andon: Filter Findings …');
    await window.until(
      async () => (await window.quickPick())?.items.includes('Idempotency'),
      'the choice',
    );
    await shoot(window, 'filter');
    await window.choose('Failure');
    await window.page.keyboard.press('Enter');
    await window.until(
      async () => (await window.tree('Findings')).every(({ label }) => label !== 'Failure'),
      'the filtered list',
    );
    await shoot(window, 'findings-filtered');
    await window.runCommand('Andon: Filter Findings …');
    await window.choose('Failure');
    await window.page.keyboard.press('Enter');
    await window.until(
      async () => (await window.tree('Findings')).some(({ label }) => label === 'Failure'),
      'the whole list',
    );
  });

  it('says behind the {} what holds', async () => {
    await window.openFile(workflow);
    const items = await window.languageStatus();
    await shoot(window, 'language-status');
    await window.page.keyboard.press('Escape');
    assert.ok(
      items.some(({ text }) => /Andon: active rules: \d+\s+no \.andon\.yaml/.test(text ?? '')),
      JSON.stringify(items),
    );
  });

  it('explains a rule chosen from all', async () => {
    await window.runCommand('Andon: Explain Rule');
    await window.until(async () => (await window.quickPick())?.items.length, 'the rules');
    await shoot(window, 'explain-rule');
    await window.page.keyboard.type('curl');
    await window.page
      .locator(`.quick-input-widget:visible .monaco-list-row:has-text("${rule}")`)
      .first()
      .click();
    assert.match(await window.webviewText(), /curl exits 0 whatever status/);
    await window.runCommand('View: Close Editor');
  });

  it('collects what helps to understand a fault, and no names of files', async () => {
    await window.runCommand('Andon: Collect Diagnostics for Support');
    await window.until(async () => (await lines(window))[0]?.startsWith('# Andon'), 'the document');
    await shoot(window, 'diagnostics');
    const text = (await lines(window)).join('\n');
    assert.match(text, /findings|errors/);
    assert.doesNotMatch(text, /fetch\.sh|andon-ui-/);
    await window.runCommand('View: Revert and Close Editor');
  });

  it('has each command in the palette that needs nothing more', async () => {
    // The list shows no more than fits into it.
    for (const title of [
      'Andon: Check Workspace',
      'Andon: Check Current File',
      'Andon: Explain Rule',
      'Andon: Fix All in File',
      'Andon: Create Baseline',
      'Andon: Open Configuration',
      'Andon: Show Log',
      'Andon: Collect Diagnostics for Support',
      'Andon: Focus Findings',
      'Andon: Disable in Workspace',
    ]) {
      const titles = await window.commands(title);
      assert.ok(titles.includes(title), `${title} is not among ${titles}`);
    }
    for (const title of ['Andon: Allow', 'Andon: Turn Rule Off', 'Andon: Enable in']) {
      const titles = await window.commands(title);
      assert.ok(!titles.some((each) => each.startsWith(title)), titles.join());
    }
  });

  it('shows around in three steps', async () => {
    await window.runCommand('Welcome: Open Walkthrough...');
    await window.until(async () => (await window.quickPick())?.items.length, 'the walkthroughs');
    await window.choose('Get Started with Andon');
    const steps = window.page.locator('.gettingStartedContainer .getting-started-step');
    await window.until(async () => (await steps.count()) === 3, 'the steps');
    await shoot(window, 'walkthrough');
  });
});
