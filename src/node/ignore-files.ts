import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { nearestWith, slashes } from './workspace-root';

/** The `.gitignore` rules that hold in a folder: its own and those of the folders above, nearest first. */
export interface IgnoreRules {
  readonly folder: string;
  readonly rules: Ignore | undefined;
  readonly above: IgnoreRules | undefined;
}

/** Whether git would ignore an entry of the folder the rules were read for, or of one below. */
export function isIgnored(rules: IgnoreRules | undefined, path: string, folder: boolean): boolean {
  for (let each = rules; each; each = each.above) {
    if (!each.rules) continue;
    const way = slashes(relative(each.folder, path)) + (folder ? '/' : '');
    const said = each.rules.test(way);
    if (said.ignored) return true;
    if (said.unignored) return false;
  }
  return false;
}

/** The rules of a folder below one whose rules are known. `has` tells whether it holds a `.gitignore`. */
export function rulesBelow(
  above: IgnoreRules | undefined,
  folder: string,
  has: boolean,
): IgnoreRules | undefined {
  const text = has ? readOrNothing(join(folder, '.gitignore')) : '';
  return text === '' ? above : { folder, rules: ignore().add(text), above };
}

/**
 * The rules for the contents of a folder, read from the top of its repository downwards. Undefined outside a
 * repository and in a folder that is itself ignored: who names such a folder means it.
 */
export function rulesFor(folder: string): IgnoreRules | undefined {
  const top = nearestWith(['.git'], folder);
  if (!top) return undefined;
  const excluded = readOrNothing(join(gitFolder(join(top, '.git')), 'info', 'exclude'));
  let rules: IgnoreRules | undefined =
    excluded === '' ? undefined : { folder: top, rules: ignore().add(excluded), above: undefined };
  const steps = slashes(relative(top, folder)).split('/').filter(Boolean);
  let at = top;
  // The folder's own file is read by whoever lists it.
  for (const step of steps) {
    rules = rulesBelow(rules, at, true);
    at = join(at, step);
    if (isIgnored(rules, at, true)) return undefined;
  }
  return rules;
}

/** The folder with the repository's data: of a worktree or a submodule, `.git` is a file that names it. */
function gitFolder(git: string): string {
  try {
    if (statSync(git).isDirectory()) return git;
    const named = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1];
    if (!named) return git;
    const own = isAbsolute(named) ? named : resolve(dirname(git), named);
    const shared = readOrNothing(join(own, 'commondir')).trim();
    return shared === '' ? own : resolve(own, shared);
  } catch {
    return git;
  }
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
