import type { Given, OptionSpec } from '../options';
import type { Terminal } from '../terminal';

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** What follows its name in the usage line. */
  readonly operands: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** Further paragraphs of its help. */
  readonly notes?: string;
  /** Resolves to the exit code: 0 all well, 1 findings, 2 it could not be done. Rejects with what cli.ts tells. */
  run(given: Given, terminal: Terminal): Promise<number>;
}
