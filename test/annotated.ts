import type { Range } from '../src/text/range';

/** A mark under a snippet's line: the rule that is expected there, and the columns it is expected at. */
export interface Mark {
  readonly rule: string;
  readonly range: Range;
}

const caretLine = /^([ \t]*)(\^+|<)[ \t]+([a-z-]+\/[a-z0-9-]+)[ \t]*$/;

/**
 * Takes the caret lines out of a snippet. Each speaks of the line above it; `<` in place of carets marks the place
 * before the character above it, which is what a finding about the file as a whole is given.
 */
export function readAnnotated(snippet: string): { text: string; marks: readonly Mark[] } {
  const lines: string[] = [];
  const marks: Mark[] = [];
  let start = 0;
  let length = 0;
  for (const line of snippet.split('\n')) {
    const match = caretLine.exec(line);
    if (match) {
      const at = start + match[1]!.length;
      marks.push({ rule: match[3]!, range: [at, at + match[2]!.replace('<', '').length] });
      continue;
    }
    lines.push(line);
    start = length;
    length += line.length + 1;
  }
  return { text: lines.join('\n'), marks };
}

/** A fenced block of a page, with the heading it stands under. */
export interface Block {
  readonly heading: string;
  /** First word of the fence: the language. */
  readonly language: string;
  /** Further words: the format, or `path=…` for the file the snippet stands in. */
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

/** The fenced blocks of a Markdown page. */
export function readBlocks(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { language: string; words: string[]; text: string[]; line: number } | undefined;
  page.split('\n').forEach((line, index) => {
    const fence = /^```(.*)$/.exec(line);
    if (fence && !open) {
      const [language = '', ...words] = fence[1]!.trim().split(/\s+/);
      open = { language, words, text: [], line: index + 1 };
    } else if (fence && open) {
      blocks.push({ ...open, heading, text: `${open.text.join('\n')}\n` });
      open = undefined;
    } else if (open) open.text.push(line);
    else if (line.startsWith('## ')) heading = line.slice(3).trim();
  });
  return blocks;
}
