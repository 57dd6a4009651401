import type { Finding, Severity } from '../engine/finding';
import { type CheckReport, count, news } from './check-report';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** GitHub shows this many annotations of a kind for each step and drops the rest without a word. */
const shown = 10;

/**
 * Workflow commands, which GitHub turns into annotations
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). Findings beyond what it shows
 * follow as plain lines of the log.
 */
export function github(report: CheckReport): string {
  const taken: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const annotations: string[] = [];
  const rest: string[] = [];
  // Errors first among what is shown is not needed: each kind has a share of its own.
  for (const finding of news(report)) {
    if (++taken[finding.severity] <= shown) annotations.push(command(finding));
    else rest.push(plain(finding));
  }
  const lines = [...annotations, ...rest];
  if (rest.length > 0)
    lines.push(`+${count(rest.length, 'finding')} more than GitHub shows, listed above`);
  for (const { path, message } of report.problems)
    lines.push(`${oneLine(path)}: ${oneLine(message)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function command({ severity, path, start, end, rule, message }: Finding): string {
  // With columns GitHub wants both ends on one line.
  const columns = start.line === end.line ? `,col=${start.column},endColumn=${end.column}` : '';
  const place = `file=${property(path)},line=${start.line},endLine=${end.line}${columns}`;
  return `::${commands[severity]} ${place},title=${property(rule)}::${data(message)}`;
}

function plain({ severity, path, start, rule, message }: Finding): string {
  return `${oneLine(path)}:${start.line}:${start.column} ${severity} ${oneLine(message)}  ${rule}`;
}

const data = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A line that a path or message must not turn into a command of its own. */
const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ').replace(/^::/, ': :');
