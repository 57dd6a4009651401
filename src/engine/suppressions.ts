import { LineIndex } from '../text/line-index';
import type { Place } from '../text/place';
import type { Neighbour } from './format';

/** An `andon-allow` comment; its place is that of the comment itself. */
export interface Suppression extends Place {
  /** Rule ids, or `*`. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day it holds. */
  readonly until: string | undefined;
  /** Lines (from 1) it speaks of, both included; undefined for the whole file. */
  readonly lines: readonly [first: number, last: number] | undefined;
}

const pattern =
  /(?:#|\/\/|--|<!--|\/\*|;)[ \t]*andon-allow(-file)?[ \t]+([\w*/,-]+(?:,[ \t]*[\w*/-]+)*)[ \t]*(?::[ \t]*([^\r\n]*?))?[ \t]*(?:-->|\*\/)?[ \t]*$/gm;
const until = /(?:^|\s)until[ \t]+(\d{4}-\d{2}-\d{2})\b/;

/**
 * The `# andon-allow <rule>[, <rule>]: reason [until YYYY-MM-DD]` comments of a file. One at the end of a line speaks
 * of that line; one on a line of its own of the next line that is no comment; `andon-allow-file` of all. A line means
 * all of it: lines joined by a backslash count as one, as no comment can stand between them.
 */
export function readSuppressions(text: string): readonly Suppression[] {
  if (!text.includes('andon-allow')) return [];
  const lines = new LineIndex(text);
  const lineText = (line: number) => text.slice(lines.lineStart(line), lines.lineStart(line + 1));
  // Dockerfiles may choose the backtick, and may have comments between joined lines.
  const goesOn = /^\s*#\s*escape\s*=\s*`/im.test(text) ? /[\\`]\s*$/ : /\\\s*$/;
  const joined = (line: number) => goesOn.test(lineText(line));
  // Comments below one another speak of the same line, which is looked for once.
  const run = { end: 0, last: 0 };
  const found: Suppression[] = [];
  for (const match of text.matchAll(pattern)) {
    const at = match.index;
    const start = lines.position(at);
    const { line } = start;
    const alone = text.slice(lines.lineStart(line), at).trim() === '';
    let first = line;
    let last = line;
    if (alone && line < run.end) {
      last = run.last;
    } else if (alone) {
      do last++;
      while (last <= lines.lineCount && /^\s*(#|\/\/|--|<!--|\/\*|;|$)/.test(lineText(last)));
      run.end = last;
      while (last < lines.lineCount && joined(last)) {
        do last++;
        while (last < lines.lineCount && /^\s*#/.test(lineText(last)));
      }
      run.last = last;
    } else while (first > 1 && joined(first - 1)) first--;
    const said = match[3] ?? '';
    const end = at + match[0].trimEnd().length;
    found.push({
      rules: match[2]!.split(',').map((rule) => rule.trim()),
      reason: said.replace(until, '').trim(),
      until: until.exec(said)?.[1],
      lines: match[1] ? undefined : [first, last],
      range: [at, end],
      start,
      end: lines.position(end),
    });
  }
  return found;
}

const notations: readonly { tool: Neighbour; pattern: RegExp; reach: 'line' | 'next' | 'file' }[] =
  [
    { tool: 'hadolint', pattern: /#\s*hadolint\s+global\s+ignore\s*=\s*([\w, ]+)/, reach: 'file' },
    { tool: 'hadolint', pattern: /#\s*hadolint\s+ignore\s*=\s*([\w, ]+)/, reach: 'next' },
    { tool: 'ansible-lint', pattern: /#\s*noqa:?\s+([\w[\]\-, ]+)/, reach: 'line' },
    {
      tool: 'shellcheck',
      pattern: /#\s*shellcheck\s+(?:[\w-]+=\S+\s+)*disable=([\w,-]+)/,
      reach: 'next',
    },
    { tool: 'dclint', pattern: /#\s*dclint\s+disable-line(?![\w-])([\w ,-]*)/, reach: 'next' },
    { tool: 'dclint', pattern: /#\s*dclint\s+disable(?:-file)?(?![\w-])([\w ,-]*)/, reach: 'file' },
    { tool: 'tflint', pattern: /(?:#|\/\/)\s*tflint-ignore-file:\s*([\w, ]+)/, reach: 'file' },
    { tool: 'tflint', pattern: /(?:#|\/\/)\s*tflint-ignore:\s*([\w, ]+)/, reach: 'next' },
    { tool: 'zizmor', pattern: /#\s*zizmor:\s*ignore\[([\w, -]+)\]/, reach: 'line' },
  ];

/** Places where the author told another tool to be silent, by its own notation. */
export interface NeighbourIgnores {
  /** Whether `tool` was told to leave out one of `codes` on a line (from 1). */
  covers(tool: Neighbour, codes: readonly string[], line: number): boolean;
}

const none: NeighbourIgnores = { covers: () => false };

/**
 * Reads the neighbours' ignore comments (https://github.com/hadolint/hadolint#inline-ignores,
 * https://ansible.readthedocs.io/projects/lint/usage/#muting-warnings-to-avoid-false-positives,
 * https://github.com/terraform-linters/tflint/blob/master/docs/user-guide/annotations.md,
 * https://docs.zizmor.sh/usage/#with-comments,
 * https://github.com/zavoloklom/docker-compose-linter/blob/main/docs/configuration-comments.md). One that names no
 * codes means all.
 */
export function readNeighbourIgnores(text: string): NeighbourIgnores {
  if (!/hadolint|noqa|shellcheck|dclint|tflint-ignore|zizmor:/.test(text)) return none;
  const told: { tool: Neighbour; codes: readonly string[]; from: number; to: number }[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  lines.forEach((content, index) => {
    for (const { tool, pattern: notation, reach } of notations) {
      const match = notation.exec(content);
      if (!match) continue;
      const codes = match[1]!.split(/[\s,]+/).filter(Boolean);
      if (codes.length === 0) codes.push('all');
      const line = index + 1;
      if (reach === 'file') told.push({ tool, codes, from: 1, to: lines.length });
      else {
        let to = line;
        if (reach === 'next' && content.slice(0, match.index).trim() === '') {
          to = line + 1;
          while (/^\s*#/.test(lines[to - 1] ?? '')) to++;
        }
        told.push({ tool, codes, from: line, to });
      }
    }
  });
  return {
    covers: (tool, codes, line) =>
      told.some(
        (each) =>
          each.tool === tool &&
          each.from <= line &&
          line <= each.to &&
          each.codes.some((code) => codes.includes(code) || code === 'all'),
      ),
  };
}
