import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { ensureServer, ensureVSCode } from './install';
import { serveWeb, type WebOptions } from './web-server';

/** What to start VS Code on, and how. */
export interface ServerOptions {
  /** The folder, or the `.code-workspace` file, to open. */
  readonly folder: string;
  /** A packaged extension, installed as a user's would be. */
  readonly vsix?: string;
  /** The folder of an extension, run as if it were installed. */
  readonly extensionPath?: string;
  /** User settings, over quiet defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * Settings of the machine VS Code's server runs on, the only place where those of scope "machine", such as
   * `git.path`, are heeded once the extension that declares them is known.
   */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host, git and terminals; of ours they see PATH and SHELL. */
  readonly env?: Readonly<Record<string, string>>;
  /** Workspace trust: switched off (default), asked for at the start, or withheld. */
  readonly trust?: 'off' | 'ask' | 'restricted';
  /** A port of 127.0.0.1; any free one if left out. */
  readonly port?: number;
  /** A CommonJS file whose `run()` is called in the extension host, to test `extensionPath`. */
  readonly testsPath?: string;
}

/** How a window looks. */
export interface WindowOptions {
  /** `vscode.env.language`: translates the extension; VS Code's own texts stay English. */
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** What to start VS Code on, and how its window looks. */
export interface WorkbenchOptions extends ServerOptions, WindowOptions {}

/** A VS Code that waits for a browser. */
export interface ServedWorkbench {
  /** Where to look at it. It holds a secret: who knows it can act as the user who started it. */
  readonly address: string;
  /** Holds all that VS Code keeps; is removed when it ends. */
  readonly dir: string;
  /** Done when VS Code has ended. */
  readonly ended: Promise<void>;
  /** Ends VS Code. Happens by itself when this process ends, in whatever way. */
  close(): Promise<void>;
}

/** The outcome of a suite that ran inside the extension host. */
export interface HostRun {
  /** 0: passed, 124: took too long, else failed. */
  readonly code: number;
  /** What the console got from the suite; if it never began, all that VS Code has written. */
  readonly log: string;
  readonly ms: number;
}

const MINUTE = 60_000;

// --- the server ----------------------------------------------------------------------------------

/** Keeps a fresh profile silent, and sets as on the desktop what the web has otherwise. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.autofetch': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};
const SETTINGS_FILE = join('profile', 'data', 'User', 'settings.json');
const MACHINE_SETTINGS_FILE = join('profile', 'data', 'Machine', 'settings.json');

const GIT_CONFIG = '[user]\nname = Test\nemail = test@example.com\n[safe]\ndirectory = *\n';

/**
 * Outlives us just long enough to clean up. Its stdin is a pipe that closes when we close it or die,
 * even by SIGKILL. Arguments: the folder to remove, an extension to install or '', the server.
 */
const KEEPER = `
dir=$1 vsix=$2; shift 2
trap '' PIPE
exec 3<&0
{
  [ -z "$vsix" ] || "$@" --install-extension "$vsix" || exit
  exec "$@"
} 3<&- & server=$!
{ read -r _ <&3; kill $server; sleep 5; kill -KILL 0; } &
wait $server
trap '' TERM; kill 0
browser=$(readlink "$dir/browser/SingletonLock") && kill -KILL "-\${browser##*-}"
for _ in 1 2 3 4 5 6 7 8 9; do rm -rf "$dir" && break; sleep 0.4; done
kill -KILL 0`;

/** Is written to the console when a suite begins, after all that VS Code has to say of itself. */
const SUITE = 'andon: suite';

/** Starts VS Code without a browser: whoever opens the address gets a window on the folder. */
export async function serveWorkbench(options: ServerOptions): Promise<ServedWorkbench> {
  const { folder, vsix, extensionPath, testsPath, trust = 'off' } = options;
  const { node, server } = await ensureServer();
  const manifest =
    extensionPath && JSON.parse(readFileSync(join(extensionPath, 'package.json'), 'utf8'));

  const dir = mkdtempSync(join(tmpdir(), 'andon-'));
  const [home, tmp, extensions] = [join(dir, 'home'), join(dir, 'tmp'), join(dir, 'extensions')];
  const [profile, tokenFile] = [join(dir, 'profile'), join(dir, 'token')];
  for (const each of [home, tmp, extensions]) mkdirSync(each);
  mkdirSync(dirname(join(dir, SETTINGS_FILE)), { recursive: true });
  const startupPrompt = trust === 'ask' ? 'always' : 'never';
  const settings = { ...SETTINGS, 'security.workspace.trust.startupPrompt': startupPrompt };
  writeFileSync(join(dir, SETTINGS_FILE), JSON.stringify({ ...settings, ...options.settings }));
  mkdirSync(dirname(join(dir, MACHINE_SETTINGS_FILE)), { recursive: true });
  writeFileSync(join(dir, MACHINE_SETTINGS_FILE), JSON.stringify(options.machineSettings ?? {}));
  writeFileSync(join(home, '.gitconfig'), GIT_CONFIG);
  const token = randomBytes(16).toString('hex');
  writeFileSync(tokenFile, token);
  if (extensionPath && !testsPath) {
    const name = `${manifest.publisher}.${manifest.name}-${manifest.version}`;
    symlinkSync(resolve(extensionPath), join(extensions, name));
  }

  const command = [node, server, '--accept-server-license-terms', '--telemetry-level', 'off'];
  command.push('--host', '127.0.0.1', '--port', `${options.port ?? 0}`);
  command.push('--server-data-dir', profile, '--extensions-dir', extensions);
  command.push('--connection-token-file', tokenFile);
  if (trust === 'off') command.push('--disable-workspace-trust');
  // Without it a suite that the page names is ignored; with it notifications are never shown.
  if (testsPath) command.push('--enable-smoke-test-driver');
  // What is let in is a short list, so that no token, editor or git variable of ours gets in.
  // VS Code leaves its sockets in TMPDIR. An empty gallery: no marketplace is asked anything.
  const { PATH, SHELL = '/bin/sh' } = process.env;
  const own = { HOME: home, TMPDIR: tmp, EXTENSIONS_GALLERY: '{}' };
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', dir, vsix ? resolve(vsix) : '', ...command], {
    detached: true,
    env: { PATH, LANG: 'C.UTF-8', SHELL, ...own, ...options.env },
  });
  const ended = new Promise<void>((done) => keeper.once('close', () => done()));
  const close = () => {
    keeper.stdin.end();
    return ended;
  };

  let log = '';
  for (const stream of [keeper.stdout, keeper.stderr]) stream.on('data', (chunk) => (log += chunk));
  let port: string | undefined;
  for (const limit = Date.now() + 2 * MINUTE; !port; await pause(50)) {
    port = /agent listening on (\d+)/.exec(log)?.[1];
    if (!port && (Date.now() > limit || keeper.signalCode)) {
      await close();
      throw new Error(`VS Code did not start:\n${log}`);
    }
  }
  const query = new URLSearchParams({ tkn: token });
  query.set(isWorkspace(folder) ? 'workspace' : 'folder', resolve(folder));
  if (extensionPath && testsPath) {
    const uri = (path: string) => `vscode-remote://127.0.0.1:${port}${resolve(path)}`;
    const suite = `require(${JSON.stringify(resolve(testsPath))})`;
    const begin = `exports.run = () => { console.log('${SUITE}'); return ${suite}.run(); };`;
    writeFileSync(join(dir, 'suite.js'), begin);
    const extension = ['extensionDevelopmentPath', uri(extensionPath)];
    const tests = ['extensionTestsPath', uri(join(dir, 'suite.js'))];
    query.set('payload', JSON.stringify([extension, tests]));
  }
  return { address: `http://127.0.0.1:${port}/?${query}`, dir, ended, close };
}

