import type { Link, PlacedPart } from '../engine/part';

/** A part and the file it stands in. */
export interface Node {
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

/**
 * The parts of all files, kept by what links call them, so that a changed file touches what stands in it and no more.
 * What it holds does not depend on the order in which files came.
 */
export class DeliveryIndex {
  readonly #files = new Map<string, readonly Entry[]>();
  readonly #paths: string[] = [];
  /** Tasks by runner, folder and name. */
  readonly #tasks = new Register();
  /** Tasks by runner and name, in whatever folder. */
  readonly #byName = new Register();
  readonly #pipelines = new Register();
  /** What a folder holds for a program, by both; kept until a file in it changes. */
  readonly #inFolder = new Map<string, Map<string, readonly Node[]>>();
  #version = 0;

  constructor(files: Iterable<readonly [path: string, parts: readonly PlacedPart[]]> = []) {
    for (const [path, parts] of files) this.set(path, parts);
  }

  /** Another number after each change that can be seen on the map; places of parts in their files cannot. */
  get version(): number {
    return this.#version;
  }

  /** Takes in what a file states now; nothing if it is gone. */
  set(path: string, parts: readonly PlacedPart[] = []): void {
    const before = this.#files.get(path) ?? [];
    if (alike(before, parts, shapeOf)) {
      // Most edits move parts and change none of them.
      replace(before, parts);
      return;
    }
    this.#version++;
    for (const entry of before) this.#enter(entry, 'remove');
    const now = this.#entries(path, before, parts);
    for (const entry of now) this.#enter(entry, 'add');
  }

  /** The entries of a file as they are to be now. */
  #entries(path: string, before: readonly Entry[], parts: readonly PlacedPart[]): readonly Entry[] {
    // Most others change what a part does: then what folders hold stays as it is.
    if (alike(before, parts, ({ kind }) => kind)) {
      replace(before, parts);
      return before;
    }
    for (const folder of foldersOf(path)) this.#inFolder.delete(folder);
    const now = parts.map((part): Entry => ({ path, part }));
    if (now.length > 0) this.#files.set(path, now);
    else this.#files.delete(path);
    const at = firstFrom(this.#paths, path);
    if (before.length === 0) this.#paths.splice(at, 0, path);
    else if (now.length === 0) this.#paths.splice(at, 1);
    return now;
  }

  /** Paths of all files with parts, sorted. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** The parts of a file, in its order. */
  at(path: string): readonly Node[] {
    return this.#files.get(path) ?? none;
  }

  /** All pipelines, in no particular order. */
  get pipelines(): Iterable<Node> {
    return this.#pipelines.all();
  }

  /** The pipeline of that title. */
  pipeline(title: string): Node | undefined {
    return this.#pipelines.get(title).at(-1);
  }

  /** The jobs of a file. */
  jobsOf(path: string): readonly Node[] {
    return this.at(path).filter((each) => each.part.kind === 'job');
  }

  /**
   * The parts a link leads to; none for a whole folder of many kinds. Links that lead to the same files or tasks are
   * given the very same list, so that who has been through it knows it again.
   */
  leadsTo(link: Link, from: Node): readonly Node[] {
    const { kind, key } = link.to;
    switch (kind) {
      case 'job':
        return this.jobsOf(from.path)
          .filter((each) => each.part.name === key)
          .slice(0, 1);
      // The one starts after the other, which does not lead to it.
      case 'pipeline':
      case 'image':
        return none;
      case 'task':
        return this.#task(key);
      case 'file':
        return this.#file(link);
    }
  }

  /** The task of that name in that folder; else those of the name that other files bring in. */
  #task(key: string): readonly Node[] {
    const [task] = this.#tasks.get(key);
    return task ? [task] : this.#byName.get(withoutFolder(key));
  }

