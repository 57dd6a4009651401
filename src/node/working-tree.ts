import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietGit } from './git-checkout';

/**
 * The id git would give the tree of all files as they are now, those that are not ignored: the same as that of a commit
 * of them. So a result says what it is about whether the files are committed before or after. Index and object store of
 * the repository stay as they are. Undefined when git cannot tell.
 */
export async function workingTree(root: string): Promise<string | undefined> {
  const places = await quietGit(root, [
    ...['rev-parse', '--path-format=absolute', '--git-path', 'index', '--git-path', 'objects'],
  ]);
  const [index, objects] = places?.split(/\r?\n/) ?? [];
  if (!index || !objects) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'andon-tree-'));
  try {
    const own = join(folder, 'index');
    // With what is known of unchanged files only the changed ones have to be read.
    await copyIndex(index, own).catch(() => {});
    const env = {
      GIT_INDEX_FILE: own,
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
    };
    if ((await quietGit(root, ['add', '--all', '.'], env)) === undefined) return undefined;
    return (await quietGit(root, ['write-tree'], env))?.trim() || undefined;
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * With its time: what was changed in the second the index was written, git tells by content, and by the time of the
 * index that it has to (https://git-scm.com/docs/racy-git).
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const { atime, mtimeMs } = await stat(from);
  await copyFile(from, to);
  await utimes(to, atime, Math.floor(mtimeMs / 1000));
}

/** The tree of a commit. */
export async function treeOf(root: string, commit: string): Promise<string | undefined> {
  const name = `${commit}^{tree}`;
  return (await quietGit(root, ['rev-parse', '--quiet', '--verify', name]))?.trim() || undefined;
}
