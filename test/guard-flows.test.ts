import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { built, ensureBuilt } from './built';
import { makeRepository, type Ran, type Repository, seconds } from './guard-repository';

describe('guard in the ways of git', function () {
  this.timeout(60_000);
  before(ensureBuilt);

  let repository: Repository;
  const andon = (...args: readonly string[]) =>
    repository.run(process.execPath, [join(built, 'cli.js'), 'guard', ...args]);
  const change = (path = 'readme') => {
    repository.write(path, `${Math.random()}\n`);
    repository.git('add', path);
  };
  const commit = (...args: readonly string[]): Ran => repository.run('git', ['commit', ...args]);
  const message = () => repository.git('log', '-1', '--format=%B').trimEnd();

  beforeEach(() => {
    repository = makeRepository();
    const installed = andon('install', '--yes', '--mode', 'block');
    assert.equal(installed.code, 0, installed.err);
    // Two branches that differ in a file of their own and in one they share.
    const { git } = repository;
    git('checkout', '-q', '-b', 'aside');
    change('aside');
    git('commit', '-q', '-m', 'aside');
    change();
    git('commit', '-q', '-m', 'aside, readme');
    git('checkout', '-q', 'main');
    change('main');
    git('commit', '-q', '-m', 'main');
    repository.red();
  });
  afterEach(() => repository.remove());

  it('stops an ordinary commit, and loses nothing of it', () => {
    change();
    const { code, err } = commit('-m', 'feat: a pump', '-m', 'With all its valves.');
    assert.equal(code, 1);
    const kept = /git commit -eF "(.*)"/.exec(err)?.[1];
    assert.equal(
      readFileSync(join(repository.root, kept!), 'utf8'),
      'feat: a pump\n\nWith all its valves.\n',
    );
    // As it says.
    const editor = `sed -i.bak '$ a\\\n\\\nAndon-Override: the auditor waits'`;
    const again = repository.run('git', ['commit', '-eF', kept!], { env: { GIT_EDITOR: editor } });
    assert.equal(again.code, 0, again.err);
    assert.match(message(), /With all its valves\.\n\nAndon-Override: the auditor waits$/);
  });

  it('lets a merge, a cherry-pick, a revert and a rebase through', () => {
    const { git, run } = repository;
    assert.equal(run('git', ['merge', '-q', '--no-ff', '-m', 'Join aside', 'aside~1']).code, 0);
    assert.equal(run('git', ['cherry-pick', 'aside']).code, 0);
    assert.equal(run('git', ['revert', '--no-edit', 'HEAD']).code, 0);
    git('checkout', '-q', '-b', 'topic', 'main~2');
    change('topic');
    git('commit', '-q', '-m', 'topic');
    const rebased = run('git', ['rebase', '-q', '-i', 'main'], {
      env: { GIT_SEQUENCE_EDITOR: "sed -i.bak 's/^pick/reword/'", GIT_EDITOR: 'true' },
    });
    assert.equal(rebased.code, 0, rebased.err);
  });

  it('lets those with conflicts be concluded', () => {
    const { git, run } = repository;
    for (const subject of ['fix: the readme', 'fix: the readme again']) {
      change();
      git('commit', '-q', '-m', subject);
    }
    const start = git('rev-parse', 'HEAD');
    for (const args of [
      ['merge', 'aside'],
      ['cherry-pick', 'aside'],
      ['revert', '--no-edit', 'HEAD~1'],
    ]) {
      assert.equal(run('git', args).code, 1, args.join(' '));
      change();
      const concluded = commit('-m', 'concluded by hand');
      assert.equal(concluded.code, 0, `${args.join(' ')}: ${concluded.err}`);
      git('reset', '-q', '--hard', start);
    }
  });

  it('judges an amended commit by what it changes and says', () => {
    assert.equal(commit('--amend', '-q', '-m', 'other words').code, 0);
    change();
    assert.equal(commit('--amend', '-q', '-m', 'feat: more').code, 1);
    assert.equal(commit('--amend', '-q', '-m', 'fix: more').code, 0);
  });

  it('lets a commit without a change through, and the first one', () => {
    assert.equal(commit('-q', '--allow-empty', '-m', 'build again').code, 0);
    repository.git('checkout', '-q', '--orphan', 'main2');
    repository.git('branch', '-q', '-D', 'main');
    repository.git('branch', '-q', '-m', 'main');
    assert.equal(commit('-q', '-m', 'begun anew').code, 0);
  });

  it('reads the message a person wrote in an editor', () => {
    change();
    const typed = (text: string) => ({ env: { GIT_EDITOR: `sed -i.bak '1 s/^/${text}/'` } });
    assert.equal(repository.run('git', ['commit', '-v'], typed('feat: a pump')).code, 1);
    assert.equal(repository.run('git', ['commit', '-v'], typed('fix: a pump')).code, 0);
  });

  it('is past with --no-verify and ANDON=0', () => {
    change();
    assert.equal(commit('-q', '--no-verify', '-m', 'feat: a').code, 0);
    change();
    const once = repository.run('git', ['commit', '-m', 'feat: b'], { env: { ANDON: '0' } });
    assert.equal(once.code, 0);
  });

  it('stops a push of nothing but ordinary commits to the red branch', () => {
    const { git, run } = repository;
    git('init', '-q', '--bare', '../shared.git');
    git('remote', 'add', 'origin', '../shared.git');
    const push = (...args: readonly string[]) => run('git', ['push', '-q', 'origin', ...args]);
    assert.equal(push('aside').code, 0, 'another branch');
    const { code, err } = push('main', 'aside:other');
    assert.equal(code, 1);
    assert.match(
      err,
      /^andon: not pushed: the build of main has been red .* push with ANDON=0\.\n/,
    );
    assert.equal(commit('-q', '--allow-empty', '-m', 'x', '-m', 'Fixes-Build: abc1234').code, 0);
    assert.equal(push('main').code, 0, 'with the fix');
    assert.equal(push('main').code, 0, 'nothing new');
    git('commit', '-q', '--allow-empty', '-m', 'more');
    assert.equal(push('main').code, 1);
    assert.equal(push('--force', 'main~1:main').code, 0, 'back to what was there');
    assert.equal(push('--delete', 'aside').code, 0);
    assert.equal(run('git', ['push', '-q', 'origin', 'main'], { env: { ANDON: '0' } }).code, 0);
  });

  it('pauses, and speaks again', () => {
    change();
    assert.match(andon('pause', '30m').out, /^the guard is silent until /);
    assert.equal(commit('-q', '-m', 'feat: a').code, 0);
    assert.equal(andon('pause', 'off').code, 0);
    change();
    assert.equal(commit('-q', '-m', 'feat: b').code, 1);
    for (const wrong of ['soon', '0h', '-1h', '99999d']) {
      assert.equal(andon('pause', wrong).code, 2, wrong);
    }
  });

  it('tells what it would say', () => {
    change();
    const check = (...args: readonly string[]) => andon('check', ...args);
    assert.equal(check().code, 1);
    assert.match(
      check().out,
      /^the build of main has been red for 12 min .*\nhttps:.*\ninstalled \(/,
    );
    assert.equal(check('--mode', 'warn').code, 0);
    repository.write('message', 'fix: a pump\n');
    assert.deepEqual(check('message').out.split('\n')[0], 'nothing to say: fix');
    repository.red({ expires: seconds() - 1 });
    assert.equal(check().out.split('\n')[0], 'nothing to say: expired');
    rmSync(join(repository.root, '.git/andon/status'));
    assert.equal(check().out.split('\n')[0], 'nothing to say: unknown');
  });

  it('counts answers, and names nobody', () => {
    const { git } = repository;
    for (const body of [
      'Andon-Override: the auditor waits',
      'Andon-Override: the auditor waits',
      'andon-override:',
      'Fixes-Build: abc1234',
    ]) {
      git('commit', '-q', '--allow-empty', '--no-verify', '-m', 'x', '-m', body);
    }
    const { out } = andon('log');
    const [first, month, ...reasons] = out.trimEnd().split('\n');
    assert.equal(first, '6 commits, 1 repair of the build, 3 overrides');
    assert.match(month!, /^\d{4}-\d\d {2}1 repair, 3 overrides$/);
    assert.deepEqual(reasons, ['2 x  the auditor waits', '1 x  no reason given']);
    assert.ok(!/Ann|@/.test(out));
    assert.match(andon('log', 'HEAD~1..HEAD').out, /^1 commit, 1 repair of the build, 0 overrides/);
    assert.equal(andon('log', '--output=executed').code, 2);
    assert.ok(!existsSync(join(repository.root, 'executed')));
  });

  it('tells what is wrong with how it is called', () => {
    assert.match(andon().err, /guard check, install, log, pause, remove\?/);
    assert.match(andon('shout').err, /no "guard shout"/);
    assert.match(andon('install', '--mode', 'loud').err, /--mode is off, warn, ask, block/);
    assert.equal(andon('install', 'here').code, 2);
    rmSync(join(repository.root, '.git'), { recursive: true });
    assert.match(andon('check').err, /not a git repository/);
  });
});
