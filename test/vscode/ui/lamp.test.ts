import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeServer, fakeServer } from '../../fake-server';
import type { Workbench } from '../workbench';
import { git, lamp } from './lamp-driver';
import { windowOn } from './window';

const root = join(__dirname, '../../..');
const viewport = { width: 1100, height: 680 };

/** For a person to look at; no test compares pictures. */
const shot = (vs: Workbench, name: string) => vs.screenshot(join(root, 'shots', `${name}.png`));

describe('a repository without remote, account or network', () => {
  let vs: Workbench;
  const write = (path: string, text: string) => writeFileSync(join(vs.folder, path), text);
  const status = () => readFileSync(join(vs.folder, '.git/andon/status'), 'utf8');
  const test = () => vs.runCommand('Tasks: Run Test Task');

  before(async () => {
    vs = await windowOn(
      {
        'package.json': '{ "name": "shop", "scripts": { "test": "sh test.sh" } }\n',
        'test.sh': 'exit 0\n',
        '.vscode/tasks.json': JSON.stringify({
          version: '2.0.0',
          tasks: [
            {
              ...{ label: 'npm test', type: 'shell', command: 'npm test' },
              group: { kind: 'test', isDefault: true },
              ...{ problemMatcher: [], presentation: { reveal: 'never' } },
            },
          ],
        }),
      },
      { viewport },
      (folder) => {
        git(folder, 'init', '-q', '-b', 'main');
        git(folder, 'add', '-A');
        git(folder, 'commit', '-q', '-m', 'Open the shop');
      },
    );
  });
  after(() => vs.close());

  it('says that nothing has been checked', async () => {
    const { kind } = await lamp(vs, 'main: not checked yet');
    assert.equal(kind, undefined);
    await shot(vs, 'lamp-not-checked');
  });

  it('turns green when the tests pass', async () => {
    await test();
    await lamp(vs, 'main');
    assert.match(status(), /^state=passing$/m);
  });

  it('turns red when what is committed fails', async () => {
    write('test.sh', 'echo "test.sh:1: error: the till does not open"; exit 1\n');
    git(vs.folder, 'commit', '-q', '-am', 'Break the till');
    await lamp(vs, 'main: not checked yet');
    await test();
    const { kind, label } = await lamp(vs, /^main red/);
    assert.equal(kind, 'error');
    assert.match(label ?? '', /main is red/);
    assert.match(status(), /^state=failing$/m);
    await shot(vs, 'lamp-red');
  });

  it('says what is to be done about it', async () => {
    await vs.clickStatus('andon.lamp');
    const menu = await vs.until(() => vs.quickPick(), 'the menu');
    await shot(vs, 'lamp-menu');
    assert.ok(
      menu.items.some((item) => item.includes('I am fixing it')),
      `${menu.items}`,
    );
    // Why a failed check is not run again from here is said, not hidden.
    const [shown = ''] = await vs.textsOf('.quick-input-widget');
    assert.match(shown, /not from here: it ran on this machine/);
    await vs.choose('I am fixing it');
    const { kind } = await lamp(vs, 'main red, being fixed');
    assert.equal(kind, 'warning');
    await vs.runCommand('Andon: I Am Fixing the Build');
    await lamp(vs, /^main red/);
  });

  it('is quiet while it is muted', async () => {
    await vs.runCommand('Andon: Mute State of the Line');
    await vs.until(() => vs.quickPick(), 'how long');
    await vs.choose('For an hour');
    await vs.until(async () => {
      const item = await vs.statusItem('andon.lamp');
      return /^main red/.test(item?.text ?? '') && item?.kind === undefined;
    }, 'a lamp without colour');
    await shot(vs, 'lamp-muted');
    await vs.runCommand('Andon: Unmute State of the Line');
    await vs.until(
      async () => (await vs.statusItem('andon.lamp'))?.kind === 'error',
      'a lamp that is red again',
    );
  });

  it('turns green by itself when the repair that was tested is committed', async () => {
    write('test.sh', 'exit 0\n');
    await test();
    await vs.until(
      () => /^state=passing$/m.test(readFileSync(join(vs.folder, '.git/andon/local'), 'utf8')),
      'the result',
    );
    assert.match(status(), /^state=failing$/m);
    git(vs.folder, 'commit', '-q', '-am', 'Repair the till');
    await lamp(vs, 'main');
    assert.match(status(), /^state=passing$/m);
    await vs.openContainer('Andon');
    const rows = await vs.until(() => vs.tree('Pipeline'), 'the Pipeline view');
    assert.match(rows[0]?.label ?? '', /Line: main/);
    await shot(vs, 'lamp-green');
  });
});

describe('a workspace that is not trusted', () => {
  let server: FakeServer;
  let vs: Workbench;

  before(async () => {
    server = await fakeServer(() => ({ body: {} }));
    const ci = { '*': { service: 'github', url: server.origin, project: 'acme/shop' } };
    vs = await windowOn(
      { 'package.json': '{ "scripts": { "test": "touch ran" } }\n', 'deploy.yaml': 'a: 1\n' },
      { viewport, trust: 'restricted', settings: { 'andon.ci': ci, 'andon.local.run': 'onSave' } },
      (folder) => {
        git(folder, 'init', '-q', '-b', 'main');
        git(folder, 'remote', 'add', 'origin', 'https://git.example.com/acme/shop.git');
        git(folder, 'add', '-A');
        git(folder, 'commit', '-q', '-m', 'Open the shop');
        git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
      },
    );
  });
  after(async () => {
    await vs?.close();
    await server?.close();
  });

  it('has no lamp, and nothing is asked or run', async () => {
    await vs.openFile('deploy.yaml');
    await vs.type('# x');
    await vs.save();
    await vs.runCommand('Andon: Refresh State of the Line');
    const [told] = await vs.until(() => vs.notifications(), 'the reason');
    assert.match(told?.message ?? '', /in trusted workspaces only/);
    assert.equal(await vs.statusItem('andon.lamp'), undefined);
    assert.deepEqual(server.got, []);
    assert.equal(existsSync(join(vs.folder, 'ran')), false);
    assert.equal(existsSync(join(vs.folder, '.git/andon')), false);
  });
});
