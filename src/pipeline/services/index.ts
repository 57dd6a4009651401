import type { Service } from '../service';
import { github } from './github';

/** Every CI service, one line each, sorted. */
export const services: readonly Service[] = [
  //
  github,
];
