/** What one check, job, build or run is at, in words every CI service shares. */
export type State =
  | 'passing'
  | 'failing'
  | 'running'
  | 'pending'
  | 'cancelled'
  | 'skipped'
  | 'unknown';

/** One named thing a service reports about a commit. Times are seconds since 1970. */
export interface Check {
  /** What attempts at the same thing share: the newest of them counts. */
  readonly key: string;
  /** The service's own id of this attempt, for logs and re-runs. */
  readonly id: string;
  readonly name: string;
  /** The workflow, pipeline or builder it belongs to. */
  readonly group?: string | undefined;
  readonly state: State;
  /** Still under way, but failed for certain already. */
  readonly doomed?: boolean | undefined;
  /** Passed, but not without complaint. */
  readonly warnings?: boolean | undefined;
  /** Waits for a person. */
  readonly needsHuman?: boolean | undefined;
  /** Waits for a person, and everything before that passed. */
  readonly soFar?: boolean | undefined;
  /** Whether it has to pass; undefined where the service does not say. */
  readonly required?: boolean | undefined;
  /** Its failure does not count. */
  readonly allowFailure?: boolean | undefined;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  /** A page for people, http or https. */
  readonly url?: string | undefined;
  /** The service's own word, where it is not one we know. */
  readonly word?: string | undefined;
  /** What starts it again, in the service's terms. */
  readonly rerun?: string | undefined;
  /** Where its log is, in the service's terms. */
  readonly log?: string | undefined;
  /** The project that knows it, where that is not the first that is asked; as the service has it. */
  readonly of?: string | undefined;
  /** Where its jobs or steps are, in the service's terms. */
  readonly inside?: string | undefined;
  /** Its jobs or steps, where they came along with it. */
  readonly parts?: readonly Check[] | undefined;
}

/** What a service knows of one commit. */
export interface Revision {
  /** Undefined where the service does not say. */
  readonly sha?: string | undefined;
  readonly checks: readonly Check[];
}

/** Why the verdict is not known, or `ok`. */
export type Reason =
  | 'ok'
  | 'asking'
  | 'auth'
  | 'bad-answer'
  | 'cancelled'
  | 'detached'
  | 'no-ci'
  | 'no-commit'
  | 'no-service'
  | 'not-found'
  | 'not-pushed'
  | 'not-registered-yet'
  | 'not-run'
  | 'offline'
  | 'rate-limited'
  | 'running'
  | 'skipped'
  | 'unknown-state';

export type Verdict = 'passing' | 'failing' | 'unknown';

/** The verdict a commit came to. Times are seconds since 1970. */
export interface Past {
  readonly sha: string;
  /** `none`: it came to none, and nobody needs to ask again. */
  readonly verdict: 'passing' | 'failing' | 'none';
  /** When it came about. */
  readonly at: number;
}

/** The state of one subject, my commit or the line. Times are seconds since 1970. */
export interface Status {
  readonly branch?: string | undefined;
  /** The newest commit of the subject that the service can know. */
  readonly sha?: string | undefined;
  /** Of the newest finished runs; a rebuild does not change it. */
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** What went wrong in the server's or system's words, for people. */
  readonly detail?: string | undefined;
  /** Whether anything is queued or under way. */
  readonly running: boolean;
  /** The commit the verdict is about; an earlier one than `sha` while that is not finished. */
  readonly verdictSha?: string | undefined;
  /** Since when the verdict stands. */
  readonly since?: number | undefined;
  /** Whether `since` is the moment itself, not only the earliest one known. */
  readonly sinceExact: boolean;
  /** The first commit that failed after the last one that passed, where that is known. */
  readonly firstRed?: string | undefined;
  /** The newest attempt of each check of the newest commit. */
  readonly checks: readonly Check[];
  /** The checks that make the verdict failing; of `verdictSha`. */
  readonly failing: readonly Check[];
  readonly warnings?: boolean | undefined;
  readonly needsHuman?: boolean | undefined;
  /** Id of the service. */
  readonly source: string;
  /** When the service was last asked with success; undefined: never. */
  readonly checked?: number | undefined;
  /** When the service lets itself be asked again. */
  readonly until?: number | undefined;
  /** Verdicts of commits of the branch, newest first: what `since` and `firstRed` come from. */
  readonly past: readonly Past[];
}

