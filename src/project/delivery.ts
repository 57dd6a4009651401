import type { FactName } from '../engine/fact';
import type { Link, PlacedPart, Verb } from '../engine/part';

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

/** The facts the map states, for conditions of findings: names of kinds. */
export const deliveryFacts = {
  /** Key ``: a pipeline is there. */
  pipeline: 'delivery/pipeline',
  /** Key: the path of the first file with a pipeline, where what is said once of all of them has its place. */
  first: 'delivery/first-pipeline',
  /** Key: the path of a recipe, module folder, playbook, … that a pipeline or a description of builds builds. */
  built: 'delivery/built',
  /** Key: the path of what a pipeline lints, tests, scans or rehearses. */
  checked: 'delivery/checked',
  /** Key: the path of what a pipeline deploys. */
  deployed: 'delivery/deployed',
} as const;

interface Node {
  readonly id: string;
  readonly path: string;
  readonly part: PlacedPart;
}

/** Kinds of files a program of a folder speaks of; all where it is not listed. */
const kindsOf: Readonly<Record<string, readonly PlacedPart['kind'][]>> = {
  ansible: ['playbook'],
  bake: ['task'],
  chef: ['configuration'],
  cloudformation: ['stack'],
  compose: ['workload'],
  docker: ['recipe'],
  helm: ['workload', 'chart'],
  kubectl: ['workload', 'chart'],
  kustomize: ['workload', 'chart'],
  packer: ['template'],
  puppet: ['configuration'],
  shell: ['script'],
  terraform: ['module'],
  terragrunt: ['module'],
};

/** Files by their folder, to find all that stand below one. */
class Paths {
  readonly #sorted: readonly string[];

  constructor(paths: Iterable<string>) {
    this.#sorted = [...paths].sort();
  }

  /** Paths of files in a folder and below; `` is all. */
  below(folder: string): readonly string[] {
    if (folder === '') return this.#sorted;
    const start = this.#first(`${folder}/`);
    let end = start;
    while (this.#sorted[end]?.startsWith(`${folder}/`)) end++;
    return this.#sorted.slice(start, end);
  }

  #first(from: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Kinds that describe builds for whoever calls them. */
const describing = new Set<PlacedPart['kind']>(['development', 'stack', 'task', 'workload']);

/** What somebody meant who lints, tests or rehearses. */
const checks = new Set<Verb>(['lints', 'tests', 'scans']);

/** Draws the map of the parts of all files. Pure; about a millisecond for a thousand files. */
export function drawMap(files: ReadonlyMap<string, readonly PlacedPart[]>): DeliveryMap {
  return new Drawing(files).map();
}

/** What the map states; see deliveryFacts. */
export function factsOfMap(files: ReadonlyMap<string, readonly PlacedPart[]>): readonly FactName[] {
  return new Drawing(files).facts();
}

class Drawing {
  readonly #paths: Paths;
  readonly #nodes: Node[] = [];
  readonly #byFile = new Map<string, Node[]>();
  readonly #tasks = new Map<string, Node>();
  /** Tasks by runner and name, in whatever folder. */
  readonly #byName = new Map<string, Node[]>();
  readonly #pipelines = new Map<string, Node>();
  readonly #reached = new Set<Node>();
  /** What a folder holds of a kind, by both. */
  readonly #inFolder = new Map<string, readonly Node[]>();

  constructor(files: ReadonlyMap<string, readonly PlacedPart[]>) {
    this.#paths = new Paths(files.keys());
    // Sorted, so that the map does not depend on which file was read first.
    for (const path of this.#paths.below('')) {
      const own: Node[] = [];
      for (const part of files.get(path)!) {
        const node = { id: `${path}#${part.kind}:${part.name}`, path, part };
        own.push(node);
        if (part.kind === 'task' && part.name !== '') this.#addTask(node);
        if (part.kind === 'pipeline') this.#pipelines.set(part.title ?? path, node);
      }
      this.#nodes.push(...own);
      this.#byFile.set(path, own);
    }
    this.#reach();
  }

  #addTask(node: Node): void {
    const key = taskKey(node.path, node.part.name);
    if (!this.#tasks.has(key)) this.#tasks.set(key, node);
    const [runner, , name] = key.split(':');
    const named = this.#byName.get(`${runner}:${name}`);
    if (named) named.push(node);
    else this.#byName.set(`${runner}:${name}`, [node]);
  }

  get #automated(): boolean {
    return this.#pipelines.size > 0;
  }

  /** Follows all that pipelines run. */
  #reach(): void {
    const open = this.#nodes.filter((node) => node.part.kind === 'pipeline');
    for (const node of open) this.#reached.add(node);
    for (let next = open.pop(); next; next = open.pop()) {
      const after = next.part.kind === 'pipeline' ? this.#jobsOf(next) : [];
      for (const node of [
        ...after,
        ...next.part.links.flatMap((link) => this.#leadsTo(link, next!)),
      ])
        if (!this.#reached.has(node)) {
          this.#reached.add(node);
          open.push(node);
        }
    }
  }

  /** Jobs of the pipeline's own file. */
  #jobsOf(node: Node): readonly Node[] {
    return this.#byFile.get(node.path)?.filter((each) => each.part.kind === 'job') ?? [];
  }

