import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findFiles } from '../node/find-files';
import { isForeign } from '../node/foreign-folders';
import { type IgnoreRules, isIgnored, rulesBelow, rulesFor } from '../node/ignore-files';
import type { FolderFiles } from './folder-files';
import { pacer } from './time-slices';

/** The files of a folder on this machine: the same that the command line finds. */
export function localFiles(root: string): FolderFiles {
  /** Rules for what is in a folder (its path, '' for the root); `'ignored'` if git ignores the folder. */
  let known = new Map<string, IgnoreRules | undefined | 'ignored'>();

  function rulesIn(folder: string): IgnoreRules | undefined | 'ignored' {
    if (known.has(folder)) return known.get(folder);
    const rules = read(folder);
    known.set(folder, rules);
    return rules;
  }

  function read(folder: string): IgnoreRules | undefined | 'ignored' {
    const full = join(root, folder);
    if (folder === '') return rulesBelow(rulesFor(root), full, true);
    const cut = folder.lastIndexOf('/');
    const name = folder.slice(cut + 1);
    const parent = folder.slice(0, Math.max(cut, 0));
    const above = rulesIn(parent);
    const beside = (file: string) => existsSync(join(root, parent, file));
    if (above === 'ignored' || isForeign(name, beside)) return 'ignored';
    return isIgnored(above, full, true) ? 'ignored' : rulesBelow(above, full, true);
  }

  return {
    async *list({ interest, leftOut, signal }) {
      const options = { root, interest, ignores: leftOut, pace: pacer() };
      for await (const found of findFiles([root], options)) {
        if (signal.aborted) return;
        yield found;
      }
    },
    async ignored(path) {
      const rules = rulesIn(path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
      return rules === 'ignored' || isIgnored(rules, join(root, path), false);
    },
    forget() {
      known = new Map();
    },
    readable: (path) => join(root, path),
  };
}
