/**
 * What a command does to a thing:
 * `create` fails where it is there already · `ensure` leaves it as it is then · `remove` fails where it is gone ·
 * `discard` does not · `need` fails without it · `rename` fails without the old one · `probe` answers whether it is
 * there · `list` prints those there are · `set` gives it a value · `add` puts one more each time · `renew` gives it
 * other content each time.
 */
export type Does =
  | 'create'
  | 'ensure'
  | 'remove'
  | 'discard'
  | 'need'
  | 'rename'
  | 'probe'
  | 'list'
  | 'set'
  | 'add'
  | 'renew'
  | 'nothing';

export interface Conditions {
  /** Flags with which it does nothing of the kind: it makes sure, or only shows. */
  readonly unless?: readonly string[];
  /** Its exit status where it fails; 1 where left out. */
  readonly status?: number;
  /** It asks where a person would have to answer. */
  readonly asks?: boolean;
  /** The value `set` gives: a template. */
  readonly value?: string;
}

/**
 * The command with its leading words and flags; what it does; the thing, where `{0}` is its first operand behind those
 * words, `{-1}` the last, `{--name}` the value of a flag, `{?-n}` the same where it is given, `{each}` one operand after
 * another, and `@` begins a path. A row whose thing cannot be named is passed over.
 */
export type Row = readonly [on: string, does: Does, thing: string, conditions?: Conditions];

/** Commands of one kind. `see` is where the vendor says so; `outside` is where the things lie when not on the machine. */
export interface Family {
  readonly see: string;
  readonly outside?: Outside;
  readonly rows: readonly Row[];
}

/** Where a thing lives that outlasts the machine a script runs on. */
export type Outside = 'cluster' | 'cloud' | 'registry' | 'forge';
