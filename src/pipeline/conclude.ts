import { Fault } from './fault';
import type { Http } from './http';
import type { Remote } from './remote';
import type { Project, Service } from './service';
import {
  addUp,
  type Check,
  type Past,
  type Reason,
  type Revision,
  type Status,
  type Sum,
  type Weights,
} from './status';

/** Whose state is asked for. Times are seconds since 1970. */
export interface Subject {
  /** The line may show the verdict of an earlier commit until its newest has one; my commit only its own. */
  readonly kind: 'commit' | 'line';
  readonly branch: string;
  readonly sha: string;
  /** First parents from `sha` on, newest first, as many as are known. */
  readonly history: readonly string[];
  /** When `sha` was first seen at the remote; undefined: it was there before we looked. */
  readonly seenAt?: number | undefined;
}

export interface Question {
  readonly service: Service;
  /** Of my commit in a fork: the fork, and what it was forked from. */
  readonly projects: readonly Project[];
  readonly subject: Subject;
  readonly remotes: readonly Remote[];
  readonly weights: Weights;
  /** What was concluded of the same subject before. */
  readonly before: Status | undefined;
  readonly http: Http;
  /** Seconds since 1970. */
  readonly now: number;
}

/** So long after a push CI may not have registered all that it is going to run. Seconds. */
export const registration = 120;
/** Requests about earlier commits in one go; what is not known after them is known later. */
const lookBack = 8;
/** How many verdicts are kept. */
const pastLimit = 40;
/** A required check that nobody reported is waited for so long after the others have finished. Seconds. */
const missingLimit = 3600;

/**
 * Asks a service about a subject and concludes its status. Verdict and activity are apart: a rebuild, a cancelled run or
 * a service that cannot be asked leave the verdict as it was. Rejects with a Fault; see `withFault` for what becomes of
 * the status then.
 */
export async function ask(question: Question): Promise<Status> {
  const { service, projects, subject, remotes, http } = question;
  const runs = async (sha: string) => {
    const [first, ...others] = projects;
    const wanted = { branch: subject.branch, sha, remotes, kind: subject.kind };
    const revisions = await service.runs(first!, wanted, http);
    if (service.asks === 'branch' || others.length === 0) return revisions;
    const checks = [...revisions[0]!.checks];
    for (const project of others) {
      const more = await service.runs(project, wanted, http).catch((error: unknown) => {
        // What was never proposed there is not there.
        if (error instanceof Fault && error.reason === 'not-found') return [];
        throw error;
      });
      for (const { key, ...check } of more[0]?.checks ?? []) {
        checks.push({ ...check, key: `${project.slug}/${key}`, of: project.slug });
      }
    }
    return [{ sha, checks }];
  };
  const revisions = await runs(subject.sha);
  return service.asks === 'commit'
    ? byCommit(question, revisions[0]!, async (sha) => (await runs(sha))[0]!)
    : byBranch(question, revisions);
}

/** The status after the service could not be asked: what was known, with the reason why it is not newer. */
export function withFault(before: Status | undefined, subject: Subject, fault: Fault, id: string) {
  const { reason, message, until } = fault;
  const known = before?.sha === subject.sha || subject.kind === 'line' ? before : undefined;
  const status: Status = {
    ...(known ?? { ...empty, source: id }),
    branch: subject.branch,
    sha: subject.sha,
    past: before?.past ?? [],
    reason,
    detail: message,
    until,
  };
  return status;
}

/** A status of which nothing is known. */
export const empty: Omit<Status, 'source'> = {
  verdict: 'unknown',
  reason: 'no-service',
  running: false,
  sinceExact: false,
  checks: [],
  failing: [],
  past: [],
};

