import type { Position } from './line-index';
import type { Located } from './range';

/** A span as offsets and as people count; the text it was made from need not be at hand to show it. */
export interface Place extends Located {
  readonly start: Position;
  readonly end: Position;
}
