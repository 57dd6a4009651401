import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { serialiseClaim } from '../src/guard/claim-file';
import { serialisePause, serialisePolicy } from '../src/guard/policy-file';
import { serialiseStatus } from '../src/guard/status-file';
import { guardCases, redNow } from './guard-cases';
import { makeRepository, type Ran, type Repository, seconds } from './guard-repository';

/** The shells of this machine that a hook may meet; `sh` is the one git takes. */
const shells: readonly (readonly string[])[] = [
  ['sh'],
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'sh'],
  ['mksh'],
].filter(([program]) => spawnSync(program!, ['-c', ':']).error === undefined);

const said = ({ code, err }: Ran) => (code === 1 ? 'stop' : err === '' ? 'nothing' : 'tell');

for (const [program, ...options] of shells) {
  describe(`guard hook in ${program}`, () => {
    let repository: Repository;
    let script: string;
    const andon = () => join(repository.root, '.git/andon');

    before(() => {
      repository = makeRepository();
      script = join(repository.root, '.git/hook');
      copyFileSync(join(__dirname, '../src/guard/hook.sh'), script);
      stage(repository);
    });
    beforeEach(() => {
      rmSync(andon(), { recursive: true, force: true });
      mkdirSync(andon());
    });
    after(() => {
      assert.ok(!existsSync(join(repository.root, 'executed')), 'something was executed');
      repository.remove();
    });
    const put = (name: string, text: string | Buffer) => writeFileSync(join(andon(), name), text);
    const call = (message: string, env: Record<string, string> = { GIT_EDITOR: ':' }) => {
      repository.write('message', message);
      const args = [...options, script, 'commit-msg', join(repository.root, 'message')];
      return repository.run(program!, args, { env });
    };

    it('agrees with judge() on every case', () => {
      const now = seconds();
      for (const { what, status, commit, given = {}, say } of guardCases(now)) {
        rmSync(andon(), { recursive: true });
        mkdirSync(andon());
        if (status !== null) put('status', serialiseStatus({ ...redNow(now), ...status }));
        const { mode, branches = 'line', fixWords = [] } = given;
        put('guard', serialisePolicy({ mode, branches, fixWords }));
        if (given.pausedUntil) put('pause', serialisePause(given.pausedUntil));
        if (given.claim) put('claim', serialiseClaim(given.claim));
        if (given.toldAt) put('told', `andon-told=1\nat=${given.toldAt}\n`);
        const { kind = 'commit', message = 'feat: a pump', comments } = commit ?? {};
        const branch = commit && 'branch' in commit ? commit.branch : 'main';
        const undo = arrange(repository, kind, branch);
        const ran = call(message, { GIT_EDITOR: comments ? 'vi' : ':' });
        undo();
        const expected = say === 'ask' ? 'tell' : say;
        assert.equal(said(ran), expected, `${what}: ${ran.err}`);
        if (expected !== 'nothing') assert.match(ran.err, /^andon: /);
        assert.ok(!/syntax|not found|unexpected|illegal|bad /i.test(ran.err), ran.err);
      }
    });

    const red = (changes = '') =>
      `andon-status=1\nstate=failing\nbranch=main\nexpires=${seconds() + 900}\n${changes}`;

    it('executes nothing a status file says, and keeps it off the terminal', () => {
      const hostile = [
        '$(touch executed)',
        '`touch executed`',
        '; touch executed',
        '"; touch executed; "',
        "'; touch executed; '",
        '${x:=$(touch executed)}',
        '%s%n%d',
        '-e \\033[31m',
        '*',
        '\u001b]0;title\u0007',
        '\u0000\u00ff',
        '$((x=1))',
        'a[$(touch executed)]',
        '0x10',
        '08',
        '1;touch executed',
        '99999999999999999999999999',
      ];
      const keys = ['sha', 'since', 'first-bad', 'who', 'url', 'source', 'checked', 'guard'];
      for (const value of hostile) {
        put('status', red(keys.map((key) => `${key}=${value}\n`).join('')));
        const { code, err } = call('feat: a pump');
        assert.equal(code, 0, err);
        assert.match(
          err,
          /^andon: the build of main is red and takes nothing but fixes\.\n/,
          value,
        );
        assert.ok(!/[^\n -~]/.test(err), JSON.stringify(err));
        for (const key of ['state', 'branch', 'expires', 'running', value]) {
          put('status', red(`${key}=${value}\n`));
          const { code, err } = call('feat: a pump');
          assert.equal(code, 0, err);
          assert.ok(!/[^\n -~]/.test(err) && !/illegal|syntax|bad/i.test(err), JSON.stringify(err));
        }
        for (const name of ['guard', 'pause', 'claim', 'told']) {
          const keys = ['mode', 'branches', 'fix', 'until', 'sha', 'at', 'since'];
          put('status', red(`since=${seconds() - 400_000}\n`));
          put(name, `andon-${name}=1\n${keys.map((key) => `${key}=${value}\n`).join('')}`);
          const { code, err } = call('feat: a pump');
          assert.equal(code, 0, err);
          assert.ok(!/[^\n -~]/.test(err) && !/illegal|syntax|bad/i.test(err), JSON.stringify(err));
          rmSync(join(andon(), name));
        }
        rmSync(join(andon(), 'told'), { force: true });
      }
      assert.deepEqual(readdirSync(repository.root).sort(), ['.git', 'message', 'readme']);
    });

    it('lets everything through that is no status file', () => {
      const noise = Buffer.alloc(1 << 20, 'x');
      const others: readonly (string | Buffer)[] = [
        '',
        '\n',
        noise,
        Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)),
        red().replace('andon-status=1', 'andon-status=2'),
        `\n${red()}`,
        red().replace(/\n/g, '\r\n'),
        `andon-status=1\n${'x=y\n'.repeat(100)}${red()}`,
        `andon-status=1\nstate=${noise}\n${red()}`.replace(/state=failing/, ''),
      ];
      for (const text of others) {
        put('status', text);
        const { code, err } = call('feat: a pump');
        assert.deepEqual([code, err], [0, ''], String(text).slice(0, 60));
      }
      rmSync(join(andon(), 'status'));
      mkdirSync(join(andon(), 'status'));
      assert.deepEqual([call('x').code, call('x').err], [0, '']);
    });

    it('is past with ANDON=0, and in CI', () => {
      put('status', red('guard=block\n'));
      assert.equal(call('feat: a pump').code, 1);
      assert.equal(call('feat: a pump', { ANDON: '0' }).code, 0);
      assert.equal(call('feat: a pump', { CI: 'true' }).code, 0);
    });

    it('says on its first line what is the matter, and the way out', () => {
      put('status', serialiseStatus({ ...redNow(seconds()), guard: 'block', running: true }));
      const [first, second, third] = call('feat: a pump').err.split('\n');
      assert.equal(
        first,
        'andon: not committed: the build of main has been red for 12 min, is being built again and takes nothing but fixes. A fix begins with "fix:"; for anything else add a line "Andon-Override: why".',
      );
      assert.match(second!, /^andon: the message is kept; to go on: git commit -eF ".*message"$/);
      assert.equal(third, 'andon: https://ci.example.org/runs/7');
    });

    it('speaks of a branch of its own only where it is to', () => {
      repository.git('checkout', '--quiet', '-b', 'feature/50%');
      try {
        put('status', red());
        const own = { ...redNow(seconds()), branch: 'feature/50%' };
        mkdirSync(join(andon(), 'status.d'));
        put('status.d/feature%2F50%25', serialiseStatus(own));
        stage(repository);
        assert.equal(said(call('feat: a pump')), 'nothing');
        put('guard', serialisePolicy({ branches: 'every', fixWords: [] }));
        assert.match(call('feat: a pump').err, /the build of feature\/50% has been red/);
        put('guard', serialisePolicy({ branches: 'line', fixWords: [] }));
        assert.equal(said(call('feat: a pump')), 'nothing');
      } finally {
        repository.git('checkout', '--quiet', '-f', 'main');
        repository.git('branch', '--quiet', '-D', 'feature/50%');
        stage(repository);
      }
    });

    it('tells of a red that lasts for days once a day', () => {
      put('status', red(`since=${seconds() - 4 * 86_400}\n`));
      assert.match(call('feat: a pump').err, /has been red for 4 days/);
      assert.match(readFileSync(join(andon(), 'told'), 'utf8'), /^andon-told=1\nat=\d+\n$/);
      assert.equal(said(call('feat: a pump')), 'nothing');
    });
  });
}

