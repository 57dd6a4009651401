import type { Configuration } from '../engine/configuration';
import type { FileResult } from '../engine/finding';

/** A file for a worker to check: its text, or where to read it. */
export interface LintInput {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** The text; without it the worker reads `file`. */
  readonly text?: string;
  /** Absolute path to read from. */
  readonly file?: string;
  /** The user named the file: then a binary is a problem and not passed over. */
  readonly named?: boolean;
  /** Check the file only if it begins with `#!`. */
  readonly script?: boolean;
  readonly languageId?: string;
  /** Which configuration holds; the one configured without a name if left out. */
  readonly workspace?: string;
  /** Put to the thread in place of a file to check; the result is an Answered. */
  readonly question?: unknown;
}

/** The result of a job that was a question: nothing found, and what the thread said. */
export interface Answered extends FileResult {
  readonly answer: unknown;
}

export interface LintJob extends LintInput {
  readonly id: number;
}

/** What a worker is told. */
export type Order =
  | {
      readonly kind: 'configure';
      readonly workspace: string;
      readonly configuration: Configuration;
      readonly only: readonly string[] | undefined;
    }
  | { readonly kind: 'lint'; readonly jobs: readonly LintJob[] };

/** What it says back: the outcome of each job of an order, once all are done. */
export interface Answer {
  readonly outcomes: readonly {
    readonly id: number;
    /** Undefined: the file turned out not to be one to check. */
    readonly result: FileResult | undefined;
  }[];
}

/** What a worker is started with. */
export interface WorkerSetUp {
  /**
   * One Int32: the id of the job it is at, 0 when idle. Shared memory, so that the pool can see a job hang without a
   * message per file.
   */
  readonly current: SharedArrayBuffer;
  /** Milliseconds a file may take. */
  readonly timeLimit: number;
}
