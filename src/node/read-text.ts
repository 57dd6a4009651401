import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { sizeLimit } from '../engine/engine';
import { systemMessage } from './system-message';

/** What reading a file for a check came to; `skipped`: it is plainly not a file to check. */
export type ReadText =
  | { readonly kind: 'text'; readonly text: string; readonly mode: number }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'skipped' };

export interface ReadOptions {
  /** The user named the file: then even a binary is worth a word. */
  readonly named?: boolean;
  /** Read it only if it begins with `#!`. */
  readonly script?: boolean;
}

const head = 8 * 1024;
const scriptLimit = 1024 * 1024;
const skipped: ReadText = { kind: 'skipped' };
const problem = (message: string): ReadText => ({ kind: 'problem', message });

/**
 * Reads a file as text, a byte order mark kept so that offsets are the file's. Never throws: what cannot be read
 * is a problem.
 */
export function readText(file: string, options: ReadOptions = {}): ReadText {
  let handle: number | undefined;
  try {
    // Without O_NONBLOCK opening a named pipe would wait for its writer for ever.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(handle);
    if (!stat.isFile()) return options.named ? problem('not a regular file') : skipped;
    if (options.script && (stat.size < 4 || stat.size > scriptLimit)) return skipped;
    if (stat.size > sizeLimit) {
      return problem(`larger than ${sizeLimit / 1024 / 1024} MB, not checked`);
    }
    const first = readUpTo(handle, Math.min(stat.size, head));
    if (options.script && !(first[0] === 0x23 && first[1] === 0x21)) return skipped;
    if (first.includes(0)) return options.named ? problem(binary(first)) : skipped;
    const rest = stat.size > head ? readUpTo(handle, stat.size - first.length) : undefined;
    const bytes = rest ? Buffer.concat([first, rest]) : first;
    if (!isUtf8(bytes)) return problem(`not UTF-8 (line ${lineOfFirstFault(bytes)}), not checked`);
    return { kind: 'text', text: bytes.toString('utf8'), mode: stat.mode };
  } catch (error) {
    return problem(systemMessage(error));
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** As much as there is, up to `length` bytes: a file may shrink while it is read. */
function readUpTo(handle: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const count = readSync(handle, buffer, at, length - at, null);
    if (count === 0) break;
    at += count;
  }
  return buffer.subarray(0, at);
}

function binary(first: Buffer): string {
  const utf16 =
    (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
  return utf16 ? 'UTF-16, not UTF-8; not checked' : 'binary, not checked';
}

/** Line (from 1) of the first byte that is no UTF-8. */
function lineOfFirstFault(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  // No byte of a longer character is a line feed, so each line is UTF-8 or not by itself.
  for (;;) {
    const end = bytes.indexOf(10, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line++;
  }
}
