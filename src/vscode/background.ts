import * as vscode from 'vscode';
import { configurationFiles } from '../engine/configuration';
import type { Checker } from './checker';
import type { DiskChanges } from './disk-changes';
import type { Documents } from './documents';
import { baselinePath, type Folder } from './folder';
import type { ListedFile } from './folder-files';
import { pacer } from './time-slices';

/** What the background check is at. */
export interface Progress {
  readonly running: boolean;
  /** Files checked and found so far, of all checks under way. */
  readonly done: number;
  readonly found: number;
}

/** What a check of folders came to. */
export interface CheckSummary {
  readonly files: number;
  readonly cancelled: boolean;
}

/** Files on their way at a time: enough for the linter's threads never to wait. */
const breadth = 24;

/** Keeps the findings of all relevant files of the workspace current, also of those nobody has open. */
export class Background implements vscode.Disposable {
  readonly #checker: Checker;
  readonly #documents: Documents;
  readonly #changedProgress = new vscode.EventEmitter<void>();
  readonly #scans = new Map<string, AbortController>();
  readonly #lifetime = new AbortController();
  #running = 0;
  #done = 0;
  #found = 0;
  #turn: Promise<void> = Promise.resolve();
  #told = 0;

  /** Fires when the progress changed, a few times a second at most. */
  readonly onDidChangeProgress = this.#changedProgress.event;

  constructor(checker: Checker, documents: Documents) {
    this.#checker = checker;
    this.#documents = documents;
  }

