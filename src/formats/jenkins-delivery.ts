import type { Link, Part } from '../engine/part';
import { linksOf, unique } from './delivery';
import type { Pipeline, Step } from './jenkins-model';

/** A Jenkins pipeline and its stages, each as a job that follows the one before. */
export function jenkinsParts({ path, stages, steps, call }: Pipeline): readonly Part[] {
  // A file of a shared library is run by pipelines elsewhere.
  const shared = /(?:^|\/)vars\//.test(path);
  const parts: Part[] = [
    {
      kind: shared ? 'task' : 'pipeline',
      name: '',
      ...(!shared && { events: ['push'] }),
      links: stages.length === 0 ? stepLinks(steps) : [],
      range: call ? [call.range[0], call.range[0] + 'pipeline'.length] : [0, 0],
    },
  ];
  let before: string | undefined;
  const seen = new Set<string>();
  for (const { name, steps: own, call: stage } of stages) {
    // Stages around others only group them.
    if (name === undefined || own.length === 0 || seen.has(name)) continue;
    seen.add(name);
    const follows: Link[] =
      before === undefined ? [] : [{ verb: 'follows', to: { kind: 'job', key: before } }];
    parts.push({
      kind: 'job',
      name,
      links: unique([...follows, ...stepLinks(own)]),
      range: [stage.range[0], stage.range[0] + 'stage'.length],
    });
    before = name;
  }
  return parts;
}

const stepLinks = (steps: readonly Step[]): readonly Link[] =>
  unique(steps.flatMap(({ embedded }) => (embedded ? linksOf(embedded.parse()) : [])));
