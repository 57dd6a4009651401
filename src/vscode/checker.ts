import * as vscode from 'vscode';
import { sizeLimit } from '../engine/engine';
import type { FileResult, Finding } from '../engine/finding';
import type { Catalog } from './catalog';
import { Folder } from './folder';
import type { FolderFiles } from './folder-files';
import type { GuardHost } from './guard-switch';
import type { LampHost } from './lamp-switch';
import { isOurs } from './languages';
import type { Linter } from './linter';
import type { ProveHost } from './prove-switch';
import type { RuleLanguage } from './rule-language';
import type { Shown, ShownFile } from './shown';
import { inSlices } from './time-slices';

/** What the host Andon runs in has to offer. */
export interface Host {
  readonly catalog: Catalog;
  readonly linter: Linter;
  /** The files of a workspace folder. */
  files(root: vscode.Uri): FolderFiles;
  /** Undefined in a browser. */
  readonly lamp?: LampHost;
  readonly guard?: GuardHost;
  readonly prove?: ProveHost;
}

/** Schemes of documents that are files of somebody, besides those of the workspace folders. */
const schemes: ReadonlySet<string> = new Set(['file', 'vscode-remote', 'vscode-vfs', 'untitled']);

/** How long nothing has to change before the delivery map is drawn anew, in milliseconds. */
const redrawDelay = 300;

/** Takes files and documents to the linter, and what comes back to the findings on screen. */
export class Checker implements vscode.Disposable {
  readonly shown: Shown;
  readonly log: vscode.LogOutputChannel;
  readonly host: Host;
  readonly #language: RuleLanguage;
  readonly #folders = new Map<string, { readonly folder: Folder; readonly ready: Promise<void> }>();
  #looseEntry: { readonly folder: Folder; readonly ready: Promise<void> } | undefined;
  readonly #changedFolders = new vscode.EventEmitter<void>();
  readonly #gaveUp = new vscode.EventEmitter<void>();
  readonly #redraws = new Map<Folder, ReturnType<typeof setTimeout>>();

  readonly #redrawn = new vscode.EventEmitter<Folder>();

  /** Fires when the delivery map of a folder has changed. */
  readonly onDidRedraw = this.#redrawn.event;
  /** Fires when an open document could not be checked, for its size or the time it takes. */
  readonly onDidGiveUp = this.#gaveUp.event;
  /** Fires when a folder came or went, or its configuration or baseline changed. */
  readonly onDidChangeFolders = this.#changedFolders.event;

  constructor(host: Host, shown: Shown, language: RuleLanguage, log: vscode.LogOutputChannel) {
    this.host = host;
    this.#language = language;
    this.shown = shown;
    this.log = log;
  }

