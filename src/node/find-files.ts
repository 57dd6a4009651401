import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Problem } from '../engine/finding';
import { isForeign } from './foreign-folders';
import { type IgnoreRules, isIgnored, rulesBelow, rulesFor } from './ignore-files';
import { systemMessage } from './system-message';
import type { Interest } from './wanted-files';
import { slashes } from './workspace-root';

/** A file worth reading. */
export interface FoundFile {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** The user named it. */
  readonly named: boolean;
  /** To be read only if it begins with `#!`. */
  readonly script: boolean;
}

/** What one folder, or one named file, came to. */
export interface Found {
  readonly files: readonly FoundFile[];
  /** All files there, worth reading or not, relative to the workspace. */
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
  /** Named by the user and not there to be checked. */
  readonly missing?: boolean;
}

export interface FindOptions {
  /** The workspace, absolute. */
  readonly root: string;
  readonly interest: (path: string) => Interest;
  /** What the configuration leaves out; folders end with `/`. */
  readonly ignores: (path: string) => boolean;
  /** The targets come from a list such as git's: those that are gone or not worth reading are passed over. */
  readonly listed?: boolean;
  /** Awaited between two files, where this thread has others to serve. */
  readonly pace?: () => Promise<void>;
}

/** Folders listed at a time: enough to keep the disk busy, few enough to keep memory flat. */
const breadth = 16;

/**
 * Finds the files below the targets (absolute paths), folder by folder. Files git ignores are left out unless named;
 * symbolic links are not followed unless named, so nothing is visited twice and no circle is possible. Never throws:
 * what cannot be read is a problem.
 */
export async function* findFiles(
  targets: readonly string[],
  options: FindOptions,
): AsyncGenerator<Found> {
  const { root, interest, ignores, listed, pace } = options;
  const pathOf = (file: string) => slashes(relative(root, file));
  const seen = new Set<string>();
  const open: { folder: string; rules: IgnoreRules | undefined }[] = [];

  for (const target of targets) {
    try {
      const entry = await stat(target);
      if (entry.isDirectory()) {
        open.push({ folder: target, rules: rulesFor(target) });
        continue;
      }
      const path = pathOf(target);
      if (seen.has(path)) continue;
      seen.add(path);
      const how = listed ? interest(path) : 'read';
      const files: FoundFile[] = [];
      if (how && !ignores(path)) {
        files.push({ path, file: target, named: !listed, script: how === 'if-script' });
      }
      yield { files, paths: [path], problems: [] };
    } catch (error) {
      if (listed) continue;
      const message = await reasonOf(error, target);
      yield { files: [], paths: [], problems: [{ path: pathOf(target), message }], missing: true };
    }
  }

  const list = async (folder: string, above: IgnoreRules | undefined): Promise<Found> => {
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      const problem = { path: pathOf(folder) || '.', message: systemMessage(error) };
      return { files: [], paths: [], problems: [problem] };
    }
    const names = new Set(entries.map((entry) => entry.name));
    const rules = rulesBelow(above, folder, names.has('.gitignore'));
    const files: FoundFile[] = [];
    const paths: string[] = [];
    const prefix = pathOf(folder);
    for (const entry of entries) {
      if (pace) await pace();
      const file = join(folder, entry.name);
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) {
        if (isForeign(entry.name, (name) => names.has(name))) continue;
        if (isIgnored(rules, file, true) || ignores(`${path}/`)) continue;
        open.push({ folder: file, rules });
        continue;
      }
      if (seen.has(path)) continue;
      paths.push(path);
      if (!entry.isFile()) continue;
      const how = interest(path);
      if (!how || ignores(path) || isIgnored(rules, file, false)) continue;
      seen.add(path);
      files.push({ path, file, named: false, script: how === 'if-script' });
    }
    return { files, paths, problems: [] };
  };

  while (open.length > 0) {
    // From the end: depth first, which keeps the list of open folders short.
    const batch = open.splice(-breadth);
    const found = await Promise.all(batch.map(({ folder, rules }) => list(folder, rules)));
    yield* found;
  }
}

/** Says of a broken symbolic link that it is one. */
async function reasonOf(error: unknown, target: string): Promise<string> {
  const link = await lstat(target).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  );
  if (!link) return systemMessage(error);
  const known = await realpath(target).catch((reason: unknown) => systemMessage(reason));
  return `a symbolic link that leads nowhere (${known})`;
}
