import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built, ensureBuilt } from '../../built';
import { makeRepository, type Ran, type Repository, seconds } from '../../guard-repository';
import { ensurePackaged } from '../packaged';
import { startWorkbench, type Workbench, type WorkbenchOptions } from '../workbench';
import { SourceControl, terminal } from './source-control';

const project = join(__dirname, '../../..');
const quiet = {
  'git.enableSmartCommit': true,
  'git.openRepositoryInParentFolders': 'never',
  'scm.repositories.sortOrder': 'name',
  'scm.alwaysShowRepositories': true,
  'workbench.editor.enablePreview': false,
};

async function open(folder: string, options: Partial<WorkbenchOptions> = {}): Promise<Workbench> {
  const vsix = await ensurePackaged();
  const viewport = { width: 1100, height: 680 };
  return startWorkbench({
    folder,
    vsix,
    viewport,
    ...options,
    settings: { ...quiet, ...options.settings },
  });
}

/** For a person to look at; no test compares pictures. */
const shot = (window: Workbench, name: string) =>
  window.screenshot(join(project, 'shots/guard', `${name}.png`));

const installIn = (repository: Repository, mode: string, cwd = repository.root): void => {
  const args = [join(built, 'cli.js'), 'guard', 'install', '--yes', '--mode', mode];
  const { code, out, err } = repository.run(process.execPath, args, { cwd });
  assert.equal(code, 0, out + err);
};

/** The windows that have announced themselves in a repository, by their process. */
const windowsOf = (commonDir: string): readonly string[] => {
  const folder = join(commonDir, 'andon/windows');
  return existsSync(folder) ? readdirSync(folder) : [];
};

const announced = (window: Workbench, commonDir: string, count = 1) =>
  window.until(() => windowsOf(commonDir).length === count, `${count} windows`, 30_000);

const change = (repository: Repository, path = 'readme') =>
  repository.write(path, `${Math.random()}\n`);

const subject = (repository: Repository) => repository.git('log', '-1', '--format=%s');
const message = (repository: Repository) => repository.git('log', '-1', '--format=%B').trimEnd();

const dialog = (window: Workbench) => window.until(() => window.dialog(), 'a question', 30_000);

