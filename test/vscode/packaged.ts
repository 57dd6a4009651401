import { packageExtension } from '../../src/dev/package';

let packing: Promise<string> | undefined;

/** The packed extension's path. It is packed once for all tests of a run; `test/all.ts` names what it has packed. */
export function ensurePackaged(): Promise<string> {
  const { ANDON_TESTS_PACKAGE: packed } = process.env;
  packing ??= packed ? Promise.resolve(packed) : packageExtension();
  return packing;
}