function isWorkspace(path: string): boolean {
  return path.endsWith('.code-workspace');
}

// --- the browser ---------------------------------------------------------------------------------

// What is used of playwright-core, which lies in the cache, where the compiler does not look.

interface Locator {
  locator(selector: string): Locator;
  nth(index: number): Locator;
  click(options?: { timeout?: number }): Promise<void>;
  contentFrame(): Pick<Page, 'locator'>;
  count(): Promise<number>;
  evaluateAll<R, A>(read: (elements: any[], argument: A) => R, argument: A): Promise<R>;
  fill(text: string): Promise<void>;
  filter(by: { visible: boolean }): Locator;
  first(): Locator;
  focus(): Promise<void>;
  hover(): Promise<void>;
  waitFor(options?: { state?: 'visible' | 'hidden'; timeout?: number }): Promise<void>;
}

interface Page {
  readonly keyboard: Record<'insertText' | 'press' | 'type', (text: string) => Promise<void>>;
  readonly mouse: Record<'move' | 'wheel', (x: number, y: number) => Promise<void>>;
  exposeFunction(name: string, listener: (...args: any[]) => void): Promise<void>;
  goto(address: string): Promise<unknown>;
  locator(selector: string): Locator;
  screenshot(options: { path: string; animations: 'disabled' }): Promise<unknown>;
  setDefaultTimeout(ms: number): void;
}

