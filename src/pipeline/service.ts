import { Fault } from './fault';
import type { Http } from './http';
import type { Remote } from './remote';
import type { Check, Revision, State } from './status';

/** What the user says of a repository's CI, in settings that no workspace can set. */
export interface Named {
  /** Id of a service. */
  readonly service: string;
  /** Base address: of the server, or of the job, as the service's page says. */
  readonly url: string;
  /** Project, slug, or names of jobs, builders or projects, where the service needs them. */
  readonly project?: string | undefined;
}

/** A project at a service. */
export interface Project {
  /** Id of the service. */
  readonly service: string;
  /** Base of the interface's addresses, without a slash at its end. */
  readonly api: string;
  /** The project's name in them, as the service has it. */
  readonly slug: string;
  /** Page for people. */
  readonly web: string;
}

/** Whose runs are wanted. */
export interface Wanted {
  /** My commit may be built as part of a proposal to merge it; the line is what it is. */
  readonly kind: 'commit' | 'line';
  readonly branch: string;
  readonly sha: string;
  /** Other addresses of the same repository, for servers that build many. */
  readonly remotes: readonly Remote[];
}

/** A remark of a check about a place in a file. Lines count from 1. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly endLine?: number | undefined;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly message: string;
}

/** One CI service: how its words become ours. Every function may reject with a Fault. */
export interface Service {
  readonly id: string;
  readonly title: string;
  /** Least seconds between two polls; the second number without sign-in. */
  readonly least: readonly [number, number];
  /**
   * `commit`: it is asked about one commit at a time. `branch`: it gives the newest runs of a branch at once, each with
   * the commit it ran on.
   */
  readonly asks: 'commit' | 'branch';
  /** What VS Code signs in with; others take a token. */
  readonly session?: 'github' | 'github-enterprise' | 'microsoft';
  /** How a token entered by the user goes into the Authorization header; Bearer if not said. */
  readonly scheme?: 'basic' | 'basic-token' | 'bearer' | 'token';
  /** The project a remote belongs to, told by its host alone; undefined: not this service's. */
  locate(remote: Remote): Project | undefined;
  /** The project the user named; undefined if what is named does not do. */
  named(named: Named, remote: Remote | undefined): Project | undefined;
  /** Newest first. A service that is asked by commit gives exactly one. */
  runs(project: Project, wanted: Wanted, http: Http): Promise<readonly Revision[]>;
  /** Names of the checks that have to pass before something is merged into the branch; undefined: it does not say. */
  required?(project: Project, branch: string, http: Http): Promise<readonly string[] | undefined>;
  /** Runs a failed check, and what failed with it, again. */
  rerun?(project: Project, check: Check, http: Http): Promise<void>;
  /** Running again is running all again, as the service has no call for what failed alone. */
  readonly rerunsAll?: true;
  /** The end of the log of a check. */
  log?(project: Project, check: Check, http: Http): Promise<string>;
  /** The jobs or steps of a check that says where they are, in the order in which they run. */
  parts?(project: Project, check: Check, http: Http): Promise<readonly Check[]>;
  /**
   * What the address of a page at this service tells, such as other services give with their commit statuses: the
   * project, and where log, jobs and steps are. Nothing that would start a run: whoever wrote the address may have meant
   * another one.
   */
  atPage?(
    page: URL,
  ): { readonly project: Project; readonly check: Pick<Check, 'log' | 'inside'> } | undefined;
  /** What a check says about places in files. */
  annotations?(project: Project, check: Check, http: Http): Promise<readonly Annotation[]>;
}

/** Bytes of a log that are fetched, from its end. */
export const logTail = 400_000;

/** Seconds since 1970 of a date as services write them; undefined for none. */
export function seconds(date: unknown): number | undefined {
  if (typeof date === 'number') {
    return Number.isNaN(date) ? undefined : date > 1e11 ? Math.floor(date / 1000) : date;
  }
  if (typeof date !== 'string' || date === '') return undefined;
  // .NET writes seven digits behind the point.
  const parsed = Date.parse(date.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(parsed) ? undefined : Math.floor(parsed / 1000);
}

/** A web address as it may be opened in a browser; undefined for anything else a server says. */
export function page(url: unknown): string | undefined {
  return typeof url === 'string' && /^https?:\/\/[!-~]+$/.test(url) ? url : undefined;
}

/** An address of a setting without the slash at its end; undefined if it is none, or holds a user's name. */
export function base(url: string): string | undefined {
  try {
    const { protocol, username, password, origin, pathname } = new URL(url);
    if (!/^https?:$/.test(protocol) || username || password) return undefined;
    return origin + pathname.replace(/\/+$/, '');
  } catch {
    return undefined;
  }
}

/** A list an answer has to have. Throws a Fault where it has none. */
export function needed(value: unknown, what: string): readonly any[] {
  if (Array.isArray(value)) return value;
  throw new Fault('bad-answer', `no ${what} in the answer`);
}

/** What a word means in a service's table; one that is not there is unknown, and kept as it came. */
export function stateOf(
  words: Readonly<Record<string, State>>,
  word: unknown,
): Pick<Check, 'state' | 'word'> {
  const said = String(word);
  // A word of tomorrow may be one that every object has.
  return Object.hasOwn(words, said) ? { state: words[said]! } : { state: 'unknown', word: said };
}

/** A job or step: its id and name, what it is at, when it began and ended as the service writes times, and the rest. */
export const part = (
  [id, name]: readonly [id: unknown, name: unknown],
  state: Pick<Check, 'state'> & Partial<Check>,
  [started, finished]: readonly [started: unknown, finished: unknown],
  more?: Partial<Check>,
): Check => ({
  ...{ key: String(id), id: String(id), name: String(name) },
  ...state,
  startedAt: seconds(started),
  finishedAt: seconds(finished),
  ...more,
});

/** A list of a service's answer, or an empty one: what is not as described is not there. */
export const list = (value: unknown): readonly any[] => (Array.isArray(value) ? value : []);
