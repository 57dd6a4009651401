import type { Located } from '../text/range';
import type { Source } from '../text/source';

/** One `{{ … }}`, or in Jinja also `{% … %}` and `{# … #}`; its range covers the delimiters. */
export interface TemplateExpression extends Located {
  /** What stands between the delimiters, without trim marks and surrounding white space. */
  readonly text: string;
  /** It decides or declares (`if`, `end`, `$x :=`, a comment) and puts no text of its own in its place. */
  readonly silent: boolean;
  /** Nothing else stands on its lines but other expressions and a comment. */
  readonly alone: boolean;
}

/** A text in which templates are hidden from the parser of the language they stand in. */
export interface MaskedTemplates {
  /** As long as the original, so that offsets hold in both. */
  readonly source: Source;
  readonly expressions: readonly TemplateExpression[];
}

const closers: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };
/** https://pkg.go.dev/text/template#hdr-Actions */
const silentInGo = /^(?:\/\*|(?:if|else|end|range|with|define|block|break|continue)\b|\$\w*\s*:?=)/;

/**
 * Hides templates: in a line that has other text they become underscores of the same length, so that a value that
 * holds one is still a value; lines that hold nothing else become blank, so that `{{ if }}` and `{{ toYaml … }}`
 * leave a readable structure around them. Jinja's `{{ … }}` stand inside values and always become underscores.
 */
export function maskTemplates(source: Source, language: 'go' | 'jinja'): MaskedTemplates {
  const { text } = source;
  const found = findTemplates(text, language);
  if (found.length === 0) return { source, expressions: [] };
  const expressions = withNeighbours(text, found);
  const builder = source.derive();
  let at = 0;
  for (const { range, alone, silent } of expressions) {
    builder.copy(text.slice(at, range[0]), at);
    const raw = text.slice(range[0], range[1]);
    const firstBreak = raw.search(/[\r\n]/);
    const blank = alone && (silent || language === 'go');
    // The lines after the first would be text at the wrong indentation.
    const kept = blank ? 0 : firstBreak < 0 ? raw.length : firstBreak;
    if (kept > 0) builder.mask(raw.slice(0, kept), range[0]);
    const rest = raw.slice(kept).replace(/[^\r\n]/g, ' ');
    builder.decoded(rest, range[0] + kept, rest.length);
    at = range[1];
  }
  return { source: builder.copy(text.slice(at), at).build(), expressions };
}

function findTemplates(
  text: string,
  language: 'go' | 'jinja',
): Omit<TemplateExpression, 'alone'>[] {
  const found: Omit<TemplateExpression, 'alone'>[] = [];
  const unclosed = new Set<string>();
  const opener = language === 'go' ? /\{\{/g : /\{[{%#]/g;
  for (let match = opener.exec(text); match; match = opener.exec(text)) {
    if (unclosed.has(match[0])) continue;
    const start = match.index;
    const close =
      language === 'go' ? goEnd(text, start + 2) : text.indexOf(closers[match[0]]!, start + 2);
    if (close < 0) {
      // No later opener of its kind has an end either.
      unclosed.add(match[0]);
      continue;
    }
    const content = text
      .slice(start + 2, close)
      .replace(/^[-+]|[-+]$/g, '')
      .trim();
    const silent = language === 'go' ? silentInGo.test(content) : match[0] !== '{{';
    found.push({ range: [start, close + 2], text: content, silent });
    opener.lastIndex = close + 2;
  }
  return found;
}

/** Offset of the `}}` that ends the action begun before `from`, past comments and strings that hold braces; -1 without. */
function goEnd(text: string, from: number): number {
  // Within a double-quoted scalar of YAML the quotes of the action itself are escaped.
  const token = /`[^`]*`|\\"(?:[^"\\\r\n]|\\\\\\"|\\[^"])*\\"|"(?:\\.|[^"\\\r\n])*"|\}\}/g;
  const commented = /^-?\s*\/\*/.test(text.slice(from, from + 20));
  token.lastIndex = commented ? text.indexOf('*/', from) : from;
  if (token.lastIndex < 0) return -1;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '}}') return match.index;
  }
  return -1;
}

/** Finds out which expressions have their lines to themselves. */
function withNeighbours(
  text: string,
  found: readonly Omit<TemplateExpression, 'alone'>[],
): TemplateExpression[] {
  const expressions: TemplateExpression[] = [];
  let group: Omit<TemplateExpression, 'alone'>[] = [];
  let before = '';
  const lineBreak = /[\r\n]|$/g;
  const lineEnd = (offset: number) => {
    lineBreak.lastIndex = offset;
    return lineBreak.exec(text)!.index;
  };
  const lineStart = (offset: number) =>
    offset === 0
      ? 0
      : Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  found.forEach((each, index) => {
    const previous = found[index - 1]?.range[1] ?? 0;
    if (group.length === 0) before = text.slice(lineStart(each.range[0]), each.range[0]);
    else before += text.slice(previous, each.range[0]);
    group.push(each);
    const next = found[index + 1]?.range[0] ?? text.length;
    const end = lineEnd(each.range[1]);
    if (next < end) return;
    const alone = before.trim() === '' && /^\s*(?:#.*)?$/.test(text.slice(each.range[1], end));
    for (const member of group) expressions.push({ ...member, alone });
    group = [];
  });
  return expressions;
}
