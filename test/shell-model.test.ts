import assert from 'node:assert/strict';
import { probe } from '../src/engine/format';
import type { ShellFacts } from '../src/formats/shell';
import { shell } from '../src/formats/shell';
import type { Command } from '../src/formats/shell-model';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const facts: ShellFacts = {
  dialect: 'bash',
  stopsOnError: true,
  pipefail: false,
  machine: undefined,
  use: 'script',
  directory: '',
};

interface Read {
  readonly commands: readonly Command[];
  readonly inner: readonly Read[];
  directoryOf(command: Command): string | undefined;
  resolve(command: Command): string | undefined;
}

function read(text: string, given: Partial<ShellFacts> = {}): Read {
  const document = shell.parse(Source.file('x.sh', text), { ...facts, ...given }) as ReturnType<
    typeof shell.parse
  > & { script: import('../src/formats/shell').Script };
  const deeper = (each: typeof document): Read => ({
    commands: each.script.commands,
    inner: each.embedded.map((piece) => deeper(piece.parse() as typeof document)),
    directoryOf: each.script.directoryOf,
    resolve: (command) => each.script.resolve(command.operands[0]),
  });
  return deeper(document);
}

/** A command in one line: name, operands, class. */
const show = (command: Command) =>
  [command.name ?? '-', ...command.operands.map((word) => word.text)].join(' ');

/** What decides whether a command runs: `+` when true, `-` when false. */
const guards = (command: Command) =>
  command.guards.map(({ test, runsWhen }) => `${runsWhen ? '+' : '-'}${show(test)}`);

const named = (script: Read, name: string) => {
  const found = script.commands.find((command) => command.name === name);
  assert.ok(found, `no command ${name}`);
  return found;
};

