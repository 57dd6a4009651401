/** What `git log` is to print of each commit for this: when, subject and body, with marks between. */
export const countFormat = '%ct%x1f%B%x1e';

/** How often the guard was answered in a stretch of history. Of people nothing is kept. */
export interface OverrideCount {
  readonly commits: number;
  /** Commits that say they repaired the build, */
  readonly fixes: number;
  /** and those that went past it. */
  readonly overrides: number;
  /** The reasons given for going past, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, times: number])[];
  /** By month, `2026-11`, the newest first; months in which neither happened are left out. */
  readonly months: readonly {
    readonly month: string;
    readonly fixes: number;
    readonly overrides: number;
  }[];
}

/** Counts the trailers in what `git log --format=<countFormat>` printed. */
export function countOverrides(log: string): OverrideCount {
  const reasons = new Map<string, number>();
  const months = new Map<string, { month: string; fixes: number; overrides: number }>();
  let [commits, fixes, overrides] = [0, 0, 0];
  for (const entry of log.split('\u001e')) {
    const [time = '', body = ''] = entry.trimStart().split('\u001f');
    if (!/^\d+$/.test(time)) continue;
    commits++;
    const fix = /^fixes-build:/im.test(body);
    const override = /^andon-override:[ \t]*(.*)$/im.exec(body);
    if (!fix && !override) continue;
    const month = new Date(Number(time) * 1000).toISOString().slice(0, 7);
    const counted = months.get(month) ?? { month, fixes: 0, overrides: 0 };
    months.set(month, counted);
    if (fix) {
      fixes++;
      counted.fixes++;
    }
    if (override) {
      overrides++;
      counted.overrides++;
      const reason = override[1]!.trim() || 'no reason given';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  return {
    ...{ commits, fixes, overrides },
    reasons: [...reasons].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
    months: [...months.values()].sort((a, b) => (a.month < b.month ? 1 : -1)),
  };
}
