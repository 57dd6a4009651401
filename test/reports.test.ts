import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { engine } from '../src/catalog';
import type { Finding, Severity } from '../src/engine/finding';
import { placeOf } from '../src/engine/lint';
import { ownRules } from '../src/engine/own-rules';
import { reporters } from '../src/report';
import type { CheckReport, Presentation } from '../src/report/check-report';
import { LineIndex } from '../src/text/line-index';

const text = 'FROM node\n\tRUN curl x 🚦 bad\nthree\n';
const lines = new LineIndex(text);

function finding(
  path: string,
  range: readonly [number, number],
  more: Partial<Finding> = {},
): Finding {
  return {
    rule: 'shell/curl-no-fail',
    concern: 'failure',
    severity: 'warning',
    path,
    ...placeOf(range, lines),
    message: 'curl <stores> "it" & more, 100%: really',
    fingerprint: `shell/curl-no-fail|${path}||${range}`,
    ...more,
  };
}

const at = text.indexOf('bad');
const edit = { text: 'good', ...placeOf([at, at + 3], lines) };
const rich: CheckReport = {
  version: '1.2.3',
  files: 12,
  findings: [
    finding('a b/Dockerfile', [at, at + 3], {
      severity: 'error',
      fix: { title: 'Make it good', safe: true, edits: [edit] },
      related: [{ path: 'a b/Dockerfile', ...placeOf([0, 4], lines), message: 'begun here' }],
    }),
    finding('a b/Dockerfile', [0, at], { fix: { title: 'Maybe', safe: false, edits: [edit] } }),
    finding('x:y,z.sh', [5, 5], {
      severity: 'info',
      message: 'two\nlines',
      rule: 'andon/syntax',
      concern: undefined,
    }),
    finding('known.sh', [0, 4], { baselined: true }),
  ],
  problems: [{ path: 'big.yaml', message: 'larger than 4 MB, not checked' }],
  rules: [...engine.rules, ...Object.values(ownRules)],
};
const clean: CheckReport = { ...rich, findings: [], problems: [], files: 3 };
const plain: Presentation = { colour: false, quiet: false };
const as = (format: string, report: CheckReport, presentation = plain) =>
  reporters[format]!(report, presentation);

