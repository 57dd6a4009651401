import type { Baseline } from '../engine/baseline';
import type { FactLookup, FactName } from '../engine/fact';
import type { FileResult, Finding, Problem } from '../engine/finding';
import { settle } from '../engine/settle';

/** How findings are settled; see Surroundings in engine/settle. */
export interface SettleOptions {
  readonly baseline?: Baseline;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly judgeSuppressions: boolean;
}

/**
 * The index of a workspace: the newest result of each checked file, which files exist, and what they state
 * together. Updating one file is cheap; findings are settled when they are asked for.
 */
export class Workspace implements FactLookup {
  readonly #results = new Map<string, FileResult>();
  readonly #facts = new Map<string, number>();
  #files: ReadonlySet<string> = new Set();
  #surroundings: ReadonlySet<string> = new Set();

  /** All files of the workspace, checked or not; each is a fact of kind `file`. Paths are relative, with `/`. */
  setFiles(paths: Iterable<string>): void {
    this.#files = new Set(paths);
  }

  /** Facts no file of the workspace states: what the checkout itself says, such as whose repository it is. */
  setSurroundings(facts: readonly FactName[]): void {
    this.#surroundings = new Set(facts.map(keyOf));
  }

  update(result: FileResult): void {
    this.remove(result.path);
    this.#results.set(result.path, result);
    for (const fact of result.facts) this.#count(fact, 1);
  }

  remove(path: string): void {
    const old = this.#results.get(path);
    if (!old) return;
    for (const fact of old.facts) this.#count(fact, -1);
    this.#results.delete(path);
  }

  get paths(): Iterable<string> {
    return this.#results.keys();
  }

  result(path: string): FileResult | undefined {
    return this.#results.get(path);
  }

  has(fact: FactName): boolean {
    if (fact.kind === 'file' && this.#files.has(fact.key)) return true;
    const key = keyOf(fact);
    return this.#surroundings.has(key) || (this.#facts.get(key) ?? 0) > 0;
  }

  /** The findings of one file, sorted by place. */
  findings(path: string, options: SettleOptions): readonly Finding[] {
    const result = this.#results.get(path);
    return result ? settle(result, { facts: this, ...options }) : [];
  }

  problems(): readonly Problem[] {
    return [...this.#results.values()].flatMap((result) => result.problems);
  }

  #count(fact: FactName, by: number): void {
    const key = keyOf(fact);
    const count = (this.#facts.get(key) ?? 0) + by;
    if (count > 0) this.#facts.set(key, count);
    else this.#facts.delete(key);
  }
}

const keyOf = (fact: FactName) => `${fact.kind}\n${fact.key}`;