  get progress(): Progress {
    return { running: this.#running > 0, done: this.#done, found: this.#found };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#turn;
    while (this.#running > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Takes in new folders and checks those the settings want checked. */
  async start(): Promise<void> {
    const fresh = await this.#checker.updateFolders();
    await Promise.all(fresh.map((folder) => this.#scanIfWanted(folder)));
  }

  /** Settings changed: reads them, and checks again what they are about. */
  async settingsChanged(): Promise<void> {
    await this.#checker.reconfigure(this.#checker.loose);
    for (const folder of this.#checker.folders) await this.#reload(folder, true);
    this.#documents.checkAll();
  }

  /** Checks all relevant files of a folder. `tell` hears of each file done. */
  async scan(
    folder: Folder,
    cancel?: vscode.CancellationToken,
    tell?: (done: number, found: number) => void,
  ): Promise<CheckSummary> {
    this.#scans.get(folder.id)?.abort();
    const controller = new AbortController();
    this.#scans.set(folder.id, controller);
    const { signal } = controller;
    const stop = () => controller.abort();
    const subscription = cancel?.onCancellationRequested(stop);
    this.#lifetime.signal.addEventListener('abort', stop);
    const begun = performance.now();
    try {
      const files = await this.#busy((count) => this.#checkAll(folder, signal, count, tell));
      const took = Math.round(performance.now() - begun);
      const { aborted } = signal;
      this.#checker.log.info(
        `${folder.name}: ${files} files checked in ${took} ms${aborted ? ', then cancelled' : ''}`,
      );
      const stale = aborted ? [] : await folder.staleBaseline();
      if (stale.length > 0) {
        this.#checker.log.info(
          `${folder.name}: ${stale.length} entries of the baseline are no longer found:\n${stale.join('\n')}`,
        );
      }
      return { files, cancelled: aborted };
    } finally {
      subscription?.dispose();
      this.#lifetime.signal.removeEventListener('abort', stop);
      if (this.#scans.get(folder.id) === controller) this.#scans.delete(folder.id);
    }
  }

  /** Something on disk changed. Batches are taken one after the other. */
  changed(changes: DiskChanges): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#take(changes))
      .catch((error: unknown) => this.#checker.log.error(error as Error));
    return this.#turn;
  }

  /** A document was closed, or its tab: what is on disk counts again. */
  async closed(uri: vscode.Uri): Promise<void> {
    const folder = await this.#checker.folderOf(uri);
    const path = folder.pathOf(uri);
    if (folder.file(path)?.uri.toString() !== uri.toString()) return;
    const there = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (this.#documents.has(uri)) {
      // Without a tab VS Code keeps the document for a while. It is as good as its file, if there is one.
      if (!there && this.#documents.fileGone(uri)) await this.#checker.forget(folder, path);
      return;
    }
    folder.release(path);
    const { workspaceCheck, run } = folder.settings;
    if (!folder.root || !workspaceCheck || run === 'manual' || !there) {
      await this.#checker.forget(folder, path);
    } else await this.#busy((count) => this.#checkSome(folder, [path], count));
  }

  dispose(): void {
    this.#lifetime.abort();
    this.#changedProgress.dispose();
  }

  // --- one folder

  async #scanIfWanted(folder: Folder): Promise<void> {
    const isWanted = () => {
      const { enable, workspaceCheck, run } = folder.settings;
      return enable && workspaceCheck && run !== 'manual';
    };
    if (isWanted()) {
      await this.scan(folder);
      return;
    }
    this.#scans.get(folder.id)?.abort();
    // It may be switched on again meanwhile.
    await this.#forget(folder, (path) => !isWanted() && !folder.isOpen(path));
  }

  /** Forgets files there are results of. */
  async #forget(folder: Folder, which: (path: string) => boolean): Promise<void> {
    const pace = pacer();
    for (const path of folder.paths) {
      if (which(path)) await this.#checker.forget(folder, path);
      await pace();
    }
  }

  async #checkAll(
    folder: Folder,
    signal: AbortSignal,
    count: (done: number, found: number) => void,
    tell: ((done: number, found: number) => void) | undefined,
  ): Promise<number> {
    const { files } = folder;
    if (!files) return 0;
    const seen = new Set<string>();
    const open = openPaths(folder);
    const waiting: ListedFile[] = [];
    let done = 0;
    let found = 0;
    let listed = false;
    let wake = () => {};
    const one = () => {
      done++;
      count(1, 0);
      tell?.(done, found);
    };
    const work = async () => {
      for (;;) {
        const file = waiting.pop();
        if (file) {
          try {
            await this.#checker.checkFile(folder, file.path, file.script, signal);
          } catch (error) {
            if (!signal.aborted) this.#checker.log.error(error as Error);
          }
          one();
        } else if (listed || signal.aborted) return;
        else {
          await new Promise<void>((resolve) => {
            const others = wake;
            wake = () => {
              others();
              resolve();
            };
          });
        }
      }
    };
    const workers = Promise.all(Array.from({ length: breadth }, work));
    const listing = files.list({
      interest: (path) => folder.interest(path),
      leftOut: (path) => folder.leftOut(path),
      signal,
    });
    try {
      for await (const portion of listing) {
        if (signal.aborted) break;
        for (const { path, message } of portion.problems) {
          this.#checker.log.info(`${path}: ${message}`);
        }
        for (const file of portion.files) {
          seen.add(file.path);
          found++;
          count(0, 1);
          // Open documents are checked as they are on screen.
          if (open.has(file.path)) one();
          else waiting.push(file);
        }
        if (portion.files.length > 0) {
          wake();
          wake = () => {};
        }
      }
    } finally {
      listed = true;
      if (signal.aborted) waiting.length = 0;
      wake();
    }
    await workers;
    if (!signal.aborted)
      await this.#forget(folder, (path) => !seen.has(path) && !folder.isOpen(path));
    return done;
  }

  async #checkSome(
    folder: Folder,
    paths: readonly string[],
    count: (done: number, found: number) => void,
  ): Promise<void> {
    const { signal } = this.#lifetime;
    const { files } = folder;
    if (!files) return;
    const open = openPaths(folder);
    const queue = [...paths];
    count(0, queue.length);
    const worker = async () => {
      for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
        const interest = folder.interest(path);
        const wanted = interest && !folder.leavesOut(path) && !(await files.ignored(path));
        if (!open.has(path)) {
          if (wanted) {
            await this.#checker.checkFile(folder, path, interest === 'if-script', signal);
          } else if (folder.file(path)) await this.#checker.forget(folder, path);
        }
        count(1, 0);
      }
    };
    await Promise.all(Array.from({ length: Math.min(breadth, queue.length) }, worker));
  }

  // --- changes on disk

  async #take({ changed, deleted }: DiskChanges): Promise<void> {
    const byFolder = new Map<Folder, { changed: string[]; deleted: string[] }>();
    const pace = pacer();
    const sort = async (keys: ReadonlySet<string>, kind: 'changed' | 'deleted') => {
      for (const key of keys) {
        const uri = vscode.Uri.parse(key, true);
        const folder = await this.#checker.folderOf(uri);
        if (!folder.root) continue;
        let lists = byFolder.get(folder);
        if (!lists) {
          lists = { changed: [], deleted: [] };
          byFolder.set(folder, lists);
        }
        lists[kind].push(folder.pathOf(uri));
        await pace();
      }
    };
    await sort(deleted, 'deleted');
    await sort(changed, 'changed');
    for (const [folder, lists] of byFolder) {
      await this.#takeIn(folder, lists.changed, lists.deleted);
    }
  }

