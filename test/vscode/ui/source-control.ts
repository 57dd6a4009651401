import { setTimeout as pause } from 'node:timers/promises';
import { reads, type Workbench } from '../workbench';

const BOX = '.scm-view .scm-editor .monaco-editor';
const BUTTON = '.scm-view .button-container .monaco-button:not(.monaco-dropdown-button)';

/** The Source Control view of a window: its message boxes and buttons. With several repositories, `at` counts them. */
export class SourceControl {
  readonly #window: Workbench;
  readonly #at: number;

  constructor(window: Workbench, at = 0) {
    this.#window = window;
    this.#at = at;
  }

  get #box() {
    return this.#window.page.locator(BOX).nth(this.#at);
  }

  /** Brings the view in sight, if it is not. */
  async open(): Promise<void> {
    if ((await this.#box.filter({ visible: true }).count()) > 0) return;
    // A window that is just starting may be too busy for a command.
    const shown = () =>
      this.#window.runCommand('Source Control: Focus on Changes View').then(
        () => true,
        () => false,
      );
    await this.#window.until(shown, 'the view', 90_000);
    await this.#box.waitFor();
  }

  /** Writes a message into the box in the place of what is there, line by line. */
  async write(message: string): Promise<void> {
    const { keyboard } = this.#window.page;
    await this.open();
    await this.#box.click();
    await keyboard.press('Control+A');
    await keyboard.press('Delete');
    await keyboard.type(message);
    await this.holds(message);
  }

  /** Writes more at the end of the message. */
  async append(text: string): Promise<void> {
    const { keyboard } = this.#window.page;
    await this.#box.click();
    await keyboard.press('Control+End');
    await keyboard.type(text);
  }

  /** Waits until the box holds this text; where a line is broken to fit does not count. */
  async holds(message: string): Promise<void> {
    const bare = (text: string) => text.replace(/\s/g, '');
    await this.#window.until(
      async () => bare(await this.message()) === bare(message),
      `the message ${JSON.stringify(message)}`,
    );
  }

  /** What the box shows, line by line. */
  async message(): Promise<string> {
    const [text = ''] = await this.#box.locator('.view-lines').evaluateAll(
      (found) =>
        found.map((lines) =>
          [...lines.querySelectorAll('.view-line')]
            .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
            .map((line) => line.textContent)
            .join('\n')
            .replaceAll('\u00a0', ' ')
            .replace(/[\u200b\u200c]/g, ''),
        ) as string[],
      undefined,
    );
    return text;
  }

  /** How many squiggles of each kind the box shows. */
  async squiggles(): Promise<{ readonly warning: number; readonly info: number }> {
    const count = (kind: string) => this.#box.locator(`.squiggly-${kind}`).count();
    return { warning: await count('warning'), info: await count('info') };
  }

  /** The text of the hover over the message. */
  async hover(): Promise<string> {
    await this.#box.locator('.view-line span span').first().hover();
    const hover = '.monaco-resizable-hover .monaco-hover-content';
    return (await this.#window.until(() => this.#window.textsOf(hover), 'a hover')).join('\n');
  }

  /** Takes the pointer away. Escape would empty the box as well. */
  async hoverEnds(): Promise<void> {
    const { page } = this.#window;
    await page.mouse.move(700, 300);
    const hover = page.locator('.monaco-resizable-hover:visible .monaco-hover-content').first();
    await hover.waitFor({ state: 'hidden' });
  }

  /** The titles of the quick fixes of the message; applies the one called `title`, if given. */
  async quickFix(title?: string): Promise<readonly string[]> {
    const { page } = this.#window;
    const { keyboard } = page;
    await this.#box.click();
    await keyboard.press('Control+Home');
    const row = '.action-widget .monaco-list-row.action';
    await this.#window.until(async () => {
      await keyboard.press('Control+Period');
      return page
        .locator(row)
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => false,
        );
    }, 'the light bulb');
    const titles = await this.#window.textsOf(`${row} .title`);
    if (title)
      await page
        .locator(`${row}:has(${reads(title)})`)
        .first()
        .click();
    else await keyboard.press('Escape');
    return titles;
  }

  /** Presses the Commit button, or Ctrl+Enter in the box. Does not wait for git. */
  async commit(how: 'button' | 'key' = 'button'): Promise<void> {
    if (how === 'key') {
      await this.#box.click();
      await this.#window.page.keyboard.press('Control+Enter');
    } else {
      await this.canCommit();
      await this.#window.page.locator(BUTTON).nth(this.#at).click();
    }
  }

  /** Waits until VS Code knows that there is something to commit; before, the button is another one. */
  async canCommit(): Promise<void> {
    await this.#window.until(
      async () => (await this.#window.textsOf(BUTTON))[this.#at]?.includes('Commit'),
      'the Commit button',
    );
  }
}

/** Types a line into a terminal of the window; opens one if there is none. */
export async function terminal(window: Workbench, line: string): Promise<void> {
  const { page } = window;
  const shown = page.locator('.terminal-wrapper .xterm').first();
  if ((await shown.count()) === 0) {
    await window.runCommand('Terminal: Create New Terminal');
    await window.until(async () => {
      // With several folders open, in which one.
      const [first] = (await window.quickPick())?.items ?? [];
      if (first) await window.choose(first);
      return shown.filter({ visible: true }).count();
    }, 'a terminal');
    // The shell has to be there, or it swallows what is typed; nothing on the page tells.
    await pause(2000);
  }
  await shown.click();
  await page.keyboard.type(`${line}\n`);
}
