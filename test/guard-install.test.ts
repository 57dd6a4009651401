import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { type HookFile, installPlan } from '../src/guard/install-plan';
import { repair } from '../src/node/guard-install';
import { guardRepository } from '../src/node/guard-repository';
import { built, ensureBuilt } from './built';
import { makeRepository, type Ran, type Repository, type RunOptions } from './guard-repository';

const modules = join(__dirname, '../node_modules');
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const [, major, minor] = /(\d+)\.(\d+)/.exec(String(spawnSync('git', ['--version']).stdout)) ?? [];
/** From then on git's own configuration is the way, whatever else there is. */
const configured = Number(major) > 2 || Number(minor) >= 54;

/** What is hashed: all that decides which hooks run, and the files of the work tree. */
function treeHash(root: string): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    const entry = lstatSync(join(root, path));
    if (entry.isDirectory()) {
      hash.update(`${path}/\n`);
      for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
    } else if (entry.isSymbolicLink())
      hash.update(`${path} -> ${readlinkSync(join(root, path))}\n`);
    else hash.update(`${path} ${entry.mode}\n`).update(readFileSync(join(root, path)));
  };
  for (const name of readdirSync(root).sort()) {
    if (!['.git', 'node_modules', 'ran', 'readme'].includes(name)) visit(name);
  }
  for (const name of ['hooks', 'config', 'andon', 'info/exclude']) {
    if (existsSync(join(root, '.git', name))) visit(join('.git', name));
  }
  return hash.digest('hex');
}

interface Scene {
  readonly what: string;
  /** Undefined: it is refused. */
  readonly way: string | undefined;
  arrange(repository: Repository): void;
  /** What the hook that was there before writes into the file `ran`, if there is one. */
  readonly before?: string;
  /** Where commits are made, below the root. */
  readonly cwd?: string;
  /** What the manager does at each installation of packages. */
  again?(repository: Repository): void;
}

const marks = (interpreter = 'sh', what = 'old') =>
  `#!/usr/bin/env ${interpreter}\necho ${what} >> ran\n`;
const python = (name: string) =>
  `#!/usr/bin/env python3\nimport os, sys\nassert os.path.basename(sys.argv[0]) == '${name}'\nopen('ran', 'a').write('old\\n')\n`;

function useModules(repository: Repository, manifest: object): void {
  repository.write('package.json', `${JSON.stringify({ name: 'shop', ...manifest }, null, 2)}\n`);
  symlinkSync(modules, join(repository.root, 'node_modules'));
  repository.write('.gitignore', 'node_modules\nran\n');
}

/** Runs a program of node_modules. */
function tool(repository: Repository, file: string, ...args: readonly string[]): void {
  const { code, out, err } = repository.run(process.execPath, [join(modules, file), ...args]);
  assert.equal(code, 0, `${file}: ${out}${err}`);
}

/** Configurations of lefthook that have a commit-msg already, in each form it reads. */
function lefthookScenes(): readonly Scene[] {
  const old = { run: 'echo old >> ran' };
  const json = (hook: object) => `${JSON.stringify({ 'commit-msg': hook }, null, 2)}\n`;
  const toml = '# ours\n[commit-msg.commands.old]\nrun = "echo old >> ran"\n';
  const scene = (
    what: string,
    files: Readonly<Record<string, string>>,
    rest: Partial<Scene> = {},
  ): Scene => ({
    what: `lefthook with a commit-msg of its own in ${what}`,
    way: 'lefthook',
    before: 'old',
    arrange(repository) {
      useModules(repository, {});
      for (const [path, text] of Object.entries(files)) repository.write(path, text);
      tool(repository, 'lefthook/bin/index.js', 'install');
    },
    ...rest,
  });
  return [
    scene('YAML', {
      'lefthook.yml':
        '# ours\ncommit-msg:\n  commands:\n    old: # keep\n      run: echo old >> ran\n',
    }),
    scene('YAML, as jobs', {
      '.lefthook.yaml': json({ piped: true, jobs: [{ name: 'old', ...old }] }),
    }),
    scene('TOML', { 'lefthook.toml': toml }),
    scene('JSON', { '.config/lefthook.json': json({ parallel: true, commands: { old } }) }),
    scene('TOML, and a file of one’s own', {
      '.lefthook.toml': toml,
      'lefthook-local.yml': 'output:\n  - failure\n',
      '.gitignore': 'node_modules\nran\nlefthook-local.yml\n',
    }),
    scene(
      'TOML, and a file of one’s own in TOML',
      { 'lefthook.toml': toml, 'lefthook-local.toml': 'output = ["failure"]\n' },
      { way: undefined },
    ),
  ];
}

