import type { LampParts } from '../lamp-switch';
import { Lamp } from './lamp';

/** The entry of dist/lamp.js, which is loaded where a git checkout is open. */
export const startLamp = (parts: LampParts): Lamp => new Lamp(parts);
