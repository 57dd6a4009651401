import { type Change, signOf } from './compare';
import { newOutput, unifiedDiff } from './difference';
import type { Proof, Run } from './proof';
import type { ReportHead } from './text-report';
import { doubtWords } from './words';

const words = { '+': 'added', '-': 'removed', '~': 'changed' } as const;

/** The proof for programs. docs/prove.md states the fields. */
export function jsonReport(proof: Proof, head: ReportHead): string {
  const runs = proof.runs.map(({ ending, seconds, stdout, stderr }) => ({
    ended: ending.kind === 'limit' ? `${ending.limit}-limit` : ending.kind,
    ...(ending.kind === 'exit' && { exit: ending.code }),
    ...{ seconds: Number(seconds.toFixed(3)), stdout, stderr },
  }));
  const changes = proof.changes.map(({ paths, started, ended }, index) => ({
    run: index + 2,
    paths: paths.map(describe),
    started,
    ended,
    newOutput: newOutput(proof.runs[index] as Run, proof.runs[index + 1] as Run),
  }));
  const { verdict, doubt } = proof;
  const report = {
    andon: head.version,
    script: head.script,
    sandbox: head.sandbox,
    verdict,
    ...(doubt && { reason: doubtWords(doubt) }),
    runs,
    changes,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function describe(change: Change) {
  const diff = unifiedDiff(change);
  return {
    path: change.path,
    change: words[signOf(change)],
    aspects: change.aspects,
    ...(diff && { diff: diff.join('\n') }),
  };
}