  async #takeIn(folder: Folder, changed: readonly string[], deleted: readonly string[]) {
    const pace = pacer();
    for (const path of deleted) {
      await this.#checker.show(folder, folder.exists(path, false));
      await pace();
    }
    if (deleted.length > 0) {
      // Of a folder that is gone only the folder itself may be told.
      const gone = new Set(deleted);
      const isGone = (path: string) => {
        for (let at = path.length; at !== -1; at = path.lastIndexOf('/', at - 1)) {
          if (gone.has(path.slice(0, at))) return true;
        }
        return false;
      };
      await this.#forget(
        folder,
        (path) => isGone(path) && this.#documents.fileGone(folder.uriOf(path)),
      );
    }
    for (const path of changed) {
      this.#documents.fileBack(vscode.Uri.joinPath(folder.root!, path));
      await this.#checker.show(folder, folder.exists(path, true));
      await pace();
    }
    const all = [...changed, ...deleted];
    const isConfiguration = (path: string) =>
      (configurationFiles as readonly string[]).includes(path);
    if (all.some(isConfiguration) && (await this.#reload(folder, false))) {
      this.#documents.checkAll();
      return;
    }
    const baseline = (path: string) => path === baselinePath || `${path}/` === '.andon/';
    if (all.some(baseline)) await this.#checker.rebase(folder);
    if (all.some((path) => /(?:^|\/)(?:\.gitignore|\.git\/info\/exclude)$/.test(path))) {
      folder.files?.forget();
      await this.#scanIfWanted(folder);
      return;
    }
    if (!folder.settings.enable || !folder.settings.workspaceCheck) return;
    if (folder.settings.run === 'manual') return;
    const files: string[] = [];
    for (const path of changed) {
      if (folder.file(path) || folder.interest(path) === 'read') files.push(path);
      else files.push(...(await this.#filesBelow(folder, path)));
    }
    if (files.length > 0) await this.#busy((count) => this.#checkSome(folder, files, count));
  }

  /** A path that looks like no file to check may be a folder that was moved here with all in it. */
  async #filesBelow(folder: Folder, path: string): Promise<readonly string[]> {
    if (!folder.root) return [];
    const uri = vscode.Uri.joinPath(folder.root, path);
    const stat = await vscode.workspace.fs.stat(uri).then(
      (found) => found,
      () => undefined,
    );
    if (!stat) return [];
    if (stat.type !== vscode.FileType.Directory) {
      return folder.interest(path) === 'if-script' ? [path] : [];
    }
    const pattern = new vscode.RelativePattern(folder.root, `${path}/**`);
    const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**');
    return found.map((each) => folder.pathOf(each)).filter((each) => folder.interest(each));
  }

  async #reload(folder: Folder, always: boolean): Promise<boolean> {
    const enabled = folder.settings.enable;
    const changed = await this.#checker.reconfigure(folder);
    if (!changed && !always && enabled === folder.settings.enable) return false;
    void this.#scanIfWanted(folder).catch((error) => this.#checker.log.error(error));
    return true;
  }

  // --- progress

  async #busy<T>(work: (count: (done: number, found: number) => void) => Promise<T>): Promise<T> {
    if (this.#running++ === 0) {
      this.#done = 0;
      this.#found = 0;
    }
    this.#tell(true);
    try {
      return await work((done, found) => {
        this.#done += done;
        this.#found += found;
        this.#tell(false);
      });
    } finally {
      this.#running--;
      this.#tell(true);
    }
  }

  #tell(now: boolean): void {
    const time = performance.now();
    if (!now && time - this.#told < 200) return;
    this.#told = time;
    this.#changedProgress.fire();
  }
}

/** Paths of the documents of a folder that are open. */
function openPaths(folder: Folder): ReadonlySet<string> {
  const root = folder.root?.toString();
  const open = new Set<string>();
  for (const { uri, isClosed } of vscode.workspace.textDocuments) {
    if (isClosed || vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() !== root) continue;
    open.add(folder.pathOf(uri));
  }
  return open;
}
