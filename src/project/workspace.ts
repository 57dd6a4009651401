import type { Baseline } from '../engine/baseline';
import type { FactLookup, FactName } from '../engine/fact';
import type { FileResult, Finding, Problem } from '../engine/finding';
import { settle } from '../engine/settle';
import { type DeliveryMap, draw } from './delivery';
import { changedFacts, type DeliveryFacts, factsOf } from './delivery-facts';
import { DeliveryIndex } from './delivery-index';
import { atOnce, type Interruptible } from './interruptible';

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
  readonly #delivery = new DeliveryIndex();
  /** What the delivery map states, and of which version of the index; undefined before it is drawn. */
  #drawn: { readonly version: number; readonly facts: DeliveryFacts } | undefined;
  #files = new Set<string>();
  #surroundings: ReadonlySet<string> = new Set();
  readonly #redraws: Redraws;

  constructor(redraws: Redraws = 'when asked') {
    this.#redraws = redraws;
  }

  /** All files of the workspace, checked or not; each is a fact of kind `file`. Paths are relative, with `/`. */
  setFiles(paths: Iterable<string>): void {
    this.#files = new Set(paths);
  }

  /** One file of the workspace has come or gone. */
  setFile(path: string, exists: boolean): void {
    if (exists) this.#files.add(path);
    else this.#files.delete(path);
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
    if (this.#redraws !== 'never') this.#delivery.set(result.path, result.parts);
  }

  remove(path: string): void {
    const old = this.#results.get(path);
    if (!old) return;
    this.#delivery.set(path);
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
    if (fact.kind.startsWith('delivery/')) {
      if (this.#redraws === 'never') return false;
      if (this.isStale && this.#redraws === 'when asked') this.redraw();
      return this.#drawn?.facts.get(fact.kind)?.has(fact.key) === true;
    }
    const key = keyOf(fact);
    return this.#surroundings.has(key) || (this.#facts.get(key) ?? 0) > 0;
  }

  /** The delivery map as it is now. */
  get map(): DeliveryMap {
    return atOnce(this.mapping());
  }

  /** The same in steps. To be begun anew if `partsVersion` is another one after a pause. */
  mapping(): Interruptible<DeliveryMap> {
    return draw(this.#delivery);
  }

  /** Another number whenever the map may look another way. */
  get partsVersion(): number {
    return this.#delivery.version;
  }

  /** Whether `redraw` would look at anything new. */
  get isStale(): boolean {
    return (this.#drawn?.version ?? 0) !== this.#delivery.version;
  }

  /** Finds anew what the delivery map states; returns the facts that came or went by it. */
  redraw(): readonly FactName[] {
    return atOnce(this.redrawing());
  }

  /** The same in steps, of which the last one makes it count. See `mapping`. */
  *redrawing(): Interruptible<readonly FactName[]> {
    const { version } = this.#delivery;
    const facts = yield* factsOf(this.#delivery);
    const before = this.#drawn?.facts ?? new Map();
    this.#drawn = { version, facts };
    return changedFacts(before, facts);
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