describe('the commit guard in VS Code', function () {
  this.timeout(180_000);
  before(ensureBuilt);

  describe('in one window', () => {
    let repository: Repository;
    let window: Workbench;
    let scm: SourceControl;

    before(async () => {
      repository = makeRepository('andon-ui-');
      window = await open(repository.root);
      scm = new SourceControl(window);
      change(repository);
      await scm.open();
    });
    after(async () => {
      await window?.close();
      repository.remove();
    });
    afterEach(async function () {
      if (this.currentTest?.isFailed()) await shot(window, `failed ${this.currentTest.title}`);
    });
    const warned = () =>
      window.until(async () => (await scm.squiggles()).warning > 0, 'the warning', 60_000);
    const calm = () =>
      window.until(
        async () => {
          const { warning, info } = await scm.squiggles();
          return warning + info === 0;
        },
        'silence',
        60_000,
      );
    /** VS Code's own commit button or key, until git has asked. */
    const commit = async (text: string, how: 'button' | 'key' = 'button') => {
      change(repository);
      await scm.write(text);
      await scm.commit(how);
    };
    const committed = (text: string) =>
      window.until(() => subject(repository) === text, `the commit "${text}"`, 60_000);
    const outside = (...args: readonly string[]): Promise<Ran> => {
      change(repository);
      return repository.start('git', ['commit', '-q', '-a', ...args]);
    };

    it('warns in the message box as soon as the build is red, and only then', async () => {
      await scm.write('feat: a pump');
      assert.deepEqual(await scm.squiggles(), { warning: 0, info: 0 });
      repository.red({ state: 'passing' });
      repository.red();
      await warned();
      await shot(window, 'box');
      const text = await scm.hover();
      assert.match(
        text,
        /The build of main has been red for 12 min\. Commit aaaaaaa turned it red\./,
      );
      await shot(window, 'box-hover');
      await scm.hoverEnds();
      repository.red({ state: 'passing' });
      await calm();
      repository.red({ expires: seconds() - 5 });
      repository.red();
      await warned();
      rmSync(join(repository.root, '.git/andon/status'));
      await calm();
      repository.red();
      await warned();
    });

    it('has quick fixes for the message', async () => {
      const titles = await scm.quickFix('This fixes the build');
      assert.deepEqual(titles, [
        'This fixes the build',
        'Commit anyway, because …',
        'I am fixing it',
        'Revert the commit that turned it red',
        'Open the failing job',
      ]);
      await scm.holds('feat: a pump\n\nFixes-Build: aaaaaaaaaaaa');
      await calm();
      await scm.write('feat: a valve');
      await warned();
      await scm.quickFix('Commit anyway, because …');
      await window.until(() => window.quickPick(), 'the question for the reason');
      await window.fill('the auditor waits');
      await scm.holds('feat: a valve\n\nAndon-Override: the auditor waits');
      await calm();
    });

    it('shows a claim, and takes it back', async () => {
      await scm.write('feat: a pump');
      await warned();
      await scm.quickFix('I am fixing it');
      await window.until(async () => (await scm.squiggles()).info > 0, 'the claim');
      assert.match(await scm.hover(), /You are fixing it, until \d/);
      assert.match(
        readFileSync(join(repository.root, '.git/andon/claim'), 'utf8'),
        /^andon-claim=1\nsince=\d+\nuntil=\d+\nsha=a{40}\n$/,
      );
      await scm.hoverEnds();
      assert.deepEqual(await scm.quickFix('I am not fixing it any more'), [
        'I am not fixing it any more',
      ]);
      await warned();
    });

    it('speaks of a red that lasts for days in one message a day', async () => {
      const told = join(repository.root, '.git/andon/told-box');
      await scm.write('');
      repository.red({ since: seconds() - 4 * 86_400 });
      await calm();
      assert.ok(!existsSync(told), 'before anything is written');
      await scm.write('feat: a pump');
      await warned();
      assert.match(await scm.hover(), /The build of main has been red for 4 days\./);
      await scm.hoverEnds();
      await scm.append(', and a valve');
      await window.until(async () => (await scm.message()).endsWith('valve'), 'the rest');
      assert.equal((await scm.squiggles()).warning > 0, true, 'as long as it is being written');
      assert.match(readFileSync(told, 'utf8'), /^andon-told=1\nat=\d+\n$/);
      await scm.write('feat: another');
      await calm();
      writeFileSync(told, `andon-told=1\nat=${seconds() - 90_000}\n`);
      await warned();
      rmSync(told);
      repository.red();
    });

    it('tells, when the line is green again, how long it took', async () => {
      await window.runCommand('Andon: I Am Fixing the Build');
      await window.until(() => existsSync(join(repository.root, '.git/andon/claim')), 'the claim');
      repository.red({ state: 'passing', since: seconds() });
      await window.until(() => window.statusItem('main is green again, after 12 min'), 'the line');
      await window.until(() => !existsSync(join(repository.root, '.git/andon/claim')), 'its end');
      repository.red();
    });

    it('is installed by a command that shows first what it changes', async () => {
      await window.runCommand('Andon: Install Commit Guard');
      await window.until(async () => (await window.quickPick())?.items.length === 3, 'the modes');
      await window.choose('Ask');
      const { message: question, detail } = await dialog(window);
      await shot(window, 'install');
      assert.equal(question, 'Install the commit guard in work?');
      assert.match(detail!, /write \.git\/hooks\/commit-msg/);
      assert.ok(!existsSync(join(repository.root, '.git/andon/hook')));
      await window.click('Install');
      await window.until(
        async () =>
          (await window.notifications()).some((each) =>
            /Git calls the commit guard/.test(each.message!),
          ),
        'the answer of git',
      );
      await announced(window, join(repository.root, '.git'));
    });

    it('is put right when another tool overwrites its hook', async () => {
      const hook = join(repository.root, '.git/hooks/commit-msg');
      repository.write('.git/hooks/commit-msg', '#!/bin/sh\necho other\n', 0o755);
      const both = () => /andon guard[\s\S]*echo other/.test(readFileSync(hook, 'utf8'));
      await window.until(both, 'the guard before the other hook', 30_000);
      rmSync(hook);
      const record = join(repository.root, '.git/andon/installed.json');
      const alone = () => existsSync(hook) && existsSync(record);
      await window.until(alone, 'the guard alone', 30_000);
      await announced(window, join(repository.root, '.git'));
    });

    it('asks at the button; a cancelled commit keeps its message', async () => {
      await commit('feat: asked');
      const question = await dialog(window);
      await shot(window, 'modal');
      assert.equal(question.message, 'The build of main has been red for 12 min.');
      assert.equal(
        question.detail,
        'Commit aaaaaaa turned it red. A red build takes nothing but fixes.',
      );
      assert.deepEqual([...question.buttons].sort(), [
        'Cancel',
        'Commit Anyway …',
        'It Is the Fix',
      ]);
      await window.click('Cancel');
      const refusal = await window.until(async () => {
        const now = await window.dialog();
        return now?.severity === 'error' ? now : undefined;
      }, 'the refusal');
      await shot(window, 'refusal');
      assert.match(refusal.message!, /^Git: andon: not committed, as chosen: the build of main/);
      await window.click('Cancel');
      assert.equal(await scm.message(), 'feat: asked');
      assert.equal(subject(repository), 'one');
    });

    it('asks at Ctrl+Enter; the reason is recorded', async () => {
      await commit('feat: anyway', 'key');
      await dialog(window);
      await window.click('Commit Anyway …');
      await window.until(() => window.quickPick(), 'the question for the reason');
      await window.fill('the auditor waits');
      await committed('feat: anyway');
      assert.equal(message(repository), 'feat: anyway\n\nAndon-Override: the auditor waits');
    });

    it('takes the word for it that it is the fix', async () => {
      await commit('feat: a valve, which was missing');
      await dialog(window);
      await window.click('It Is the Fix');
      await committed('feat: a valve, which was missing');
      assert.match(message(repository), /\n\nFixes-Build: aaaaaaaaaaaa$/);
    });

    it('does not ask about a message that says it repairs', async () => {
      await commit('fix: the pump');
      await committed('fix: the pump');
      assert.equal(await window.dialog(), undefined);
    });

    it('asks when the last commit is amended', async () => {
      change(repository);
      repository.git('add', '.');
      await scm.write('feat: amended');
      await window.runCommand('Git: Commit Staged (Amend)');
      await dialog(window);
      await window.click('It Is the Fix');
      await committed('feat: amended');
    });

    it('asks after a message was written in an editor, where the warning shows too', async () => {
      change(repository);
      await scm.write('');
      await scm.commit();
      await window.until(
        async () => (await window.textsOf('.tab.active')).join().includes('COMMIT_EDITMSG'),
        'the editor',
      );
      await window.until(async () => (await window.squiggles()).warning > 0, 'the warning', 60_000);
      await window.goTo(1, 1);
      await window.type('feat: from the editor');
      await shot(window, 'editor');
      await window.quickFix(1, 1, 'This fixes the build');
      await window.until(async () => (await window.squiggles()).warning === 0, 'silence', 60_000);
      await window.save();
      await window.runCommand('View: Close Editor');
      await committed('feat: from the editor');
      assert.match(message(repository), /^feat: from the editor\n\nFixes-Build: aaaaaaaaaaaa$/);
    });

    it('asks about commits from a terminal inside', async () => {
      change(repository);
      await terminal(window, 'git commit -a -m "feat: inside"');
      await dialog(window);
      await window.click('It Is the Fix');
      await committed('feat: inside');
      await window.runCommand('View: Hide Panel');
    });

    it('asks about commits from outside, which say where they ask', async () => {
      const cancelled = outside('-m', 'feat: outside');
      await dialog(window);
      await window.click('Cancel');
      const { code, err } = await cancelled;
      assert.equal(code, 1);
      assert.match(err, /^andon: asking in VS Code …\nandon: not committed, as chosen: /);
      const fixed = outside('-m', 'feat: outside');
      await dialog(window);
      await window.click('It Is the Fix');
      assert.equal((await fixed).code, 0);
      assert.match(message(repository), /\n\nFixes-Build: aaaaaaaaaaaa$/);
    });

    it('asks about a push, and lets a fix along through', async () => {
      repository.git('init', '-q', '--bare', '../shared.git');
      const push = () => repository.start('git', ['push', '-q', '../shared.git', 'main']);
      assert.equal((await push()).code, 0, 'has a fix in it');
      const plain = ['commit', '-q', '--allow-empty', '-m', 'more'];
      assert.equal(repository.run('git', plain).code, 0);
      const stopped = push();
      assert.deepEqual((await dialog(window)).buttons.includes('Push Anyway'), true);
      await window.click('Cancel');
      assert.equal((await stopped).code, 1);
      const pushed = push();
      await dialog(window);
      await window.click('Push Anyway');
      assert.equal((await pushed).code, 0);
    });

    it('says nothing before a commit to another branch', async () => {
      repository.git('checkout', '-q', '-b', 'feature');
      await scm.write('feat: elsewhere');
      await calm();
      assert.equal((await outside('-m', 'feat: elsewhere')).code, 0);
      repository.git('checkout', '-q', 'main');
    });

    it('follows the settings: mode warn', async () => {
      await window.setSettings({ 'andon.guard.mode': 'warn' });
      const policy = join(repository.root, '.git/andon/guard');
      await window.until(() => /mode=warn/.test(readFileSync(policy, 'utf8')), 'the policy');
      const { code, err } = await outside('-m', 'feat: warned');
      assert.equal(code, 0);
      assert.match(err, /^andon: the build of main has been red .*\nandon: committed all the same/);
    });

    it('follows the settings: mode block, whose refusal says the way out', async () => {
      await window.setSettings({ 'andon.guard.mode': 'block' });
      const policy = join(repository.root, '.git/andon/guard');
      await window.until(() => /mode=block/.test(readFileSync(policy, 'utf8')), 'the policy');
      await scm.open();
      await commit('feat: blocked');
      const { message: refusal } = await dialog(window);
      await shot(window, 'block');
      assert.match(
        refusal!,
        /not committed: .* A fix begins with "fix:"; for anything else add a line/,
      );
      await window.click('Cancel');
      await scm.quickFix('This fixes the build');
      await calm();
      await scm.commit();
      await committed('feat: blocked');
    });

    it('follows the settings: mode off', async () => {
      await window.setSettings({ 'andon.guard.mode': 'off' });
      const policy = join(repository.root, '.git/andon/guard');
      await window.until(() => /mode=off/.test(readFileSync(policy, 'utf8')), 'the policy');
      await scm.open();
      await calm();
      await commit('feat: free');
      await committed('feat: free');
      await window.setSettings({ 'andon.guard.mode': 'ask' });
      await window.until(() => /mode=ask/.test(readFileSync(policy, 'utf8')), 'the policy');
    });

    it('has VS Code ask about a protected branch, where that is wanted', async () => {
      const protectedBranch = /trying to commit to a protected branch/;
      await window.setSettings({ 'andon.guard.branchProtection': true });
      await scm.open();
      await commit('feat: protected');
      assert.match((await dialog(window)).message!, protectedBranch);
      await window.click('Cancel');
      await window.setSettings({ 'andon.guard.branchProtection': false });
      await scm.open();
      await scm.commit();
      assert.doesNotMatch((await dialog(window)).message!, protectedBranch);
      await window.click('It Is the Fix');
      await committed('feat: protected');
    });

    it('is silent while it is paused', async () => {
      await window.runCommand('Andon: Pause Commit Guard');
      await window.until(async () => (await window.quickPick())?.items.length === 3, 'lengths');
      await window.choose('2 h');
      await scm.open();
      await scm.write('feat: paused');
      await calm();
      assert.equal((await outside('-m', 'feat: paused')).code, 0);
      await window.runCommand('Andon: Pause Commit Guard');
      await window.until(async () => (await window.quickPick())?.items.length === 4, 'lengths');
      await window.choose('End the pause');
      await warned();
    });

    it('prepares the revert of what turned it red', async () => {
      repository.git('checkout', '-q', '--', '.');
      repository.write('pump', 'broken\n');
      repository.git('add', '.');
      repository.git('commit', '-q', '--no-verify', '-m', 'feat: a broken pump');
      repository.red({ firstBad: repository.git('rev-parse', 'HEAD') });
      await scm.write('');
      await warned();
      await window.runCommand('Andon: Revert the Commit That Turned It Red');
      await window.until(
        async () => (await scm.message()).startsWith('Revert "feat: a broken pump"'),
        'the message',
      );
      await shot(window, 'revert');
      assert.equal(repository.git('status', '--porcelain').trim(), 'D  pump');
      await scm.commit();
      await committed('Revert "feat: a broken pump"');
      repository.red();
    });

    it('is removed by a command, and everything is as before', async () => {
      const hook = join(repository.root, '.git/hooks/commit-msg');
      assert.ok(existsSync(hook));
      await window.runCommand('Andon: Remove Commit Guard');
      assert.equal((await dialog(window)).message, 'Remove the commit guard from work?');
      await window.click('Remove');
      await window.until(() => !existsSync(hook), 'the removal');
      await window.until(() => windowsOf(join(repository.root, '.git')).length === 0, 'its end');
      assert.equal((await outside('-m', 'feat: without')).err, '');
    });

    it('lets a commit pass when its page is gone, within a second or two', async () => {
      installIn(repository, 'ask');
      repository.red();
      await announced(window, join(repository.root, '.git'));
      await window.page.goto('about:blank');
      const begun = Date.now();
      const { code, err } = await outside('-m', 'feat: nobody there');
      assert.equal(code, 0);
      assert.match(err, /^andon: the build of main has been red/);
      assert.ok(Date.now() - begun < 10_000);
    });

    it('lets a commit pass after a crash, and forgets the window', async () => {
      const common = join(repository.root, '.git');
      for (const name of windowsOf(common)) process.kill(Number.parseInt(name, 10), 'SIGKILL');
      const { code, err } = await outside('-m', 'feat: after a crash');
      assert.equal(code, 0);
      assert.match(err, /^andon: the build of main has been red/);
    });
  });

  it('asks the right one of two windows, and none that was closed', async () => {
    const repository = makeRepository('andon-ui-');
    const common = join(repository.root, '.git');
    let [first, second]: (Workbench | undefined)[] = [];
    try {
      installIn(repository, 'ask');
      repository.red();
      first = await open(repository.root);
      await announced(first, common, 1);
      second = await open(repository.root);
      await announced(second, common, 2);
      for (const [mine, other, name] of [
        [first, second, 'first'],
        [second, first, 'second'],
      ] as const) {
        const scm = new SourceControl(mine);
        change(repository);
        await scm.write(`feat: in the ${name}`);
        await scm.commit();
        await dialog(mine);
        assert.equal(await other.dialog(), undefined);
        await mine.click('It Is the Fix');
        await mine.until(() => subject(repository) === `feat: in the ${name}`, 'the commit');
      }
      await second.close();
      second = undefined;
      change(repository);
      const asked = repository.start('git', ['commit', '-q', '-a', '-m', 'feat: one is left']);
      await dialog(first);
      await first.click('It Is the Fix');
      assert.equal((await asked).code, 0);
      assert.equal(windowsOf(common).length, 1);
      await first.close();
      first = undefined;
      change(repository);
      const alone = await repository.start('git', ['commit', '-q', '-a', '-m', 'feat: alone']);
      assert.equal(alone.code, 0);
      assert.match(alone.err, /^andon: the build of main has been red/);
    } finally {
      await first?.close();
      await second?.close();
      repository.remove();
    }
  });

  it('does nothing in a workspace that is not trusted, and tells whoever asks', async () => {
    const repository = makeRepository('andon-ui-');
    let window: Workbench | undefined;
    try {
      installIn(repository, 'ask');
      repository.red();
      window = await open(repository.root, { trust: 'restricted' });
      const install = 'Andon: Install Commit Guard';
      await window.until(() => window!.commands(install), 'the command', 60_000);
      await window.runCommand(install);
      await window.until(
        async () =>
          (await window!.notifications()).some(({ message: text }) => /not trusted/.test(text!)),
        'the answer',
      );
      assert.deepEqual(windowsOf(join(repository.root, '.git')), []);
    } finally {
      await window?.close();
      repository.remove();
    }
  });

  it('speaks Korean', async () => {
    const repository = makeRepository('andon-ui-');
    let window: Workbench | undefined;
    try {
      installIn(repository, 'ask');
      repository.red();
      window = await open(repository.root, { locale: 'ko' });
      await announced(window, join(repository.root, '.git'));
      change(repository);
      const asked = repository.start('git', ['commit', '-q', '-a', '-m', 'feat: x']);
      const { message: question } = await dialog(window);
      await shot(window, 'modal-korean');
      assert.equal(question, 'main의 빌드가 12분째 빨간색입니다.');
      await window.click('이것이 수정입니다');
      assert.equal((await asked).code, 0);
    } finally {
      await window?.close();
      repository.remove();
    }
  });
});
