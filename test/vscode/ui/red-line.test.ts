import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built, ensureBuilt } from '../../built';
import { type FakeCommit, type FakeGithub, fakeGithub } from '../../fake-github';
import { makeRepository } from '../../guard-repository';
import type { Workbench } from '../workbench';
import { git, lamp } from './lamp-driver';
import { SourceControl } from './source-control';
import { windowOn } from './window';

const root = join(__dirname, '../../..');
const minute = 60_000;

/** For a person to look at; no test compares pictures. */
const shot = (vs: Workbench, name: string) =>
  vs.screenshot(join(root, 'shots/red-line', `${name}.png`));

/** The one run of a commit; the end is when it ended. */
function runOf(conclusion: 'success' | 'failure' | null, end = Date.now()): FakeCommit {
  const status = conclusion === null ? 'in_progress' : 'completed';
  const startedAt = new Date(end).toISOString();
  return {
    checks: [{ name: 'unit', status, conclusion, suite: 5, startedAt }],
    workflows: [{ name: 'ci', suite: 5, status, conclusion }],
  };
}

describe('a line that turns red and is repaired', function () {
  this.timeout(240_000);
  let fake: FakeGithub;
  let vs: Workbench;
  let scm: SourceControl;
  let tools: string;
  let bad: string;

  const refresh = () => vs.runCommand('Andon: Refresh State of the Line');
  const status = () => readFileSync(join(vs.folder, '.git/andon/status'), 'utf8');
  const head = () => git(vs.folder, 'rev-parse', 'HEAD').trim();
  const push = () => git(vs.folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  const edit = (text: string) => writeFileSync(join(vs.folder, 'till.ts'), `${text}\n`);
  /** A program that is git, and says in a file of its name that it was called. */
  const gitCalled = (name: string): string => {
    const file = join(tools, name);
    writeFileSync(file, `#!/bin/sh\necho "$*" >>'${file}.log'\nexec git "$@"\n`, { mode: 0o755 });
    return file;
  };
  const calls = (name: string) => {
    const file = join(tools, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  before(async () => {
    await ensureBuilt();
    tools = mkdtempSync(join(tmpdir(), 'andon-git-'));
    fake = await fakeGithub();
    fake.before = ({ headers }) =>
      headers.authorization === 'Bearer SECRET'
        ? undefined
        : { status: 401, body: { message: 'Requires authentication' } };
    const ci = { '*': { service: 'github', url: fake.origin, project: 'acme/shop' } };
    const paths = [join(tools, 'not-there'), gitCalled('mine'), gitCalled('second')];
    vs = await windowOn(
      {
        'till.ts': 'export const till = 1;\n',
        // No program is run because a workspace names it.
        '.vscode/settings.json': JSON.stringify({ 'git.path': gitCalled('evil') }),
      },
      {
        viewport: { width: 1100, height: 680 },
        settings: { 'andon.ci': ci, 'git.enableSmartCommit': true },
        machineSettings: { 'git.path': paths },
      },
      (folder) => {
        git(folder, 'init', '-q', '-b', 'main');
        git(folder, 'config', 'user.email', 'test@example.com');
        git(folder, 'remote', 'add', 'origin', 'https://git.example.com/acme/shop.git');
        git(folder, 'add', '-A');
        git(folder, 'commit', '-q', '-m', 'Open the shop');
        git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
        fake.commits.set(git(folder, 'rev-parse', 'HEAD').trim(), runOf('success'));
      },
    );
    scm = new SourceControl(vs);
  });
  after(async () => {
    await vs?.close();
    await fake?.close();
    if (tools) rmSync(tools, { recursive: true });
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await shot(vs, `failed ${this.currentTest.title}`);
  });

  it('is green, and commits are made without a word', async () => {
    await lamp(vs, 'main: no access', 60_000);
    await vs.runCommand('Andon: Sign In to CI Service');
    await vs.until(() => vs.quickPick(), 'the question for the token');
    await vs.fill('SECRET');
    await lamp(vs, 'main', 30_000);
    assert.match(status(), /^state=passing$/m);
    const other = makeRepository();
    const args = [join(built, 'cli.js'), 'guard', 'install', '--yes', '--mode', 'ask'];
    const installed = other.run(process.execPath, args, { cwd: vs.folder });
    other.remove();
    assert.equal(installed.code, 0, installed.err);
    edit('export const till = 2;');
    await scm.write('feat: two tills');
    await scm.commit();
    await vs.until(() => /two tills/.test(git(vs.folder, 'log', '-1')), 'the commit');
    assert.equal(await vs.dialog(), undefined);
    await shot(vs, '1-green');
  });

  it('turns red: the lamp, the status file and the commit box say so', async () => {
    bad = head();
    push();
    fake.commits.set(bad, runOf('failure', Date.now() - 12 * minute));
    await refresh();
    const { kind } = await lamp(vs, /^main red 12m/, 40_000);
    assert.equal(kind, 'error');
    assert.match(status(), /^state=failing$/m);
    assert.match(status(), new RegExp(`^first-bad=${bad}$`, 'm'));
    edit('export const till = 3;');
    await scm.write('the tills open again');
    await vs.until(async () => (await scm.squiggles()).warning > 0, 'the warning', 60_000);
    await shot(vs, '2-red');
  });

  it('asks before the commit, and records that it is the fix', async () => {
    await scm.commit();
    const question = await vs.until(() => vs.dialog(), 'the question', 30_000);
    await shot(vs, '3-question');
    assert.match(question.message!, /^The build of main has been red for 1[23] min\.$/);
    assert.equal(
      question.detail,
      `Your commit ${bad.slice(0, 7)} turned it red. A red build takes nothing but fixes.`,
    );
    await vs.click('It Is the Fix');
    await vs.until(() => head() !== bad, 'the commit');
    assert.equal(
      git(vs.folder, 'log', '-1', '--format=%B').trim(),
      `the tills open again\n\nFixes-Build: ${bad.slice(0, 12)}`,
    );
  });

  it('stays red while the fix is built, and when it is green one line tells how long it took', async () => {
    push();
    fake.commits.set(head(), runOf(null));
    await refresh();
    await vs.until(
      async () => {
        const item = await vs.statusItem('andon.lamp');
        return item?.text === 'main red, rebuilding' && item.kind === 'error';
      },
      'a lamp that is red, and turns',
      40_000,
    );
    assert.match(status(), /^state=failing\nrunning=1$/m);
    await shot(vs, '4-rebuilding');
    fake.commits.set(head(), runOf('success'));
    await refresh();
    await vs.until(
      async () => /main is green again, after 1[234] min\./.test(await statusLine()),
      'the line that tells',
      40_000,
    );
    await lamp(vs, 'main', 30_000);
    assert.match(status(), /^state=passing$/m);
    await shot(vs, '5-green-again');
  });
  const statusLine = async () => (await vs.statusBar()).map(({ text }) => text).join('\n');

  it('counts the repair, and names nobody', () => {
    const other = makeRepository();
    const args = [join(built, 'cli.js'), 'guard', 'log'];
    const { out } = other.run(process.execPath, args, { cwd: vs.folder });
    other.remove();
    assert.match(out, /^3 commits, 1 repair of the build, 0 overrides\n/);
  });

  it('has run the git that the user named, and none that the workspace named', () => {
    assert.match(calls('mine'), /^rev-parse --show-toplevel --absolute-git-dir/m, 'of the guard');
    assert.match(calls('mine'), /^-c core\.fsmonitor=false rev-parse/m, 'of the lamp');
    assert.equal(calls('second'), '');
    assert.equal(calls('evil'), '');
    assert.deepEqual(fake.violations, []);
  });
});
