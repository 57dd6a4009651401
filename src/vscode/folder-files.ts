import type { Problem } from '../engine/finding';
import type { Interest } from '../node/wanted-files';

/** A file worth checking. */
export interface ListedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** To be checked only if it begins with `#!`. */
  readonly script: boolean;
}

export interface ListOptions {
  readonly interest: (path: string) => Interest;
  /** What settings and configuration leave out; folders end with `/`. */
  readonly leftOut: (path: string) => boolean;
  readonly signal: AbortSignal;
}

/** The files of one workspace folder, as git and the settings let them be seen. */
export interface FolderFiles {
  /** What there is to check, in portions. Never rejects: what cannot be read is a problem. */
  list(options: ListOptions): AsyncIterable<{
    readonly files: readonly ListedFile[];
    readonly problems: readonly Problem[];
  }>;
  /** Whether git ignores the file. */
  ignored(path: string): Promise<boolean>;
  /** A `.gitignore` has changed. */
  forget(): void;
  /** Where the linter itself can read the file; undefined where only the editor can. */
  readable(path: string): string | undefined;
}
