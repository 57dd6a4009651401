import type { CheckReport } from './check-report';

/** For programs: a contract, described in the README. Keys may be added, never changed. */
export function json(report: CheckReport): string {
  const findings = report.findings.map((finding) => ({
    rule: finding.rule,
    concern: finding.concern ?? null,
    severity: finding.severity,
    path: finding.path,
    line: finding.start.line,
    column: finding.start.column,
    endLine: finding.end.line,
    endColumn: finding.end.column,
    message: finding.message,
    fix: finding.fix ? (finding.fix.safe ? 'safe' : 'suggested') : 'none',
    baselined: finding.baselined === true,
  }));
  const problems = report.problems.map(({ path, message }) => ({ path, message }));
  const whole = { andon: report.version, files: report.files, findings, problems };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
