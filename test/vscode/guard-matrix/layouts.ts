import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from '../../built';
import type { Repository } from '../../guard-repository';
import { dimensions, type Layout } from './cases';

const modules = join(__dirname, '../../../node_modules');

/** A repository with the guard in it. */
export interface Place {
  readonly layout: Layout;
  /** Where commits are made. */
  readonly folder: string;
  readonly gitDir: string;
  readonly commonDir: string;
  /** How often the hook that was there before the guard has run; undefined where there was none. */
  marks(): number | undefined;
}

/** Where hook managers are found, for git and for windows. */
export const path = `${join(modules, '.bin')}:${process.env.PATH}`;

/** The layouts that can be had on this machine: all but those whose manager is not installed. */
export function layoutsHere(): readonly Layout[] {
  const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
  return dimensions.layout.filter((each) => each !== 'pre-commit' || has('pre-commit'));
}

/** Makes a repository of each layout beside the one given, which they are clones of, and installs the guard there. */
export function makePlaces(repository: Repository, layouts: readonly Layout[]): readonly Place[] {
  return layouts.map((layout) => {
    const maker = new Maker(repository, layout);
    const folder = make[layout](maker);
    maker.install(folder);
    const at = (...args: readonly string[]) => repository.git('-C', folder, ...args);
    const [gitDir = '', commonDir = ''] = at(
      ...['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir'],
    ).split('\n');
    return { layout, folder, gitDir, commonDir, marks: () => maker.marks() };
  });
}

/** What the hooks that were there before do. */
class Maker {
  readonly #repository: Repository;
  readonly name: string;
  readonly #marks: string;
  #hasHook = false;

  constructor(repository: Repository, layout: Layout) {
    this.#repository = repository;
    this.name = layout.replaceAll(' ', '-');
    this.#marks = join(repository.root, `../ran-${this.name}`);
  }

  /** A line for a hook, which leaves a mark. */
  get line(): string {
    this.#hasHook = true;
    return `echo old >> '${this.#marks}'`;
  }

  marks(): number | undefined {
    if (!this.#hasHook) return undefined;
    if (!existsSync(this.#marks)) return 0;
    return readFileSync(this.#marks, 'utf8').split('\n').length - 1;
  }

  folder(name = this.name): string {
    return join(this.#repository.root, '..', name);
  }

  git(...args: readonly string[]): string {
    return this.#repository.git(...args);
  }

  /** A clone with these files committed. */
  clone(files: Readonly<Record<string, string>> = {}, name = this.name): string {
    const folder = this.folder(name);
    this.git('clone', '-q', '.', folder);
    for (const [path, text] of Object.entries(files)) {
      this.#repository.write(join('..', name, path), text);
    }
    this.#commit(folder);
    return folder;
  }

  write(path: string, text: string, mode?: number): void {
    this.#repository.write(join('..', this.name, path), text, mode);
  }

  run(program: string, ...args: readonly string[]): void {
    const options = { cwd: this.folder(), env: { PATH: path } };
    const { code, out, err } = this.#repository.run(program, args, options);
    assert.equal(code, 0, `${program} ${args.join(' ')}: ${out}${err}`);
  }

  install(folder: string): void {
    const args = [join(built, 'cli.js'), 'guard', 'install', '--yes', '--mode', 'ask'];
    const options = { cwd: folder, env: { PATH: path } };
    const { code, out, err } = this.#repository.run(process.execPath, args, options);
    assert.equal(code, 0, out + err);
    this.#commit(folder);
  }

  #commit(folder: string): void {
    this.git('-C', folder, 'add', '-A');
    this.git('-C', folder, 'commit', '-q', '--no-verify', '--allow-empty', '-m', 'set up');
  }
}

/** Each gives the folder to work in. */
const make: Readonly<Record<Layout, (maker: Maker) => string>> = {
  'existing hook'(maker) {
    const folder = maker.clone();
    maker.write('.git/hooks/commit-msg', `#!/bin/sh\n${maker.line}\n`, 0o755);
    return folder;
  },
  husky(maker) {
    const folder = maker.clone({ 'package.json': '{}\n' });
    maker.run(process.execPath, join(modules, 'husky/bin.js'));
    maker.write('.husky/commit-msg', `${maker.line}\n`);
    return folder;
  },
  lefthook(maker) {
    const old = `commands:\n    old:\n      run: ${JSON.stringify(maker.line)}\n`;
    const folder = maker.clone({ 'lefthook.yml': `pre-commit:\n  ${old}` });
    maker.run('lefthook', 'install');
    return folder;
  },
  plain: (maker) => maker.clone(),
  'pre-commit'(maker) {
    const entry = `sh -c "${maker.line}"`;
    const hook = { id: 'old', name: 'old', language: 'system', entry, stages: ['commit-msg'] };
    const hooks = [{ ...hook, always_run: true, pass_filenames: false }];
    const configuration = JSON.stringify({ repos: [{ repo: 'local', hooks }] });
    const folder = maker.clone({ '.pre-commit-config.yaml': configuration });
    maker.run('pre-commit', 'install', '-t', 'commit-msg');
    return folder;
  },
  submodule(maker) {
    const folder = join(maker.clone(), 'part');
    maker.git('-C', maker.folder(), 'submodule', '--quiet', 'add', maker.folder('work'), 'part');
    maker.git('-C', folder, 'checkout', '-q', '-B', 'main');
    return folder;
  },
  'work tree'(maker) {
    const beside = maker.clone({}, `${maker.name}-main`);
    maker.git('-C', beside, 'checkout', '-q', '--detach');
    maker.git('-C', beside, 'worktree', 'add', '-q', maker.folder(), 'main');
    return maker.folder();
  },
};