async function byCommit(
  question: Question,
  head: Revision,
  other: (sha: string) => Promise<Revision>,
): Promise<Status> {
  const { subject, weights, before, now, service } = question;
  const { sha, history, kind } = subject;
  const settled = (checks: readonly Check[]) => {
    const ends = checks.map((check) => check.finishedAt ?? now);
    return kind === 'line' && ends.length > 0 && now - Math.max(...ends) > missingLimit;
  };
  const sum = addUp(head.checks, { ...weights, settled: settled(head.checks) });
  const past = new Map((before?.past ?? []).map((each) => [each.sha, each]));
  const fresh = subject.seenAt !== undefined && now - subject.seenAt < registration;
  // What passes before all has registered has not passed yet.
  const early = fresh && sum.state === 'passing' && !repeats(sum, before);
  if (!early) remember(past, sha, sum, now);

  const failures = new Map([[sha, sum.failing]]);
  let asked = 0;
  const verdictOf = async (of: string): Promise<Past | undefined> => {
    const known = past.get(of);
    if (known) return known;
    if (asked++ >= lookBack) return undefined;
    const revision = await other(of).catch((error: unknown) => {
      // Of a commit the service never got, or of a shallow past.
      if (error instanceof Fault && error.reason === 'not-found') return { checks: [] };
      throw error;
    });
    const theirs = addUp(revision.checks, { ...weights, settled: true });
    failures.set(of, theirs.failing);
    remember(past, of, theirs, now);
    const none: Past = { sha: of, verdict: 'none', at: now };
    if (!past.has(of) && !theirs.running) past.set(of, none);
    return past.get(of) ?? none;
  };

  let verdict: Past | undefined;
  for (const each of kind === 'line' ? history : [sha]) {
    const known = each === sha ? past.get(sha) : await verdictOf(each);
    if (known && known.verdict !== 'none') {
      verdict = known;
      break;
    }
    if (!known && each !== sha) break;
  }
  // The past of the branch may be out of sight, as after a push of many commits at once.
  if (!verdict && kind === 'line' && before && before.verdict !== 'unknown') {
    verdict = past.get(before.verdictSha ?? '');
  }

  let since = verdict?.at;
  let sinceExact = before !== undefined && before.verdict !== 'unknown';
  let firstRed: string | undefined;
  if (verdict?.verdict === 'passing' && before?.verdict === 'passing') {
    since = before.since;
    sinceExact = before.sinceExact;
  } else if (verdict?.verdict === 'failing') {
    const from = history.indexOf(verdict.sha);
    firstRed = verdict.sha;
    sinceExact = false;
    for (const each of from === -1 ? [verdict.sha] : history.slice(from)) {
      if (before?.verdict === 'failing' && before.firstRed === each) {
        firstRed = each;
        since = before.since;
        sinceExact = before.sinceExact;
        // Seen from its first red commit on; otherwise it is worth looking further back.
        if (sinceExact) break;
      }
      const known = await verdictOf(each);
      if (!known) break;
      if (known.verdict === 'passing') {
        sinceExact = true;
        break;
      }
      if (known.verdict === 'failing' && each !== before?.firstRed) {
        firstRed = each;
        since = known.at;
      }
    }
  }
  const waits = fresh && (head.checks.length === 0 || early);
  const own = verdict && failures.get(verdict.sha);
  const failing =
    verdict?.verdict !== 'failing' ? [] : own && own.length > 0 ? own : (before?.failing ?? []);
  return {
    branch: subject.branch,
    sha,
    verdict: verdict && verdict.verdict !== 'none' ? verdict.verdict : 'unknown',
    reason: reasonOf(sum, verdict, waits),
    running: sum.running || waits,
    verdictSha: verdict?.sha,
    since,
    sinceExact,
    firstRed,
    checks: sum.checks,
    failing,
    warnings: sum.warnings,
    needsHuman: sum.needsHuman,
    source: service.id,
    checked: now,
    past: kept(past, history),
  };
}

/** All that the newest verdict stood on is there again. */
function repeats(sum: Sum, before: Status | undefined): boolean {
  if (!before || before.checks.length === 0 || before.verdict === 'unknown') return false;
  const names = new Set(sum.checks.map((check) => `${check.group}/${check.name}`));
  return before.checks.every((check) => names.has(`${check.group}/${check.name}`));
}

function remember(past: Map<string, Past>, sha: string, sum: Sum, now: number): void {
  const { state, checks, failing } = sum;
  const ends = (of: readonly Check[]) => of.flatMap((check) => check.finishedAt ?? []);
  if (state === 'failing') {
    const at = Math.min(...ends(failing), now);
    past.set(sha, { sha, verdict: state, at });
  } else if (state === 'passing') {
    const at = ends(checks).length > 0 ? Math.min(Math.max(...ends(checks)), now) : now;
    past.set(sha, { sha, verdict: state, at });
  }
}

