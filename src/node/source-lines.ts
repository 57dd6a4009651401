import { resolve } from 'node:path';
import { readText } from './read-text';

/** Lines of files, read when first asked for; paths are relative to `folder`. */
export function linesOf(folder: string): (path: string, line: number) => string | undefined {
  const known = new Map<string, readonly string[]>();
  return (path, line) => {
    let lines = known.get(path);
    if (!lines) {
      const read = readText(resolve(folder, path));
      lines = read.kind === 'text' ? read.text.split(/\r\n|\r|\n/) : [];
      known.set(path, lines);
    }
    return lines[line - 1];
  };
}
