import { containers } from './containers';
import type { Family, Outside, Row } from './effect';
import { network } from './network';
import { services } from './services';
import { system } from './system';

/** The effect table: what commands do to things other than files. */
export const families: readonly Family[] = [...system, ...network, ...containers, ...services];

export interface PlacedRow {
  readonly row: Row;
  readonly outside: Outside | undefined;
}

/** The rows of a command, by its name. */
export const rowsByCommand: ReadonlyMap<string, readonly PlacedRow[]> = (() => {
  const map = new Map<string, PlacedRow[]>();
  for (const { rows, outside } of families) {
    for (const row of rows) {
      for (const name of row[0].split(' ', 1)[0]!.split('|')) {
        map.set(name, [...(map.get(name) ?? []), { row, outside }]);
      }
    }
  }
  return map;
})();