interface Browser {
  addInitScript(script: { content: string }): Promise<void>;
  close(): Promise<void>;
  pages(): [Page];
}

/** For a test, typed text is to arrive as typed, and a list to stay though the focus moves. */
const STEADY = {
  'editor.acceptSuggestionOnEnter': 'off',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'workbench.quickOpen.closeOnFocusLost': false,
};

/** Starts VS Code and a headless browser with a window of it. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const settings = { ...STEADY, ...options.settings };
  const serve = () => serveWorkbench({ ...options, settings });
  return openPage(serve, options, async (page, dir, close) => {
    await page.goto('');
    await page.locator(STATUS_ITEM).first().waitFor({ timeout: MINUTE });
    const path = resolve(options.folder);
    const folder = isWorkspace(path) ? dirname(path) : path;
    return new Workbench(page, folder, join(dir, SETTINGS_FILE), close);
  });
}

/**
 * Starts VS Code for the web, where the browser runs everything, and a window of it. The folder's files are in memory,
 * their paths start at `/`; there is no settings file.
 */
export async function startWeb(options: WebOptions & WindowOptions): Promise<Workbench> {
  const settings = { ...SETTINGS, ...STEADY, ...options.settings };
  return openPage(
    () => serveWeb({ ...options, settings }),
    options,
    async (page, _dir, close) => {
      await page.goto('');
      await page.locator(STATUS_ITEM).first().waitFor({ timeout: MINUTE });
      return new Workbench(page, '/', '', close);
    },
  );
}

/** Calls `run()` of the CommonJS file `testsPath` in the extension host; cut off after `timeout`. */
export async function runInHost(
  options: ServerOptions & { readonly extensionPath: string; readonly testsPath: string },
  timeout = 2 * MINUTE,
): Promise<HostRun> {
  const start = Date.now();
  const log: string[] = [];
  return openPage(
    () => serveWorkbench(options),
    {},
    async (page, _dir, close) => {
      let finish = (_code: number) => {};
      const finished = new Promise<number>((done) => {
        finish = done;
      });
      // VS Code's names for the hooks of its own test driver.
      await page.exposeFunction('codeAutomationLog', (_level, words: readonly unknown[]) => {
        if (words[0] === SUITE) log.length = 0;
        else
          log.push(
            words.map((word) => (typeof word === 'string' ? word : inspect(word))).join(' '),
          );
      });
      await page.exposeFunction('codeAutomationExit', finish);
      await page.goto('');
      const timer = setTimeout(finish, timeout, 124);
      const code = await finished;
      clearTimeout(timer);
      await close();
      return { code, log: log.join('\n'), ms: Date.now() - start };
    },
  );
}

/** Hands over a blank page on which `goto('')` opens VS Code; `close` ends both. */
async function openPage<T>(
  serve: () => Promise<Pick<ServedWorkbench, 'address' | 'dir' | 'close'>>,
  options: WindowOptions,
  use: (page: Page, dir: string, close: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { playwright, chromium } = await ensureVSCode();
  const server = await serve();
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.close();
  };
  try {
    browser = (await require(playwright).chromium.launchPersistentContext(
      join(server.dir, 'browser'),
      {
        // Nothing leaves this machine. When we die, Chromium sees its pipe close and ends by itself.
        args: ['--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1', '--disable-gpu'],
        artifactsDir: join(server.dir, 'tmp'),
        baseURL: server.address,
        env: { ...process.env, TMPDIR: join(server.dir, 'tmp') },
        executablePath: chromium,
        handleSIGHUP: false,
        handleSIGINT: false,
        handleSIGTERM: false,
        locale: options.locale ?? 'en-US',
        viewport: options.viewport ?? { width: 1280, height: 800 },
      },
    )) as Browser;
    // tsx wraps functions in a call that the page does not know, also those sent there. The language
    // is what the messages file of a language pack would set.
    const language = JSON.stringify(options.locale);
    const content = `__name = (f) => f; _VSCODE_NLS_LANGUAGE = ${language};`;
    await browser.addInitScript({ content });
    const [page] = browser.pages();
    page.setDefaultTimeout(20_000);
    return await use(page, server.dir, close);
  } catch (error) {
    await close();
    throw error;
  }
}

