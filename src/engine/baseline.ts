import type { Finding } from './finding';

/** Findings that were known when the baseline was written, by fingerprint. */
export type Baseline = ReadonlySet<string>;

/** The baseline could not be used as it is: says what is wrong with it and what to do. */
export class BaselineError extends Error {}

/** Reads `.andon/baseline.json`. Throws BaselineError when it is not what writeBaseline writes. */
export function readBaseline(text: string): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new BaselineError(`not JSON (${(error as Error).message}); write it anew`);
  }
  const { version, findings } = (data ?? {}) as { version?: unknown; findings?: unknown };
  if (version !== 1) throw new BaselineError(`"version" is not 1; write it anew`);
  if (!Array.isArray(findings) || findings.some((each) => typeof each !== 'string')) {
    throw new BaselineError('"findings" is not a list of texts; write it anew');
  }
  return new Set(findings as string[]);
}

/** The baseline that accepts these findings; sorted, a line each, so that it merges and reads well. */
export function writeBaseline(findings: readonly Finding[]): string {
  const fingerprints = [...new Set(findings.map((finding) => finding.fingerprint))].sort();
  return `${JSON.stringify({ version: 1, findings: fingerprints }, null, 2)}\n`;
}

/** Entries that no finding of the checked files answers to any more. */
export function staleEntries(
  baseline: Baseline,
  findings: readonly Finding[],
  checked: (path: string) => boolean,
): readonly string[] {
  const found = new Set(findings.map((finding) => finding.fingerprint));
  return [...baseline].filter((entry) => !found.has(entry) && checked(entry.split('|')[1] ?? ''));
}
