import type { Verb } from '../engine/part';
import type { DeliveryMap, Station } from './delivery';
import { atOnce, type Interruptible } from './interruptible';

/** A box of the picture: a station, or many alike. Plain data, handed to the webview. */
export interface Box {
  readonly id: string;
  readonly kind: Station['kind'];
  readonly title: string;
  /** What it does to all of a folder, and where it stands, as further lines. */
  readonly lines: readonly string[];
  readonly reached: boolean;
  /** Where a click leads: a file, and its line from 1. */
  readonly path?: string;
  readonly line?: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly verb: Verb;
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** Stations alike in all ways are drawn as one from this many on. */
const many = 5;

/** Kinds that say nothing standing alone. */
const steps = new Set<Station['kind']>(['configuration', 'hooks', 'image', 'script', 'task']);

/** Kinds no pipeline has to lead to. */
const onTheirOwn = new Set<Station['kind']>(['development', 'image']);

const plural: Readonly<Record<Station['kind'], string>> = {
  chart: 'charts',
  configuration: 'configurations',
  development: 'development environments',
  hooks: 'hooks',
  image: 'images',
  job: 'jobs',
  machine: 'machines',
  module: 'modules',
  pipeline: 'pipelines',
  playbook: 'playbooks',
  recipe: 'Dockerfiles',
  script: 'scripts',
  stack: 'stacks',
  task: 'tasks',
  template: 'templates',
  workload: 'workloads',
};

/** What is drawn of a map: what leads somewhere, and what is delivered and nothing leads to. */
export function pictureOf(map: DeliveryMap): Picture {
  return atOnce(drawPicture(map));
}

/** The same in steps. */
export function* drawPicture(map: DeliveryMap): Interruptible<Picture> {
  const groups = yield* groupAlike(map, yield* shownStations(map));
  const boxOf = new Map<string, string>();
  const boxes: Box[] = [];
  for (const group of groups) {
    const [first] = group;
    for (const each of group) boxOf.set(each.id, first!.id);
    boxes.push(group.length === 1 ? single(first!) : together(group));
    yield;
  }
  const arrows = new Map<string, Arrow>();
  for (const { from, verb, to } of map.ways) {
    yield;
    const start = boxOf.get(from.id);
    const end = boxOf.get(to.id);
    if (start === undefined || end === undefined || start === end) continue;
    // What comes first in a run stands first in the picture.
    const arrow =
      verb === 'follows' ? { from: end, to: start, verb } : { from: start, to: end, verb };
    arrows.set(`${arrow.from} ${arrow.to}`, arrow);
  }
  return { boxes, arrows: [...arrows.values()] };
}

/** Scripts and tasks only where they lie on a way of a pipeline, or lead to what is delivered. */
function* shownStations(map: DeliveryMap): Interruptible<readonly Station[]> {
  const onWay = new Set<string>();
  for (const { from, to } of map.ways) {
    yield;
    if (!from.reached && steps.has(from.kind) && steps.has(to.kind)) continue;
    onWay.add(from.id);
    onWay.add(to.id);
  }
  return map.stations.filter((each) =>
    steps.has(each.kind) ? onWay.has(each.id) : each.kind !== 'job' || each.reached,
  );
}

/** Stations of one kind whose ways are the same, many of them together. */
function* groupAlike(
  map: DeliveryMap,
  shown: readonly Station[],
): Interruptible<readonly (readonly Station[])[]> {
  // By number: a station may have thousands of ways, and ids are long.
  const numbers = new Map(map.stations.map((each, i) => [each, i]));
  const ends = new Map<Station, string[]>();
  const note = (of: Station, way: string, other: Station) => {
    const end = `${way} ${numbers.get(other)}`;
    const list = ends.get(of);
    if (list) list.push(end);
    else ends.set(of, [end]);
  };
  for (const { from, verb, to } of map.ways) {
    note(from, `> ${verb}`, to);
    note(to, `< ${verb}`, from);
    yield;
  }
  const alike = new Map<string, Station[]>();
  for (const each of shown) {
    const key = JSON.stringify([each.kind, each.reached, (ends.get(each) ?? []).sort()]);
    const group = alike.get(key);
    if (group) group.push(each);
    else alike.set(key, [each]);
    yield;
  }
  return [...alike.values()].flatMap((group) =>
    group.length >= many && group[0]!.kind !== 'pipeline' ? [group] : group.map((each) => [each]),
  );
}

function single(station: Station): Box {
  const { id, kind, title, path, part, reached, does } = station;
  const events = part?.events ?? [];
  return {
    id,
    kind,
    title,
    lines: [
      ...(events.length > 0 ? [`on ${events.join(', ')}`] : []),
      ...(does.size > 0 ? [[...does].join(', ')] : []),
      ...(path !== undefined && path !== title ? [path] : []),
    ],
    reached: reached || onTheirOwn.has(kind),
    ...(path !== undefined && { path, line: part?.start.line ?? 1 }),
  };
}

function together(group: readonly Station[]): Box {
  const [first] = group;
  const folders = group.map((each) => each.path?.replace(/\/?[^/]*$/, '') ?? '');
  const folder = folders.reduce(common);
  return {
    id: first!.id,
    kind: first!.kind,
    title: `${group.length} ${plural[first!.kind]}`,
    lines: [
      group
        .slice(0, 4)
        .map((each) => each.title)
        .join(', ') + (group.length > 4 ? ', …' : ''),
      ...(folder !== '' ? [`${folder}/`] : []),
    ],
    reached: first!.reached || onTheirOwn.has(first!.kind),
    ...(first!.path !== undefined && { path: first!.path, line: first!.part?.start.line ?? 1 }),
  };
}

/** The folder two folders have in common. */
function common(a: string, b: string): string {
  const left = a.split('/');
  const right = b.split('/');
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return left.slice(0, length).join('/');
}
