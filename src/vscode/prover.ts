import type { Proved } from '../node/prove/prove';

/** A script to run several times. */
export interface ScriptToProve {
  readonly text: string;
  /** The file it is; of a text that is none, one it could be. */
  readonly file: string;
  /** Its working directory, instead of the folder the file lies in. */
  readonly directory?: string;
  readonly interpreter?: readonly string[];
  /** The container image to run it in; none: over a copy of this machine. */
  readonly image?: string;
  readonly signal: AbortSignal;
  /** Called before each run, with its number from 1. */
  readonly progress: (run: number) => void;
}

/** Runs scripts twice in a sandbox. Rejects with NoSandbox where there is none to be had, and when aborted. */
export type Prover = (script: ScriptToProve) => Promise<Proved>;