describe('reports', () => {
  it('are all registered', () => {
    const names = readdirSync(join(__dirname, '../src/report')).map((name) =>
      name.replace('.ts', ''),
    );
    const parts = ['check-report', 'digest', 'index', 'paint'];
    assert.deepEqual(Object.keys(reporters), names.filter((name) => !parts.includes(name)).sort());
  });

  for (const format of Object.keys(reporters)) {
    it(`${format} ends its last line, and says the same twice`, () => {
      for (const report of [rich, clean]) {
        const out = as(format, report);
        assert.ok(out === '' || out.endsWith('\n'));
        assert.equal(as(format, report), out);
      }
    });
  }

  it('text: a line a finding, files apart, summary', () => {
    assert.equal(
      as('text', rich),
      `a b/Dockerfile:2:16 error curl <stores> "it" & more, 100%: really  shell/curl-no-fail [fix]
a b/Dockerfile:1:1 warning curl <stores> "it" & more, 100%: really  shell/curl-no-fail [suggestion]

x:y,z.sh:1:6 info two
lines  andon/syntax

big.yaml: larger than 4 MB, not checked

3 findings (1 error, 1 warning, 1 info) in 2 of 12 files
1 known finding left out, see the baseline
1 can be repaired with --fix
1 has a suggestion: see them in the editor or apply with --fix=suggested
`,
    );
    assert.equal(as('text', clean), 'No findings in 3 files\n');
    assert.equal(as('text', clean, { ...plain, quiet: true }), '');
  });

  it('text: colours only where they are wanted', () => {
    assert.ok(!as('text', rich).includes('\u001b'));
    assert.ok(as('text', rich, { ...plain, colour: true }).includes('\u001b[31merror\u001b[39m'));
  });

  it('text: the line with carets, tabs kept', () => {
    const sourceLine = (_: string, line: number) => text.split('\n')[line - 1];
    const [, source, carets] = as('text', rich, { ...plain, sourceLine }).split('\n');
    assert.equal(source, '  2 | \tRUN curl x 🚦 bad');
    assert.equal(carets, `    | \t${' '.repeat(14)}^^^`);
  });

  it('text: no line of a file that is meant as a whole', () => {
    const [first] = rich.findings;
    const whole = { ...first!, range: [0, 0] as const, start: first!.start, end: first!.start };
    const shown = as(
      'text',
      { ...rich, findings: [whole] },
      { ...plain, sourceLine: () => 'secret' },
    );
    assert.ok(!shown.includes('secret'));
  });

  it('json: the contract', () => {
    const out = JSON.parse(as('json', rich));
    assert.deepEqual(Object.keys(out), ['andon', 'files', 'findings', 'problems']);
    assert.equal(out.andon, '1.2.3');
    assert.deepEqual(out.findings[0], {
      rule: 'shell/curl-no-fail',
      concern: 'failure',
      severity: 'error',
      path: 'a b/Dockerfile',
      line: 2,
      column: 16,
      endLine: 2,
      endColumn: 19,
      message: 'curl <stores> "it" & more, 100%: really',
      fix: 'safe',
      baselined: false,
    });
    assert.deepEqual(
      out.findings.map((each: { fix: string; baselined: boolean }) => [each.fix, each.baselined]),
      [
        ['safe', false],
        ['suggested', false],
        ['none', false],
        ['none', true],
      ],
    );
    assert.deepEqual(out.problems, rich.problems);
  });

  it('sarif: valid by the schema of the standard', () => {
    // The schema as it went into the standard, as Microsoft's own test matcher carries it.
    const schema = JSON.parse(
      readFileSync(
        require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
        'utf8',
      ),
    );
    const ajv = new Ajv4({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const validate = ajv.compile(schema);
    for (const report of [rich, clean]) {
      assert.ok(
        validate(JSON.parse(as('sarif', report))),
        JSON.stringify(validate.errors, null, 2),
      );
    }
    assert.ok(!validate({ version: '2.1.0', runs: [{}] }), 'the schema refuses what is wrong');
  });

  it('sarif: rules, places, fixes, fingerprints', () => {
    const [run] = JSON.parse(as('sarif', rich)).runs;
    assert.equal(run.columnKind, 'utf16CodeUnits');
    const { rules } = run.tool.driver;
    const [first, second, third, known] = run.results;
    for (const result of run.results) assert.equal(rules[result.ruleIndex].id, result.ruleId);
    const { artifactLocation, region } = first.locations[0].physicalLocation;
    assert.equal(artifactLocation.uri, 'a%20b/Dockerfile');
    assert.deepEqual(region, { startLine: 2, startColumn: 16, endLine: 2, endColumn: 19 });
    assert.equal(third.locations[0].physicalLocation.artifactLocation.uri, 'x%3Ay%2Cz.sh');
    const [replacement] = first.fixes[0].artifactChanges[0].replacements;
    assert.deepEqual(replacement.deletedRegion, region);
    assert.equal(replacement.insertedContent.text, 'good');
    const prints = run.results.map(
      (each: { partialFingerprints: object }) => Object.values(each.partialFingerprints)[0],
    );
    assert.equal(new Set(prints).size, 4);
    assert.match(prints[0], /^[0-9a-f]{16}$/);
    assert.equal(second.level, 'warning');
    assert.equal(known.suppressions[0].kind, 'external');
    assert.equal(run.invocations[0].toolExecutionNotifications.length, 1);
  });

  it('github: commands with their escapes', () => {
    const [error, warning, notice, problem] = as('github', rich).split('\n');
    assert.equal(
      error,
      '::error file=a b/Dockerfile,line=2,endLine=2,col=16,endColumn=19,title=shell/curl-no-fail::curl <stores> "it" & more, 100%25: really',
    );
    assert.ok(warning!.startsWith('::warning file=a b/Dockerfile,line=1,endLine=2,title='));
    assert.ok(notice!.startsWith('::notice file=x%3Ay%2Cz.sh,line=1,'));
    assert.ok(notice!.endsWith('::two%0Alines'));
    assert.equal(problem, 'big.yaml: larger than 4 MB, not checked');
  });

  it('github: as many annotations as it shows, the rest as lines', () => {
    const many = (severity: Severity, n: number) =>
      Array.from({ length: n }, (_, i) =>
        finding(`f${i}`, [0, 1], { severity, message: '::error::x' }),
      );
    const findings = [...many('error', 12), ...many('warning', 11), ...many('info', 3)];
    const out = as('github', { ...clean, findings })
      .trimEnd()
      .split('\n');
    assert.equal(out.filter((line) => line.startsWith('::error ')).length, 10);
    assert.equal(out.filter((line) => line.startsWith('::warning ')).length, 10);
    assert.equal(out.filter((line) => line.startsWith('::notice ')).length, 3);
    assert.equal(out.filter((line) => line.startsWith('f')).length, 3);
    assert.equal(out.at(-1), '+3 findings more than GitHub shows, listed above');
  });

  it('gitlab: what code quality asks for', () => {
    const out = JSON.parse(as('gitlab', rich));
    assert.equal(out.length, 3);
    assert.deepEqual(out[0].location, { path: 'a b/Dockerfile', lines: { begin: 2, end: 2 } });
    assert.deepEqual(
      out.map((each: { severity: string }) => each.severity),
      ['major', 'minor', 'info'],
    );
    assert.deepEqual(JSON.parse(as('gitlab', clean)), []);
  });

  it('junit: suites, failures, escapes', () => {
    const out = as('junit', rich);
    assert.ok(out.includes('<testsuites name="Andon" tests="3" failures="2" errors="0">'));
    assert.ok(
      out.includes('message="curl &lt;stores&gt; &quot;it&quot; &amp; more, 100%: really"'),
    );
    assert.ok(out.includes('<system-out>x:y,z.sh:1:6 two&#10;lines</system-out>'));
    const control = as('junit', {
      ...clean,
      findings: [finding('f', [0, 1], { message: 'a\u0000\u001b\uD800b' })],
    });
    assert.ok(control.includes('message="a\uFFFD\uFFFD\uFFFDb"'));
    assert.ok(as('junit', clean).includes('tests="1" failures="0"'));
  });
});
