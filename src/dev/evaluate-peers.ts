/**
 * What simple linters say of the same snippets, so that the distance is seen. Each looks at single lines and tells
 * whether one of them is to be flagged.
 */
export interface SimpleLinter {
  readonly name: string;
  flags(snippet: string, context: string): boolean;
}

const anyLine = (snippet: string, test: (line: string) => boolean) =>
  snippet.split('\n').some((line) => !/^\s*#/.test(line) && test(line));

/** Forms that fail or change when run again, as one writes them down without looking further. */
const forms: readonly RegExp[] = [
  />>/,
  /\btee\s+(?:-a|--append)\b/,
  /\bmkdir\s+(?!-p|--parents)/,
  /\bln\s+-s\s/,
  /\brm\s+(?!-\w*f)/,
  /\bmv\s/,
  /\b(?:useradd|groupadd|adduser|addgroup)\s/,
  /\bgit\s+clone\b/,
  /\bgit\s+(?:commit|tag|remote\s+add)\b/,
  /\bsed\s+-i\b/,
  /\bssh-keygen\b/,
  /\bopenssl\s+(?:genrsa|req|rand)\b/,
  /\biptables\s+.*-[AI]\b/,
  /\bip\s+(?:addr|route|link)\s+add\b/,
  /\bkubectl\s+create\b/,
  /\bhelm\s+install\b/,
  /\bdocker\s+(?:run|network\s+create)\b/,
  /\bcreatedb\b|\bCREATE\s+(?:TABLE|DATABASE|USER)\b/i,
  /\bINSERT\s+INTO\b/i,
  /\bcrontab\s+-/,
  /\bmkswap\b|\bswapon\b/,
  /\bmount\s/,
  /\bwget\s+(?!.*-O)/,
  /\$RANDOM|\$\(date/,
];

export const simpleLinters: readonly SimpleLinter[] = [
  { name: 'flag everything', flags: () => true },
  {
    // https://github.com/paiml/bashrs: IDEM001 to IDEM003.
    name: 'mkdir, rm, ln by flag',
    flags: (snippet) =>
      anyLine(
        snippet,
        (line) =>
          /\bmkdir (?!.*-p)/.test(line) ||
          /\brm (?!-)/.test(line) ||
          /\bln -s (?!.*-\w*f)/.test(line),
      ),
  },
  {
    name: 'two dozen expressions',
    flags: (snippet) => anyLine(snippet, (line) => forms.some((form) => form.test(line))),
  },
  {
    // https://ansible.readthedocs.io/projects/lint/rules/no-changed-when/: each task without `changed_when`.
    name: 'no-changed-when',
    flags: (_, context) => context === 'ansible-shell',
  },
];
