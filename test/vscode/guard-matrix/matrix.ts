import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { windowsPath } from '../../../src/guard/ask-protocol';
import { policyPath, serialisePolicy } from '../../../src/guard/policy-file';
import { serialiseStatus, statusPath } from '../../../src/guard/status-file';
import { ensureBuilt } from '../../built';
import { redNow } from '../../guard-cases';
import { makeRepository, type Repository, seconds } from '../../guard-repository';
import { ensurePackaged } from '../packaged';
import { SourceControl } from '../ui/source-control';
import { startWorkbench, type Workbench } from '../workbench';
import {
  allCases,
  dimensions,
  isAttended,
  type Layout,
  type MatrixCase,
  type Windows,
} from './cases';
import { assertAtRest, FromInside, FromOutside, FromView, type Way } from './commits';
import { layoutsHere, makePlaces, type Place, path } from './layouts';

const shots = join(__dirname, '../../../shots/guard');
const limit = 45_000;
const reason = 'the auditor waits';

const settings = {
  'git.enableSmartCommit': true,
  'git.openRepositoryInParentFolders': 'never',
  'scm.alwaysShowRepositories': true,
  'scm.repositories.sortOrder': 'name',
  // A window of seven repositories has to show all of their boxes.
  'scm.providerCountBadge': 'hidden',
  'workbench.editor.enablePreview': false,
};

/**
 * Makes each of these commits to a red branch in a real VS Code and with real git: whether it is made, what is said,
 * who is asked; that no message is lost, nothing is left locked, and the hook that was there before still runs.
 * Windows are opened once, with all repositories in each. Ends with a table.
 */
export function describeMatrix(title: string, choose: typeof allCases): void {
  describe(title, function () {
    this.timeout(300_000);
    const outcome = new Map<string, string>();
    const layouts = layoutsHere();
    const cases = choose(layouts);
    let matrix: Matrix;

    before(async () => {
      await ensureBuilt();
      matrix = new Matrix(layouts);
    });
    after(async () => {
      await matrix?.end();
      console.log(`\n${tableOf(outcome)}`);
    });

    for (const windows of dimensions.windows) {
      const these = cases.filter((each) => each.windows === windows);
      if (these.length === 0) continue;
      describe(`windows: ${windows}`, () => {
        before(() => matrix.arrange(windows));
        after(() => {
          mkdirSync(shots, { recursive: true });
          writeFileSync(join(shots, 'matrix.txt'), tableOf(outcome));
        });
        for (const each of these) {
          it(`${each.mode}, ${each.way}, ${each.layout}`, async function () {
            const { currentRetry } = this.test as unknown as { currentRetry(): number };
            try {
              await matrix.commit(each);
              outcome.set(nameOf(each), currentRetry.call(this.test) > 0 ? 'r' : '+');
            } catch (error) {
              outcome.set(nameOf(each), 'F');
              await matrix.picture(`failed ${nameOf(each)}`);
              throw error;
            }
          });
        }
      });
    }
  });
}

const nameOf = ({ mode, way, windows, layout }: MatrixCase) =>
  [windows, mode, way, layout].join(', ');

/** The windows and repositories of one run. */
class Matrix {
  readonly #repository: Repository;
  /** In the order in which a window shows them. */
  readonly #places: readonly Place[];
  #open: Workbench[] = [];
  /** Records of a window that was killed, by common directory. */
  readonly #dead = new Map<string, string>();
  /** Records of one whose page is gone. */
  readonly #asleep = new Map<string, string>();
  #count = 0;
  #failed = false;