// --- the driver ----------------------------------------------------------------------------------

const QUICK_INPUT = '.quick-input-widget:visible';
const QUICK_ROW = `${QUICK_INPUT} .monaco-list-row`;
const EDITOR = '.editor-group-container.active .editor-instance .monaco-editor';
const STATUS_ITEM = '.part.statusbar .statusbar-item';
const BUTTON = '.monaco-button:not(.monaco-dropdown-button):visible';
const DIALOG = '.monaco-dialog-box';
const TOAST = ':is(.notifications-toasts, .notifications-center) .notification-list-item';

/** Selects the element whose whole text this is. */
export const reads = (text: string) => `:text-is(${JSON.stringify(text)})`;

/** Whether it comes in sight within two seconds. */
const shows = (locator: Locator) =>
  locator.waitFor({ timeout: 2000 }).then(
    () => true,
    () => false,
  );

/** The severity in the class of an icon such as `codicon-dialog-warning`. */
const severity = (icon = '') => /codicon-(?:dialog-)?(error|warning|info)/.exec(icon)?.[1];

/**
 * A VS Code window. What reads returns plain data as it is on screen; what acts waits until its
 * effect shows. Lines and columns count from 1.
 */
export class Workbench {
  constructor(
    /** The page, for what has no method here. */
    readonly page: Page,
    /** The open folder, or that of the workspace file; paths start there. */
    readonly folder: string,
    readonly settingsFile: string,
    /** Ends VS Code and the browser and removes what they left. */
    readonly close: () => Promise<void>,
  ) {}

  /** Waits until `read` gives something truthy (a list: not empty) and returns that. */
  async until<T>(read: () => T | Promise<T>, what = 'it', timeout = 15_000) {
    for (const end = Date.now() + timeout; ; await pause(100)) {
      const value = await read();
      if (Array.isArray(value) ? value.length : value) return value as NonNullable<T>;
      if (Date.now() > end) {
        const last = value ? ` Last read: ${JSON.stringify(value)}.` : '';
        const screen = await this.#onScreen();
        throw new Error(`${what} did not come in ${timeout} ms.${last} On screen: ${screen}`);
      }
    }
  }

