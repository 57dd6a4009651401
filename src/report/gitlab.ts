import { type CheckReport, news } from './check-report';
import { digest } from './digest';

const severities = { error: 'major', warning: 'minor', info: 'info' } as const;

/** A GitLab code quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
export function gitlab(report: CheckReport): string {
  const issues = news(report).map((finding) => ({
    description: finding.message,
    check_name: finding.rule,
    fingerprint: digest(finding.fingerprint),
    severity: severities[finding.severity],
    location: {
      path: finding.path,
      lines: { begin: finding.start.line, end: finding.end.line },
    },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
