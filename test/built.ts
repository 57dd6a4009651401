import { join } from 'node:path';
import { buildInto } from '../src/dev/bundle';

/** Where the tests' own build lies, apart from dist/, which somebody may be using. */
export const built = join(__dirname, '../.cache/test-dist');

let building: Promise<void> | undefined;

/** Builds what is shipped, once for all tests of a run; `test/all.ts` has done so for its runs. */
export function ensureBuilt(): Promise<void> {
  building ??= process.env.ANDON_TESTS_BUILT ? Promise.resolve() : buildInto(built);
  return building;
}
