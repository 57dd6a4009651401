import type { Edit } from '../text/edit';
import type { Place } from '../text/place';
import type { Condition, Fact } from './fact';
import type { PlacedPart } from './part';
import type { Said } from './said';
import type { Suppression } from './suppressions';

export type Severity = 'error' | 'warning' | 'info';

/** The principles Andon enforces; each rule belongs to one. */
export const concerns = {
  idempotency: 'applied twice, the result is the same; nothing to change means nothing changes',
  statefulness:
    'servers and containers are replaced, never modified; what must last lives outside them',
  reproducibility: 'the same source builds the same thing: no moving references',
  failure: 'when automation fails, it stops; nobody carries on by hand or past it',
  testing: 'automation is code and is tested continuously',
  delivery: 'build and deploy are one step, verified, and can be rolled back',
  monitoring: 'every watched number has a stated purpose',
  notification: 'when something fails, the team hears it',
  flags: 'feature flags have an owner and an end',
} as const;

export type Concern = keyof typeof concerns;

/** An edit of a file, its place also as people count: reports speak in lines. */
export interface FileEdit extends Edit, Place {}

/** A repair, in the file's own offsets, ready to apply. */
export interface FileFix {
  /** English. */
  readonly title: string;
  readonly said?: Said;
  /** It cannot change behaviour except to make a failure visible; only such fixes run unasked. */
  readonly safe: boolean;
  readonly edits: readonly FileEdit[];
}

export interface RelatedPlace extends Place {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly message: string;
  readonly said?: Said;
}

/** A place, a rule, a message, maybe a fix. Plain data: it crosses threads and goes into reports as it is. */
export interface Finding extends Place {
  readonly rule: string;
  readonly concern: Concern | undefined;
  readonly severity: Severity;
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** English, in one line. */
  readonly message: string;
  /** How the message is said in another language; without it the message stands in the translations as it is. */
  readonly said?: Said;
  readonly fix?: FileFix;
  readonly related?: readonly RelatedPlace[];
  /** Rule + path + structural position + the text concerned; never a line number. */
  readonly fingerprint: string;
  /** Known before and accepted in the baseline: shown dimmed, not counted. */
  readonly baselined?: boolean;
}

/** A finding that may still depend on what other files say. */
export interface Candidate extends Finding {
  readonly condition?: Condition;
}

/** Something about a file that keeps it from being checked, or from being checked whole. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** All that linting one file yields. Plain data. */
export interface FileResult {
  readonly path: string;
  /** Undefined: no format claims the file, so nothing was checked. */
  readonly format: string | undefined;
  readonly candidates: readonly Candidate[];
  readonly facts: readonly Fact[];
  /** Absent where the file has none. */
  readonly parts?: readonly PlacedPart[];
  readonly suppressions: readonly Suppression[];
  readonly problems: readonly Problem[];
}