const stage = ({ write, git }: Repository) => {
  write('readme', `${Math.random()}\n`);
  git('add', 'readme');
};

/**
 * Brings a repository on main, with a change staged, into the state in which a commit of that kind is about to be
 * made; gives the way back.
 */
function arrange(repository: Repository, kind: string, branch: string | undefined): () => void {
  const { root, git, write } = repository;
  const back: (() => void)[] = [];
  const mark = (path: string, text: string) => {
    write(`.git/${path}`, text);
    back.push(() => rmSync(join(root, '.git', path.split('/')[0]!), { recursive: true }));
  };
  const head = () => git('rev-parse', 'HEAD');
  if (branch === undefined) {
    git('checkout', '--quiet', '--detach');
    back.push(() => git('checkout', '--quiet', 'main'));
  } else if (branch !== 'main') {
    git('checkout', '--quiet', '-B', branch);
    back.push(() => git('checkout', '--quiet', 'main'));
  }
  if (kind === 'initial') {
    const before = head();
    git('update-ref', '-d', 'HEAD');
    back.push(() => git('update-ref', 'refs/heads/main', before));
  }
  if (kind === 'empty') {
    git('reset', '--quiet', '--hard');
    back.push(() => stage(repository));
  }
  if (kind === 'merge') mark('MERGE_HEAD', `${head()}\n`);
  if (kind === 'rebase') mark('rebase-merge/head-name', 'refs/heads/main\n');
  if (kind === 'cherry-pick') mark('CHERRY_PICK_HEAD', `${head()}\n`);
  if (kind === 'revert') mark('REVERT_HEAD', `${head()}\n`);
  return () => {
    for (const each of back) each();
  };
}
