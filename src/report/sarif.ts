import type { FileFix, Finding } from '../engine/finding';
import type { Place } from '../text/place';
import type { CheckReport, RuleFacts } from './check-report';
import { digest } from './digest';

const schema =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as GitHub code scanning and
 * editors read it.
 */
export function sarif(report: CheckReport): string {
  const indices = new Map(report.rules.map((rule, index) => [rule.id, index]));
  const log = {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Andon',
            version: report.version,
            semanticVersion: report.version,
            rules: report.rules.map(describe),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.problems.map(({ path, message }) => ({
              level: 'warning',
              message: { text: message },
              locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
            })),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => result(finding, indices.get(finding.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describe(rule: RuleFacts) {
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why}\nThe whole story: andon explain ${rule.id}` },
    defaultConfiguration: { level: levels[rule.severity], enabled: rule.recommended ?? true },
    ...(rule.concern && { properties: { tags: [rule.concern] } }),
  };
}

function result(finding: Finding, ruleIndex: number | undefined) {
  const { related, fix } = finding;
  return {
    ruleId: finding.rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location(finding.path, finding)],
    ...(related && {
      relatedLocations: related.map((each, id) => ({
        id,
        ...location(each.path, each),
        message: { text: each.message },
      })),
    }),
    partialFingerprints: { 'andon/v1': digest(finding.fingerprint) },
    ...(fix && { fixes: [change(finding.path, fix)] }),
    ...(finding.baselined && {
      baselineState: 'unchanged',
      suppressions: [{ kind: 'external', justification: 'accepted in the baseline' }],
    }),
  };
}

function change(path: string, fix: FileFix) {
  return {
    description: { text: fix.title },
    artifactChanges: [
      {
        artifactLocation: artifact(path),
        replacements: fix.edits.map((edit) => ({
          deletedRegion: region(edit),
          insertedContent: { text: edit.text },
        })),
      },
    ],
  };
}

const location = (path: string, place: Place) => ({
  physicalLocation: { artifactLocation: artifact(path), region: region(place) },
});

const region = ({ start, end }: Place) => ({
  startLine: start.line,
  startColumn: start.column,
  endLine: end.line,
  endColumn: end.column,
});

/** A relative reference: its parts escaped, a colon in the first one too, which would read as a scheme. */
const artifact = (path: string) => ({
  uri: path.split('/').map(encodeURIComponent).join('/'),
  uriBaseId: '%SRCROOT%',
});
