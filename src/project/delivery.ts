import type { FactName } from '../engine/fact';
import type { PlacedPart, Verb } from '../engine/part';
import { changedFacts, factsOf } from './delivery-facts';
import { DeliveryIndex, type Node } from './delivery-index';
import { reach } from './delivery-reach';
import { atOnce, type Interruptible } from './interruptible';

/** A part of the workspace, or an image, as a place on the map. */
export interface Station {
  /** Unique in the workspace. */
  readonly id: string;
  readonly kind: PlacedPart['kind'] | 'image';
  /** What people call it. */
  readonly title: string;
  /** The file it stands in, relative to the workspace; undefined for an image. */
  readonly path: string | undefined;
  readonly part: PlacedPart | undefined;
  /** A pipeline leads to it, directly or by way of others. */
  readonly reached: boolean;
  /** What it does with all of a folder, or the workspace, rather than with one part: `tests`, `deploys`, … */
  readonly does: ReadonlySet<Verb>;
}

export interface Way {
  readonly from: Station;
  readonly verb: Verb;
  readonly to: Station;
}

/** The parts of a workspace and how they lead from one to another. */
export interface DeliveryMap {
  readonly stations: readonly Station[];
  readonly ways: readonly Way[];
  /** There is at least one pipeline. */
  readonly automated: boolean;
}

/** Draws the map of the parts of all files. */
export function drawMap(files: ReadonlyMap<string, readonly PlacedPart[]>): DeliveryMap {
  return atOnce(draw(new DeliveryIndex(files)));
}

/** What the map states; see deliveryFacts. */
export function factsOfMap(files: ReadonlyMap<string, readonly PlacedPart[]>): readonly FactName[] {
  return changedFacts(new Map(), atOnce(factsOf(new DeliveryIndex(files))));
}

/** Draws the map of what is in the index. */
export function* draw(index: DeliveryIndex): Interruptible<DeliveryMap> {
  const drawing = new Drawing(index, yield* reach(index));
  for (const path of index.paths) {
    yield* drawing.add(path);
  }
  return drawing.map;
}

class Drawing {
  readonly #index: DeliveryIndex;
  readonly #reached: ReadonlySet<Node>;
  readonly #stations = new Map<string, Station>();
  readonly #ways: Way[] = [];
  /** Where ways lead to already, by station and verb. */
  readonly #leads = new Map<Station, Map<Verb, Set<Station>>>();
  /** Of the images of others the map is no list. */
  readonly #built = new Set<string>();

  constructor(index: DeliveryIndex, reached: ReadonlySet<Node>) {
    this.#index = index;
    this.#reached = reached;
    for (const path of index.paths)
      for (const { part } of index.at(path))
        for (const { as } of part.links) if (as !== undefined) this.#built.add(as);
  }

  get map(): DeliveryMap {
    const stations = [...this.#stations.values()];
    const automated = stations.some(({ kind }) => kind === 'pipeline');
    return { stations, ways: this.#ways, automated };
  }

  /** Adds the parts of a file and what leads from them. */
  *add(path: string): Interruptible<void> {
    const index = this.#index;
    for (const node of index.at(path)) {
      yield;
      const from = this.#station(node);
      if (node.part.kind === 'pipeline')
        for (const job of index.jobsOf(path)) this.#way(from, 'runs', this.#station(job));
      for (const link of node.part.links) {
        const { verb, to } = link;
        if (to.kind === 'pipeline') {
          const other = index.pipeline(to.key);
          if (other) this.#way(from, 'follows', this.#station(other));
          continue;
        }
        if (to.kind === 'image') {
          if (this.#built.has(to.key)) this.#way(from, verb, this.#image(to.key));
          continue;
        }
        const targets = index.leadsTo(link, node);
        for (const target of targets) {
          yield;
          if (to.kind === 'file' && target.part.kind === 'job') continue;
          this.#way(from, verb, this.#station(target));
        }
        if (link.as !== undefined) {
          const image = this.#image(link.as);
          this.#way(from, 'builds', image);
          for (const target of targets) this.#way(this.#station(target), 'builds', image);
        }
      }
    }
  }

  #station(node: Node): Station {
    const id = stationId(node);
    const known = this.#stations.get(id);
    if (known) return known;
    const does = new Set(
      node.part.links
        .filter(({ verb }) => verb !== 'runs' && verb !== 'uses')
        .filter((link) => link.to.kind === 'file' && this.#index.leadsTo(link, node).length === 0)
        .map((link) => link.verb),
    );
    return this.#put({
      id,
      kind: node.part.kind,
      title: titleOf(node),
      path: node.path,
      part: node.part,
      reached: this.#reached.has(node),
      does,
    });
  }

  #image(name: string): Station {
    const id = `image:${name}`;
    return (
      this.#stations.get(id) ??
      this.#put({
        id,
        kind: 'image',
        title: name,
        path: undefined,
        part: undefined,
        reached: false,
        does: new Set(),
      })
    );
  }

  #put(station: Station): Station {
    this.#stations.set(station.id, station);
    return station;
  }

  #way(from: Station, verb: Verb, to: Station): void {
    if (from === to) return;
    const byVerb = this.#leads.get(from) ?? new Map<Verb, Set<Station>>();
    const ends = byVerb.get(verb) ?? new Set();
    if (ends.has(to)) return;
    this.#leads.set(from, byVerb.set(verb, ends.add(to)));
    this.#ways.push({ from, verb, to });
  }
}

/** The files of a Terraform module are one place. */
const stationId = ({ path, part }: Node): string =>
  part.kind === 'module'
    ? `${path.replace(/[^/]*$/, '')}#module`
    : `${path}#${part.kind}:${part.name}`;

function titleOf({ path, part }: Node): string {
  if (part.title) return part.title;
  if (part.kind === 'module') return path.replace(/\/?[^/]*$/, '') || '.';
  return part.name === '' ? path : part.name;
}