  /** What somebody would see, in short, for the message of a wait in vain. Never throws, and takes ten seconds at most. */
  async #onScreen(): Promise<string> {
    const seen: Record<string, readonly string[]> = {};
    const read = async () => {
      const label = '.statusbar-item-label@aria-label';
      const items = await this.#read(STATUS_ITEM, { text: '', label });
      seen.status = items.map(({ text = '', label: said = '' }) => `${text} (${said})`);
      seen.messages = await this.#texts(`${DIALOG}, ${TOAST}`);
      seen.picker = await this.#texts(QUICK_INPUT);
      seen.tabs = await this.#texts('.tab');
      seen.side = await this.#texts('.part.sidebar');
    };
    await Promise.race([read(), pause(10_000)]).catch(() => {});
    return JSON.stringify(seen);
  }

  /** Reads until the same comes twice: lists fill, hovers load and pickers change bit by bit. */
  async #settled<T>(read: () => Promise<T>): Promise<T> {
    let last = await read();
    await this.until(async () => {
      await pause(100);
      const before = JSON.stringify(last);
      last = await read();
      return JSON.stringify(last) === before;
    }, 'a page at rest');
    return last;
  }

  #first(selector: string): Locator {
    return this.page.locator(selector).first();
  }

  /**
   * From each visible element: the texts and attributes that the shape names, each as `css` (its
   * text), `css@attribute` or `@attribute`; what is not there is left out.
   */
  #read<K extends string>(elements: string | Locator, shape: Readonly<Record<K, string>>) {
    const fields = Object.entries<string>(shape).map(([name, path]) => [name, ...path.split('@')]);
    const all = typeof elements === 'string' ? this.page.locator(elements) : elements;
    return all.filter({ visible: true }).evaluateAll(
      (found, wanted) =>
        found.map((element) => {
          const texts: Record<string, string> = {};
          for (const [name = '', css, attribute] of wanted) {
            const at = css ? element.querySelector(css) : element;
            // innerText, not textContent: text as seen, with line breaks.
            const text: string = (attribute ? at?.getAttribute(attribute) : at?.innerText) ?? '';
            // Without the signs of VS Code's icon font, which are in Unicode's private area.
            const plain = text
              .replace(/[\uE000-\uF8FF]/g, '')
              .replaceAll('\u00A0', ' ')
              .trim();
            if (plain) texts[name] = plain;
          }
          return texts;
        }),
      fields,
    ) as Promise<Partial<Record<K, string>>[]>;
  }

  /** The texts that elements have of themselves or in a part of them. */
  async #texts(elements: string | Locator, part = ''): Promise<string[]> {
    return (await this.#read(elements, { text: part })).flatMap(({ text }) => text ?? []);
  }

  /** The texts in sight of what a selector finds. */
  async textsOf(selector: string): Promise<readonly string[]> {
    return this.#settled(() => this.#texts(selector));
  }

  async screenshot(path: string): Promise<void> {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    await this.page.screenshot({ path, animations: 'disabled' });
  }

  // --- editor

  /** Opens a file of the folder. */
  async openFile(path: string, line?: number): Promise<void> {
    const full = resolve(this.folder, path);
    const row = this.#first(`${QUICK_ROW}:has(${reads(basename(full))})`);
    // In a browser without a server the root is what VS Code takes for home.
    const label = (path: string) => `.tab.active .tab-label[aria-label^="${path}"]`;
    const tab = this.#first(`${label(full)}, ${label(`~${full}`)}`);
    await this.until(
      async () => {
        await this.#quickOpen(full);
        await row.waitFor();
        // At first there are the files opened before, and one may have the same name.
        await this.quickPick();
        await row.click();
        return shows(tab);
        // On a busy machine one try alone takes longer than other waits do.
      },
      full,
      60_000,
    );
    await this.#first(`${EDITOR} .view-line`).waitFor();
    if (line) await this.goTo(line, 1);
  }

  /** Puts the cursor somewhere in the active editor. */
  async goTo(line: number, column: number): Promise<void> {
    const place = `Ln ${line}, Col ${column}`;
    await this.until(async () => {
      await this.#quickOpen(`:${line}:${column}`);
      await this.#first(QUICK_ROW).waitFor();
      await this.page.keyboard.press('Enter');
      // The row may still be that of what was asked before, and then Enter does something else.
      const end = Date.now() + 2000;
      while (!(await this.statusItem(place)) && Date.now() < end) await pause(100);
      return this.statusItem(place);
    }, `the cursor at ${place}`);
  }

  /** Types at the cursor, key by key. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Saves the active editor. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.#first('.tab.active:not(.dirty)').waitFor();
  }

  /** How many squiggles of each severity the active editor shows. */
  async squiggles() {
    const counts = { error: 0, warning: 0, info: 0, hint: 0 };
    for (const kind of Object.keys(counts) as (keyof typeof counts)[]) {
      counts[kind] = await this.page.locator(`${EDITOR} .squiggly-${kind}`).count();
    }
    return counts;
  }

  /** The text of the hover at a place. */
  async hover(line: number, column: number): Promise<string> {
    await this.goTo(line, column);
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+I');
    const hover = '.monaco-resizable-hover .monaco-hover-content';
    return (await this.until(() => this.#settled(() => this.#texts(hover)), 'a hover')).join('\n');
  }

  /** The titles in the light bulb's menu at a place; applies the one called `title`, if given. */
  async quickFix(line: number, column: number, title?: string): Promise<readonly string[]> {
    await this.goTo(line, column);
    const action = '.action-widget .monaco-list-row.action';
    await this.until(async () => {
      await this.page.keyboard.press('Control+Period');
      // The second says that there is nothing to fix, for a moment.
      return shows(this.#first(`${action}, .monaco-editor-overlaymessage .message`));
    }, 'the light bulb');
    const titles = await this.#settled(() => this.#texts(action, '.title'));
    if (title) await this.#first(`${action}:has(${reads(title)})`).click();
    else await this.page.keyboard.press('Escape');
    await this.#first(action).waitFor({ state: 'hidden' });
    return titles;
  }

  // --- commands and quick input

  async #quickOpen(text: string): Promise<void> {
    const input = this.#first(`${QUICK_INPUT} input.input`);
    // In an open one the keys would mean something else.
    if (await input.count()) await this.page.keyboard.press('Escape');
    // A webview that is just loading swallows keys.
    await this.until(async () => {
      await this.page.keyboard.press(text.startsWith('>') ? 'F1' : 'Control+P');
      return shows(input);
    }, 'the quick input');
    await input.fill(text);
  }

  /** Runs a command by its whole title in the palette, such as `Git: Commit`. */
  async runCommand(title: string): Promise<void> {
    await this.#quickOpen(`>${title}`);
    try {
      await this.choose(title);
    } catch (cause) {
      const offered = (await this.quickPick())?.items.slice(0, 9).join(', ');
      await this.page.keyboard.press('Escape');
      throw new Error(`no command '${title}' in the palette, but ${offered}`, { cause });
    }
  }

  /** The titles of the commands that the palette finds for a text. */
  async commands(filter: string): Promise<readonly string[]> {
    await this.#quickOpen(`>${filter}`);
    const palette = await this.quickPick();
    await this.page.keyboard.press('Escape');
    return palette?.items ?? [];
  }

  /** The quick pick or input box, if one is open. */
  async quickPick() {
    const input = 'input.input';
    const message = '.quick-input-message';
    const shape = { title: '.quick-input-title', placeholder: `${input}@placeholder`, message };
    return this.#settled(async () => {
      const [widget] = await this.#read(QUICK_INPUT, shape);
      const items = await this.#texts(QUICK_ROW, '.label-name');
      return widget && { ...widget, items };
    });
  }

  /** Picks the item with this label in the open quick pick. */
  async choose(label: string): Promise<void> {
    await this.#first(`${QUICK_ROW}:has(${reads(label)})`).click({ timeout: 5000 });
  }

  /** Answers the open input box. */
  async fill(text: string): Promise<void> {
    await this.#first(`${QUICK_INPUT} input.input`).fill(text);
    await this.page.keyboard.press('Enter');
  }

  // --- panel, status bar, side bar

  /** The Problems panel, in its order; of each message the first line. */
  async problems() {
    await this.runCommand('Problems: Focus on Problems View');
    const panel = '.markers-panel-container';
    const shape = {
      index: '@data-index',
      path: '.resource-label-container .monaco-icon-label@aria-label',
      icon: '.marker-icon > *@class',
      message: '.marker-message',
      source: '.marker-source',
      code: '.marker-code',
      place: '.marker-line',
    };
    const read = () => this.#read(`${panel} .monaco-list-row`, shape);
    const rows: Awaited<ReturnType<typeof read>> = [];
    // The list draws only what is in sight.
    await this.#first(`${panel}:focus-within`).hover();
    await this.page.keyboard.press('Home');
    for (let known = -1; known < rows.length; await this.page.mouse.wheel(0, 400)) {
      known = rows.length;
      for (const row of await this.#settled(read)) rows[Number(row.index)] = row;
    }
    await this.page.keyboard.press('Home');
    await this.page.mouse.move(0, 0);
    let file = '';
    return rows.flatMap(({ path, icon, place, ...texts }) => {
      if (path) file = relative(this.folder, path);
      const [line = 0, column = 0] = (place?.match(/\d+/g) ?? []).map(Number);
      const { message, source, code } = texts;
      // A row without an icon is that of a file or of a related place.
      return icon ? [{ file, line, column, severity: severity(icon), message, source, code }] : [];
    });
  }

  /** The items of the status bar, from left to right; `label` is what a screen reader says. */
  async statusBar() {
    const label = '.statusbar-item-label@aria-label';
    const items = await this.#read(STATUS_ITEM, { id: '@id', text: '', label, look: '@class' });
    return items.map(({ look = '', ...item }) => {
      return { ...item, kind: /(error|warning)-kind/.exec(look)?.[1] };
    });
  }

  /** The status bar item that has this in its text, label or id, if there is one. */
  async statusItem(part: string) {
    const items = await this.statusBar();
    return items.find(({ text, label, id }) => `${text}\n${label}\n${id}`.includes(part));
  }

  /** Clicks a status bar item. */
  async clickStatus(part: string): Promise<void> {
    const { id } = await this.until(() => this.statusItem(part), `status bar item '${part}'`);
    await this.#first(`${STATUS_ITEM}[id="${id}"] .statusbar-item-label`).click();
  }

  /** Opens the pop-up of the language status and reads its items; it stays until Escape. */
  async languageStatus() {
    await this.clickStatus('status.languageStatus');
    const item = '.hover-language-status .element';
    await this.#first(item).waitFor();
    return this.#read(item, { text: '.left', command: '.right a' });
  }

  /** Opens a container of the activity bar; returns its badge. */
  async openContainer(name: string): Promise<string | undefined> {
    const item = `.activitybar .action-item:has([aria-label^="${name}"])`;
    const shape = { open: '@aria-expanded', badge: '.badge-content' };
    const [state] = await this.until(() => this.#read(item, shape), `the container '${name}'`);
    // A click on the open one would close it.
    if (state?.open !== 'true') await this.#first(item).click();
    await this.#first(`.part.sidebar .composite.title:has-text("${name}")`).waitFor();
    return state?.badge;
  }

  /** The rows of a tree view that are in sight, by the view's title. */
  async tree(viewTitle: string) {
    const texts = { label: '.label-name', description: '.label-description' };
    const shape = { ...texts, level: '@aria-level', expanded: '@aria-expanded' };
    return this.#settled(() => this.#read(treeRow(viewTitle), shape));
  }

  /** Clicks a row of a tree view. */
  async clickTree(viewTitle: string, label: string): Promise<void> {
    await this.#first(`${treeRow(viewTitle)}:has(${reads(label)})`).click();
  }

  /** The text of the webview that is in sight. */
  async webviewText(): Promise<string> {
    // VS Code wraps what an extension wrote in two frames of its own.
    const outer = this.#first('iframe.webview:visible').contentFrame();
    const body = outer.locator('iframe').first().contentFrame().locator('body');
    return (await this.until(() => this.#settled(() => this.#texts(body)), 'a webview')).join();
  }

  // --- messages

  /** The modal dialog, if one is open. */
  async dialog() {
    const texts = { first: '.dialog-message-text', second: '.dialog-message-detail' };
    const [dialog] = await this.#read(DIALOG, { icon: '.dialog-icon@class', ...texts });
    if (!dialog) return undefined;
    // A dialog with one text has it where others have the detail.
    const { icon, first, second } = dialog;
    const [message, detail] = first ? [first, second] : [second];
    const buttons = await this.#texts(`${DIALOG} ${BUTTON}`);
    return { severity: severity(icon), message, detail, buttons };
  }

  /** The notifications in sight, the newest first. */
  async notifications() {
    const part = (name: string) => `.notification-list-item-${name}`;
    const texts = { message: part('message'), buttons: part('buttons-container') };
    const toasts = await this.#read(TOAST, { icon: `${part('icon')}@class`, ...texts });
    return toasts.map(({ icon, message, buttons }) => {
      return { severity: severity(icon), message, buttons: buttons?.split(/\s*\n\s*/) ?? [] };
    });
  }

  /** Clicks a button of the dialog or of a notification. */
  async click(button: string): Promise<void> {
    await this.#first(`:is(${DIALOG}, ${TOAST}) ${BUTTON}${reads(button)}`).click();
  }

  // --- settings

  /** Changes user settings in VS Code's own editor: it would not notice a changed file. */
  async setSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const read = () => readFileSync(this.settingsFile, 'utf8');
    const text = JSON.stringify({ ...JSON.parse(read()), ...changes });
    await this.runCommand('Preferences: Open User Settings (JSON)');
    await this.#first('.tab.active:has-text("settings.json")').waitFor();
    await this.#first(`${EDITOR} .view-line`).click();
    for (const key of ['Control+A', 'Delete']) await this.page.keyboard.press(key);
    await this.page.keyboard.insertText(text);
    await this.save();
    await this.until(() => read() === text, 'the settings file');
    await this.runCommand('View: Close Editor');
  }
}

function treeRow(viewTitle: string): string {
  return `[role=tree][aria-label^="${viewTitle}"] .monaco-list-row`;
}
