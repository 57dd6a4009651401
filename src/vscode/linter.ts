import type { Configuration } from '../engine/configuration';
import type { FileResult } from '../engine/finding';
import type { Answers, Question } from './questions';

/** A file to check: its text, or where the linter reads it. */
export interface LintRequest {
  /** Relative to the workspace folder, with `/`. */
  readonly path: string;
  /** The text; without it the linter reads `file`. */
  readonly text?: string;
  /** Absolute path to read from; only on request of a linter that `readsFiles`. */
  readonly file?: string;
  /** Check the file only if it begins with `#!`. */
  readonly script?: boolean;
  readonly languageId?: string;
  /** Which folder's configuration holds. */
  readonly workspace: string;
}

export interface LintOptions {
  /** Rejects with the signal's reason when aborted; what still waits is then not checked at all. */
  readonly signal?: AbortSignal;
  /** Before all that waits: somebody is looking at the file. */
  readonly urgent?: boolean;
}

/** What checks files: worker threads on a desktop or server, the same engine in place in a browser. */
export interface Linter {
  /** Sets the configuration that files of a workspace folder are checked with from now on. */
  configure(configuration: Configuration, only: undefined, workspace: string): void;
  /** Checks one file. Undefined: it is not one to check (binary, no script). */
  lint(request: LintRequest, options?: LintOptions): Promise<FileResult | undefined>;
  /** Has something answered that takes a parser. */
  ask<K extends Question['kind']>(question: Question & { readonly kind: K }): Promise<Answers[K]>;
  /** Ends it; whatever still waits is rejected. */
  dispose(): void | Promise<void>;
}
