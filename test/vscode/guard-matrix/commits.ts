import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Ran, Repository } from '../../guard-repository';
import { SourceControl, terminal } from '../ui/source-control';
import type { Workbench } from '../workbench';
import type { MatrixCase } from './cases';
import { type Place, path } from './layouts';

/** An attempt to commit: what the guard said of it in a terminal; undefined where there is none to say it in. */
export interface Attempt {
  /** Waits for git to come back. */
  readonly said: Promise<string> | undefined;
}

/** A way of making a commit, and of going on with one that was stopped. */
export interface Way {
  /** Attempts the commit. */
  begin(message: string): Promise<Attempt>;
  /** What is left of the message after the commit was stopped, where a user would find it. */
  kept(): Promise<string>;
  /** Attempts it again with what was left; `trailer` is written at its end first. */
  again(trailer?: string): Promise<Attempt>;
}

const limit = 45_000;

/** Git from outside of VS Code, as a terminal or another editor runs it. */
export class FromOutside implements Way {
  readonly #repository: Repository;
  readonly #place: Place;
  readonly #way: MatrixCase['way'];

  constructor(repository: Repository, place: Place, way: MatrixCase['way']) {
    this.#repository = repository;
    this.#place = place;
    this.#way = way;
  }

  async begin(message: string): Promise<Attempt> {
    if (this.#way !== 'all') this.#repository.git('-C', this.#place.folder, 'add', 'readme');
    if (this.#way !== 'editor') return this.#commit(this.#flags, '-m', message);
    const editor = join(this.#repository.root, '../editor');
    writeFileSync(editor, `#!/bin/sh\nprintf '%s\\n' '${message}' >"$1"\n`, { mode: 0o755 });
    return this.#commit([], { GIT_EDITOR: editor });
  }

  async kept(): Promise<string> {
    return readFileSync(this.#file, 'utf8').trim();
  }

  async again(trailer?: string): Promise<Attempt> {
    if (trailer) writeFileSync(this.#file, `${await this.kept()}\n\n${trailer}\n`);
    return this.#commit(this.#flags, '-e', '-F', this.#file);
  }

  get #file(): string {
    return join(this.#place.gitDir, 'COMMIT_EDITMSG');
  }

  get #flags(): readonly string[] {
    if (this.#way === 'all') return ['-a'];
    return this.#way === 'amend' ? ['--amend'] : [];
  }

  #commit(flags: readonly string[], ...rest: (string | Record<string, string>)[]): Attempt {
    const args = rest.filter((each) => typeof each === 'string');
    const env = { PATH: path, ...rest.find((each) => typeof each === 'object') };
    const options = { cwd: this.#place.folder, env };
    const ran = this.#repository.start('git', ['commit', '-q', ...flags, ...args], options);
    return { said: ran.then(ofGuard) };
  }
}

/** What the guard said, of all that hooks and their managers print. */
const ofGuard = ({ err }: Ran): string =>
  err
    .split('\n')
    .filter((line) => line.startsWith('andon: '))
    .join('\n');

/** The terminal of a window. */
export class FromInside implements Way {
  readonly #window: Workbench;
  readonly #place: Place;

  constructor(window: Workbench, place: Place) {
    this.#window = window;
    this.#place = place;
  }

  begin(message: string): Promise<Attempt> {
    return this.#type(`git commit -q -a -m '${message}'`);
  }

  async kept(): Promise<string> {
    return readFileSync(this.#file, 'utf8').trim();
  }

  async again(trailer?: string): Promise<Attempt> {
    if (trailer) writeFileSync(this.#file, `${await this.kept()}\n\n${trailer}\n`);
    return this.#type(`GIT_EDITOR=true git commit -q -a -e -F '${this.#file}'`);
  }

  get #file(): string {
    return join(this.#place.gitDir, 'COMMIT_EDITMSG');
  }

  async #type(command: string): Promise<Attempt> {
    const above = join(this.#place.folder, '..');
    const [script, said, done] = [join(above, 'typed'), join(above, 'said'), join(above, 'done')];
    rmSync(done, { force: true });
    // Key by key, a long line takes its time.
    const ran = `(cd '${this.#place.folder}' && ${command}) 2>'${said}'; echo $? >'${done}'\n`;
    writeFileSync(script, ran);
    await terminal(this.#window, `. '${script}'`);
    const ended = this.#window.until(() => existsSync(done), 'the end of git', limit);
    return { said: ended.then(() => ofGuard({ code: 0, out: '', err: read(said) })) };
  }
}

const read = (file: string) => readFileSync(file, 'utf8');

/** The Source Control view of a window. */
export class FromView implements Way {
  readonly #window: Workbench;
  readonly #place: Place;
  readonly #way: MatrixCase['way'];
  readonly #repository: Repository;
  readonly box: SourceControl;

  /** `at` counts the repositories of the window in the order of their names. */
  constructor(
    window: Workbench,
    repository: Repository,
    place: Place,
    way: MatrixCase['way'],
    at: number,
  ) {
    this.#window = window;
    this.#repository = repository;
    this.#place = place;
    this.#way = way;
    this.box = new SourceControl(window, at);
  }

  async begin(message: string): Promise<Attempt> {
    if (this.#way !== 'all') this.#repository.git('-C', this.#place.folder, 'add', 'readme');
    await this.box.write(this.#way === 'editor' ? '' : message);
    await this.box.canCommit();
    if (this.#way !== 'editor') return this.#press();
    await this.box.commit();
    await this.#window.until(
      async () => (await this.#window.textsOf('.tab.active')).join().includes('COMMIT_EDITMSG'),
      'the editor',
      limit,
    );
    await this.#window.page.locator('.editor-instance .view-line').first().click();
    await this.#window.page.keyboard.press('Control+Home');
    await this.#window.type(message);
    await this.#window.save();
    await this.#window.runCommand('View: Close Editor');
    return { said: undefined };
  }

  async kept(): Promise<string> {
    await this.#window.until(async () => (await this.box.message()) !== '', 'the message');
    return (await this.box.message()).trim();
  }

  async again(trailer?: string): Promise<Attempt> {
    if (trailer) await this.box.append(`\n\n${trailer}`);
    await this.box.canCommit();
    return this.#press();
  }

  async #press(): Promise<Attempt> {
    if (this.#way !== 'amend') await this.box.commit(this.#way === 'key' ? 'key' : 'button');
    else {
      await this.#window.runCommand('Git: Commit Staged (Amend)');
      await this.#window.until(() => this.#window.quickPick(), 'the question which repository');
      await this.#window.choose(basename(this.#place.folder));
    }
    return { said: undefined };
  }
}

/** Fails if a commit left something behind that is in the way of the next one. */
export function assertAtRest(repository: Repository, { folder, gitDir }: Place): void {
  assert.ok(!existsSync(join(gitDir, 'index.lock')), 'the index is locked');
  assert.equal(repository.git('-C', folder, 'status', '--porcelain'), '');
}
