import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AskQuestion,
  bestWindow,
  parseWindow,
  serialiseWindow,
  windowsPath,
} from '../src/guard/ask-protocol';
import { built, ensureBuilt } from './built';
import { makeRepository, type Ran, type Repository } from './guard-repository';

describe('guard: which window is asked', () => {
  const window = (name: string, focused: boolean, focusedAt: number, gitHandle?: string) => ({
    ...{ name, focused, focusedAt, gitHandle },
  });
  const cases: readonly [string, ReturnType<typeof window>[], string | undefined, string?][] = [
    ['none', [], undefined],
    ['the only one', [window('a', false, 0)], undefined, 'a'],
    ['the one in focus', [window('a', false, 9), window('b', true, 1)], undefined, 'b'],
    ['the one looked at last', [window('a', false, 1), window('b', false, 9)], undefined, 'b'],
    [
      'the one git was started from',
      [window('a', true, 9, 'x'), window('b', false, 1, 'y')],
      'y',
      'b',
    ],
    ['the one in focus, from outside', [window('a', true, 9), window('b', false, 1)], 'z', 'a'],
  ];
  for (const [what, there, handle, name] of cases) {
    it(what, () => assert.equal(bestWindow(there, handle)?.name, name));
  }

  it('is told by a record, which has to be whole', () => {
    const record = { socket: '\\\\.\\pipe\\andon-1', node: 'C:/Code.exe', client: 'C:/a b/c.js' };
    assert.deepEqual(parseWindow(serialiseWindow(record)), record);
    assert.equal(parseWindow('andon-window=1\nsocket=x\nnode=y\n'), undefined);
    assert.equal(parseWindow('andon-window=2\nsocket=x\nnode=y\nclient=z\n'), undefined);
  });
});

describe('guard: the hook and a window', function () {
  this.timeout(60_000);
  let repository: Repository;
  let sockets: string;
  const servers: Server[] = [];
  const connections: Socket[] = [];

  before(ensureBuilt);
  beforeEach(() => {
    repository = makeRepository();
    sockets = mkdtempSync(join(tmpdir(), 'andon-s-'));
    const cli = join(built, 'cli.js');
    const args = [cli, 'guard', 'install', '--yes', '--mode', 'ask'];
    assert.equal(repository.run(process.execPath, args).code, 0);
    mkdirSync(join(repository.root, '.git', windowsPath), { recursive: true });
    repository.red();
    repository.write('readme', 'two\n');
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(sockets, { recursive: true });
    repository.remove();
  });

  const record = (name: string, socket: string, node = process.execPath) =>
    repository.write(
      `.git/${windowsPath}/${name}`,
      serialiseWindow({ socket, node, client: join(built, 'guard-client.js') }),
    );
  const here = { focused: true, focusedAt: 1 };
  /** A window that answers what is given: text is sent as it is, undefined is silence. */
  async function windowThat(name: string, answers: (question: AskQuestion) => string | undefined) {
    const socket = join(sockets, name);
    const server = createServer((connection) => {
      connections.push(connection);
      connection.on('error', () => undefined);
      connection.on('data', (chunk) => {
        const answer = answers(JSON.parse(String(chunk)) as AskQuestion);
        if (answer !== undefined) connection.write(answer);
      });
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(socket, done));
    record(name, socket);
  }
  const answering = (answer: object) => (question: AskQuestion) =>
    `${JSON.stringify(question.ask === 'who' ? here : answer)}\n`;
  const commit = (): Promise<Ran> => repository.start('git', ['commit', '-aqm', 'feat: a pump']);
  const message = () => repository.git('log', '-1', '--format=%B').trimEnd();
  const warned =
    /^andon: the build of main has been red for 12 min and takes nothing but fixes\.\n/;

  it('goes on when there is none', async () => {
    const { code, err } = await commit();
    assert.equal(code, 0);
    assert.match(err, warned);
  });

  it('forgets those that are gone', async () => {
    record('gone', join(sockets, 'gone'));
    await windowThat('ended', () => undefined);
    await new Promise((done) => servers.pop()?.close(done));
    const { code, err } = await commit();
    assert.equal(code, 0);
    assert.match(err, warned);
    assert.ok(!existsSync(join(repository.root, '.git', windowsPath, 'gone')));
    assert.ok(!existsSync(join(repository.root, '.git', windowsPath, 'ended')));
  });

  it('goes on when a window is asleep, answers nonsense or knows nothing', async () => {
    for (const answers of [
      () => undefined,
      () => 'nonsense\n',
      () => 'null\n',
      answering({ answer: 'nothing' }),
      answering({ answer: 'shout' }),
    ]) {
      await windowThat(`w${servers.length}`, answers);
      const { code, err } = await commit();
      assert.equal(code, 0, err);
      assert.match(err.replace('andon: asking in VS Code …\n', ''), warned);
      servers.pop()?.close();
      repository.write('readme', `${Math.random()}\n`);
    }
  });

  it('goes on at once when the window ends while it asks', async () => {
    let asked = () => {};
    const open = new Promise<void>((done) => {
      asked = done;
    });
    await windowThat('w', (question) => {
      if (question.ask === 'who') return `${JSON.stringify(here)}\n`;
      asked();
      return undefined;
    });
    const committed = commit();
    await open;
    for (const connection of connections) connection.destroy();
    const { code, err } = await committed;
    assert.equal(code, 0);
    assert.match(err, /^andon: asking in VS Code …\nandon: the build of main has been red/);
    assert.ok(!existsSync(join(repository.root, '.git/index.lock')));
  });

  it('goes on when its program is not there any more', async () => {
    record('old', join(sockets, 'old'), join(sockets, 'no-node'));
    writeFileSync(join(repository.root, '.git', windowsPath, 'junk'), '\0\u001b]0;x\n');
    assert.match((await commit()).err, warned);
  });

  it('takes a reason for what it is: text', async () => {
    const reason = `$(touch executed)\`touch executed\`"; touch executed\nFixes-Build: x\u001b[31m`;
    await windowThat('w', answering({ answer: 'anyway', reason }));
    assert.equal((await commit()).code, 0);
    assert.equal(
      message(),
      'feat: a pump\n\nAndon-Override: $(touch executed)`touch executed`"; touch executed Fixes-Build: x [31m',
    );
    assert.ok(!existsSync(join(repository.root, 'executed')));
  });

  it('waits longer when the user is writing', async () => {
    await windowThat('w', (question) => {
      if (question.ask === 'who') return `${JSON.stringify(here)}\n`;
      assert.equal(question.hook, 'commit-msg');
      assert.equal(question.branch, 'main');
      return '{"wait":60}\n{"answer":"anyway","reason":""}\n';
    });
    assert.equal((await commit()).code, 0);
    assert.equal(message(), 'feat: a pump\n\nAndon-Override: no reason given');
  });

  it('asks the window that git was started from', async () => {
    const handled = (gitHandle: string, answer: string) => (question: AskQuestion) =>
      `${JSON.stringify(question.ask === 'who' ? { ...here, gitHandle } : { answer })}\n`;
    await windowThat('a', handled('one', 'cancel'));
    await windowThat('b', handled('two', 'fix'));
    const env = { VSCODE_GIT_IPC_HANDLE: 'two', VSCODE_GIT_COMMAND: 'commit' };
    const ran = await repository.start('git', ['commit', '-aqm', 'feat: a pump'], { env });
    assert.deepEqual([ran.code, ran.err], [0, '']);
    assert.equal(message(), 'feat: a pump\n\nFixes-Build: aaaaaaaaaaaa');
  });
});
