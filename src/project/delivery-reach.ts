import type { DeliveryIndex, Node } from './delivery-index';
import type { Interruptible } from './interruptible';

/** All that pipelines run, directly or by way of others; the pipelines too. */
export function* reach(index: DeliveryIndex): Interruptible<ReadonlySet<Node>> {
  const reached = new Set<Node>();
  const open: Node[] = [];
  // Many links lead to the same files.
  const followed = new Set<readonly Node[]>();
  const follow = (nodes: readonly Node[]) => {
    if (followed.has(nodes)) return;
    followed.add(nodes);
    for (const node of nodes) {
      if (reached.has(node)) continue;
      reached.add(node);
      open.push(node);
    }
  };
  follow([...index.pipelines]);
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.part.kind === 'pipeline') follow(index.jobsOf(node.path));
    for (const link of node.part.links) follow(index.leadsTo(link, node));
    yield;
  }
  return reached;
}