/** How checks add up. */
export interface Weights {
  /** Names of the checks that have to pass; undefined or empty: all count. */
  readonly required?: readonly string[] | undefined;
  /** Also checks that do not have to pass count. */
  readonly all?: boolean | undefined;
  /** Names of checks that never count. */
  readonly ignored?: readonly string[] | undefined;
  /** A required check that nobody has reported is not waited for. */
  readonly settled?: boolean | undefined;
}

/** What the checks of one commit come to. */
export interface Sum {
  readonly state: State;
  readonly checks: readonly Check[];
  readonly failing: readonly Check[];
  /** Anything is queued or under way. */
  readonly running: boolean;
  readonly warnings: boolean;
  readonly needsHuman: boolean;
}

/** The newest attempt of each check: by start, then by id, which services count upwards. */
export function newestAttempts(checks: readonly Check[]): readonly Check[] {
  const newest = new Map<string, Check>();
  for (const check of checks) {
    const known = newest.get(check.key);
    if (!known || isNewer(check, known)) newest.set(check.key, check);
  }
  return [...newest.values()];
}

function isNewer(a: Check, b: Check): boolean {
  const started = (a.startedAt ?? 0) - (b.startedAt ?? 0);
  // One that waits in a queue has not started, and is newer than one that has.
  if (started !== 0 && a.startedAt !== undefined && b.startedAt !== undefined) return started > 0;
  return a.id.localeCompare(b.id, 'en', { numeric: true }) >= 0;
}

/**
 * Adds up the checks of a commit. One failure is failure, even while others run; without one anything open keeps it
 * open; only when all have passed, or had nothing to do, has it passed. What is unknown is never passing.
 */
export function addUp(all: readonly Check[], weights: Weights = {}): Sum {
  const { required = [], ignored = [] } = weights;
  const names = new Set(required);
  const checks = newestAttempts(all).map((check) =>
    names.size > 0 ? { ...check, required: names.has(check.name) } : check,
  );
  const reported = new Set(checks.map((check) => check.name));
  for (const name of names) {
    if (reported.has(name)) continue;
    checks.push({ key: `required/${name}`, id: '', name, state: 'pending', required: true });
  }
  const counts = (check: Check) =>
    !ignored.includes(check.name) &&
    !(check.required === false && !weights.all) &&
    !(weights.settled && check.id === '' && reported.size > 0);
  const counted = checks.filter(counts);
  const fails = (check: Check) => check.state === 'failing' || check.doomed === true;
  const failing = counted.filter((check) => fails(check) && !check.allowFailure);
  const warnings = checks.some(
    (check) => check.warnings || (fails(check) && !failing.includes(check)),
  );
  const open = counted.filter(
    ({ state, soFar }) => (state === 'running' || state === 'pending') && !soFar,
  );
  const has = (state: State) => counted.some((check) => check.state === state);
  let state: State;
  if (failing.length > 0) state = 'failing';
  else if (open.length > 0) {
    state = open.some((check) => check.state === 'running') ? 'running' : 'pending';
  } else if (has('unknown') || counted.length === 0) state = 'unknown';
  else if (has('cancelled')) state = 'cancelled';
  else if (has('passing') || counted.some((check) => check.soFar || check.allowFailure)) {
    state = 'passing';
  } else state = 'skipped';
  return {
    state,
    checks: [...checks].sort(byUrgency),
    failing,
    running: open.some((check) => check.id !== ''),
    warnings,
    needsHuman: counted.some((check) => check.needsHuman === true),
  };
}

const urgency: readonly State[] = [
  'failing',
  'running',
  'pending',
  'unknown',
  'cancelled',
  'passing',
  'skipped',
];

/** What failed first, and otherwise in the order in which it runs. */
export function failingFirst(parts: readonly Check[]): readonly Check[] {
  const failed = parts.filter((part) => part.state === 'failing');
  return [...failed, ...parts.filter((part) => part.state !== 'failing')];
}

/** Failing first; among equals those that have to pass, then by name. */
function byUrgency(a: Check, b: Check): number {
  const rank = (check: Check) => urgency.indexOf(check.doomed ? 'failing' : check.state);
  return (
    rank(a) - rank(b) ||
    Number(b.required === true) - Number(a.required === true) ||
    (a.group ?? '').localeCompare(b.group ?? '', 'en') ||
    a.name.localeCompare(b.name, 'en')
  );
}