  constructor(layouts: readonly Layout[]) {
    this.#repository = makeRepository('andon-m-');
    const byName = (a: Place, b: Place) => (basename(a.folder) < basename(b.folder) ? -1 : 1);
    this.#places = [...makePlaces(this.#repository, layouts)].sort(byName);
    for (const place of this.#places) this.#write(place, statusPath, redText());
    const folders = this.#places.map(({ folder }) => ({ path: folder }));
    writeFileSync(this.#workspace, JSON.stringify({ folders }));
  }

  get #workspace(): string {
    return join(this.#repository.root, '../all.code-workspace');
  }

  /** Brings about a state of the windows from the one before it in the list, or from none. */
  async arrange(windows: Windows): Promise<void> {
    const wanted = { open: 1, two: 2, crashed: 2, closed: 0 }[windows];
    while (this.#open.length < wanted) await this.#openOne();
    if (windows === 'crashed') await this.#crash();
    if (windows === 'closed') {
      while (this.#open.length > 0) await this.#open.pop()?.close();
      for (const place of this.#places) {
        rmSync(join(place.commonDir, windowsPath), { recursive: true, force: true });
      }
    }
  }

  async #openOne(): Promise<void> {
    const count = this.#open.length + 1;
    const vsix = await ensurePackaged();
    const viewport = { width: 1100, height: 2000 };
    const window = await startWorkbench({
      ...{ folder: this.#workspace, vsix, viewport, settings },
      env: { PATH: path },
    });
    this.#open.push(window);
    await new SourceControl(window).open();
    for (const place of this.#places) {
      const there = () => recordsIn(place).length === count;
      await window.until(there, `${count} windows in ${place.layout}`, 150_000);
    }
  }

  /** One is killed as it stands, and the other loses its page: both leave records behind. */
  async #crash(): Promise<void> {
    const [first, second] = this.#open.splice(0);
    const [place] = this.#places;
    const newest = recordsIn(place!).sort().at(-1)!;
    for (const each of this.#places) {
      for (const name of recordsIn(each)) {
        const records = name === newest ? this.#dead : this.#asleep;
        records.set(each.commonDir, `${name}\n${readFileSync(recordPath(each, name), 'utf8')}`);
      }
    }
    process.kill(Number.parseInt(newest, 10), 'SIGKILL');
    await second!.close();
    await first!.page.goto('about:blank');
    this.#open.push(first!);
  }

  async picture(name: string): Promise<void> {
    for (const [at, window] of this.#open.entries()) {
      await window.screenshot(join(shots, 'matrix', `${name}, window ${at + 1}.png`));
    }
  }

  async end(): Promise<void> {
    for (const window of this.#open) await window.close();
    this.#repository.remove();
  }

  /** Makes the commit of a case, and checks all that is said of it. */
  async commit(each: MatrixCase): Promise<void> {
    const at = this.#places.findIndex(({ layout }) => layout === each.layout);
    const place = this.#places[at]!;
    const number = ++this.#count;
    await this.#prepare(each, place);
    const acting = isAttended(each) ? this.#open[number % this.#open.length]! : undefined;
    const way = this.#way(each, place, acting, at);
    const git = (...args: readonly string[]) => this.#repository.git('-C', place.folder, ...args);
    const message = `feat: number ${number}`;
    const [before, marks] = [git('rev-parse', 'HEAD'), place.marks()];
    const parent = each.way === 'amend' ? git('rev-parse', 'HEAD^') : before;
    const asks = each.mode === 'ask' && acting !== undefined;
    const stops = asks || each.mode === 'block';

    const attempt = await way.begin(message);
    const { box } = way instanceof FromView ? way : {};
    if (asks) await this.#answer(acting, each.way, 'Cancel');
    if (box && stops) await this.#dismissRefusal(acting!, each);
    const said = await attempt.said;
    if (said !== undefined) assert.match(said, speech[asks ? 'cancelled' : each.mode]);

    let trailer: string | undefined;
    if (stops) {
      assert.equal(git('rev-parse', 'HEAD'), before, 'nothing is committed');
      assert.equal(await way.kept(), message, 'the message is kept');
      if (box) assert.ok((await box.squiggles()).warning > 0, 'the box warns');
      const anyway = each.mode === 'block' || number % 2 === 0;
      trailer = anyway ? `Andon-Override: ${reason}` : 'Fixes-Build: aaaaaaaaaaaa';
      const again = await way.again(asks ? undefined : trailer);
      if (asks) await this.#answer(acting, each.way, anyway ? 'Commit Anyway …' : 'It Is the Fix');
      const saidThen = await again.said;
      if (saidThen !== undefined)
        assert.match(saidThen, asks ? /^andon: asking in VS Code …$/ : /^$/);
    }

    await until(() => git('rev-parse', 'HEAD') !== before, `the commit "${message}"`);
    assert.equal(git('rev-parse', 'HEAD^'), parent);
    const expected = trailer ? `${message}\n\n${trailer}` : message;
    assert.equal(git('log', '-1', '--format=%B').trim(), expected);
    if (marks !== undefined) assert.ok(place.marks()! > marks, 'the hook that was there ran');
    await until(() => !this.#isBusy(place), 'git at rest');
    assertAtRest(this.#repository, place);
    for (const window of isAttended(each) ? this.#open : []) {
      assert.equal(await window.dialog(), undefined, 'nothing else is asked');
    }
    if (box) await acting!.until(async () => (await box.message()) === '', 'an empty box', limit);
    this.#failed = false;
  }

  /** Whether something holds git's lock; windows look at what was committed for a moment. */
  #isBusy({ gitDir }: Place): boolean {
    return readdirSync(gitDir).includes('index.lock');
  }

  #way(each: MatrixCase, place: Place, acting: Workbench | undefined, at: number): Way {
    if (!acting || each.way === 'outside') {
      return new FromOutside(this.#repository, place, each.way);
    }
    if (each.way === 'inside') return new FromInside(acting, place);
    return new FromView(acting, this.#repository, place, each.way, at);
  }

  async #prepare({ mode, windows }: MatrixCase, place: Place): Promise<void> {
    if (this.#failed) await this.#recover(place, isAttended({ windows }));
    this.#failed = true;
    this.#write(place, policyPath, serialisePolicy({ mode, branches: 'line', fixWords: [] }));
    this.#write(place, statusPath, redText());
    if (windows === 'crashed') {
      const records = this.#count % 2 === 0 ? this.#dead : this.#asleep;
      rmSync(join(place.commonDir, windowsPath), { recursive: true, force: true });
      const [name = '', ...lines] = records.get(place.commonDir)!.split('\n');
      this.#write(place, join(windowsPath, name), lines.join('\n'));
    }
    writeFileSync(join(place.folder, 'readme'), `${this.#count}\n`);
  }

  /** After a failure: nothing of it is to be in the way of the next case. */
  async #recover(place: Place, attended: boolean): Promise<void> {
    for (const window of attended ? this.#open : []) {
      for (let i = 0; i < 3 && (await window.dialog()); i++) await window.click('Cancel');
      for (let i = 0; i < 2; i++) await window.page.keyboard.press('Escape');
    }
    this.#repository.run('git', ['reset', '-q', '--hard'], { cwd: place.folder });
  }

  /** Waits for the question in the right window, and answers it. */
  async #answer(acting: Workbench, way: MatrixCase['way'], button: string): Promise<void> {
    let asked: Workbench | undefined;
    await until(async () => {
      for (const window of this.#open) if (await window.dialog()) asked = window;
      return asked !== undefined;
    }, 'the question');
    // From outside any window will do: the one looked at last.
    if (way !== 'outside') assert.equal(asked, acting, 'the window it came from asks');
    for (const other of this.#open) {
      if (other !== asked) assert.equal(await other.dialog(), undefined, 'only one asks');
    }
    assert.match(
      (await asked!.dialog())!.message!,
      /^The build of main has been red for 12 min\.$/,
    );
    await asked!.click(button);
    if (button !== 'Commit Anyway …') return;
    await asked!.until(() => asked!.quickPick(), 'the question for the reason');
    await asked!.fill(reason);
  }

  /** What VS Code shows of a hook that stopped the commit. */
  async #dismissRefusal(window: Workbench, { layout, mode }: MatrixCase): Promise<void> {
    const refusal = await window.until(
      async () => {
        const now = await window.dialog();
        return now?.severity === 'error' ? now : undefined;
      },
      'the refusal',
      limit,
    );
    assert.match(refusal.message!, firstLines[layout] ?? /^Git: andon: not committed/);
    await window.click('Cancel');
    if (layout !== 'lefthook' || mode !== 'block') return;
    const explained = async () =>
      (await window.notifications()).some(({ message }) =>
        /^Not committed: The build/.test(message!),
      );
    await window.until(explained, 'what lefthook hides', limit);
    await window.runCommand('Notifications: Clear All Notifications');
  }

  #write({ commonDir }: Place, name: string, text: string): void {
    const file = join(commonDir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** What stands in a terminal after the first attempt. */
const speech = {
  off: /^$/,
  warn: /^andon: the build of main has been red for 12 min .*\nandon: committed all the same/,
  ask: /^andon: the build of main has been red for 12 min .*\nandon: committed all the same/,
  block:
    /^andon: not committed: the build of main has been red for 12 min .*\nandon: the message is/,
  cancelled: /^andon: asking in VS Code …\nandon: not committed, as chosen: /,
} as const;

/** What VS Code shows of a refusal where a manager speaks before the guard: its first line. */
const firstLines: Partial<Readonly<Record<Layout, RegExp>>> = {
  lefthook: /^Git: .*╭/,
  // On a machine without the locale that VS Code sets, bash says so before it runs anything.
  'pre-commit': /^Git: (andon: not committed|bash: warning: setlocale)/,
};

const redText = () => serialiseStatus(redNow(seconds()));

const recordPath = ({ commonDir }: Place, name = '') => join(commonDir, windowsPath, name);

function recordsIn(place: Place): string[] {
  try {
    return readdirSync(recordPath(place));
  } catch {
    return [];
  }
}

async function until(read: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + limit; !(await read()); ) {
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A line for each mode and way, a column for each layout, once for each state of the windows. */
function tableOf(outcome: ReadonlyMap<string, string>): string {
  const { windows: states, mode: modes, way: ways, layout: layouts } = dimensions;
  const lines: string[] = [];
  for (const windows of states) {
    lines.push(
      '',
      `windows: ${windows}`.padEnd(16) + layouts.map((each) => each.padStart(14)).join(''),
    );
    for (const mode of modes) {
      for (const way of ways) {
        const cells = layouts.map((layout: Layout) => {
          const each = { mode, way, windows, layout };
          const cannotBe = !allCases([layout]).some((one) => nameOf(one) === nameOf(each));
          return (outcome.get(nameOf(each)) ?? (cannotBe ? '-' : '.')).padStart(14);
        });
        lines.push(`${mode.padEnd(6)} ${way.padEnd(9)}${cells.join('')}`);
      }
    }
  }
  const all = [...outcome.values()];
  const count = (sign: string) => all.filter((each) => each === sign).length;
  lines.push(
    '',
    `${all.length} commits of ${allCases().length} that can be: ${count('+')} as specified (+), ${count('r')} at the second try (r), ${count('F')} failed (F); cannot be (-), not run here (.)`,
  );
  return `${lines.join('\n').trimStart()}\n`;
}
