/** What a sandbox does not have, and a script may need. */
export type ObstacleKind =
  | 'network'
  | 'command'
  | 'service-manager'
  | 'daemon'
  | 'rights'
  | 'space'
  | 'processes';

/** A sign that the sandbox, not the script, made a command fail. */
export interface Obstacle {
  readonly kind: ObstacleKind;
  /** The line of standard error that shows it. */
  readonly line: string;
}

/** Messages of the usual tools in the C locale. The first that fits is told. */
const signs: readonly (readonly [ObstacleKind, RegExp])[] = [
  ['space', /no space left on device|disk quota exceeded/i],
  [
    'processes',
    /fork: (retry: )?(resource temporarily unavailable|cannot allocate memory)|cannot fork/i,
  ],
  [
    'network',
    /could(n't| not) (resolve|connect to)|temporary failure (in name resolution|resolving)|network is unreachable|name or service not known|unable to resolve|bad address '|no route to host/i,
  ],
  [
    'service-manager',
    /system has not been booted with systemd|failed to connect to (system )?(bus|scope bus)|(can't|cannot) operate\.? *$/i,
  ],
  ['daemon', /cannot connect to the docker daemon|connection refused|is the server running/i],
  ['command', /: (command )?not found\s*$/i],
  ['rights', /operation not permitted|permission denied|read-only file system|must be superuser/i],
];

/** The first sign in what a run wrote to standard error that it lacked something only a real machine has. */
export function obstacleIn(stderr: string): Obstacle | undefined {
  const lines = stderr.split('\n');
  for (const [kind, pattern] of signs) {
    const line = lines.find((each) => pattern.test(each));
    if (line !== undefined) return { kind, line: line.trim() };
  }
  return undefined;
}
