import { diffLines, structuredPatch } from 'diff';
import type { Change } from './compare';
import type { Run } from './proof';
import type { Entry } from './snapshot';

/** Milliseconds after which two texts count as too different to be told apart line by line. */
const patience = 500;

const textOf = (entry: Entry): string | undefined =>
  entry.kind === 'file' ? entry.text : entry.kind === 'gone' ? '' : undefined;

/** The two texts of a path that can be shown side by side; undefined unless its content changed and is text. */
export function textsOf({ was, is }: Change): readonly [was: string, is: string] | undefined {
  const [before, after] = [textOf(was), textOf(is)];
  if (before === undefined || after === undefined || before === after) return undefined;
  return [before, after];
}

/** A unified diff without the two lines that name the files; undefined where there is none to show. */
export function unifiedDiff(change: Change): readonly string[] | undefined {
  const texts = textsOf(change);
  if (!texts) return undefined;
  const patch = structuredPatch('', '', ...texts, undefined, undefined, {
    context: 3,
    timeout: patience,
  });
  return patch?.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
}

/** Lines one run printed that the run before it did not, standard error after standard output. */
export function newOutput(before: Run, after: Run): readonly string[] {
  return [...added(before.stdout, after.stdout), ...added(before.stderr, after.stderr)];
}

function added(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const parts = diffLines(before, after, { timeout: patience }) ?? [{ added: true, value: after }];
  return parts
    .filter((part) => part.added)
    .flatMap(({ value }) => value.replace(/\n$/, '').split('\n'));
}
