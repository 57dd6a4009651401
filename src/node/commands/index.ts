import { check } from './check';
import type { Command } from './command';
import { explain } from './explain';
import { guard } from './guard';
import { init } from './init';
import { map } from './map';
import { prove } from './prove';
import { rules } from './rules';
import { status } from './status';

/** Every command, one line each, sorted. */
export const commands: readonly Command[] = [
  //
  check,
  explain,
  guard,
  init,
  map,
  prove,
  rules,
  status,
];
