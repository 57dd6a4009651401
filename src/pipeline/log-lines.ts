/** A place a log names. Lines and columns count from 1. */
export interface LogPlace {
  /** As it stands in the log. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Half-open, in the text it was found in. */
  readonly range: readonly [start: number, end: number];
}

// What colours, moves and time stamps of GitHub, GitLab and Buildbot add to what a program wrote.
const controls =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
const stamp = /^(?:\uFEFF)?\d{4}-\d\d-\d\dT[\d:.]+Z (?:\d\d[OE][+ ]?)?/;
const section = /^(?:section_(?:start|end):\d+:\S*\s*|##\[(?:group|endgroup|command|debug)\])/;

/** A log as its programs wrote it: without colours, time stamps and marks of folding. */
export function plainLog(log: string): string {
  return log
    .replace(controls, '')
    .split('\n')
    .map((line) => {
      const text = line.replace(stamp, '').replace(section, '');
      // What was overwritten on the terminal was not meant to be read.
      return text.replace(/\r+$/, '').replace(/^.*\r/, '');
    })
    .join('\n');
}

const speaks =
  /##\[error\]|\b(?:error|fatal|panic|exception|traceback|failed|failure|failures|FAIL|not ok|assertion\w*|undefined reference|command not found|no such file|permission denied|cannot|segmentation fault)\b|^\s*(?:\u2716|\u2717|\u00d7|E {3})|^make(?:\[\d+\])?: \*\*\*/i;
const silent =
  /\b(?:0|no) (?:errors?|failures?|failed)\b|\bfailed[:=] ?0\b|continue-on-error|--fail|fail-fast|errorlevel|if-no-files-found|error_log|\.error\b|\bon-?error/i;

/** Numbers, from 0, of the first lines of a plain log that tell of an error; the last lines where none does. */
export function errorLines(log: string, most = 20): readonly number[] {
  const lines = log.split('\n');
  const found: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.length < 2000 && speaks.test(line) && !silent.test(line)) found.push(i);
    if (found.length === most) break;
  }
  if (found.length > 0) return found;
  const filled = lines.flatMap((line, i) => (line.trim() === '' ? [] : i));
  return filled.slice(-most);
}

const places = [
  // Python: File "a/b.py", line 12
  /File "([^"\n]{1,300})", line (\d{1,7})()/g,
  // TypeScript and MSBuild: src/a.ts(12,5)
  /((?:[A-Za-z]:)?[\w@./\\+-]{1,300}\.\w{1,10})\((\d{1,7})(?:,(\d{1,5}))?\)/g,
  // Most others: src/a.ts:12:5, and TypeScript's pretty output
  /((?:[A-Za-z]:)?[\w@./\\+-]{1,300}\.\w{1,10}):(\d{1,7})(?::(\d{1,5}))?/g,
];

/** Places in files that a line names. */
export function placesIn(line: string): readonly LogPlace[] {
  if (line.length > 2000) return [];
  const found: LogPlace[] = [];
  for (const pattern of places) {
    for (const match of line.matchAll(pattern)) {
      const [whole, path = '', at, column] = match;
      const range = [match.index, match.index + whole.length] as const;
      if (found.some((each) => each.range[0] < range[1] && range[0] < each.range[1])) continue;
      found.push({ path, line: Number(at), column: Number(column || 1), range });
    }
  }
  return found.filter(({ line: at }) => at > 0);
}
