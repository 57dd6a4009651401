import type { Baseline } from '../engine/baseline';
import type { FactLookup, FactName } from '../engine/fact';
import type { FileResult, Finding, Problem } from '../engine/finding';
import type { PlacedPart } from '../engine/part';
import { settle } from '../engine/settle';
import { type DeliveryMap, drawMap, factsOfMap } from './delivery';

/** How findings are settled; see Surroundings in engine/settle. */
export interface SettleOptions {
  readonly baseline?: Baseline;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly judgeSuppressions: boolean;
}

/**
 * When the delivery map is drawn. `by hand`: what depends on it stays as it was until `redraw` is called. `never`: only
 * a part of the workspace is known, of which no map can be drawn.
 */
type Redraws = 'when asked' | 'by hand' | 'never';

/**
 * The index of a workspace: the newest result of each checked file, which files exist, and what they state
 * together. Updating one file is cheap; findings are settled when they are asked for.
 */
export class Workspace implements FactLookup {
  readonly #results = new Map<string, FileResult>();
  readonly #facts = new Map<string, number>();
  readonly #parts = new Map<string, readonly PlacedPart[]>();
  /** What the delivery map states; undefined until it is first asked for. */
  #delivery: ReadonlyMap<string, FactName> | undefined;
  #files: ReadonlySet<string> = new Set();
  #surroundings: ReadonlySet<string> = new Set();

  /** Whether parts have changed since the delivery map was last drawn. */
  #stale = false;
  readonly #redraws: Redraws;

  constructor(redraws: Redraws = 'when asked') {
    this.#redraws = redraws;
  }

  /** All files of the workspace, checked or not; each is a fact of kind `file`. Paths are relative, with `/`. */
  setFiles(paths: Iterable<string>): void {
    this.#files = new Set(paths);
  }

  /** Facts no file of the workspace states: what the checkout itself says, such as whose repository it is. */
  setSurroundings(facts: readonly FactName[]): void {
    this.#surroundings = new Set(facts.map(keyOf));
  }

  update(result: FileResult): void {
    const old = this.#results.get(result.path);
    for (const fact of old?.facts ?? []) this.#count(fact, -1);
    this.#results.set(result.path, result);
    for (const fact of result.facts) this.#count(fact, 1);
    this.#setParts(result.path, result.parts);
  }

  remove(path: string): void {
    const old = this.#results.get(path);
    if (!old) return;
    this.#setParts(path, undefined);
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
    if (fact.kind.startsWith('delivery/')) {
      if (this.#redraws === 'never') return false;
      if (!this.#delivery || (this.#stale && this.#redraws === 'when asked')) this.redraw();
      return this.#delivery!.has(key);
    }
    return this.#surroundings.has(key) || (this.#facts.get(key) ?? 0) > 0;
  }

  /** The delivery map as it is now. */
  get map(): DeliveryMap {
    return drawMap(this.#parts);
  }

  /** Whether `redraw` would look at anything new. */
  get isStale(): boolean {
    return this.#stale;
  }

  /** Draws the delivery map anew; returns the facts that came or went by it. */
  redraw(): readonly FactName[] {
    const before = this.#delivery;
    const now = new Map(factsOfMap(this.#parts).map((fact) => [keyOf(fact), fact]));
    this.#delivery = now;
    this.#stale = false;
    return [
      ...[...now].filter(([key]) => !before?.has(key)),
      ...[...(before ?? [])].filter(([key]) => !now.has(key)),
    ].map(([, fact]) => fact);
  }

  /** The findings of one file, sorted by place. */
  findings(path: string, options: SettleOptions): readonly Finding[] {
    const result = this.#results.get(path);
    return result ? settle(result, { facts: this, ...options }) : [];
  }

  problems(): readonly Problem[] {
    return [...this.#results.values()].flatMap((result) => result.problems);
  }

  #setParts(path: string, parts: readonly PlacedPart[] | undefined): void {
    const old = this.#parts.get(path);
    // Most edits move parts and change none of them.
    if (shapeOf(old) !== shapeOf(parts)) this.#stale = true;
    if (parts) this.#parts.set(path, parts);
    else this.#parts.delete(path);
  }

  #count(fact: FactName, by: number): void {
    const key = keyOf(fact);
    const count = (this.#facts.get(key) ?? 0) + by;
    if (count > 0) this.#facts.set(key, count);
    else this.#facts.delete(key);
  }
}

const shapeOf = (parts: readonly PlacedPart[] | undefined) =>
  JSON.stringify(parts?.map(({ kind, name, links }) => [kind, name, links]));

const keyOf = (fact: FactName) => `${fact.kind}\n${fact.key}`;
