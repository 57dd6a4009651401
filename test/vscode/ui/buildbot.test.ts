import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildbotServer, ensureBuildbot, startBuildbot } from '../../buildbot-server';
import type { Workbench } from '../workbench';
import { git, lamp } from './lamp-driver';
import { windowOn } from './window';

const root = join(__dirname, '../../..');
const shot = (vs: Workbench, name: string) => vs.screenshot(join(root, 'shots', `${name}.png`));
const repository = 'https://git.example.com/acme/shop.git';
/** A settled line is asked for at most so often, and a push at once. */
const patience = 60_000;

describe('the lamp on a real Buildbot', function () {
  this.timeout(240_000);
  let server: BuildbotServer;
  let vs: Workbench;

  before(async function () {
    this.timeout(600_000);
    const missing = ensureBuildbot();
    if (missing) {
      console.log(`      skipped: ${missing}`);
      this.skip();
    }
    server = await startBuildbot();
    vs = await windowOn(
      {
        'src/till.ts': 'export const till = {\n  open() {\n    return false;\n  },\n};\n',
        'README.md': '# Shop\n',
      },
      {
        viewport: { width: 1100, height: 680 },
        settings: {
          'andon.ci': { 'git.example.com/acme/shop': { service: 'buildbot', url: server.url } },
        },
      },
      (folder) => {
        git(folder, 'init', '-q', '-b', 'main');
        git(folder, 'remote', 'add', 'origin', repository);
        git(folder, 'add', '-A');
        git(folder, 'commit', '-q', '-m', 'Open the shop');
        git(folder, 'config', 'user.email', 'test@example.com');
      },
    );
  });
  after(async () => {
    await vs?.close();
    await server?.close();
  });

  /** Commits, and does what a push would do here and there. */
  async function push(subject: string): Promise<string> {
    git(vs.folder, 'commit', '-q', '--allow-empty', '-m', subject);
    const sha = git(vs.folder, 'rev-parse', 'HEAD').trim();
    git(vs.folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    await server.push(sha, 'main', repository);
    return sha;
  }
  const status = () => readFileSync(join(vs.folder, '.git/andon/status'), 'utf8');
  const built = (count: number) =>
    vs.until(
      async () => {
        const builds = await server.builds();
        return builds.length >= count && builds.every(({ complete }) => complete);
      },
      `${count} builds`,
      patience,
    );

  it('says that nothing is pushed', async () => {
    await lamp(vs, 'main: not pushed');
  });

  it('turns green by itself after a push', async () => {
    const sha = await push('Sell');
    await lamp(vs, 'main', patience);
    await vs.until(
      () => new RegExp(`^state=passing\n[\\s\\S]*^sha=${sha}$`, 'm').test(status()),
      'the status file',
      patience,
    );
    await shot(vs, 'buildbot-green');
  });

  it('shows that it is building, with the verdict as it was', async () => {
    server.steer(1, 14);
    await push('Break the till');
    const { label } = await vs.until(
      async () => {
        const item = await vs.statusItem('andon.lamp');
        return item?.label?.includes('building') ? item : undefined;
      },
      'a lamp that turns',
      patience,
    );
    assert.match(label ?? '', /main is building/);
    assert.match(status(), /^state=passing$/m);
    await shot(vs, 'buildbot-building');
  });

  it('turns red, tells it, and names the commit', async () => {
    const { kind } = await lamp(vs, /^main red/, patience);
    assert.equal(kind, 'error');
    const [told] = await vs.until(() => vs.notifications(), 'the notification');
    assert.match(told?.message ?? '', /your commit "Break the till" turned main red: unit/);
    assert.match(status(), /^state=failing$/m);
    assert.match(status(), /^who=Test <test@example\.com>$/m);
    await vs.openContainer('Andon');
    const rows = await vs.tree('Pipeline');
    assert.ok(
      rows.some(({ label }) => label === 'unit'),
      JSON.stringify(rows),
    );
    await shot(vs, 'buildbot-red');
  });

  it('opens a build to its steps, what failed first', async () => {
    await vs.clickTree('Pipeline', 'unit');
    const steps = await vs.until(async () => {
      const found = (await vs.tree('Pipeline')).filter(({ level }) => level === '3');
      return found.length > 0 ? found : undefined;
    }, 'the steps');
    await shot(vs, 'buildbot-steps');
    const [{ buildid } = { buildid: 0 }] = await server.builds();
    const headers = { accept: 'application/json' };
    const answer = await fetch(`${server.url}/api/v2/builds/${buildid}/steps`, { headers });
    const { steps: real } = (await answer.json()) as { steps: { name: string; results: number }[] };
    const failed = real.filter(({ results }) => results === 2).map(({ name }) => name);
    assert.ok(failed.includes(steps[0]!.label ?? ''), JSON.stringify([steps, failed]));
  });

  it('opens the log at its first error lines, with a link into the workspace', async () => {
    await vs.runCommand('Andon: Show Failing Log');
    await vs.page.locator('.tab.active:has-text("unit.log")').first().waitFor();
    const link = vs.page.locator('.editor-group-container.active .detected-link').first();
    await link.waitFor();
    await shot(vs, 'buildbot-log');
    await vs.runCommand('View: Close Editor');
  });

  it('explains the verdict', async () => {
    await vs.runCommand('Andon: Explain State of the Line');
    // While the page is being built its frames come and go.
    await vs.until(async () => {
      const text = await vs.webviewText().catch(() => '');
      return /first red commit: \S+ Break the till/.test(text);
    }, 'the explanation');
    await shot(vs, 'buildbot-explained');
    await vs.runCommand('View: Close Editor');
  });

  it('says that it is being fixed when the user says so', async () => {
    await vs.runCommand('Andon: I Am Fixing the Build');
    const { kind } = await lamp(vs, 'main red, being fixed');
    assert.equal(kind, 'warning');
    assert.match(
      readFileSync(join(vs.folder, '.git/andon/claim'), 'utf8'),
      /^andon-claim=1\nsince=\d+\n/,
    );
    await vs.runCommand('Andon: I Am Fixing the Build');
    await lamp(vs, /^main red/);
  });

  it('stays red while the failed job runs again, and when that is cancelled', async () => {
    server.steer(0, 30);
    await vs.runCommand('Andon: Re-run Failed Jobs');
    await vs.until(async () => (await server.builds()).length === 3, 'the rebuild');
    await vs.runCommand('Andon: Refresh State of the Line');
    const { kind } = await lamp(vs, 'main red, rebuilding', patience);
    assert.equal(kind, 'error');
    await shot(vs, 'buildbot-rebuilding');
    await server.stopNewest();
    await built(3);
    await vs.runCommand('Andon: Refresh State of the Line');
    await lamp(vs, /^main red \d/, patience);
    assert.match(status(), /^state=failing\nrunning=0$/m);
  });

  it('waits with what is in the queue', async () => {
    server.steer(0, 20);
    const [{ buildid } = { buildid: 0 }] = await server.builds();
    await vs.runCommand('Andon: Re-run Failed Jobs');
    await vs.until(async () => (await server.builds())[0]!.buildid > buildid, 'the rebuild');
    await push('Repair the till');
    await vs.openContainer('Andon');
    await vs.until(
      async () => {
        const rows = await vs.tree('Pipeline');
        return rows.some(({ label }) => label === 'unit') && /^running=1$/m.test(status());
      },
      'the queue',
      patience,
    );
    await lamp(vs, 'main red, rebuilding', patience);
    await shot(vs, 'buildbot-queued');
    server.steer(0);
    await server.stopNewest();
  });

  it('turns green again, and tells it', async () => {
    await lamp(vs, 'main', patience);
    const told = await vs.until(async () => {
      const all = await vs.notifications();
      return all.find(({ message }) => message?.includes('main is green again'));
    }, 'the notification');
    assert.ok(told);
    assert.match(status(), /^state=passing$/m);
    await shot(vs, 'buildbot-green-again');
  });
});
