import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeServer, fakeServer, type Got } from '../../fake-server';
import type { Workbench } from '../workbench';
import { git, lamp } from './lamp-driver';
import { windowOn } from './window';

const root = join(__dirname, '../../..');
const shot = (vs: Workbench, name: string) => vs.screenshot(join(root, 'shots', `${name}.png`));

describe('a window on two repositories, one of them at a server nobody has named', function () {
  this.timeout(240_000);
  let gitea: FakeServer;
  let vs: Workbench;
  const asked = (path: string) => gitea.got.filter(({ url }: Got) => url.startsWith(path));

  before(async () => {
    const job = '/acme/depot/actions/runs/2/jobs/0';
    const api = '/api/v1/repos/acme/depot';
    const run = { id: 9, html_url: 'http://inside.example/acme/depot/actions/runs/2' };
    const steps = [
      { number: 1, name: 'Set up job', status: 'completed', conclusion: 'success' },
      { number: 2, name: 'make test', status: 'completed', conclusion: 'success' },
    ];
    gitea = await fakeServer(({ url }) => {
      const { pathname } = new URL(url, 'http://x');
      if (pathname === '/api/v1/version') return { body: { version: '1.26.0' } };
      if (/\/commits\/[^/]+\/statuses$/.test(pathname)) {
        const time = '2026-11-01T10:00:00Z';
        const status = { id: 1, context: 'ci / check (push)', status: 'success', target_url: job };
        return { body: [{ ...status, created_at: time, updated_at: time }] };
      }
      if (pathname === `${api}/actions/runs`) return { body: { workflow_runs: [run] } };
      if (pathname !== `${api}/actions/runs/9/jobs`) return undefined;
      const html_url = `${run.html_url}/jobs/0`;
      return { body: { jobs: [{ id: 7, name: 'check', status: 'completed', steps, html_url }] } };
    });
    const folders = [{ path: 'shop' }, { path: 'depot' }];
    vs = await windowOn(
      {
        'all.code-workspace': JSON.stringify({ folders }),
        'shop/till.ts': 'export const till = 1;\n',
        'depot/rack.ts': 'export const rack = 1;\n',
      },
      { open: 'all.code-workspace', viewport: { width: 1100, height: 680 } },
      (folder) => {
        for (const [name, branch] of [
          ['shop', 'main'],
          ['depot', 'trunk'],
        ] as const) {
          const at = join(folder, name);
          git(at, 'init', '-q', '-b', branch);
          git(at, 'add', '-A');
          git(at, 'commit', '-q', '-m', `Open the ${name}`);
        }
        const depot = join(folder, 'depot');
        git(depot, 'remote', 'add', 'origin', `${gitea.origin}/acme/depot.git`);
        git(depot, 'update-ref', 'refs/remotes/origin/trunk', 'HEAD');
        mkdirSync(join(folder, 'shop/.git/andon'));
        const local = 'andon-status=1\nstate=failing\nsource=make check\n';
        writeFileSync(join(folder, 'shop/.git/andon/local'), local);
      },
    );
  });
  after(async () => {
    await vs?.close();
    await gitea?.close();
  });

  it('has a lamp that follows the active editor', async () => {
    await vs.openFile('shop/till.ts');
    const { kind } = await lamp(vs, /^main red/, 30_000);
    assert.equal(kind, 'error');
    await vs.openFile('depot/rack.ts');
    await lamp(vs, 'trunk', 30_000);
    await shot(vs, 'repositories-depot');
    await vs.openFile('shop/till.ts');
    await lamp(vs, /^main red/);
  });

  it('shows both in the view, each with its line and what it is made of', async () => {
    await vs.openContainer('Andon');
    const expected = [
      ['shop', '1'],
      ['Line: main', '2'],
      ['make check', '3'],
      ['Your commit on main', '2'],
      ['make check', '3'],
      ['depot', '1'],
      ['Line: trunk', '2'],
      ['ci / check (push)', '3'],
      ['Your commit on trunk', '2'],
      ['ci / check (push)', '3'],
    ];
    let shown = '';
    await vs
      .until(async () => {
        const rows = (await vs.tree('Pipeline')).map(({ label, level }) => [label, level]);
        shown = JSON.stringify(rows);
        return shown === JSON.stringify(expected);
      }, 'the rows')
      .catch(() => assert.equal(shown, JSON.stringify(expected)));
    await vs.clickTree('Pipeline', 'ci / check (push)');
    await vs.until(
      async () => (await vs.tree('Pipeline')).some(({ label }) => label === 'make test'),
      'the steps',
    );
    await vs.until(() => asked('/api/v1/repos/acme/depot/actions/runs/9/jobs').length > 0, 'steps');
    await shot(vs, 'repositories-view');
  });

  it('has found out by one question, without a credential, and asked nobody again', () => {
    assert.equal(asked('/api/v1/version').length, 1);
    assert.ok(gitea.got.every(({ headers }) => headers.authorization === undefined));
    assert.equal(asked('/api/v4').length, 0);
  });

  it('explains every input of a verdict in words', async () => {
    await vs.openFile('depot/rack.ts');
    await lamp(vs, 'trunk');
    await vs.runCommand('Andon: Explain State of the Line');
    const text = await vs.until(async () => {
      const found = await vs.webviewText().catch(() => '');
      return /Line: trunk/.test(found) ? found : undefined;
    }, 'the page');
    for (const words of [
      'All checks count, as none is named that has to pass.',
      `asked: Gitea / Forgejo, ${gitea.origin}/acme/depot`,
      'as: without sign-in',
      'asked again every',
      'newest commit',
      'passed',
    ]) {
      assert.ok(text.includes(words), `${words} in ${text}`);
    }
    await shot(vs, 'repositories-explained');
  });

  it('names a detached head', async () => {
    git(join(vs.folder, 'depot'), 'checkout', '-q', '--detach');
    await vs.openContainer('Andon');
    await vs.until(
      async () =>
        (await vs.tree('Pipeline')).some(({ label }) => label === 'Your commit: detached head'),
      'the name',
      40_000,
    );
    // The page that explains is about the state there is now.
    await vs.until(
      async () => /Your commit: detached head/.test(await vs.webviewText().catch(() => '')),
      'the page',
    );
    await shot(vs, 'repositories-detached');
  });
});
