import type { Finding, Problem, Severity } from '../engine/finding';
import type { RuleMeta } from '../engine/rule';

/** What reports tell of a rule. */
export type RuleFacts = Pick<RuleMeta, 'id' | 'summary' | 'why' | 'severity'> &
  Partial<Pick<RuleMeta, 'concern' | 'recommended' | 'fix' | 'since'>>;

/** What a check came to. All paths are relative to the working directory, with `/`. */
export interface CheckReport {
  /** Andon's own version. */
  readonly version: string;
  /** How many files were checked. */
  readonly files: number;
  /** Sorted by path and place. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** Every rule a finding may name. */
  readonly rules: readonly RuleFacts[];
  /** How many findings a run with `--fix` repaired. */
  readonly fixed?: number;
}

/** How the reader wants it; only the text report looks at this. */
export interface Presentation {
  readonly colour: boolean;
  /** Findings only, no summary. */
  readonly quiet: boolean;
  /** The line (from 1) of a checked file, to show under a finding; absent where that is not wanted. */
  readonly sourceLine?: (path: string, line: number) => string | undefined;
}

/** Turns a check into text of one kind, its last line ended. */
export type Reporter = (report: CheckReport, presentation: Presentation) => string;

/** The findings that are not accepted in a baseline. */
export const news = (report: CheckReport): readonly Finding[] =>
  report.findings.filter((finding) => !finding.baselined);

/** How many findings there are of each severity. */
export function tally(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

/** `1 file`, `2 files`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
