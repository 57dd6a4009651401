import { onOneLine, readKeyedLines, readSeconds, writeKeyedLines } from './keyed-lines';

/** Where the file lies below git's common directory; a tool that knows no more than a verdict writes `andon/local`. */
export const statusPath = 'andon/status';

/** What is known of the newest runs of a branch. Only passing and failing are verdicts. */
export type StatusState = (typeof states)[number];

const states = [
  'passing',
  'failing',
  'running',
  'pending',
  'cancelled',
  'skipped',
  'unknown',
] as const;

/** What the guard does when there is something to say: nothing, a line of text, a question, or no commit. */
export type GuardMode = (typeof guardModes)[number];

export const guardModes = ['off', 'warn', 'ask', 'block'] as const;

/** What the status file says of one branch. Times are whole seconds since 1970. */
export interface FileStatus {
  readonly state: StatusState;
  /** Whether a run is under way; red while re-building stays red. */
  readonly running: boolean;
  readonly branch?: string | undefined;
  /** The commit the verdict is about. */
  readonly sha?: string | undefined;
  /** When the verdict came about, */
  readonly since?: number | undefined;
  /** or, if false, the earliest moment known at which it stood already. */
  readonly sinceExact: boolean;
  /** The first commit that failed after the last one that passed. */
  readonly firstBad?: string | undefined;
  /** Author of that commit, `Name <address>`. Compared with the user's own address, never shown. */
  readonly who?: string | undefined;
  /** The failing run, http or https. */
  readonly url?: string | undefined;
  /** Which service, or `local`. */
  readonly source?: string | undefined;
  /** When the source was last asked, */
  readonly checked?: number | undefined;
  /** and when the answer is too old to act on. Without it, it is so at once. */
  readonly expires?: number | undefined;
  /** The mode whoever wrote the file wants, where nobody chose one at the installation of the hook. */
  readonly guard?: GuardMode | undefined;
}

/** A commit's hash, whole or shortened: SHA-1 or SHA-256. */
const hash = /^[0-9a-f]{7,64}$/;

/**
 * Reads a status file. Undefined if it is none, is of a later version or states nothing known; a field that is not as
 * it must be counts as missing. Never throws.
 */
export function parseStatus(text: string): FileStatus | undefined {
  const values = readKeyedLines('andon-status', text);
  const state = values?.get('state');
  if (!values || state === undefined) return undefined;
  return {
    state: states.find((each) => each === state) ?? 'unknown',
    running: values.get('running') === '1',
    branch: values.get('branch') || undefined,
    sha: matching(hash, values.get('sha')),
    since: readSeconds(values.get('since')),
    sinceExact: values.get('since-exact') !== '0',
    firstBad: matching(hash, values.get('first-bad')),
    who: values.get('who') || undefined,
    url: webAddress(values.get('url')),
    source: values.get('source') || undefined,
    checked: readSeconds(values.get('checked')),
    expires: readSeconds(values.get('expires')),
    guard: guardModes.find((each) => each === values.get('guard')),
  };
}

/** The text of a status file, for writing beside it and renaming. Reading it gives the same status again. */
export function serialiseStatus(status: FileStatus): string {
  const { since, checked, expires } = status;
  return writeKeyedLines('andon-status', [
    ['state', status.state],
    ['running', status.running ? 1 : 0],
    ['branch', status.branch],
    ['sha', matching(hash, status.sha)],
    ['since', since && Math.floor(since)],
    ['since-exact', since && (status.sinceExact ? 1 : 0)],
    ['first-bad', matching(hash, status.firstBad)],
    ['who', status.who],
    ['url', webAddress(status.url && onOneLine(status.url))],
    ['source', status.source],
    ['checked', checked && Math.floor(checked)],
    ['expires', expires && Math.floor(expires)],
    ['guard', status.guard],
  ]);
}

/**
 * Where the status of one branch lies below git's common directory, beside that of the line; undefined for a name too
 * long for a file. Slashes are written %2F, as is what some systems do not allow in names.
 */
export function branchStatusPath(branch: string): string | undefined {
  const name = branch.replace(
    /[%/\\:*?"<>|\u0000-\u001f]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  const fits = new TextEncoder().encode(name).length <= 250;
  return fits && !/^\.{0,2}$/.test(name) ? `andon/status.d/${name}` : undefined;
}

/** Only addresses a browser opens, in plain ASCII: the hook prints them. */
function webAddress(value: string | undefined): string | undefined {
  return matching(/^https?:\/\/[!-~]+$/, value);
}

function matching(pattern: RegExp, value: string | undefined): string | undefined {
  return value !== undefined && pattern.test(value) ? value : undefined;
}
