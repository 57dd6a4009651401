import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensurePackaged } from '../packaged';
import { startWorkbench, type Workbench, type WorkbenchOptions } from '../workbench';

const root = join(__dirname, '../../..');

/** How a window is opened, besides what the driver knows of. */
interface WindowOptions extends Omit<WorkbenchOptions, 'folder'> {
  /** What of the files to open in place of their folder: a `.code-workspace`. */
  readonly open?: string;
  /** In a browser's own extension host, without Node. */
  readonly web?: boolean;
}

/** A window on a folder with these files, with the packed extension installed as a user's would be. */
export async function windowOn(
  files: Readonly<Record<string, string>>,
  { open = '.', web, ...options }: WindowOptions = {},
  prepare: (folder: string) => void = () => {},
): Promise<Workbench> {
  const vsix = await ensurePackaged();
  const above = mkdtempSync(join(tmpdir(), 'andon-ui-'));
  const folder = join(above, 'shop');
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  prepare(folder);
  const what = web ? { extensionPath: webOnly(join(above, 'extension')) } : { vsix };
  const window = await startWorkbench({ folder: join(folder, open), ...what, ...options });
  const { close } = window;
  return Object.assign(window, {
    close: async () => {
      await close();
      rmSync(above, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

/** The extension without its entry for Node, so that VS Code has to run it in the browser. */
function webOnly(to: string): string {
  mkdirSync(to);
  const { main: _, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), JSON.stringify(manifest));
  for (const name of ['dist', 'l10n', 'media', 'schema', 'syntaxes', 'package.nls.json']) {
    cpSync(join(root, name), join(to, name), { recursive: true });
  }
  return to;
}

/** Keeps a picture of the window in shots/editor/, for people to look at. */
export const shoot = (window: Workbench, name: string): Promise<void> =>
  window.screenshot(join(root, 'shots/editor', `${name}.png`));

/** The hover at a place, once it holds what is expected: its parts come one after another. */
export function hoverWith(
  window: Workbench,
  [line, column]: readonly [number, number],
  expected: RegExp,
): Promise<string> {
  return window.until(async () => {
    const text = await window.hover(line, column);
    if (expected.test(text)) return text;
    await window.page.keyboard.press('Escape');
    return undefined;
  }, `${expected} in the hover`);
}

/** Opens the light bulb's menu at a place and leaves it open. */
export async function lightBulb(window: Workbench, line: number, column: number): Promise<void> {
  await window.goTo(line, column);
  const row = window.page.locator('.action-widget .monaco-list-row.action').first();
  await window.until(async () => {
    await window.page.keyboard.press('Control+Period');
    // Pressed again too soon, the key would close what is about to open.
    return row.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  }, 'the light bulb');
}

/** Whole lines of the active editor that are in sight. */
export async function lines(window: Workbench): Promise<readonly string[]> {
  const found = await window.page
    .locator('.editor-group-container.active .view-lines .view-line')
    .evaluateAll(
      (elements) =>
        elements
          .map((element) => ({
            top: Number.parseFloat(element.style.top),
            text: String(element.textContent).replaceAll('\u00A0', ' '),
          }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text),
      undefined,
    );
  return found as readonly string[];
}

/** The colours of the words of the active editor, as `word colour`, in the order of the text. */
export async function colours(window: Workbench): Promise<readonly string[]> {
  const found = await window.page
    .locator('.editor-group-container.active .view-lines .view-line > span > span')
    .evaluateAll(
      (elements) =>
        elements.map((element) => {
          const { color } = (
            globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }
          ).getComputedStyle(element);
          return `${String(element.textContent).replaceAll('\u00A0', ' ').trim()} ${color}`;
        }),
      undefined,
    );
  return found as readonly string[];
}

/** A repository with something to find in each kind of file. */
export const shop = {
  '.github/workflows/ci.yml': `name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - name: Fetch the tool
        run: |
          echo "fetching for $GITHUB_REF"
          curl -s "https://example.com/tool/\${{ github.sha }}" > tool
          if [ -x tool ]; then
            ./tool --version
          fi
      - run: npm test
        continue-on-error: true
`,
  Dockerfile: `FROM debian:12.5
# andon-allow shell/curl-no-fail: the mirror answers 200 always, until 9999-12-31
RUN apt-get update \\
    && apt-get install -y --no-install-recommends "curl" \\
    && curl https://example.com/tool > /usr/local/bin/tool
RUN curl https://example.com/other > /usr/local/bin/other
`,
  'scripts/fetch.sh': `#!/bin/sh
set -e
curl https://example.com/a > a
`,
  '.gitlab-ci.yml': `build:
  image: node:22.11.0
  before_script:
    - echo "installing"
    - |
      if [ -f package-lock.json ]; then
        npm ci
      fi
  script: npm test
`,
  'site.yml': `- hosts: all
  tasks:
    - name: Reload
      ansible.builtin.shell: |
        systemctl daemon-reload && echo "done"
    - name: Status
      ansible.builtin.command: systemctl status nginx
`,
} as const;
