import { Proving } from './proving';

/** The entry of dist/prove.js, which is loaded when somebody asks for a proof. */
export const startProving = (): Proving => new Proving();
