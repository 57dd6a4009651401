import {
  chmodSync,
  chownSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const unfinished = new Set<string>();

/**
 * Writes a text so that no reader ever sees half of it: beside the file first, then in its place. Mode and owner stay;
 * a symbolic link stays one and its target is written. Throws the system's error, the file then being untouched.
 */
export function writeWhole(file: string, text: string): void {
  const target = resolved(file);
  const known = statOrNothing(target);
  const beside = join(dirname(target), `.${basename(target)}.andon-${process.pid}`);
  unfinished.add(beside);
  try {
    writeFileSync(beside, text);
    if (known) {
      chmodSync(beside, known.mode);
      if (known.uid !== process.getuid?.() || known.gid !== process.getgid?.()) {
        // Only root may give files away; for others the new file is theirs, as with any editor.
        try {
          chownSync(beside, known.uid, known.gid);
        } catch {}
      }
    }
    renameSync(beside, target);
  } finally {
    rmSync(beside, { force: true });
    unfinished.delete(beside);
  }
}

/** Removes what an interrupted write left lying. */
export function removeUnfinished(): void {
  for (const file of unfinished) rmSync(file, { force: true });
}

function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function statOrNothing(file: string) {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
