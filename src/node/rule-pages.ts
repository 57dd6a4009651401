import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../catalog';
import { type Paint, paint } from '../report/paint';

/** `; did you mean …?` for a word that is almost the id of a rule, else nothing. */
export function suggestRule(word: string): string {
  const ids = engine.rules.map((rule) => rule.id);
  const tail = (id: string) => id.slice(id.indexOf('/') + 1);
  const found =
    ids.find((id) => tail(id) === tail(word)) ??
    ids.find((id) => id.includes(word) && word.length > 2) ??
    closest(word, ids);
  return found ? `; did you mean "${found}"?` : '; "andon rules" lists them';
}

/** The word that shares the most pairs of letters, if it shares at least half. */
function closest(word: string, known: readonly string[]): string | undefined {
  const pairs = (text: string) => new Set([...text].slice(1).map((letter, i) => text[i]! + letter));
  const own = pairs(word);
  let best: string | undefined;
  let most = 0.5;
  for (const each of known) {
    const others = pairs(each);
    const shared = [...own].filter((pair) => others.has(pair)).length;
    const share = (2 * shared) / (own.size + others.size || 1);
    if (share > most) {
      most = share;
      best = each;
    }
  }
  return best;
}

/** The page of a rule as it is shipped; undefined where it has none. */
export function rulePage(home: string, id: string): string | undefined {
  try {
    return readFileSync(join(home, 'rules', `${id}.md`), 'utf8');
  } catch {
    return undefined;
  }
}

/** A rule's page for reading in a terminal: marks of Markdown gone, code indented, prose as wide as the terminal. */
export function forTerminal(page: string, colour: boolean, columns: number): string {
  const { style } = paint(colour);
  const out: string[] = [];
  let code = false;
  let table: string[][] = [];
  let prose: string[] = [];
  const close = () => {
    out.push(...tabulate(table));
    if (prose.length > 0) out.push(...wrap(inline(prose.join(' '), style), columns));
    table = [];
    prose = [];
  };
  for (const line of page.replace(/<!--[\s\S]*?-->\n?/g, '').split(/\r?\n/)) {
    if (/^\s*(?:```|~~~)/.test(line)) {
      close();
      code = !code;
      continue;
    }
    if (code) {
      const caret = /^\s*\^+ /.test(line);
      out.push(`    ${caret ? style('red', line) : line}`);
      continue;
    }
    const row = /^\|(.*)\|\s*$/.exec(line);
    if (row) {
      const cells = row[1]!.split(/(?<!\\)\|/).map((cell) => inline(cell.trim(), style));
      if (!cells.every((cell) => /^:?-*:?$/.test(cell))) table.push(cells);
      continue;
    }
    const heading = /^#+ (.*)$/.exec(line);
    if (heading || line.trim() === '' || /^\s*(?:[-*]|\d+\.) /.test(line)) close();
    if (heading) out.push(style('bold', inline(heading[1]!, style)));
    else if (line.trim() === '') out.push('');
    else prose.push(prose.length === 0 ? line.trimEnd() : line.trim());
  }
  close();
  return `${out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function inline(text: string, style: Paint['style']): string {
  return text
    .replace(/\[([^\]]+)\]\((\S+?)\)/g, (_, label: string, target: string) =>
      label === target ? target : `${label} (${target})`,
    )
    .replace(/\*\*([^*]+)\*\*/g, (_, bold: string) => style('bold', bold))
    .replace(/`([^`]+)`/g, (_, codeText: string) => style('bold', codeText));
}

function tabulate(rows: readonly (readonly string[])[]): readonly string[] {
  const bare = (cell: string) => cell.replace(/\u001b\[\d+m/g, '');
  const filled = rows.filter((row) => row.some((cell) => cell !== ''));
  const widths: number[] = [];
  for (const row of filled) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, bare(cell).length);
    });
  }
  return filled.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i]! - bare(cell).length))
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a line of prose at spaces; list items hang. */
function wrap(line: string, columns: number): readonly string[] {
  const width = Math.min(Math.max(columns, 40), 100);
  if (line.length <= width) return [line];
  const hang = ' '.repeat(/^\s*(?:[-*] |\d+\. )?/.exec(line)![0].length);
  const out: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S) /)) {
    if (current !== '' && current.length + 1 + word.length > width) {
      out.push(current);
      current = hang + word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...out, current];
}
