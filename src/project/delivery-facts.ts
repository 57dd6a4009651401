import type { FactName } from '../engine/fact';
import type { Link, PlacedPart, Verb } from '../engine/part';
import type { DeliveryIndex, Node } from './delivery-index';
import { reach } from './delivery-reach';
import type { Interruptible } from './interruptible';

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

/** Facts by their kind: the keys. */
export type DeliveryFacts = ReadonlyMap<string, ReadonlySet<string>>;

/** What somebody meant who lints, tests or rehearses. */
const checks = new Set<Verb>(['lints', 'tests', 'scans']);

/** Kinds that describe builds for whoever calls them. */
const describing = new Set<PlacedPart['kind']>(['development', 'stack', 'task', 'workload']);

/** What the parts of a workspace state together; see deliveryFacts. */
export function* factsOf(index: DeliveryIndex): Interruptible<DeliveryFacts> {
  const reached = yield* reach(index);
  const facts = new Map<string, Set<string>>();
  const taken = new Map<string, Set<readonly Node[]>>();
  for (const kind of Object.values(deliveryFacts)) {
    facts.set(kind, new Set());
    taken.set(kind, new Set());
  }
  for (const _ of index.pipelines) facts.get(deliveryFacts.pipeline)!.add('');
  const first = index.paths.find((path) => index.at(path).some(isPipeline));
  if (first !== undefined) facts.get(deliveryFacts.first)!.add(first);
  for (const path of index.paths) {
    for (const node of index.at(path)) {
      for (const link of node.part.links) {
        const kind = link.to.kind === 'file' ? factOf(link, node, reached.has(node)) : undefined;
        if (kind === undefined) continue;
        const keys = facts.get(kind)!;
        if (kind === deliveryFacts.built) keys.add(link.to.key);
        const targets = index.leadsTo(link, node);
        if (taken.get(kind)!.has(targets)) continue;
        taken.get(kind)!.add(targets);
        for (const to of targets) keys.add(to.path);
      }
    }
    yield;
  }
  return facts;
}

const isPipeline = ({ part }: Node) => part.kind === 'pipeline';

/** What a link says of the files it leads to. */
function factOf({ verb, tool }: Link, { part }: Node, reached: boolean): string | undefined {
  // What builds an image by description is built by whoever uses the description.
  const describes = describing.has(part.kind);
  // Hooks run on each commit, whoever runs them.
  const happens = reached || part.kind === 'hooks';
  if (verb === 'builds') return happens || describes ? deliveryFacts.built : undefined;
  if (!happens) return undefined;
  if (checks.has(verb)) return deliveryFacts.checked;
  const deploys = verb === 'deploys' || (verb === 'runs' && tool === 'ansible');
  return deploys ? deliveryFacts.deployed : undefined;
}

/** The facts that came or went. */
export function changedFacts(before: DeliveryFacts, now: DeliveryFacts): readonly FactName[] {
  const beyond = (some: DeliveryFacts, others: DeliveryFacts) =>
    [...some].flatMap(([kind, keys]) =>
      [...keys].filter((key) => !others.get(kind)?.has(key)).map((key) => ({ kind, key })),
    );
  return [...beyond(now, before), ...beyond(before, now)];
}
