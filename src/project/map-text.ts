import type { Verb } from '../engine/part';
import type { DeliveryMap, Station, Way } from './delivery';

/** Words of what a job does to all of a folder, in the order of their weight. */
const order: readonly Verb[] = [
  'lints',
  'tests',
  'scans',
  'builds',
  'publishes',
  'migrates',
  'deploys',
  'notifies',
];

/** Kinds that are worth a word although no pipeline leads to them. */
const told = new Set<Station['kind']>([
  'recipe',
  'template',
  'workload',
  'machine',
  'stack',
  'module',
  'playbook',
  'chart',
]);

/** Kinds that stand for what is there once all has been delivered. */
const ends = new Set<Station['kind']>(['workload', 'machine', 'stack']);

/** The delivery map for a terminal: each pipeline with its jobs, then what runs, then what nothing leads to. */
export function mapAsText(map: DeliveryMap): string {
  const from = groupBy(map.ways, (way) => way.from.id);
  const to = groupBy(map.ways, (way) => way.to.id);
  const lines: string[] = [];
  const pipelines = map.stations.filter((each) => each.kind === 'pipeline');
  if (pipelines.length === 0) lines.push('No pipeline was found.', '');
  for (const pipeline of pipelines) {
    lines.push(heading(pipeline));
    const follows = (from.get(pipeline.id) ?? []).filter((way) => way.verb === 'follows');
    if (follows.length > 0) lines.push(`  starts after ${titles(follows)}`);
    const jobs = (from.get(pipeline.id) ?? []).filter((way) => way.to.kind === 'job');
    for (const { to: job } of jobs) lines.push(...jobLines(job, from));
    lines.push('');
  }
  const deployed = deployedOf(map, from);
  const running = map.stations.filter((each) => ends.has(each.kind) && each.reached);
  for (const isDeployed of [true, false]) {
    const these = running.filter((each) => deployed.has(each) === isDeployed);
    if (these.length === 0) continue;
    lines.push(isDeployed ? 'What runs' : 'What pipelines use, and none deploys');
    for (const each of these) {
      const images = (from.get(each.id) ?? []).filter((way) => way.to.kind === 'image');
      const origin = images.length > 0 ? ` from ${titles(images)}` : '';
      lines.push(`  ${each.title}${place(each)}${origin}`);
    }
    lines.push('');
  }
  const own = map.stations.filter((each) => each.kind === 'development');
  if (own.length > 0) {
    lines.push('What developers start');
    for (const each of own) {
      lines.push(`  ${each.title}`, ...wayLines(from.get(each.id) ?? []));
    }
    lines.push('');
  }
  const loose = map.stations.filter((each) => told.has(each.kind) && !each.reached);
  if (loose.length > 0) {
    lines.push('What no pipeline leads to');
    for (const each of loose) {
      const users = (to.get(each.id) ?? []).filter((way) => way.verb !== 'follows');
      const by = users.length > 0 ? `, but ${users[0]!.from.title} ${users[0]!.verb} it` : '';
      lines.push(`  ${each.kind} ${each.title}${place(each)}${by}`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** Kinds that do something themselves; what others deploy depends on what is done with them. */
const acting = new Set<Station['kind']>(['job', 'pipeline', 'script', 'task']);

/** What pipelines deploy, and what comes with it: resources of a kustomization, user data of a module. */
function deployedOf(
  map: DeliveryMap,
  from: ReadonlyMap<string, readonly Way[]>,
): ReadonlySet<Station> {
  const open = map.ways.flatMap((way) =>
    way.from.reached && acting.has(way.from.kind) && way.verb === 'deploys' ? way.to : [],
  );
  const found = new Set(open);
  for (let next = open.pop(); next; next = open.pop())
    for (const { verb, to } of from.get(next.id) ?? []) {
      if (found.has(to) || !/^(?:deploys|runs|uses)$/.test(verb)) continue;
      found.add(to);
      open.push(to);
    }
  return found;
}

/** Where it stands, where its title does not say so. */
const place = ({ title, path }: Station): string => (path === title ? '' : ` (${path})`);

function heading(pipeline: Station): string {
  const events = pipeline.part?.events ?? [];
  const on = events.length > 0 ? `, on ${events.join(', ')}` : '';
  return pipeline.title === pipeline.path
    ? `${pipeline.title}${on}`
    : `${pipeline.title} (${pipeline.path}${on})`;
}

function jobLines(job: Station, from: ReadonlyMap<string, readonly Way[]>): readonly string[] {
  const ways = from.get(job.id) ?? [];
  const after = ways.filter((way) => way.verb === 'follows');
  const does = order.filter((verb) => job.does.has(verb));
  const said = [
    ...(after.length > 0 ? [`after ${titles(after)}`] : []),
    ...(does.length > 0 ? [does.join(', ')] : []),
  ];
  return [`  ${job.title}${said.length > 0 ? `: ${said.join('; ')}` : ''}`, ...wayLines(ways)];
}

/** What it does with which others, a line for each verb. */
function wayLines(ways: readonly Way[]): readonly string[] {
  const others = ways.filter((way) => way.verb !== 'follows');
  return [...groupBy(others, (way) => way.verb)].map(
    ([verb, group]) => `    ${verb} ${titles(group)}`,
  );
}

/** At most so many are named. */
const most = 6;

function titles(ways: readonly Way[]): string {
  const stations = [...new Set(ways.map((way) => way.to))];
  const same = groupBy(stations, (each) => each.title);
  // Of several that are called the same, each is told by its place.
  const names = stations.map((each) =>
    same.get(each.title)!.length > 1 ? (each.path ?? each.title) : each.title,
  );
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
