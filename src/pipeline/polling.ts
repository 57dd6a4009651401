import type { Reason, Status } from './status';

/** What decides when to ask next. Times are seconds. */
export interface Situation {
  readonly now: number;
  readonly status: Status | undefined;
  /** Attempts in a row that came to nothing. */
  readonly failures: number;
  /** When a push was seen, or a re-run was started. */
  readonly stirredAt?: number | undefined;
  /** Since when nobody has looked at the window; undefined while somebody does. */
  readonly unfocusedSince?: number | undefined;
  /** What the user wants of a settled line that is looked at. */
  readonly wanted: number;
  /** Less than which the service does not take. */
  readonly least: number;
  /** Less than a tenth of the service's limit is left. */
  readonly short: boolean;
}

const minute = 60;

/** Reasons that only a change of token, remote or settings takes away. */
const lasting: readonly Reason[] = ['auth', 'not-found'];

/**
 * Seconds until the next poll. Quick after a push, slower while something runs, slowest when nobody looks; `random` is
 * in [0, 1) and keeps windows and people from asking at the same moment.
 */
export function nextPoll(situation: Situation, random: number): number {
  const { now, status, failures, unfocusedSince, wanted, least, short } = situation;
  if (failures > 0 && status) {
    if (status.reason === 'rate-limited')
      return Math.max((status.until ?? 0) - now, least) + random * 5;
    if (lasting.includes(status.reason)) return 60 * minute;
    // Full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    const most = Math.min(30 * 2 ** Math.min(failures - 1, 10), 15 * minute);
    return Math.max(least, 5, most * (0.5 + random / 2));
  }
  return (
    Math.max(settledPace(situation) * (short ? 3 : 1), least, unfocusedSince ? wanted : 0) *
    (0.9 + random / 5)
  );
}

function settledPace({ now, status, stirredAt, unfocusedSince, wanted }: Situation): number {
  const away = unfocusedSince === undefined ? undefined : now - unfocusedSince;
  if (stirredAt !== undefined && now - stirredAt < 2 * minute)
    return away === undefined ? 10 : minute;
  if (status?.running) {
    if (away !== undefined) return minute;
    const began = Math.min(
      now,
      ...status.checks.flatMap(({ startedAt, finishedAt }) =>
        startedAt !== undefined && finishedAt === undefined ? startedAt : [],
      ),
    );
    return now - began < 10 * minute ? 20 : 45;
  }
  if (status?.reason === 'no-ci') return 15 * minute;
  if (away === undefined) return wanted;
  return away < 30 * minute ? 5 * minute : 15 * minute;
}
