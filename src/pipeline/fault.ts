import type { Reason } from './status';

/** Why a service could not be asked, or its answer not be used. */
export class Fault extends Error {
  readonly reason: Extract<
    Reason,
    'auth' | 'bad-answer' | 'not-found' | 'offline' | 'rate-limited' | 'no-ci'
  >;
  /** Seconds since 1970 before which nobody asks again. */
  readonly until: number | undefined;
  /** Of an HTTP answer. */
  readonly status: number | undefined;

  constructor(
    reason: Fault['reason'],
    message: string,
    more: { readonly until?: number; readonly status?: number } = {},
  ) {
    super(message);
    this.reason = reason;
    this.until = more.until;
    this.status = more.status;
  }
}