const scenes: readonly Scene[] = [
  { what: 'a plain repository', way: 'hook', arrange() {} },
  {
    what: 'a repository without a folder for hooks',
    way: 'hook',
    arrange: ({ root }) => rmSync(join(root, '.git/hooks'), { recursive: true }),
  },
  {
    what: 'shell hooks',
    way: 'hook',
    before: 'old',
    arrange({ write }) {
      write('.git/hooks/commit-msg', marks(), 0o755);
      write('.git/hooks/pre-push', '#!/bin/bash -e\nread -r line\necho "$line" >> ran', 0o755);
    },
  },
  {
    what: 'Python hooks',
    way: 'hook',
    before: 'old',
    arrange({ write }) {
      write('.git/hooks/commit-msg', python('commit-msg'), 0o755);
      write('.git/hooks/pre-push', python('pre-push'), 0o755);
    },
  },
  {
    what: 'a program as a hook',
    way: 'hook',
    arrange({ root }) {
      copyFileSync('/bin/true', join(root, '.git/hooks/commit-msg'));
      chmodSync(join(root, '.git/hooks/commit-msg'), 0o755);
    },
  },
  {
    what: 'a hook that is a link',
    way: 'hook',
    before: 'old',
    arrange({ root, write }) {
      write('scripts/message.sh', marks(), 0o755);
      symlinkSync('../../scripts/message.sh', join(root, '.git/hooks/commit-msg'));
    },
  },
  {
    what: 'a hook that is not executable',
    way: 'hook',
    arrange: ({ write }) => write('.git/hooks/commit-msg', '#!/bin/sh\nexit 1\n', 0o644),
  },
  {
    what: 'core.hooksPath in the work tree',
    way: 'hook',
    before: 'old',
    arrange({ write, git }) {
      write('.githooks/commit-msg', marks('bash'), 0o755);
      git('config', 'core.hooksPath', '.githooks');
    },
  },
  {
    what: 'core.hooksPath for all repositories',
    way: undefined,
    arrange: ({ git }) => void git('config', '--global', 'core.hooksPath', '/srv/hooks'),
  },
  {
    what: 'core.hooksPath set to nothing',
    way: undefined,
    arrange: ({ git }) => void git('config', 'core.hooksPath', '/dev/null'),
  },
  {
    what: 'a linked work tree',
    way: 'hook',
    cwd: '../tree',
    arrange: ({ git }) => {
      git('checkout', '--quiet', '-b', 'aside');
      git('worktree', 'add', '--quiet', '../tree', 'main');
    },
  },
  {
    what: 'husky 9',
    way: 'husky',
    before: 'old',
    arrange(repository) {
      useModules(repository, { scripts: { prepare: 'husky' } });
      tool(repository, 'husky/bin.js');
      repository.write('.husky/commit-msg', 'echo old >> ran\n');
    },
    again: (repository) => tool(repository, 'husky/bin.js'),
  },
  {
    what: 'husky 9 without hooks of its own',
    way: 'husky',
    arrange(repository) {
      useModules(repository, { scripts: { prepare: 'husky' } });
      tool(repository, 'husky/bin.js');
    },
  },
  {
    what: 'husky 8',
    way: 'husky',
    before: 'old',
    arrange(repository) {
      useModules(repository, { scripts: { prepare: 'husky install' } });
      tool(repository, 'husky8/lib/bin.js', 'install');
      tool(repository, 'husky8/lib/bin.js', 'add', '.husky/commit-msg', 'echo old >> ran');
    },
    again: (repository) => tool(repository, 'husky8/lib/bin.js', 'install'),
  },
  {
    what: 'lefthook',
    way: 'lefthook',
    arrange(repository) {
      useModules(repository, {});
      repository.write('lefthook.yml', 'pre-commit:\n  commands:\n    old:\n      run: "exit 0"\n');
      tool(repository, 'lefthook/bin/index.js', 'install');
    },
  },
  ...lefthookScenes(),
  {
    what: 'simple-git-hooks',
    way: 'simple-git-hooks',
    arrange(repository) {
      useModules(repository, { 'simple-git-hooks': { 'pre-commit': 'echo old >> ran' } });
      tool(repository, 'simple-git-hooks/cli.js');
    },
    before: 'old',
    again: (repository) => tool(repository, 'simple-git-hooks/cli.js'),
  },
  ...(has('overcommit')
    ? [
        {
          what: 'overcommit',
          way: 'overcommit',
          before: 'old',
          arrange({ write, run, git }: Repository) {
            write('mark.sh', marks(), 0o755);
            const off = { ALL: { enabled: false } };
            const mark = { enabled: true, required_executable: './mark.sh' };
            const configuration = {
              CommitMsg: { ...off, Mark: mark },
              PreCommit: off,
              PrePush: off,
            };
            write('.overcommit.yml', JSON.stringify(configuration));
            // It signs only what git tracks.
            git('add', '.');
            for (const args of [['--install'], ['--sign'], ['--sign', 'commit-msg']]) {
              const { code, out, err } = run('overcommit', args);
              assert.equal(code, 0, out + err);
            }
          },
        },
      ]
    : []),
  ...(has('hk')
    ? [
        {
          what: 'hk',
          way: 'hk',
          before: 'old',
          arrange({ write, run }: Repository) {
            const steps = { old: { check: 'echo old >> ran' } };
            write('hk.json', JSON.stringify({ hooks: { 'commit-msg': { steps } } }));
            write('.gitignore', 'ran\n');
            const { code, err } = run('hk', ['install']);
            assert.equal(code, 0, err);
          },
        },
      ]
    : []),
  ...(has('pre-commit')
    ? [
        {
          what: 'pre-commit',
          way: 'pre-commit',
          before: 'old',
          arrange({ write, run }: Repository) {
            const entry = "sh -c 'echo old >> ran'";
            const local = { id: 'old', name: 'old', language: 'system', entry, verbose: true };
            const hooks = [{ ...local, always_run: true, pass_filenames: false }];
            const stages = ['commit-msg', 'push'];
            const config = { default_stages: stages, repos: [{ repo: 'local', hooks }] };
            write('.pre-commit-config.yaml', JSON.stringify(config));
            const ran = run('pre-commit', ['install', '-t', 'commit-msg', '-t', 'pre-push']);
            assert.equal(ran.code, 0, ran.err);
          },
        },
      ]
    : []),
];

