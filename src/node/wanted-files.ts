import type { Format } from '../engine/format';
import { matchPaths } from '../engine/paths';

/** How a file is worth a look: by its name, or only if it turns out to be a script. */
export type Interest = 'read' | 'if-script' | undefined;

/**
 * Which files could matter, told from their workspace-relative paths: those some format or the configuration asks
 * for, and files without an extension, which may be shell scripts.
 */
export function wantedFiles(
  formats: readonly Pick<Format, 'files'>[],
  extra: readonly string[] = [],
): (path: string) => Interest {
  const endings = new Set<string>();
  const globs: string[] = [];
  // Most globs say no more than an ending; a set of those spares the matcher on most files.
  for (const glob of [...formats.flatMap((format) => format.files), ...extra]) {
    const ending = /^\*\*\/\*\.(?:(\w+)|\{([\w,]+)\})$/.exec(glob);
    if (!ending) globs.push(glob);
    else for (const each of (ending[1] ?? ending[2]!).split(',')) endings.add(each);
  }
  const matches = matchPaths(globs);
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    if (dot > 0 && endings.has(name.slice(dot + 1))) return 'read';
    if (matches(path)) return 'read';
    return dot === -1 ? 'if-script' : undefined;
  };
}
