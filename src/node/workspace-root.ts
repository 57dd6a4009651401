import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { configurationFiles } from '../engine/configuration';

/** A path with `/` on every system. */
export const slashes = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));

/** Whether `path` is `folder` or lies in it. Both absolute. */
export function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way));
}

/** The nearest folder at or above `from` that has one of the names in it. */
export function nearestWith(names: readonly string[], from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (names.some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A folder that paths are relative to. */
export interface Root {
  readonly folder: string;
  /** Something says that this is a whole: it may be looked at beyond the files that are named. */
  readonly marked: boolean;
}

/**
 * The workspace of a check: the nearest folder at or above `from` with an `.andon.yaml` or a `.git`, else `from`. With
 * targets elsewhere, the same asked from the folder they have in common.
 */
export function workspaceRoot(from: string, targets: readonly string[] = []): Root {
  const marks = [...configurationFiles, '.git'];
  const own = nearestWith(marks, from);
  if (targets.every((target) => lies(target, own ?? from))) {
    return { folder: own ?? from, marked: own !== undefined };
  }
  const shared = common(targets.map(folderOf));
  const theirs = nearestWith(marks, shared);
  return { folder: theirs ?? shared, marked: theirs !== undefined };
}

/** The folder itself, or the one the file lies in; of a file in `.github`, whose place there matters, the one above. */
function folderOf(path: string): string {
  const folder = isFolder(path) ? path : dirname(path);
  const at = folder.split(sep).indexOf('.github');
  return at > 0 ? folder.split(sep).slice(0, at).join(sep) : folder;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The deepest folder above all of the paths; of a single path, itself. */
function common(paths: readonly string[]): string {
  const [first = sep, ...others] = paths;
  let folder = first;
  while (!others.every((path) => lies(path, folder)) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}
