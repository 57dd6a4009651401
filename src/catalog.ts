import { createEngine } from './engine/engine';
import { formats } from './formats';
import { rules } from './rules';

/** Every format and rule joined into one engine. */
export const engine = createEngine(formats, rules);