describe('guard install', function () {
  this.timeout(120_000);
  before(ensureBuilt);

  const andon = (repository: Repository, args: readonly string[], options?: RunOptions): Ran =>
    repository.run(process.execPath, [join(built, 'cli.js'), 'guard', ...args], options);

  for (const { what, way, arrange, before, again, cwd = '.' } of scenes) {
    it(`${what}: ${way ?? 'refused'}`, () => {
      const repository = makeRepository();
      const { root, git, run, write } = repository;
      try {
        arrange(repository);
        git('add', '.');
        git('commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'arranged');
        if (cwd !== '.') git('-C', cwd, 'merge', '--quiet', 'aside');
        const options = { cwd: join(root, cwd) };
        const untouched = treeHash(root);

        const dry = andon(repository, ['install', '--dry-run'], options);
        assert.equal(treeHash(root), untouched, 'a dry run changes nothing');
        const asked = andon(repository, ['install'], options);
        assert.match(asked.err + asked.out, /nothing done|Nothing is done/);
        assert.equal(treeHash(root), untouched, 'without a yes nothing happens');
        if (way === undefined && !configured) {
          assert.equal(dry.code, 2);
          assert.match(dry.out, /^Nothing is done: /);
          assert.equal(andon(repository, ['install', '--yes'], options).code, 2);
          assert.equal(treeHash(root), untouched);
          return;
        }
        assert.equal(dry.code, 0, dry.out + dry.err);

        const installed = andon(repository, ['install', '--yes', '--mode', 'block'], options);
        assert.equal(installed.code, 0, installed.out + installed.err);
        const expected = configured ? 'git' : way;
        assert.ok(
          installed.out.includes(`git calls the guard (${expected}), mode block`),
          installed.out,
        );
        assert.ok(!existsSync(join(root, 'ran')), 'asking git runs no other hook');

        // Twice is as once.
        const once = treeHash(root);
        assert.equal(andon(repository, ['install', '--yes'], options).code, 0);
        assert.equal(treeHash(root), once);

        again?.(repository);
        repository.red();
        const commit = (message: string) => {
          write(join(cwd, 'readme'), `${Math.random()}\n`);
          return run('git', ['commit', '--quiet', '-a', '-m', message], options);
        };
        const refused = commit('feat: a pump');
        assert.equal(refused.code, 1, refused.err);
        assert.match(
          refused.err,
          /andon: not committed: the build of main has been red for 12 min/,
        );
        const kept = commit('fix: the pump');
        assert.equal(kept.code, 0, kept.err);
        if (before) assert.ok(readFileSync(join(root, 'ran'), 'utf8').includes(before));

        git('init', '--quiet', '--bare', '../shared.git');
        const push = () =>
          run('git', ['push', join(root, '../shared.git'), 'HEAD:refs/heads/main'], options);
        const pushed = push();
        assert.equal(pushed.code, 0, pushed.err);
        const past = run('git', ['commit', '-q', '--allow-empty', '-m', 'a word'], options);
        assert.equal(past.code, 0, past.err);
        const stopped = push();
        assert.equal(stopped.code, 1, stopped.err);
        assert.match(stopped.err, /andon: not pushed: the build of main has been red/);

        rmSync(join(root, '.git/andon/status'));
        assert.equal(push().code, 0);
        const removed = andon(repository, ['remove', '--yes'], options);
        assert.equal(removed.code, 0, removed.out + removed.err);
        assert.equal(treeHash(root), untouched, 'everything is as before');
        repository.red({ guard: 'block' });
        assert.equal(commit('feat: a pump').code, 0);
      } finally {
        repository.remove();
      }
    });
  }

  it('works in a submodule', () => {
    const repository = makeRepository();
    try {
      const { git, root, run, write } = repository;
      git('init', '--quiet', '../part');
      for (const args of [['commit', '-q', '--allow-empty', '-m', 'one']])
        git('-C', '../part', ...args);
      git('submodule', '--quiet', 'add', '../part', 'part');
      git('-C', 'part', 'checkout', '--quiet', '-B', 'main');
      const options = { cwd: join(root, 'part') };
      const installed = andon(repository, ['install', '--yes', '--mode', 'block'], options);
      assert.equal(installed.code, 0, installed.err);
      mkdirSync(join(root, '.git/modules/part/andon'), { recursive: true });
      repository.red();
      copyFileSync(join(root, '.git/andon/status'), join(root, '.git/modules/part/andon/status'));
      write('part/file', 'x');
      git('-C', 'part', 'add', '.');
      assert.equal(run('git', ['commit', '-m', 'feat: x'], options).code, 1);
      assert.equal(run('git', ['commit', '-q', '-m', 'outside']).code, 0);
      assert.equal(andon(repository, ['remove', '--yes'], options).code, 0);
      assert.equal(run('git', ['commit', '-m', 'feat: x'], options).code, 0);
    } finally {
      repository.remove();
    }
  });

  it('works in a work tree of a bare repository, and not in that itself', () => {
    const repository = makeRepository();
    try {
      const { git, root, run, write } = repository;
      git('clone', '--quiet', '--bare', '.', '../bare.git');
      git('-C', '../bare.git', 'worktree', 'add', '--quiet', '../tree', 'main');
      const bare = andon(repository, ['install', '--yes'], { cwd: join(root, '../bare.git') });
      assert.equal(bare.code, 2);
      assert.match(bare.err, /no work tree/);
      const options = { cwd: join(root, '../tree') };
      const installed = andon(repository, ['install', '--yes', '--mode', 'block'], options);
      assert.equal(installed.code, 0, installed.err);
      repository.red();
      copyFileSync(join(root, '.git/andon/status'), join(root, '../bare.git/andon/status'));
      write('../tree/readme', 'x');
      assert.equal(run('git', ['commit', '-a', '-m', 'feat: x'], options).code, 1);
      assert.equal(run('git', ['commit', '-a', '-m', 'fix: x'], options).code, 0);
    } finally {
      repository.remove();
    }
  });

  it('leaves alone what others changed meanwhile, but for its own lines', function () {
    if (configured) this.skip();
    const repository = makeRepository();
    try {
      const { root, write } = repository;
      const path = '.git/hooks/commit-msg';
      write(path, marks(), 0o755);
      andon(repository, ['install', '--yes']);
      const text = readFileSync(join(root, path), 'utf8');
      write(path, `${text}echo more >> ran\n`);
      assert.equal(andon(repository, ['remove', '--yes']).code, 0);
      assert.equal(readFileSync(join(root, path), 'utf8'), `${marks()}echo more >> ran\n`);

      andon(repository, ['install', '--yes']);
      unlinkSync(join(root, path));
      write(path, '#!/bin/sh\necho other\n', 0o755);
      assert.equal(andon(repository, ['remove', '--yes']).code, 0);
      assert.equal(readFileSync(join(root, path), 'utf8'), '#!/bin/sh\necho other\n');
    } finally {
      repository.remove();
    }
  });

  it('is put right when another tool has overwritten it', async () => {
    const repository = makeRepository();
    try {
      const { root, git, run, write } = repository;
      andon(repository, ['install', '--yes', '--mode', 'block']);
      const place = await guardRepository(root);
      assert.equal(await repair(place, built), 'fine');
      if (configured) git('config', '--remove-section', 'hook.andon-commit-msg');
      else write('.git/hooks/commit-msg', marks(), 0o755);
      write('.git/andon/hook', 'of an older version');
      write('.git/andon/claim', 'what the user has said');
      assert.equal(await repair(place, built), 'repaired');
      assert.ok(existsSync(join(root, '.git/andon/claim')), 'what the user has said holds');
      assert.equal(await repair(place, built), 'fine');
      repository.red();
      write('readme', 'x');
      assert.equal(run('git', ['commit', '-a', '-m', 'feat: x']).code, 1);
      assert.equal(andon(repository, ['remove', '--yes']).code, 0);
      assert.equal(await repair(place, built), 'not-installed');
      if (!configured)
        assert.equal(readFileSync(join(root, '.git/hooks/commit-msg'), 'utf8'), marks());
    } finally {
      repository.remove();
    }
  });

  it('is put right when the tool of a hook that was moved aside writes that anew', async function () {
    if (configured) this.skip();
    const repository = makeRepository();
    try {
      const { root, run, write } = repository;
      const old = python('commit-msg');
      const written = () => write('.git/hooks/commit-msg', old, 0o755);
      written();
      andon(repository, ['install', '--yes', '--mode', 'block']);
      const place = await guardRepository(root);
      repository.red();
      for (const newer of [old, `${old}# of another version\n`, `${old}# and another\n`]) {
        write('.git/hooks/commit-msg', newer, 0o755);
        chmodSync(join(root, '.git/hooks/commit-msg'), 0o755);
        assert.equal(await repair(place, built), 'repaired');
        write('readme', `${Math.random()}\n`);
        assert.equal(run('git', ['commit', '-a', '-m', 'feat: x']).code, 1);
        rmSync(join(root, 'ran'), { force: true });
        assert.equal(run('git', ['commit', '-q', '-a', '-m', 'fix: x']).code, 0);
        assert.equal(readFileSync(join(root, 'ran'), 'utf8'), 'old\n', 'once');
      }
      assert.equal(andon(repository, ['remove', '--yes']).code, 0);
      const now = readFileSync(join(root, '.git/hooks/commit-msg'), 'utf8');
      assert.equal(now, `${old}# and another\n`);
    } finally {
      repository.remove();
    }
  });

  it('tells that it is lost when husky comes after it', async function () {
    if (configured) this.skip();
    const repository = makeRepository();
    try {
      andon(repository, ['install', '--yes']);
      useModules(repository, {});
      tool(repository, 'husky/bin.js');
      const place = await guardRepository(repository.root);
      assert.equal(await repair(place, built), 'lost');
      assert.equal(andon(repository, ['install', '--yes']).code, 0);
      assert.equal(await repair(place, built), 'fine');
    } finally {
      repository.remove();
    }
  });

  it('stays when pre-commit is installed after it', function () {
    if (configured || !has('pre-commit')) this.skip();
    const repository = makeRepository();
    try {
      const { run, write } = repository;
      andon(repository, ['install', '--yes', '--mode', 'block']);
      write('.pre-commit-config.yaml', 'repos: []\n');
      assert.equal(run('pre-commit', ['install', '-t', 'commit-msg']).code, 0);
      repository.red();
      write('readme', 'x');
      assert.equal(run('git', ['commit', '-a', '-m', 'feat: x']).code, 1);
      assert.equal(run('pre-commit', ['uninstall', '-t', 'commit-msg']).code, 0);
      assert.equal(run('git', ['commit', '-a', '-m', 'feat: x']).code, 1);
      assert.equal(andon(repository, ['remove', '--yes']).code, 0);
      assert.equal(run('git', ['commit', '-a', '-m', 'feat: x']).code, 0);
    } finally {
      repository.remove();
    }
  });
});

/*
 * Hk (https://hk.jdx.dev) and overcommit (https://github.com/sds/overcommit) are not on every machine; where they are,
 * the scenes above use them. This is what they leave in the folder of hooks.
 */
describe('guard install: the plan beside hk and overcommit', () => {
  const hooks = '/shop/.git/hooks';
  const planWith = (files: Readonly<Record<string, HookFile>>) => {
    const plan = installPlan(
      {
        ...{ gitVersion: [2, 39], commonDir: '/shop/.git', top: '/shop' },
        ...{ hooksDir: hooks, hooksAt: 'git', read: () => undefined },
        hookFile: (path) => files[path] ?? { kind: 'none' },
      },
      [],
    );
    assert.ok('way' in plan);
    return plan;
  };

  it('hk: before its own line', () => {
    const line = 'test "${HK:-1}" = "0" || exec hk run commit-msg "$@"\n';
    const text = `#!/bin/sh\n${line}`;
    const { way, steps } = planWith({ [`${hooks}/commit-msg`]: { kind: 'shell', text } });
    assert.equal(way, 'hk');
    const [step] = steps;
    assert.ok(step?.do === 'write' && step.before === text);
    assert.match(step.text, /^#!\/bin\/sh\n# andon guard/);
    assert.ok(step.text.endsWith(`# end of andon guard\n${line}`));
  });

  it('overcommit: calls its hook under its name, and says its word', () => {
    const { way, steps } = planWith({
      [`${hooks}/overcommit-hook`]: { kind: 'other' },
      [`${hooks}/commit-msg`]: { kind: 'other' },
    });
    assert.equal(way, 'overcommit');
    const [keep, write] = steps;
    const [path, to] = [`${hooks}/commit-msg`, `${hooks}/andon-kept/commit-msg`];
    assert.deepEqual(keep, { do: 'keep', path, to });
    assert.ok(write?.do === 'write');
    assert.match(
      write.text,
      /\nexec "\$\{0%\/\*\}\/andon-kept\/commit-msg" "\$@"\n# OVERCOMMIT_DISABLE/,
    );
  });
});
