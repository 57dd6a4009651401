import type { Condition, FactName } from '../engine/fact';

/** What the delivery map states of a path; see src/project/delivery.ts. */
type Stated = 'delivery/built' | 'delivery/checked' | 'delivery/deployed';

/** Holds where pipelines are there, and the delivery map states none of this of any of the paths. */
export const unlessMapped = (kinds: readonly Stated[], paths: readonly string[]): Condition => ({
  anyOf: [{ kind: 'delivery/pipeline', key: '' }],
  noneOf: paths.flatMap((key) => kinds.map((kind) => ({ kind, key }))),
});

/** Stated of the first file with a pipeline, in the order of paths: what concerns them all is said there once. */
export const firstPipeline = (path: string): FactName => ({
  kind: 'delivery/first-pipeline',
  key: path,
});
