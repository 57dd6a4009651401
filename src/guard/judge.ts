import type { Claim } from './claim-file';
import { answeredBy, saysFix, subjectOf } from './commit-message';
import type { GuardPolicy } from './policy-file';
import type { FileStatus } from './status-file';

/** What kind of commit git is about to make. */
export type CommitKind =
  /** An ordinary one, or the last one again with other content; a message yet to be written is ''. */
  | 'commit'
  /** The first of a branch without any. */
  | 'initial'
  /** One that changes no file: words only, or to start a build. */
  | 'empty'
  /** A step of something git is in the middle of; to stop there helps nobody. */
  | 'merge'
  | 'rebase'
  | 'cherry-pick'
  | 'revert';

/** A commit about to be made, or pushed. */
export interface Commit {
  readonly kind: CommitKind;
  /** Undefined: on no branch. */
  readonly branch?: string | undefined;
  readonly message: string;
  /** Whether lines with # are comments for whoever writes the message, as in an editor git opened. */
  readonly comments?: boolean;
}

/** What holds besides: the policy of the repository and what its user said lately. Seconds since 1970. */
export interface Circumstances extends GuardPolicy {
  readonly now: number;
  readonly pausedUntil?: number | undefined;
  readonly claim?: Claim | undefined;
  /** When the guard last spoke of a red that lasts for days. */
  readonly toldAt?: number | undefined;
  /** The user's own address, to tell whether the first bad commit is theirs. */
  readonly email?: string | undefined;
}

/** Why the guard is silent, */
export type SilentBecause =
  | 'off'
  | 'unknown'
  | 'green'
  | 'expired'
  | 'clock'
  | 'elsewhere'
  | 'paused'
  | 'in-progress'
  | 'initial'
  | 'empty'
  | 'claimed'
  | 'fix'
  | 'answered'
  | 'told-today';

/** and what there is to say when it is not. */
export type SpokenOf = 'red' | 'rebuilding' | 'yours' | 'for-days';

export type Judgement =
  | { readonly say: 'nothing'; readonly reasons: readonly SilentBecause[] }
  | { readonly say: 'tell' | 'ask' | 'stop'; readonly reasons: readonly SpokenOf[] };

const minute = 60;
const day = 24 * 3600;
/** A source not asked for longer says nothing of now. */
const stale = 2 * 3600;
/** Clocks of two machines may differ so much; more, and no time in the file means anything. */
const clockSkew = 10 * minute;
/** Red for longer is no stopped line but a habit: then once a day is enough. */
const chronic = 3 * day;

const speech = { off: 'nothing', warn: 'tell', ask: 'ask', block: 'stop' } as const;

/**
 * Whether a red build is to be spoken of before this commit, and how. Pure; the hook asks the same in the words of a
 * shell, and a test holds the two together.
 */
export function judge(
  status: FileStatus | undefined,
  commit: Commit,
  circumstances: Circumstances,
): Judgement {
  const silent = silence(status, commit, circumstances);
  if (!status || silent.length > 0) return { say: 'nothing', reasons: silent };
  const reasons: SpokenOf[] = ['red'];
  if (status.running) reasons.push('rebuilding');
  if (isOf(status.who, circumstances.email)) reasons.push('yours');
  if (isChronic(status, circumstances.now)) reasons.push('for-days');
  const say = speech[circumstances.mode ?? status.guard ?? 'ask'];
  return say === 'nothing' ? { say, reasons: ['off'] } : { say, reasons };
}

function silence(
  status: FileStatus | undefined,
  commit: Commit,
  circumstances: Circumstances,
): SilentBecause[] {
  const { now, pausedUntil, claim, toldAt, fixWords } = circumstances;
  if ((circumstances.mode ?? status?.guard) === 'off') return ['off'];
  if (!status) return ['unknown'];
  if (status.state !== 'failing') return [status.state === 'passing' ? 'green' : 'unknown'];
  if (status.expires === undefined || status.expires < now) return ['expired'];
  if (status.checked !== undefined) {
    if (status.checked > now + clockSkew) return ['clock'];
    if (status.checked < now - stale) return ['expired'];
  }
  const because: SilentBecause[] = [];
  if (status.branch === undefined || status.branch !== commit.branch) because.push('elsewhere');
  if (pausedUntil !== undefined && pausedUntil > now) because.push('paused');
  if (claim && holds(claim, status, now)) because.push('claimed');
  if (commit.kind === 'initial' || commit.kind === 'empty') because.push(commit.kind);
  else if (commit.kind !== 'commit') because.push('in-progress');
  const subject = subjectOf(commit.message, commit.comments === true);
  if (answeredBy(commit.message)) because.push('answered');
  else if (saysFix(subject, fixWords)) because.push('fix');
  const toldLately = toldAt !== undefined && toldAt <= now && toldAt > now - day;
  if (isChronic(status, now) && toldLately) because.push('told-today');
  return because;
}

/** Whether a claim still counts, and is about this red. */
export function holds(claim: Claim, status: FileStatus | undefined, now: number): boolean {
  if (claim.until <= now) return false;
  return !claim.sha || !status?.firstBad || claim.sha === status.firstBad;
}

function isChronic({ since }: FileStatus, now: number): boolean {
  return since !== undefined && since < now - chronic;
}

/** Whether `Name <address>` is the address given; case does not count, as no mail server makes a difference. */
export function isOf(who: string | undefined, email: string | undefined): boolean {
  const address = /<([^<>]+)>\s*$/.exec(who ?? '')?.[1];
  return (
    address !== undefined &&
    email !== undefined &&
    address.toLowerCase() === email.trim().toLowerCase()
  );
}
