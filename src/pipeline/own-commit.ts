import type { Status } from './status';

/** Of the line's status what is about its newest commit alone: an earlier commit's verdict is not its own. */
export function ownCommit(line: Status): Status {
  if (line.verdict === 'unknown' || line.verdictSha === line.sha) return line;
  const reason = line.reason === 'ok' ? (line.running ? 'running' : 'no-ci') : line.reason;
  const { since: _since, firstRed: _first, verdictSha: _sha, ...rest } = line;
  return { ...rest, verdict: 'unknown', reason, sinceExact: false, failing: [] };
}
