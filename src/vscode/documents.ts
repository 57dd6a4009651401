import * as vscode from 'vscode';
import type { Checker } from './checker';
import type { ShownFile } from './shown';

/** How long after the last key a document is checked. */
export const debounce = 120;

interface State {
  timer?: ReturnType<typeof setTimeout>;
  /** The check under way. */
  running?: {
    readonly version: number;
    readonly controller: AbortController;
    readonly done: Promise<ShownFile | undefined>;
  };
  /** What the last finished check found. */
  checked?: ShownFile;
  /** Its file is deleted and no tab shows it: VS Code keeps such documents for some minutes. */
  gone?: boolean;
}

/**
 * Keeps the open documents checked: the newest text wins, and what was found in an older one is never shown.
 */
export class Documents implements vscode.Disposable {
  readonly #checker: Checker;
  readonly #closed: (uri: vscode.Uri) => void;
  readonly #states = new Map<vscode.TextDocument, State>();
  readonly #subscriptions: vscode.Disposable[] = [];

  /** `closed` is told of files whose document or tab is closed: the file on disk may say something else, or be gone. */
  constructor(checker: Checker, closed: (uri: vscode.Uri) => void) {
    this.#checker = checker;
    this.#closed = closed;
    const { workspace } = vscode;
    this.#subscriptions.push(
      workspace.onDidOpenTextDocument((document) => this.#later(document, 0, 'opened')),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#later(document, debounce, 'typed');
      }),
      workspace.onDidSaveTextDocument((document) => this.#later(document, 0, 'saved')),
      workspace.onDidCloseTextDocument((document) => this.#close(document)),
      vscode.window.tabGroups.onDidChangeTabs(({ closed: tabs }) => {
        for (const { input } of tabs) {
          if (input instanceof vscode.TabInputText && find(input.uri)) this.#closed(input.uri);
        }
      }),
    );
  }

  /** Checks all open documents, visible ones first: at the start and whenever what holds has changed. */
  checkAll(): void {
    const visible = new Set(vscode.window.visibleTextEditors.map((editor) => editor.document));
    const others = vscode.workspace.textDocuments.filter((document) => !visible.has(document));
    for (const document of [...visible, ...others]) {
      const state = this.#states.get(document);
      // What runs now still goes by what held before.
      state?.running?.controller.abort();
      delete state?.running;
      delete state?.checked;
      this.#later(document, 0, 'opened');
    }
  }

  /** What is found in a document as it is now, checked anew if need be; undefined if it is none of ours. */
  async current(document: vscode.TextDocument): Promise<ShownFile | undefined> {
    // Each round is for a change that came while checking.
    for (let round = 0; round < 5 && !document.isClosed; round++) {
      const { version } = document;
      const checked = this.#states.get(document)?.checked;
      if (checked?.version === version) return this.#asShown(checked);
      const found = await this.check(document);
      if (found?.version === version) return this.#asShown(found);
      if (document.version === version) return undefined;
    }
    return undefined;
  }

  /** Checks a document now, whatever the settings say of when. */
  async check(document: vscode.TextDocument): Promise<ShownFile | undefined> {
    const folder = await this.#checker.folderOf(document.uri);
    if (document.isClosed) return undefined;
    if (!(await this.#checker.isWanted(document, folder))) {
      const path = folder.pathOf(document.uri);
      if (folder.file(path)) await this.#checker.forget(folder, path);
      return undefined;
    }
    const state = this.#stateOf(document);
    clearTimeout(state.timer);
    delete state.timer;
    const { version } = document;
    if (state.running?.version === version) return state.running.done;
    state.running?.controller.abort();
    const controller = new AbortController();
    const done = this.#checker.checkDocument(document, controller.signal).then(
      (found) => {
        if (found) state.checked = found;
        return found;
      },
      (error: unknown) => {
        if (!controller.signal.aborted) this.#checker.log.error(error as Error);
        return undefined;
      },
    );
    const running = { version, controller, done };
    state.running = running;
    const found = await done;
    if (state.running === running) delete state.running;
    return found;
  }

  /** Whether a document of this file is open. */
  has(uri: vscode.Uri): boolean {
    return find(uri) !== undefined;
  }

  /** The file of a document was deleted. True when nobody looks at the document, so that it counts no more. */
  fileGone(uri: vscode.Uri): boolean {
    const document = find(uri);
    if (!document) return true;
    if (document.isDirty || isInTab(uri)) return false;
    const state = this.#stateOf(document);
    clearTimeout(state.timer);
    delete state.timer;
    delete state.checked;
    state.running?.controller.abort();
    state.gone = true;
    return true;
  }

  /** A file has come or changed: a document of it that counted no more is checked again. */
  fileBack(uri: vscode.Uri): void {
    const document = find(uri);
    const state = document && this.#states.get(document);
    if (!document || !state?.gone) return;
    delete state.gone;
    this.#later(document, 0, 'opened');
  }

  /** Resolves when nothing waits to be checked and nothing is being checked. */
  async idle(): Promise<void> {
    const busy = () =>
      [...this.#states.values()].some(({ timer, running }) => timer !== undefined || running);
    while (busy()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    for (const { timer, running } of this.#states.values()) {
      clearTimeout(timer);
      running?.controller.abort();
    }
  }

  /** Findings may have changed since through other files, the baseline or the date. */
  #asShown(checked: ShownFile): ShownFile {
    const shown = this.#checker.shown.get(checked.uri);
    if (shown && shown.version === checked.version) return shown;
    return { ...checked, findings: [] };
  }

  #stateOf(document: vscode.TextDocument): State {
    let state = this.#states.get(document);
    if (!state) {
      state = {};
      this.#states.set(document, state);
    }
    return state;
  }

  #later(document: vscode.TextDocument, delay: number, why: 'opened' | 'typed' | 'saved'): void {
    if (document.isClosed) return;
    const { enable, run } = this.#checker.knownFolderOf(document.uri).settings;
    // Switched off, a check still has to take away what is shown.
    if (enable && (run === 'manual' || (run === 'onSave' && why === 'typed'))) return;
    const state = this.#stateOf(document);
    if (why !== 'opened') delete state.gone;
    if (state.gone) return;
    // Saving changes no text: only what has not been checked yet is.
    if (why === 'saved' && state.checked?.version === document.version) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      delete state.timer;
      void this.check(document).catch((error) => this.#checker.log.error(error));
    }, delay);
  }

  #close(document: vscode.TextDocument): void {
    const state = this.#states.get(document);
    clearTimeout(state?.timer);
    state?.running?.controller.abort();
    this.#states.delete(document);
    if (state) this.#closed(document.uri);
  }
}

function find(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((each) => each.uri.toString() === key);
}

function isInTab(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => {
      const { uri: one, modified } = (input ?? {}) as Partial<
        vscode.TabInputText & vscode.TabInputTextDiff
      >;
      return (one ?? modified)?.toString() === key;
    }),
  );
}
