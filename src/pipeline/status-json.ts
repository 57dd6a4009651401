import type { Status } from './status';

/** One subject as `andon status --json` prints it. Times are whole seconds since 1970; unknown is null. */
export interface SubjectJson {
  readonly branch: string | null;
  readonly verdict: Status['verdict'];
  readonly reason: Status['reason'];
  readonly running: boolean;
  readonly sha: string | null;
  readonly since: number | null;
  readonly source: string;
  readonly checked: number | null;
}

/** The subject of a status for other programs: a contract, see the README. */
export function subjectJson(status: Status): SubjectJson {
  const whole = (time: number | undefined) => (time === undefined ? null : Math.floor(time));
  return {
    branch: status.branch ?? null,
    verdict: status.verdict,
    reason: status.reason,
    running: status.running,
    sha: status.verdictSha ?? status.sha ?? null,
    since: whole(status.since),
    source: status.source,
    checked: whole(status.checked),
  };
}
