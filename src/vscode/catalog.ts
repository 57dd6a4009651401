import type { Format } from '../engine/format';
import type { Rule } from '../engine/rule';
import described from './catalog.json';

/** What the editor needs to know of formats and rules, without the code that reads files and finds things. */
export interface Catalog {
  readonly formats: readonly Pick<Format, 'id' | 'title' | 'files'>[];
  /** Without `create`, and of its format only the id: enough for a policy, for hovers and tables. */
  readonly rules: readonly Rule[];
}

/**
 * The catalog as `npm run generate` described it. The engine itself is many times as large and would be loaded by
 * every window; it runs elsewhere.
 */
export const catalog = described as unknown as Catalog;