  /** The parts a link leads to; none for a whole folder of many kinds. */
  #leadsTo(link: Link, from: Node): readonly Node[] {
    const { kind, key } = link.to;
    if (kind === 'job') {
      const job = this.#byFile
        .get(from.path)
        ?.find((each) => each.part.kind === 'job' && each.part.name === key);
      return job ? [job] : [];
    }
    if (kind === 'pipeline') {
      // It starts after the other one, which does not lead to it.
      return [];
    }
    if (kind === 'task') return this.#task(key);
    if (kind === 'image') return [];
    return this.#file(link);
  }

  /** The task of that name in that folder; else those of the name that other files bring in. */
  #task(key: string): readonly Node[] {
    const task = this.#tasks.get(key);
    if (task) return [task];
    const [runner, , name] = key.split(':');
    return this.#byName.get(`${runner}:${name}`) ?? [];
  }

  #file({ to: { key }, tool, verb }: Link): readonly Node[] {
    const own = this.#byFile.get(key);
    if (own) {
      // Of a file that is run, whatever it says is run: a workflow with its jobs, an action, a script.
      return own;
    }
    const kinds = tool === undefined ? undefined : kindsOf[tool];
    if (!kinds || verb === 'runs') return [];
    // Many jobs speak of the same folder, most of all of the whole workspace.
    const asked = `${tool} ${key}`;
    let found = this.#inFolder.get(asked);
    if (!found) {
      found = this.#paths
        .below(key)
        .flatMap((path) => this.#byFile.get(path) ?? [])
        .filter((node) => kinds.includes(node.part.kind));
      this.#inFolder.set(asked, found);
    }
    return found;
  }

  facts(): readonly FactName[] {
    const found = new Map<string, FactName>();
    const state = (kind: string, key: string) => found.set(`${kind}\n${key}`, { kind, key });
    if (this.#automated) state(deliveryFacts.pipeline, '');
    const first = this.#nodes.find((node) => node.part.kind === 'pipeline');
    if (first) state(deliveryFacts.first, first.path);
    for (const node of this.#nodes) {
      // Hooks run on each commit, whoever runs them.
      const reached = this.#reached.has(node) || node.part.kind === 'hooks';
      for (const link of node.part.links) {
        if (link.to.kind !== 'file') continue;
        // What builds an image by description is built by whoever uses the description.
        const describes = describing.has(node.part.kind);
        const built = link.verb === 'builds' && (reached || describes);
        const kind = built
          ? deliveryFacts.built
          : !reached
            ? undefined
            : checks.has(link.verb)
              ? deliveryFacts.checked
              : link.verb === 'deploys' || (link.verb === 'runs' && link.tool === 'ansible')
                ? deliveryFacts.deployed
                : undefined;
        if (kind === undefined) continue;
        for (const to of this.#file(link)) state(kind, to.path);
        if (kind === deliveryFacts.built) state(kind, link.to.key);
      }
    }
    return [...found.values()];
  }

  map(): DeliveryMap {
    const stations = new Map<string, Station>();
    const ways = new Map<string, Way>();
    const stationOf = (node: Node): Station => {
      const id = stationId(node);
      const known = stations.get(id);
      if (known) return known;
      const does = new Set(
        node.part.links
          .filter(({ verb }) => verb !== 'runs' && verb !== 'uses')
          .filter((link) => link.to.kind === 'file' && this.#file(link).length === 0)
          .map((link) => link.verb),
      );
      const station: Station = {
        id,
        kind: node.part.kind,
        title: titleOf(node),
        path: node.path,
        part: node.part,
        reached: this.#reached.has(node),
        does,
      };
      stations.set(id, station);
      return station;
    };
    const imageOf = (name: string): Station => {
      const id = `image:${name}`;
      const known = stations.get(id);
      if (known) return known;
      const station: Station = {
        id,
        kind: 'image',
        title: name,
        path: undefined,
        part: undefined,
        reached: false,
        does: new Set(),
      };
      stations.set(id, station);
      return station;
    };
    const way = (from: Station, verb: Verb, to: Station) => {
      if (from !== to) ways.set(`${from.id} ${verb} ${to.id}`, { from, verb, to });
    };
    const built = new Set(
      this.#nodes.flatMap((node) => node.part.links.flatMap((link) => link.as ?? [])),
    );
    for (const node of this.#nodes) {
      const from = stationOf(node);
      if (node.part.kind === 'pipeline')
        for (const job of this.#jobsOf(node)) way(from, 'runs', stationOf(job));
      for (const link of node.part.links) {
        const { verb, to } = link;
        if (to.kind === 'pipeline') {
          const other = this.#pipelines.get(to.key);
          if (other) way(from, 'follows', stationOf(other));
          continue;
        }
        if (to.kind === 'image') {
          // Of the images of others the map is no list.
          if (built.has(to.key)) way(from, verb, imageOf(to.key));
          continue;
        }
        for (const target of this.#leadsTo(link, node)) {
          if (to.kind === 'file' && target.part.kind === 'job') continue;
          way(from, verb, stationOf(target));
        }
        if (link.as !== undefined) {
          way(from, 'builds', imageOf(link.as));
          for (const target of this.#leadsTo(link, node))
            way(stationOf(target), 'builds', imageOf(link.as));
        }
      }
    }
    return {
      stations: [...stations.values()],
      ways: [...ways.values()],
      automated: this.#automated,
    };
  }
}

/** The key of a task, from the file that lists it: `make:folder:name`. */
function taskKey(path: string, name: string): string {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  return `${runnerOf(path.slice(slash + 1))}:${folder}:${name}`;
}

function runnerOf(file: string): string {
  if (file === 'package.json') return 'npm';
  if (/^taskfile/i.test(file)) return 'task';
  if (/^\.?justfile$/i.test(file)) return 'just';
  if (/\.(?:hcl|json)$/.test(file)) return 'bake';
  return 'make';
}

/** The files of a Terraform module are one place. */
const stationId = ({ id, path, part }: Node): string =>
  part.kind === 'module' ? `${path.replace(/[^/]*$/, '')}#module` : id;

function titleOf({ path, part }: Node): string {
  if (part.title) return part.title;
  if (part.kind === 'module') return path.replace(/\/?[^/]*$/, '') || '.';
  return part.name === '' ? path : part.name;
}
