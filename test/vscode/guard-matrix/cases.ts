import { guardModes } from '../../../src/guard/status-file';

/** What the guard is told to do, how a commit is made, which windows there are, and what runs hooks in the repository. */
export const dimensions = {
  mode: guardModes,
  way: ['button', 'key', 'editor', 'amend', 'all', 'inside', 'outside'],
  windows: ['open', 'two', 'crashed', 'closed'],
  layout: ['existing hook', 'husky', 'lefthook', 'plain', 'pre-commit', 'submodule', 'work tree'],
} as const;

type Dimensions = typeof dimensions;
export type Windows = Dimensions['windows'][number];
export type Layout = Dimensions['layout'][number];

/** One commit to a red branch. */
export type MatrixCase = { readonly [key in keyof Dimensions]: Dimensions[key][number] };

/** Ways that take a window; the others git has of itself. */
const inWindow: readonly MatrixCase['way'][] = ['button', 'key', 'inside'];

/** Whether there is somebody to ask. */
export const isAttended = ({ windows }: Pick<MatrixCase, 'windows'>): boolean =>
  windows === 'open' || windows === 'two';

/** The whole product but for what cannot be: to press a button of a window that is closed. */
export function allCases(layouts: readonly Layout[] = dimensions.layout): readonly MatrixCase[] {
  const { mode: modes, way: ways, windows: states } = dimensions;
  // What changes fastest stands last: a repository has time to settle while the others have their turn.
  const product = states.flatMap((windows) =>
    modes.flatMap((mode) =>
      ways.flatMap((way) => layouts.map((layout) => ({ mode, way, windows, layout }))),
    ),
  );
  return product.filter((each) => isAttended(each) || !inWindow.includes(each.way));
}

/** The values of a case that are to meet. What a mode does depends on whether somebody can be asked. */
const valuesOf = (each: MatrixCase): readonly string[] => [
  `${each.mode}, ${isAttended(each) ? 'with' : 'without'} a window`,
  each.way,
  each.windows,
  each.layout,
];

const pairsOf = (each: MatrixCase): readonly string[] => {
  const values = valuesOf(each);
  return values.flatMap((a, i) => values.slice(i + 1).map((b) => `${a} / ${b}`));
};

/**
 * A part of these cases in which each two values that can meet do so: mistakes mostly need no more than two. Greedy:
 * always the case that adds most, of equal ones one that needs no window, as it takes hardly any time.
 */
export function pairwise(cases: readonly MatrixCase[]): readonly MatrixCase[] {
  const open = new Set(cases.flatMap(pairsOf));
  const chosen = new Set<MatrixCase>();
  while (open.size > 0) {
    const gain = (each: MatrixCase) =>
      pairsOf(each).filter((pair) => open.has(pair)).length + (isAttended(each) ? 0 : 0.5);
    const best = cases.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    chosen.add(best);
    for (const pair of pairsOf(best)) open.delete(pair);
  }
  return cases.filter((each) => chosen.has(each));
}