function reasonOf(sum: Sum, verdict: Past | undefined, waits: boolean): Reason {
  if (waits) return 'not-registered-yet';
  if (verdict) return 'ok';
  if (sum.checks.length === 0) return 'no-ci';
  switch (sum.state) {
    case 'running':
    case 'pending':
      return 'running';
    case 'cancelled':
    case 'skipped':
      return sum.state;
    default:
      return 'unknown-state';
  }
}

function kept(past: ReadonlyMap<string, Past>, history: readonly string[]): readonly Past[] {
  const place = new Map(history.map((sha, i) => [sha, i]));
  const rank = (each: Past) => place.get(each.sha) ?? history.length;
  return [...past.values()].sort((a, b) => rank(a) - rank(b) || b.at - a.at).slice(0, pastLimit);
}

/** Of a service that gives the newest runs of a branch: each job's newest finished run counts. */
function byBranch(question: Question, all: readonly Revision[]): Status {
  const { subject, weights, before, now, service } = question;
  const { sha, kind } = subject;
  const revisions = kind === 'line' ? all : all.filter((each) => each.sha === sha);
  const newest = new Map<string, Check>();
  const finished = new Map<string, Check>();
  const timelines = new Map<
    string,
    { readonly sha: string | undefined; readonly check: Check }[]
  >();
  for (const revision of revisions) {
    for (const check of revision.checks) {
      if (!newest.has(check.key)) newest.set(check.key, check);
      const ended = check.state === 'passing' || check.state === 'failing' || check.doomed;
      if (!ended) continue;
      if (!finished.has(check.key)) finished.set(check.key, check);
      const line = timelines.get(check.key) ?? [];
      timelines.set(check.key, [...line, { sha: revision.sha, check }]);
    }
  }
  const activity = addUp([...newest.values()], { ...weights, settled: true });
  // A job that never came to an end keeps the line from being green, but not from being red.
  const counted = [...newest].map(([key, check]) => finished.get(key) ?? check);
  const sum = addUp(counted, { ...weights, settled: true });
  const fresh = subject.seenAt !== undefined && now - subject.seenAt < registration;
  const isThere = all.some((each) => each.sha === sha);
  const waits = fresh && !isThere;

  let verdict: Past | undefined;
  let exact = false;
  let firstRed: string | undefined;
  let since: number | undefined;
  if (sum.state === 'failing') {
    for (const failed of sum.failing) {
      let first = { sha: undefined as string | undefined, at: failed.finishedAt ?? now };
      let green = false;
      for (const each of timelines.get(failed.key) ?? []) {
        if (each.check.state === 'passing') {
          green = true;
          break;
        }
        first = { sha: each.sha, at: each.check.finishedAt ?? first.at };
      }
      if (since === undefined || first.at < since) {
        since = first.at;
        firstRed = first.sha;
        exact = green;
      }
    }
    const [worst] = sum.failing;
    const at = revisions.find(({ checks }) =>
      checks.some(({ key, id }) => key === worst!.key && id === worst!.id),
    );
    verdict = { sha: at?.sha ?? sha, verdict: 'failing', at: since ?? now };
    if (before?.verdict === 'failing' && before.since !== undefined && !exact) {
      since = Math.min(before.since, since ?? now);
      exact = before.sinceExact;
      firstRed = before.firstRed ?? firstRed;
    }
  } else if (sum.state === 'passing') {
    const ends = counted.flatMap((check) => check.finishedAt ?? []);
    const at = ends.length > 0 ? Math.max(...ends) : now;
    const of = revisions.find((each) => each.checks.some((check) => check.state === 'passing'));
    verdict = { sha: of?.sha ?? sha, verdict: 'passing', at };
    const same = before?.verdict === 'passing' && before.since !== undefined;
    since = same ? before.since : at;
    exact = same ? before.sinceExact : before?.verdict === 'failing';
  }
  return {
    branch: subject.branch,
    sha,
    verdict: verdict?.verdict === 'failing' ? 'failing' : verdict ? 'passing' : 'unknown',
    reason: revisions.length === 0 && !waits ? 'no-ci' : reasonOf(activity, verdict, waits),
    running: activity.running || waits,
    verdictSha: verdict?.sha,
    since,
    sinceExact: exact,
    firstRed,
    checks: activity.checks,
    failing: sum.failing,
    warnings: sum.warnings,
    needsHuman: activity.needsHuman,
    source: service.id,
    checked: now,
    past: [],
  };
}
