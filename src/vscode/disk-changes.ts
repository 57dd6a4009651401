import * as vscode from 'vscode';

/** What happened to files within a short time, put together. The later word on a file counts. */
export interface DiskChanges {
  readonly changed: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
}

/** Quiet time that ends a batch, and the longest a batch may wait for it. */
const quiet = 200;
const longest = 1500;

/** What programs write for themselves. */
const noise = /\/(?:\.git\/(?!info\/exclude$)|node_modules\/)/;

/** Watches the files of the workspace; a branch switch that touches a thousand of them is told once. */
export function watchDisk(tell: (changes: DiskChanges) => void): vscode.Disposable {
  let changed = new Set<string>();
  let deleted = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;

  const hand = () => {
    timer = undefined;
    const batch = { changed, deleted };
    changed = new Set();
    deleted = new Set();
    tell(batch);
  };
  const note = (uri: vscode.Uri, gone: boolean) => {
    if (noise.test(uri.path)) return;
    const key = uri.toString();
    (gone ? deleted : changed).add(key);
    (gone ? changed : deleted).delete(key);
    const now = Date.now();
    if (timer === undefined) since = now;
    clearTimeout(timer);
    timer = setTimeout(hand, Math.max(0, Math.min(quiet, since + longest - now)));
  };

  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate((uri) => note(uri, false)),
    watcher.onDidChange((uri) => note(uri, false)),
    watcher.onDidDelete((uri) => note(uri, true)),
    // Not every kind of folder can be watched; what is done in the editor is known in any case.
    vscode.workspace.onDidCreateFiles(({ files }) => {
      for (const uri of files) note(uri, false);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) note(uri, true);
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        note(oldUri, true);
        note(newUri, false);
      }
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => note(uri, false)),
    new vscode.Disposable(() => clearTimeout(timer)),
  );
}
