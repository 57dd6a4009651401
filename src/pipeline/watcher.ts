import { type Subject, withFault } from './conclude';
import { Fault } from './fault';
import { nextPoll } from './polling';
import type { Status } from './status';

/** An answer that windows share. Times are seconds since 1970. */
export interface Shared {
  readonly status: Status;
  /** When the service was last asked, with or without success. */
  readonly askedAt: number;
  readonly failures: number;
  /** When a push of `status.sha` was seen, or a re-run was started. */
  readonly stirredAt?: number | undefined;
}

/** Where windows share answers, and agree on who asks. */
export interface Answers {
  read(key: string): Promise<Shared | undefined>;
  write(key: string, answer: Shared): Promise<void>;
  /** The right to ask; undefined while another has it. One that ended without giving it back loses it. */
  lease(key: string): Promise<(() => Promise<void>) | undefined>;
}

/** Time, as it can be stood in for. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once; returns how to call it off. */
  after(milliseconds: number, then: () => void): () => void;
  random(): number;
}

export interface WatcherOptions {
  /** What the shared answer is filed under. */
  readonly key: string;
  readonly subject: Subject;
  readonly service: string;
  readonly least: number;
  readonly answers: Answers;
  readonly clock: Clock;
  /** Asks the service; rejects with a Fault. */
  ask(subject: Subject, before: Status | undefined): Promise<Status>;
  /** What the user wants of a settled line; seconds. */
  wanted(): number;
  unfocusedSince(): number | undefined;
  isShort(): boolean;
  /** Hears of each answer, also of one that another window got. */
  onAnswer(answer: Shared, pollEvery: number): void;
  onError(error: unknown): void;
}

/** While another window asks: how soon its answer is looked for. Milliseconds. */
const otherAsks = 1500;
/** Longer than this between two looks at the clock is asleep. Milliseconds. */
const longestSleep = 15 * 60_000;

/**
 * Keeps the status of one subject current. There is one timer, set again after each answer; whoever of all windows finds
 * the shared answer too old, and gets the lease, asks for all of them.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  #subject: Subject;
  #cancel: (() => void) | undefined;
  #turn: Promise<void> = Promise.resolve();
  #due = 0;
  #shown = -1;
  #ended = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#subject = options.subject;
  }

  get subject(): Subject {
    return this.#subject;
  }

  start(): void {
    this.#arm(0);
  }

  stop(): void {
    this.#ended = true;
    this.#cancel?.();
  }

  /** Another commit is the newest of the branch: it was pushed, or fetched, just now. */
  moved(subject: Subject): void {
    if (subject.sha === this.#subject.sha) return;
    this.#subject = { ...subject, seenAt: this.#seconds };
    this.#arm(0);
  }

  /** Somebody looks again, or works on: asks soon if the answer is older than it would have to be now. */
  look(): void {
    this.#arm(0);
  }

  /** Asks now, whatever is known; `stirred`: something was started that will change the answer. */
  refresh(stirred = false): Promise<void> {
    return this.#run(true, stirred);
  }

  get #seconds(): number {
    return this.#options.clock.now() / 1000;
  }

  #arm(milliseconds: number): void {
    if (this.#ended) return;
    const { clock } = this.#options;
    this.#cancel?.();
    const wait = Math.min(milliseconds, longestSleep);
    this.#due = clock.now() + wait;
    this.#cancel = clock.after(wait, () => {
      const late = clock.now() - this.#due;
      // After sleep the network takes a moment to come back.
      if (late > Math.max(wait, 10_000)) this.#arm(3000 + clock.random() * 5000);
      else void this.#run(false, false);
    });
  }

  #run(forced: boolean, stirred: boolean): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look(forced, stirred)).catch(this.#options.onError);
    return this.#turn;
  }

  /** Seconds between two polls as things stand. */
  #pace(answer: Shared | undefined): number {
    const { least, clock, wanted, unfocusedSince, isShort } = this.#options;
    const situation = {
      now: this.#seconds,
      status: answer?.status,
      failures: answer?.failures ?? 0,
      stirredAt: answer?.stirredAt ?? this.#subject.seenAt,
      unfocusedSince: unfocusedSince(),
      wanted: wanted(),
      least,
      short: isShort(),
    };
    return nextPoll(situation, clock.random());
  }

  async #look(forced: boolean, stirred: boolean): Promise<void> {
    if (this.#ended) return;
    const { answers, key } = this.#options;
    let answer = await answers.read(key);
    let pace = this.#pace(answer);
    if (forced || !this.#isFresh(answer, pace)) {
      const release = await answers.lease(key);
      if (!release) {
        this.#show(answer, pace);
        this.#arm(otherAsks);
        return;
      }
      try {
        const again = await answers.read(key);
        if (forced || !this.#isFresh(again, pace)) {
          answer = await this.#ask(again, stirred);
          // Somebody signed out meanwhile, or it is another branch: the answer may be one to a stranger.
          if (this.#ended) return;
          await answers.write(key, answer);
        } else answer = again;
      } finally {
        await release();
      }
      pace = this.#pace(answer);
    }
    this.#show(answer, pace);
    const age = this.#seconds - (answer?.askedAt ?? this.#seconds);
    this.#arm(Math.max(pace - age, 1) * 1000);
  }

  #isFresh(answer: Shared | undefined, pace: number): boolean {
    if (answer?.status.sha !== this.#subject.sha) return false;
    const age = this.#seconds - answer.askedAt;
    // A clock that ran backwards makes answers of the future, which are worth nothing.
    return age >= 0 && age < pace;
  }

  async #ask(before: Shared | undefined, stirred: boolean): Promise<Shared> {
    const { service, ask } = this.#options;
    const now = this.#seconds;
    const known = before?.status.sha === this.#subject.sha ? before?.stirredAt : undefined;
    const stirredAt = stirred ? now : (this.#subject.seenAt ?? known);
    const subject: Subject = { ...this.#subject, seenAt: this.#subject.seenAt ?? known };
    const shared = { askedAt: now, ...(stirredAt !== undefined && { stirredAt }) };
    try {
      return { ...shared, status: await ask(subject, before?.status), failures: 0 };
    } catch (error) {
      if (!(error instanceof Fault)) this.#options.onError(error);
      const fault =
        error instanceof Fault ? error : new Fault('bad-answer', 'the answer is not understood');
      const status = withFault(before?.status, this.#subject, fault, service);
      return { ...shared, status, failures: (before?.failures ?? 0) + 1 };
    }
  }

  #show(answer: Shared | undefined, pace: number): void {
    if (this.#ended || !answer || answer.askedAt === this.#shown) return;
    this.#shown = answer.askedAt;
    this.#options.onAnswer(answer, pace);
  }
}
