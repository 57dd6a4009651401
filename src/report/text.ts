import type { Finding, Severity } from '../engine/finding';
import { type CheckReport, count, news, type Presentation, tally } from './check-report';
import { paint } from './paint';

/** For people: one line a finding, which terminals and editors turn into a link, files apart by a blank line. */
export function text(report: CheckReport, presentation: Presentation): string {
  const { style } = paint(presentation.colour);
  const lines: string[] = [];
  let path: string | undefined;
  for (const finding of news(report)) {
    if (path !== undefined && finding.path !== path) lines.push('');
    path = finding.path;
    lines.push(...show(finding, presentation));
  }
  if (report.problems.length > 0) {
    if (lines.length > 0) lines.push('');
    for (const { path: about, message } of report.problems) {
      lines.push(`${printable(about)}: ${style('dim', printable(message))}`);
    }
  }
  if (!presentation.quiet) {
    if (lines.length > 0) lines.push('');
    lines.push(...summary(report, presentation));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Of a line longer than this (UTF-16 units) the rest is not shown. */
const widest = 200;

const colours = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/** One finding, and with sources at hand the line it is about. */
function show(finding: Finding, { colour, sourceLine }: Presentation): readonly string[] {
  const { style } = paint(colour);
  const { start, end, severity, message, rule, fix, related } = finding;
  const place = `${printable(finding.path)}:${start.line}:${start.column}`;
  const mark = fix ? ` ${style('dim', fix.safe ? '[fix]' : '[suggestion]')}` : '';
  const head = `${place} ${style(colours[severity], severity)} ${message}  ${style('dim', rule)}${mark}`;
  // A place without extent stands for the file, whose first line may be a password.
  const whole =
    finding.range[0] === finding.range[1] ? undefined : sourceLine?.(finding.path, start.line);
  if (whole === undefined) return [head];
  const line = whole.slice(0, widest).replace(/[^\t\P{Cc}]/gu, '\uFFFD');
  if (start.column > line.length + 1) return [head];
  const margin = String(start.line);
  const bar = style('dim', '|');
  const upTo = end.line === start.line ? end.column : line.length + 1;
  // Tabs before the carets stay tabs, so that both lines are indented alike.
  const indent = line.slice(0, start.column - 1).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(upTo, line.length + 1) - start.column));
  const out = [
    head,
    `  ${style('dim', margin)} ${bar} ${line}`,
    `  ${' '.repeat(margin.length)} ${bar} ${indent}${style(colours[severity], carets)}`,
  ];
  if (fix) out.push(`  ${' '.repeat(margin.length)} ${style('dim', '=')} ${fix.title}`);
  for (const each of related ?? []) {
    const where = `${each.path}:${each.start.line}:${each.start.column}`;
    out.push(`  ${' '.repeat(margin.length)} ${style('dim', '=')} ${where} ${each.message}`);
  }
  return out;
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

function summary(report: CheckReport, { colour }: Presentation): readonly string[] {
  const { style } = paint(colour);
  const findings = news(report);
  const known = report.findings.length - findings.length;
  const counts = tally(findings);
  const parts = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) =>
      style(
        colours[severity],
        severity === 'info' ? `${counts.info} info` : count(counts[severity], severity),
      ),
    );
  const inFiles = new Set(findings.map((finding) => finding.path)).size;
  const lines = [
    findings.length === 0
      ? style('green', `No findings in ${count(report.files, 'file')}`)
      : `${count(findings.length, 'finding')} (${parts.join(', ')}) in ${inFiles} of ${count(report.files, 'file')}`,
  ];
  if (report.fixed) lines.push(`${count(report.fixed, 'finding')} repaired`);
  if (known > 0) lines.push(`${count(known, 'known finding')} left out, see the baseline`);
  const safe = findings.filter((finding) => finding.fix?.safe).length;
  const suggested = findings.filter((finding) => finding.fix && !finding.fix.safe).length;
  if (safe > 0) lines.push(`${safe} can be repaired with --fix`);
  if (suggested > 0) {
    lines.push(
      `${suggested} ${suggested === 1 ? 'has' : 'have'} a suggestion: see them in the editor or apply with --fix=suggested`,
    );
  }
  return lines;
}

/** A file may be named in ways that terminals take for commands. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, '\uFFFD');
