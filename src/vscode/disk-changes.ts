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
  /** What came last for each file, in the order it came. */
  let events = new Map<string, { readonly gone: boolean; readonly turn: number }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;
  let turns = 0;

  const hand = () => {
    timer = undefined;
    const batch = events;
    events = new Map();
    tell(sorted(batch));
  };
  const note = (uri: vscode.Uri, gone: boolean) => {
    if (noise.test(uri.path)) return;
    events.set(uri.toString(), { gone, turn: turns++ });
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

/** Of a folder that is gone only the folder may be told: what was said before of files in it is void. */
function sorted(
  events: ReadonlyMap<string, { readonly gone: boolean; readonly turn: number }>,
): DiskChanges {
  const changed = new Set<string>();
  const deleted = new Set<string>();
  const goneSince = (key: string, turn: number): boolean => {
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
      const above = events.get(key.slice(0, at));
      if (above?.gone && above.turn > turn) return true;
    }
    return false;
  };
  for (const [key, { gone, turn }] of events) {
    if (gone) deleted.add(key);
    else if (!goneSince(key, turn)) changed.add(key);
  }
  return { changed, deleted };
}
