import { readKeyedLines, readSeconds, writeKeyedLines } from './keyed-lines';

/** Where it lies below git's common directory: it holds for this checkout and its worktrees, and nobody else. */
export const claimPath = 'andon/claim';

/** How long a claim holds, in seconds: a working day's half. Whoever needs longer says it again, or reverts. */
export const claimLasts = 4 * 3600;

/** "I am fixing it": commits made meanwhile count as the fix. Times are whole seconds since 1970. */
export interface Claim {
  readonly since: number;
  readonly until: number;
  /** The first commit that failed, if known: a claim is about one red, not about the next. */
  readonly sha?: string | undefined;
}

/** Reads a claim file; undefined if it is none. Never throws. */
export function parseClaim(text: string): Claim | undefined {
  const values = readKeyedLines('andon-claim', text);
  const until = readSeconds(values?.get('until'));
  if (!values || until === undefined) return undefined;
  const sha = values.get('sha');
  return {
    since: readSeconds(values.get('since')) ?? until,
    until,
    ...(sha !== undefined && /^[0-9a-f]{7,64}$/.test(sha) && { sha }),
  };
}

/** The text of a claim file. */
export function serialiseClaim({ since, until, sha }: Claim): string {
  return writeKeyedLines('andon-claim', [
    ['since', Math.floor(since)],
    ['until', Math.floor(until)],
    ['sha', sha],
  ]);
}
