import ignore, { type Ignore } from 'ignore';
import * as vscode from 'vscode';
import type { FolderFiles, ListedFile } from './folder-files';
import { pacer } from './time-slices';

/** Folders that are nobody's work. */
const never = '**/{node_modules,.git}/**';
/** Most files asked of a search, most folders of a walk: what a browser can hold. */
const mostFiles = 20_000;
const mostFolders = 2_000;
/** Milliseconds a search gets to answer: VS Code waits for ever where nobody searches this kind of folder. */
const searchLimit = 3_000;

/** The files of a folder that only the editor can read: in a browser, or in a repository that is not checked out. */
export function virtualFiles(root: vscode.Uri, globs: readonly string[]): FolderFiles {
  const pathOf = (uri: vscode.Uri) => uri.path.slice(root.path.replace(/\/$/, '').length + 1);
  let rules: Promise<ReadonlyMap<string, Ignore>> | undefined;
  let searching: Promise<boolean> | undefined;
  let walking: Promise<readonly string[]> | undefined;

  const find = async (glob: string) => {
    const pattern = new vscode.RelativePattern(root, glob);
    return (await vscode.workspace.findFiles(pattern, never, mostFiles)).map(pathOf);
  };

  /** Not every kind of folder can be searched. */
  function searchable(): Promise<boolean> {
    searching ??= (async () => {
      const limit = new vscode.CancellationTokenSource();
      const given = setTimeout(() => limit.cancel(), searchLimit);
      const late = new Promise<readonly vscode.Uri[]>((resolve) => {
        limit.token.onCancellationRequested(() => resolve([]));
      });
      const pattern = new vscode.RelativePattern(root, '**/*');
      const found = vscode.workspace.findFiles(pattern, null, 1, limit.token).then(
        (any) => any,
        () => [],
      );
      const any = await Promise.race([found, late]);
      clearTimeout(given);
      limit.dispose();
      return any.length > 0;
    })();
    return searching;
  }

  async function all(): Promise<readonly string[]> {
    if (!(await searchable())) {
      walking = walk();
      return walking;
    }
    const found = await Promise.all(globs.map(find));
    return [...new Set(found.flat())];
  }

  async function gitignores(): Promise<readonly string[]> {
    if (await searchable()) return find('**/.gitignore');
    walking ??= walk();
    return (await walking).filter((path) => path.endsWith('/.gitignore'));
  }

  async function walk(): Promise<readonly string[]> {
    const paths: string[] = [];
    const open = [root];
    for (let visited = 0; visited < mostFolders && paths.length < mostFiles; visited++) {
      const folder = open.pop();
      if (!folder) break;
      const entries = await vscode.workspace.fs.readDirectory(folder).then(
        (read) => read,
        () => [],
      );
      for (const [name, kind] of entries) {
        const uri = vscode.Uri.joinPath(folder, name);
        if (kind === vscode.FileType.File) paths.push(pathOf(uri));
        else if (kind === vscode.FileType.Directory && name !== '.git' && name !== 'node_modules') {
          open.push(uri);
        }
      }
    }
    return paths;
  }

  /** Each `.gitignore` by the folder it stands in. */
  function ignores(): Promise<ReadonlyMap<string, Ignore>> {
    rules ??= (async () => {
      const read = new Map<string, Ignore>();
      const found = new Set(['.gitignore', ...(await gitignores())]);
      for (const path of found) {
        try {
          const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, path));
          const folder = path.slice(0, -'.gitignore'.length);
          read.set(folder, ignore().add(new TextDecoder().decode(bytes)));
        } catch {
          // None there.
        }
      }
      return read;
    })();
    return rules;
  }

  async function ignored(path: string): Promise<boolean> {
    const read = await ignores();
    let verdict = false;
    // From the top down: what a deeper file says of a path holds, and nothing returns below an ignored folder.
    for (const [folder, each] of [...read].sort(([a], [b]) => a.length - b.length)) {
      if (!path.startsWith(folder)) continue;
      const said = each.test(path.slice(folder.length));
      if (said.ignored) verdict = true;
      else if (said.unignored) verdict = false;
    }
    return verdict;
  }

  return {
    async *list({ interest, leftOut, signal }) {
      const files: ListedFile[] = [];
      const pace = pacer();
      for (const path of await all()) {
        await pace();
        if (signal.aborted) return;
        const how = interest(path);
        if (!how || leftOut(path) || (await ignored(path))) continue;
        files.push({ path, script: how === 'if-script' });
      }
      yield { files, problems: [] };
    },
    ignored,
    forget() {
      rules = undefined;
      searching = undefined;
      walking = undefined;
    },
    readable: () => undefined,
  };
}