  /** The workspace folders. */
  get folders(): readonly Folder[] {
    return [...this.#folders.values()].map(({ folder }) => folder);
  }

  /** What files in no workspace folder share. */
  get loose(): Folder {
    return this.#loose.folder;
  }

  /** The folder of a file, ready to be asked; files that are in none share one. */
  async folderOf(uri: vscode.Uri): Promise<Folder> {
    const { folder, ready } = this.#entryOf(uri);
    await ready;
    return folder;
  }

  /** The folder of a file as far as it is known by now. */
  knownFolderOf(uri: vscode.Uri): Folder {
    return this.#entryOf(uri).folder;
  }

  /** Brings the folders in line with the workspace's. Returns the new ones. */
  async updateFolders(): Promise<readonly Folder[]> {
    const wanted = vscode.workspace.workspaceFolders ?? [];
    const ids = new Set(wanted.map((each) => each.uri.toString()));
    for (const [id, { folder }] of this.#folders) {
      if (ids.has(id)) continue;
      this.#folders.delete(id);
      this.shown.delete(folder.paths.map((path) => folder.uriOf(path)));
    }
    const fresh: { folder: Folder; ready: Promise<void> }[] = [];
    for (const each of wanted) {
      const id = each.uri.toString();
      if (this.#folders.has(id)) continue;
      const entry = this.#make(each);
      this.#folders.set(id, entry);
      fresh.push(entry);
    }
    await Promise.all([this.#loose.ready, ...fresh.map(({ ready }) => ready)]);
    this.#changedFolders.fire();
    return fresh.map(({ folder }) => folder);
  }

  /** Reads a folder's settings and configuration anew and tells the linter. True when what holds has changed. */
  async reconfigure(folder: Folder): Promise<boolean> {
    const changed = await folder.readConfiguration();
    if (changed) {
      this.host.linter.configure(folder.configuration, undefined, folder.id);
      this.log.info(`configuration of ${folder.name ?? 'files outside of folders'} read`);
    }
    this.#changedFolders.fire();
    return changed;
  }

  /** Reads a folder's baseline anew and shows its findings as they then stand. */
  async rebase(folder: Folder): Promise<void> {
    const changed = await folder.readBaseline();
    if (folder.baselineFault) this.log.warn(`baseline: ${folder.baselineFault}`);
    if (changed) await this.show(folder, folder.paths);
    this.#changedFolders.fire();
  }

  /** Whether a document is one to check at all: the file of somebody, and not left out. */
  async isWanted(document: vscode.TextDocument, folder: Folder): Promise<boolean> {
    const { uri, languageId } = document;
    if (!schemes.has(uri.scheme) && uri.scheme !== folder.root?.scheme) return false;
    if (!folder.settings.enable) return false;
    const path = folder.pathOf(uri);
    if (folder.leavesOut(path)) return false;
    const interest = folder.interest(path);
    const script = interest === 'if-script' && document.lineAt(0).text.startsWith('#!');
    if (interest !== 'read' && !script && !isOurs(languageId)) return false;
    return !(folder.files && (await folder.files.ignored(path)));
  }

  /** Checks a text as if it were the file's, and shows nothing of it. */
  async trial(
    document: vscode.TextDocument,
    text: string,
  ): Promise<readonly Finding[] | undefined> {
    const folder = await this.folderOf(document.uri);
    const result = await this.#lintText(folder, document, text);
    return result && folder.trial(result);
  }

  /** Checks a document as it is now. Undefined when it changed meanwhile: then somebody checks it again. */
  async checkDocument(
    document: vscode.TextDocument,
    signal: AbortSignal,
  ): Promise<ShownFile | undefined> {
    const { version, uri } = document;
    const folder = await this.folderOf(uri);
    const begun = performance.now();
    const result = await this.#lintText(folder, document, document.getText(), signal);
    if (!result) return undefined;
    await folder.learn(result);
    const outdated = document.isClosed || document.version !== version || signal.aborted;
    if (outdated || !this.#isCurrent(folder)) return undefined;
    await this.show(folder, folder.take(result, uri, version));
    this.#redrawSoon(folder);
    const took = performance.now() - begun;
    this.log.debug(
      `checked ${result.path} (${result.format ?? 'no format'}) in ${took.toFixed(1)} ms`,
    );
    for (const { message } of result.problems) this.log.warn(`${result.path}: ${message}`);
    if (result.problems.length > 0) this.#gaveUp.fire();
    return this.shown.get(uri) ?? shownFile(folder, result.path);
  }

  /** Checks a file as it is on disk. */
  async checkFile(
    folder: Folder,
    path: string,
    script: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const result = await this.#lintFile(folder, path, script, signal);
    if (signal.aborted || !this.#isCurrent(folder)) return;
    if (!result) {
      await this.forget(folder, path);
      return;
    }
    await folder.learn(result);
    // An open document knows better than the disk.
    if (folder.isOpen(path) || signal.aborted) return;
    await this.show(folder, folder.take(result, folder.uriOf(path), undefined));
    this.#redrawSoon(folder);
    for (const { message } of result.problems) this.log.info(`${path}: ${message}`);
  }

  /** Forgets a file that is gone or no longer wanted. */
  async forget(folder: Folder, path: string): Promise<void> {
    const uri = folder.uriOf(path);
    const others = folder.drop(path);
    this.shown.delete([uri]);
    await this.show(folder, others);
    this.#redrawSoon(folder);
  }

  /** Findings that hang on the delivery map follow when changes have come to rest: one change of many draws it once. */
  #redrawSoon(folder: Folder): void {
    if (!folder.mapIsStale) return;
    clearTimeout(this.#redraws.get(folder));
    const timer = setTimeout(() => {
      this.#redraws.delete(folder);
      void this.#redraw(folder).catch((error) => this.log.error(error));
    }, redrawDelay);
    this.#redraws.set(folder, timer);
  }

  async #redraw(folder: Folder): Promise<void> {
    const paths = await folder.redraw();
    // What changes meanwhile has it drawn again.
    if (!paths || !this.#isCurrent(folder)) return;
    this.#redrawn.fire(folder);
    await this.show(folder, paths);
  }

  /** Shows the findings of files as they stand now. */
  async show(folder: Folder, paths: readonly string[]): Promise<void> {
    if (paths.length < 20) {
      this.shown.set(paths.flatMap((path) => shownFile(folder, path) ?? []));
      return;
    }
    let batch: ShownFile[] = [];
    let since = performance.now();
    const hand = () => {
      this.shown.set(batch);
      batch = [];
      since = performance.now();
    };
    await inSlices(paths, (path) => {
      const file = shownFile(folder, path);
      if (file) batch.push(file);
      if (performance.now() - since > 3) hand();
    });
    hand();
  }

  dispose(): void {
    for (const timer of this.#redraws.values()) clearTimeout(timer);
    this.#changedFolders.dispose();
    this.#gaveUp.dispose();
    this.#redrawn.dispose();
    void this.host.linter.dispose();
  }

  /** Made when it is asked for: reading settings takes longer than all the rest of the activation. */
  get #loose() {
    this.#looseEntry ??= this.#make(undefined);
    return this.#looseEntry;
  }

  #entryOf(uri: vscode.Uri) {
    const id = vscode.workspace.getWorkspaceFolder(uri)?.uri.toString();
    return (id !== undefined && this.#folders.get(id)) || this.#loose;
  }

  #isCurrent(folder: Folder): boolean {
    return folder.id === '' || this.#folders.get(folder.id)?.folder === folder;
  }

  #make(of: vscode.WorkspaceFolder | undefined) {
    const folder = new Folder(this.host, this.#language, of, of && this.host.files(of.uri));
    const ready = (async () => {
      await folder.readConfiguration();
      this.host.linter.configure(folder.configuration, undefined, folder.id);
      await folder.readBaseline();
      await this.#language.ready;
    })();
    return { folder, ready };
  }

  async #lintText(
    folder: Folder,
    document: vscode.TextDocument,
    text: string,
    signal?: AbortSignal,
  ): Promise<FileResult | undefined> {
    const path = folder.pathOf(document.uri);
    const { languageId } = document;
    const request = { path, text, languageId, workspace: folder.id };
    return this.host.linter.lint(request, { urgent: true, ...(signal && { signal }) });
  }

  async #lintFile(folder: Folder, path: string, script: boolean, signal: AbortSignal) {
    const request = { path, workspace: folder.id, ...(script && { script }) };
    const file = folder.files?.readable(path);
    if (file !== undefined) return this.host.linter.lint({ ...request, file }, { signal });
    const text = await readText(folder.uriOf(path));
    return text === undefined ? undefined : this.host.linter.lint({ ...request, text }, { signal });
  }
}

function shownFile(folder: Folder, path: string): ShownFile | undefined {
  const file = folder.file(path);
  if (!file) return undefined;
  const { uri, version, result, findings } = file;
  return { uri, path, folder: folder.name, version, format: result.format, findings };
}

/** Text of a file only the editor can read; undefined for what is gone, too large or no text. */
async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > sizeLimit) return undefined;
    const bytes = await vscode.workspace.fs.readFile(uri);
    if (bytes.subarray(0, 8192).includes(0)) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