describe('shell model', () => {
  before(() => loadGrammar('bash'));

  const commands: readonly [script: string, commands: readonly string[]][] = [
    ['npm test', ['npm test']],
    ['sudo apt-get install -y jq', ['apt-get install jq']],
    ['sudo -u bob env A=1 B=2 pip3 install x', ['pip install x']],
    ['env -u HOME make all', ['make all']],
    ['A=1 npm test', ['npm test']],
    ['/usr/bin/python3.12 -m pytest', ['python pytest']],
    ['./mvnw -B verify', ['mvn verify']],
    ['timeout -k 5 60 curl https://a.example', ['curl https://a.example']],
    ['nohup nice -n 5 make', ['make']],
    ['command -v jq', ['command jq']],
    ['command ls', ['ls']],
    ['find . -name x | xargs -0 -n 1 rm -f', ['find . x', 'rm']],
    ['flock -n /tmp/lock make deploy', ['make deploy']],
    ['chroot /mnt apt-get update', ['apt-get update']],
    ['gosu app npm start', ['npm start']],
    ['curl -fsSL -o out https://a.example', ['curl https://a.example']],
    ['curl -fsSLo out https://a.example', ['curl https://a.example']],
    ['kubectl -n shop get pods', ['kubectl get pods']],
    ['docker -H ssh://h ps', ['docker ps']],
    ['git -C dir status', ['git status']],
    ['bash -eo pipefail -c "npm test"', ['bash "npm test"']],
    ['rm -- -f', ['rm -f']],
    ['a; b & c', ['a', 'b', 'c']],
    ['x=$(npm test)', ['npm test', '-']],
    ['export PATH=$PATH:/x', ['export PATH=$PATH:/x']],
    ['((i++))', ['(( i ++']],
    ['echo $((1 + 2))', ['echo $((1 + 2))']],
    ['[ -f x ]', ['[ x']],
    ['[[ $a == b ]]', ['[[ $a == b']],
    ['diff <(sort a) <(sort b)', ['sort a', 'sort b', 'diff <(sort a) <(sort b)']],
    ['cat <<E | grep x && echo y\nbody\nE', ['cat', 'grep x', 'echo y']],
    ['cat > f <<E\nrm -rf /\nE\nls', ['cat', 'ls']],
    ['f() { npm test; }', ['npm test']],
    ['for f in *.sh; do shellcheck $f; done', ['shellcheck $f']],
    ['case $1 in a|b) make a;; *) make b;; esac', ['make a', 'make b']],
    ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
    ['until curl -f x; do sleep 1; done', ['curl x', 'sleep 1']],
    ['$CMD install x', ['- install x']],
    ['npm run \\\n  build', ['npm run build']],
    ['> file', ['-']],
  ];
  for (const [script, expected] of commands) {
    it(`commands of ${JSON.stringify(script)}`, () => {
      assert.deepEqual(read(script).commands.map(show), expected);
    });
  }

  const classes: readonly [script: string, purpose: string | undefined][] = [
    ['npm run test:unit', 'test'],
    ['npm install', 'install'],
    ['npm run ci:lint', 'lint'],
    ['yarn', 'install'],
    ['yarn jest', 'test'],
    ['npx playwright test', 'test'],
    ['poetry run pytest -q', 'test'],
    ['bundle exec rubocop', 'lint'],
    ['uv run --group dev mypy .', 'lint'],
    ['python -m pytest', 'test'],
    ['python manage.py migrate', 'migrate'],
    ['coverage run -m pytest', 'test'],
    ['coverage report -m', undefined],
    ['make', 'build'],
    ['make in-docker-scan-images', 'scan'],
    ['make frobnicate', undefined],
    ['make -n deploy', undefined],
    ['bash scripts/run-tests.sh', 'test'],
    ['./deploy.sh', 'deploy'],
    ['./setup_test_env.sh', undefined],
    ['build-info', undefined],
    ['docker build --push .', 'publish'],
    ['docker buildx build .', 'build'],
    ['podman push x', 'publish'],
    ['kubectl apply -f x --dry-run=client', undefined],
    ['kubectl rollout status deploy/x', 'test'],
    ['terraform apply', 'deploy'],
    ['goreleaser release --snapshot', undefined],
    ['git push', undefined],
    ['rpm -qa', 'probe'],
    ['helm upgrade --install x .', 'deploy'],
  ];
  for (const [script, purpose] of classes) {
    it(`class of ${script}`, () => assert.equal(read(script).commands[0]!.class, purpose));
  }

  const guarded: readonly [script: string, name: string, guards: readonly string[]][] = [
    ['[ -d x ] || mkdir x', 'mkdir', ['-[ x']],
    ['[ -d x ] && rm -r x', 'rm', ['+[ x']],
    ['test -f a || touch a', 'touch', ['-test a']],
    ['a && mkdir x', 'mkdir', []],
    ['command -v jq >/dev/null || apt-get install jq', 'apt-get', ['-command jq']],
    ['if ! grep -q x f; then echo x >> f; fi', 'echo', ['-grep x f']],
    ['if grep -q x f; then :; else echo x >> f; fi', 'echo', ['-grep x f']],
    ['if [ -f a ]; then b; elif [ -f c ]; then touch d; fi', 'touch', ['-[ a', '+[ c']],
    ['if ! grep -q x f && [ -f f ]; then echo x; fi', 'echo', ['-grep x f', '+[ f']],
    ['[ -f f ] && grep -q x f || echo x', 'echo', ['-[ f', '-grep x f']],
    ['[ -f x ] && exit 0\ntouch x', 'touch', ['-[ x']],
    ['[ -f x ] || exit 1\ntouch x', 'touch', ['+[ x']],
    ['if [ -f x ]; then echo y; exit; fi\ntouch x', 'touch', ['-[ x']],
    ['crontab -l | grep -q x || crontab f', 'crontab', []],
    ['while ! ping h; do touch x; done', 'touch', ['-ping h']],
    ['until [ -f a ]; do touch x; done', 'touch', ['-[ a']],
    ['for i in 1; do [ -f $i ] && continue; touch $i; done', 'touch', ['-[ $i']],
    ['if is_installed x; then :; else touch x; fi', 'touch', ['-is_installed x']],
    ['f() { touch x; }\n[ -f x ] || f', 'touch', ['-[ x']],
    ['f() { [ -f y ] && return; touch x; }\n[ -f x ] || f', 'touch', ['-[ x', '-[ y']],
    ['(grep -q x f) || echo x', 'echo', ['-grep x f']],
    ['case $(cat f) in a) touch x;; esac', 'touch', ['+cat f']],
  ];
  for (const [script, name, expected] of guarded) {
    it(`guards of ${name} in ${JSON.stringify(script)}`, () => {
      assert.deepEqual(guards(named(read(script), name)), expected);
    });
  }

  it('guards of a command asked about in a pipe', () => {
    const last = read('crontab -l | grep -q x || crontab f').commands.at(-1)!;
    assert.deepEqual(guards(last), ['-grep x']);
  });

  it('functions that call each other from everywhere stay small', () => {
    const many = Array.from(
      { length: 60 },
      (_, i) =>
        `f${i}() { [ -f a${i} ] && f${(i + 1) % 60}; [ -f b ] || f${(i + 7) % 60}; touch x; }`,
    );
    const { commands: found } = read(many.join('\n'));
    assert.ok(found.every((command) => command.guards.length < 200));
  });

  const states: readonly [script: string, name: string, state: readonly [boolean, boolean]][] = [
    ['make', 'make', [true, false]],
    ['set +e; make', 'make', [false, false]],
    ['set -euo pipefail; make', 'make', [true, true]],
    ['set -o pipefail\nmake', 'make', [true, true]],
    ['set +o errexit\nmake', 'make', [false, false]],
    ['(set +e); make', 'make', [true, false]],
    ['{ set +e; }; make', 'make', [false, false]],
    ['(set +e) & make', 'make', [true, false]],
    ['set +e | cat; make', 'make', [true, false]],
    ['f() { make; }\nset +e\nf', 'make', [false, false]],
    ['f() { make; }\nf || true', 'make', [false, false]],
    ['f() { make; }\nset -o pipefail\nf', 'make', [true, true]],
    ['x=$(set +e); make', 'make', [true, false]],
  ];
  for (const [script, name, [stopsOnError, pipefail]] of states) {
    it(`errexit and pipefail at ${name} in ${JSON.stringify(script)}`, () => {
      const command = named(read(script), name);
      assert.deepEqual([command.stopsOnError, command.pipefail], [stopsOnError, pipefail]);
    });
  }

  it('fallbacks, tested and pipelines', () => {
    const row = (script: string, name: string) => {
      const command = named(read(script), name);
      return [command.fallbacks.length, command.tested, command.stage, command.pipeline.length];
    };
    assert.deepEqual(row('make || true', 'make'), [1, true, 0, 1]);
    assert.deepEqual(row('cd x && make || true', 'make'), [1, true, 0, 1]);
    assert.deepEqual(row('{ make; } || true', 'make'), [1, true, 0, 1]);
    assert.deepEqual(row('make | tee log | cat', 'tee'), [0, false, 1, 3]);
    assert.deepEqual(row('! make', 'make'), [0, true, 0, 1]);
    assert.deepEqual(row('if make; then a; fi', 'make'), [0, true, 0, 1]);
    assert.deepEqual(row('x=$(make) || true', 'make'), [0, false, 0, 1]);
  });

  it('flags and their values', () => {
    const [command] = read('curl -sSLo out --retry=3 -H "A: b" https://a.example').commands;
    assert.ok(command!.has('-L') && command!.has('--retry') && !command!.has('-f'));
    assert.equal(command!.option('-o')?.value, 'out');
    assert.equal(command!.option('--retry')?.value, '3');
    assert.equal(command!.option('-H')?.value, 'A: b');
    assert.equal(command!.has('-u'), false, 'the u of a value is no flag');
  });

  it('variables set once are followed', () => {
    const value = (script: string) => {
      const script_ = read(script);
      return script_.resolve(named(script_, 'touch'));
    };
    assert.equal(value('A=/etc\nB=$A/x\ntouch "$B"'), '/etc/x');
    assert.equal(value('A=1\nA=2\ntouch $A'), undefined);
    assert.equal(value('for A in 1 2; do touch $A; done'), undefined);
    assert.equal(value('touch "${A:-/etc/y}"'), '/etc/y');
    assert.equal(value('touch $A'), undefined);
  });

  it('the directory a command runs in', () => {
    const where = (script: string, directory?: string) => {
      const script_ = read(script, { directory });
      return script_.directoryOf(named(script_, 'npm'));
    };
    assert.equal(where('npm ci', ''), '');
    assert.equal(where('cd web && npm ci', ''), 'web');
    assert.equal(where('cd web; cd ../api/; npm ci', 'apps'), 'apps/api');
    assert.equal(where('(cd web); npm ci', ''), '');
    assert.equal(where('(cd web && npm ci)', ''), 'web');
    assert.equal(where('cd "$DIR"; npm ci', ''), undefined);
    assert.equal(where('cd /srv; npm ci', ''), undefined);
    assert.equal(where('cd ..; npm ci', ''), undefined);
    assert.equal(where('npm ci', undefined), undefined);
    assert.equal(where('if [ -d web ]; then cd web; fi; npm ci', ''), undefined);
  });

  it('scripts inside scripts', () => {
    const inner = (script: string) =>
      read(script).inner.map((each) => each.commands.map((command) => show(command)).join('; '));
    assert.deepEqual(inner("sh -c 'npm test'"), ['npm test']);
    assert.deepEqual(inner("bash -euo pipefail -c 'a; b' zero"), ['a; b']);
    assert.deepEqual(inner("ssh -p 22 host 'apt-get update'"), ['apt-get update']);
    assert.deepEqual(inner("su - app -c 'npm start'"), ['npm start']);
    assert.deepEqual(inner("bash <<'E'\nnpm test\nE"), ['npm test']);
    assert.deepEqual(inner("ssh host <<'E'\nnpm ci\nE"), ['npm ci']);
    assert.deepEqual(inner('sh -c "echo $HOME"'), []);
    assert.deepEqual(inner('bash script.sh'), []);
    const [ssh] = read("ssh host 'make'", { machine: 'fresh' }).inner;
    assert.equal(ssh!.commands[0]!.stopsOnError, false);
    const [bash] = read("bash -eo pipefail -c 'make'").inner;
    assert.deepEqual([bash!.commands[0]!.stopsOnError, bash!.commands[0]!.pipefail], [true, true]);
  });

  const shebangs: readonly [first: string, claim: string | undefined, facts: object][] = [
    ['#!/bin/sh', 'by-content', { dialect: 'sh', stopsOnError: false }],
    ['#!/bin/bash -eu', 'by-content', { dialect: 'bash', stopsOnError: true }],
    ['#! /usr/bin/env bash', 'by-content', { dialect: 'bash', stopsOnError: false }],
    ['#!/usr/bin/env -S bash -e', 'by-content', { dialect: 'bash', stopsOnError: true }],
    ['#!/usr/bin/env python3', undefined, {}],
    ['#!/bin/zsh', undefined, {}],
    ['echo', undefined, {}],
  ];
  for (const [first, claim, expected] of shebangs) {
    it(`first line ${first}`, () => {
      const file = probe('bin/run', `${first}\ntrue\n`);
      assert.equal(shell.recognises(file), claim);
      const known = shell.alone(file) as unknown as Record<string, unknown>;
      for (const [key, value] of Object.entries(expected)) assert.equal(known[key], value);
    });
  }

  it('where a script stands says on what machine it runs', () => {
    const machine = (path: string) => shell.alone(probe(path, '')).machine;
    assert.equal(machine('packer/scripts/setup.sh'), 'fresh');
    assert.equal(machine('docker/install.sh'), 'fresh');
    assert.equal(machine('cloud-init.sh'), 'fresh');
    assert.equal(machine('scripts/setup.sh'), undefined);
  });

  it('half a script is read without a word', () => {
    const text = 'if [ -f x ]; then\n  npm test | tee "log\nfor i in $(ls; do cat <<E';
    for (let end = 0; end <= text.length; end++) read(text.slice(0, end));
  });
});
