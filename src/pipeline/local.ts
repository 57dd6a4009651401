import { empty } from './conclude';
import type { Check, State, Status } from './status';

/** What the project's own check said last, on this machine. Times are seconds since 1970. */
export interface LocalResult {
  readonly state: State;
  readonly running: boolean;
  readonly branch?: string | undefined;
  /** HEAD when it ran. */
  readonly sha?: string | undefined;
  /** The tree of the files it ran on, as git would name it. */
  readonly tree?: string | undefined;
  readonly since?: number | undefined;
  readonly sinceExact: boolean;
  readonly firstBad?: string | undefined;
  readonly url?: string | undefined;
  /** What ran, in words. */
  readonly source?: string | undefined;
  readonly checked?: number | undefined;
  readonly expires?: number | undefined;
}

/** A branch of the checkout itself. */
export interface LocalSubject {
  readonly kind: 'commit' | 'line';
  readonly branch: string;
  readonly sha: string | undefined;
  /** Of that commit. */
  readonly tree: string | undefined;
}

/** Id of the source that needs no server and no account. */
export const localId = 'local';

/**
 * Concludes the status of a branch from the result of the project's own check. A result is about a commit if it ran on
 * the very files of it, whether before or after the commit was made. About files that are not committed it says nothing
 * of the line, and of my commit that this is how it stands. Red stays until a result that is about a newer state is
 * green; green is green only for what was checked.
 */
export function localStatus(
  subject: LocalSubject,
  result: LocalResult | undefined,
  before: Status | undefined,
  now: number,
): Status {
  const { kind, branch, sha, tree } = subject;
  const base = { ...empty, branch, sha, source: localId, past: [] };
  if (sha === undefined) return { ...base, reason: 'no-commit' };
  const about = result !== undefined && concerns(subject, result, now);
  // Red stays red until something newer is green; green stays with the commit that was checked.
  const stays =
    before?.verdict === 'failing' || (before?.verdict === 'passing' && before.verdictSha === sha)
      ? before
      : undefined;
  const running = result?.running === true && (result.branch ?? branch) === branch;
  const ended = about && (result.state === 'passing' || result.state === 'failing');
  if (ended) {
    const { state } = result;
    const verdict = state === 'passing' ? 'passing' : 'failing';
    const same = before?.verdict === verdict ? before : undefined;
    const since = result.since ?? same?.since ?? result.checked ?? now;
    const check: Check = {
      key: localId,
      id: '1',
      name: result.source && result.source !== localId ? result.source : localId,
      state: running ? 'running' : state,
      finishedAt: result.checked,
      url: result.url,
    };
    const committed = result.tree === undefined || result.tree === tree;
    return {
      ...base,
      verdict,
      reason: 'ok',
      running,
      verdictSha: sha,
      since,
      sinceExact: result.since !== undefined ? result.sinceExact : (same?.sinceExact ?? true),
      firstRed: verdict === 'failing' ? (result.firstBad ?? same?.firstRed ?? sha) : undefined,
      checks: [check],
      failing: verdict === 'failing' ? [{ ...check, state }] : [],
      detail: committed ? undefined : 'uncommitted',
      checked: result.checked ?? now,
    };
  }
  if (stays && (kind === 'line' || stays.sha === sha || !about)) {
    return { ...stays, branch, sha, running, reason: stays.verdictSha === sha ? 'ok' : 'not-run' };
  }
  return { ...base, running, reason: running ? 'running' : 'not-run', checked: result?.checked };
}

function concerns(subject: LocalSubject, result: LocalResult, now: number): boolean {
  const { kind, branch, sha, tree } = subject;
  if (result.expires !== undefined && result.expires < now) return false;
  if (result.tree !== undefined && result.tree === tree) return true;
  if (result.branch !== undefined && result.branch !== branch) return false;
  if (result.sha !== undefined && result.sha !== sha) return false;
  // Without the files it ran on, the commit it names has to do; without that, that it was said at all.
  return result.tree === undefined || kind === 'commit';
}