  #file({ to: { key }, tool, verb }: Link): readonly Node[] {
    const own = this.#files.get(key);
    // Of a file that is run, whatever it says is run: a workflow with its jobs, an action, a script.
    if (own) return own;
    const kinds = tool === undefined ? undefined : kindsOf[tool];
    if (!kinds || verb === 'runs') return none;
    // Many jobs speak of the same folder, most of all of the whole workspace.
    const known = this.#inFolder.get(key)?.get(tool!);
    if (known) return known;
    const found: Node[] = [];
    for (const path of this.#below(key))
      for (const node of this.at(path)) if (kinds.includes(node.part.kind)) found.push(node);
    // Of empty folders there is no end.
    if (found.length > 0) this.#keep(key, tool!, found);
    return found;
  }

  #keep(folder: string, tool: string, found: readonly Node[]): void {
    const tools = this.#inFolder.get(folder);
    if (tools) tools.set(tool, found);
    else this.#inFolder.set(folder, new Map([[tool, found]]));
  }

  /** Paths of files in a folder and below; `` is all. */
  #below(folder: string): readonly string[] {
    if (folder === '') return this.#paths;
    // `0` comes after `/`.
    return this.#paths.slice(
      firstFrom(this.#paths, `${folder}/`),
      firstFrom(this.#paths, `${folder}0`),
    );
  }

  #enter(entry: Entry, how: 'add' | 'remove'): void {
    const { path, part } = entry;
    if (part.kind === 'task' && part.name !== '') {
      const key = taskKey(path, part.name);
      this.#tasks[how](key, entry);
      this.#byName[how](withoutFolder(key), entry);
    }
    if (part.kind === 'pipeline') this.#pipelines[how](part.title ?? path, entry);
  }
}

const none: readonly Node[] = [];

interface Entry extends Node {
  part: PlacedPart;
}

/** Nodes by a name that several may have, those of a name by their paths. */
class Register {
  readonly #named = new Map<string, Node[]>();

  get(name: string): readonly Node[] {
    return this.#named.get(name) ?? none;
  }

  *all(): Iterable<Node> {
    for (const nodes of this.#named.values()) yield* nodes;
  }

  /** Nodes of one file come in its order. */
  add(name: string, node: Node): void {
    const nodes = this.#named.get(name);
    if (!nodes) {
      this.#named.set(name, [node]);
      return;
    }
    let at = nodes.length;
    while (at > 0 && nodes[at - 1]!.path > node.path) at--;
    nodes.splice(at, 0, node);
  }

  remove(name: string, node: Node): void {
    const left = this.get(name).filter((each) => each !== node);
    if (left.length > 0) this.#named.set(name, left);
    else this.#named.delete(name);
  }
}

/** Whether the parts of a file are as many as before and the same in that. */
function alike(
  before: readonly Node[],
  now: readonly PlacedPart[],
  by: (part: PlacedPart) => string,
): boolean {
  return before.length === now.length && before.every(({ part }, i) => by(part) === by(now[i]!));
}

function replace(entries: readonly Entry[], parts: readonly PlacedPart[]): void {
  entries.forEach((entry, i) => {
    entry.part = parts[i]!;
  });
}

/** All of a part but its place. */
const shapeOf = ({ kind, name, title, events, links }: PlacedPart) =>
  JSON.stringify([kind, name, title, events, links]);

/** Where a path stands in a sorted list, or would. */
function firstFrom(sorted: readonly string[], path: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The folders a path is in, from the nearest to `` for the workspace. */
function foldersOf(path: string): readonly string[] {
  const folders = [''];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    folders.push(path.slice(0, at));
  return folders;
}

/** The key of a task, from the file that lists it: `make:folder:name`. */
function taskKey(path: string, name: string): string {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  return `${runnerOf(path.slice(slash + 1))}:${folder}:${name}`;
}

/** Names of tasks may have colons in them, as npm scripts do. */
const withoutFolder = (key: string) => key.replace(/:[^:]*:/, ':');

function runnerOf(file: string): string {
  if (file === 'package.json') return 'npm';
  if (/^taskfile/i.test(file)) return 'task';
  if (/^\.?justfile$/i.test(file)) return 'just';
  if (/\.(?:hcl|json)$/.test(file)) return 'bake';
  return 'make';
}
