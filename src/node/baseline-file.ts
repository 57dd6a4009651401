import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Baseline, BaselineError, readBaseline, writeBaseline } from '../engine/baseline';
import type { Finding } from '../engine/finding';
import { readText } from './read-text';
import { writeWhole } from './write-file';

/** Where the baseline is unless the user says otherwise, relative to the workspace. */
export const usualBaseline = '.andon/baseline.json';

/** Reads a baseline; `path` is what it is called in messages. Throws BaselineError when it is missing or corrupt. */
export function readBaselineFile(file: string, path: string): Baseline {
  if (!existsSync(file)) {
    throw new BaselineError(`${path}: no such file; "andon check --update-baseline" writes one`);
  }
  const read = readText(file, { named: true });
  if (read.kind !== 'text') {
    throw new BaselineError(`${path}: ${read.kind === 'problem' ? read.message : 'not a file'}`);
  }
  try {
    return readBaseline(read.text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new BaselineError(`${path}: ${(error as Error).message}`);
  }
}

/**
 * Writes the baseline that accepts the findings, keeping entries of an older one that `keep` asks to (those of files
 * this check did not look at). Throws the system's error.
 */
export function writeBaselineFile(
  file: string,
  findings: readonly Finding[],
  kept: Iterable<string>,
): void {
  mkdirSync(dirname(file), { recursive: true });
  const older = [...kept].map((fingerprint) => ({ fingerprint }) as Finding);
  writeWhole(file, writeBaseline([...findings, ...older]));
}
