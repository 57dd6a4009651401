import type { Finding } from '../engine/finding';
import { type CheckReport, news } from './check-report';

/**
 * JUnit XML as CI services read it: a suite for each file with findings, a case for each finding. What is merely
 * worth knowing passes. A clean run is one case that passed, for services that take an empty report for an error.
 */
export function junit(report: CheckReport): string {
  const byPath = new Map<string, Finding[]>();
  for (const finding of news(report)) {
    const list = byPath.get(finding.path);
    if (list) list.push(finding);
    else byPath.set(finding.path, [finding]);
  }
  const suites = [...byPath].map(([path, findings]) => suite(path, findings));
  if (suites.length === 0) {
    suites.push(
      '  <testsuite name="andon" tests="1" failures="0" errors="0">',
      `    <testcase classname="andon" name="no findings in ${report.files} files"/>`,
      '  </testsuite>',
    );
  }
  const all = [...byPath.values()].flat();
  const tests = Math.max(1, all.length);
  const head = `<testsuites name="Andon" tests="${tests}" failures="${failures(all)}" errors="0">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

const failures = (findings: readonly Finding[]) =>
  findings.filter((finding) => finding.severity !== 'info').length;

function suite(path: string, findings: readonly Finding[]): string {
  const name = xmlText(path);
  const lines = [
    `  <testsuite name="${name}" tests="${findings.length}" failures="${failures(findings)}" errors="0">`,
  ];
  for (const { rule, severity, start, message } of findings) {
    const title = xmlText(`${rule} ${start.line}:${start.column}`);
    const place = `${path}:${start.line}:${start.column}`;
    lines.push(`    <testcase classname="${name}" name="${title}">`);
    lines.push(
      severity === 'info'
        ? `      <system-out>${xmlText(`${place} ${message}`)}</system-out>`
        : `      <failure type="${severity}" message="${xmlText(message)}">${xmlText(place)}</failure>`,
    );
    lines.push('    </testcase>');
  }
  lines.push('  </testsuite>');
  return lines.join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text for XML 1.0, which has no way to say most control characters, lone surrogates and U+FFFE. */
function xmlText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"\n\r\t]/g, (character) => entities[character]!);
}
