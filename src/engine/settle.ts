import type { Baseline } from './baseline';
import { type FactLookup, holds } from './fact';
import type { FileResult, Finding } from './finding';
import { ownRules } from './own-rules';
import { type Said, say, spoken } from './said';
import type { Suppression } from './suppressions';

/** What a file's candidates are held against. */
export interface Surroundings {
  readonly facts: FactLookup;
  readonly baseline?: Baseline;
  /** `YYYY-MM-DD`; what has an end, such as a suppression, is past it from the next day on. */
  readonly today: string;
  /** Whether unused and undated suppressions are reported; off when only some rules ran. */
  readonly judgeSuppressions: boolean;
}

/** The findings of one file, sorted by place: conditions asked, suppressions applied, baselined ones marked. */
export function settle(result: FileResult, around: Surroundings): readonly Finding[] {
  const standing = result.candidates.filter((each) =>
    holds(each.condition, around.facts, around.today),
  );
  const findings: Finding[] = [];
  const used = new Set<Suppression>();
  for (const { condition: _, ...finding } of standing) {
    const cover = result.suppressions.find((each) => {
      if (!covers(each, finding.rule)) return false;
      if (each.until !== undefined && each.until < around.today) return false;
      if (!each.lines) return true;
      const { line } = finding.start;
      return each.lines[0] <= line && line <= each.lines[1];
    });
    if (cover) used.add(cover);
    else {
      const known = around.baseline?.has(finding.fingerprint) === true;
      findings.push(known ? { ...finding, baselined: true } : finding);
    }
  }
  if (around.judgeSuppressions) {
    for (const each of result.suppressions) {
      const said = objection(each, used.has(each), around.today);
      if (said) findings.push(about(result.path, each, said));
    }
  }
  return findings.sort(
    (a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1] || compare(a.rule, b.rule),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** `shell/*` covers a folder of rules, `*` all. */
function covers(suppression: Suppression, rule: string): boolean {
  return suppression.rules.some(
    (each) =>
      each === rule || each === '*' || (each.endsWith('/*') && rule.startsWith(each.slice(0, -1))),
  );
}

function objection(each: Suppression, used: boolean, today: string): Said | undefined {
  const what = each.rules.join(', ');
  if (each.until !== undefined && each.until < today) {
    return say`The exception for ${what} ended on ${each.until}`;
  }
  if (!used) return say`Nothing here is found by ${what}`;
  if (each.reason === '') return say`The exception for ${what} gives no reason`;
  return undefined;
}

function about(path: string, suppression: Suppression, said: Said): Finding {
  const { id, severity } = ownRules.suppression;
  return {
    rule: id,
    concern: undefined,
    severity,
    path,
    range: suppression.range,
    start: suppression.start,
    end: suppression.end,
    message: spoken(said),
    said,
    fingerprint: `${id}|${path}||${suppression.rules.join(',')}`,
  };
}
