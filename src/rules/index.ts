import type { Rule } from '../engine/rule';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
];
