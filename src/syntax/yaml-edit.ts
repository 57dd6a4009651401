import { type Document, isMap, isScalar, type Node, parseDocument } from 'yaml';

/**
 * The YAML text with `path` set to a plain word, everything else as it was: comments, order, spacing. Where the text
 * is written in a way that leaves no room for that (flow style, anchors), it is written anew with its comments kept.
 * Undefined when the text is no YAML mapping.
 */
export function setInYaml(
  text: string,
  path: readonly [string, ...string[]],
  word: string,
): string | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  if (document.contents !== null && !isMap(document.contents)) {
    const empty = isScalar(document.contents) && document.contents.value === null;
    if (!empty) return undefined;
  }
  const gentle = insert(text, document, path, word);
  const wanted = whole(document, path, word);
  if (gentle !== undefined && sameData(gentle, wanted)) return gentle;
  return wanted;
}

/** By the parser's own writer: always right, but quotes and spacing become its own. */
function whole(document: Document.Parsed, path: readonly string[], word: string): string {
  const copy = document.clone() as Document;
  if (!isMap(copy.contents)) copy.contents = copy.createNode({}) as never;
  for (let i = 1; i < path.length; i++) {
    const above = path.slice(0, i);
    if (!isMap(copy.getIn(above, true))) copy.setIn(above, copy.createNode({}));
  }
  copy.setIn(path, word);
  return copy.toString({ lineWidth: 0 });
}

/** By inserting or replacing just the lines concerned; undefined where it is not plain how. */
function insert(
  text: string,
  document: Document.Parsed,
  path: readonly string[],
  word: string,
): string | undefined {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  let node: unknown = document.contents;
  let indent = '';
  for (let depth = 0; depth < path.length; depth++) {
    if (node !== null && !(isMap(node) && node.flow !== true)) {
      const empty = isScalar(node) && node.value === null;
      if (!empty || depth === 0) return undefined;
    }
    const items = isMap(node) ? node.items : [];
    const pair = items.find(({ key }) => isScalar(key) && key.value === path[depth]);
    if (!pair) return addBelow(text, items, path.slice(depth), word, indent, newline);
    const key = pair.key as Node;
    const value = pair.value as Node | null;
    if (depth === path.length - 1) {
      // A severity beside options stays a mapping: the caller names the deeper path.
      if (!isScalar(value) || !value.range || value.range[0] === value.range[1]) return undefined;
      return text.slice(0, value.range[0]) + word + text.slice(value.range[1]);
    }
    const [keyStart, keyEnd] = key.range ?? [0, 0];
    const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
    const own = text.slice(lineStart, keyStart);
    if (own.trim() !== '') return undefined;
    indent = `${own}  `;
    const nothing =
      value === null || (isScalar(value) && value.value === null && value.source === '');
    if (nothing) {
      // `rules:` alone: what is new goes on the line after it.
      const end = text.indexOf('\n', keyEnd);
      const at = end === -1 ? text.length : end + 1;
      const lines = nested(path.slice(depth + 1), word, indent, newline);
      return text.slice(0, at) + (end === -1 ? newline : '') + lines + text.slice(at);
    }
    node = value;
  }
  return undefined;
}

/** New lines behind the last of a map's entries, indented as they are. */
function addBelow(
  text: string,
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  path: readonly string[],
  word: string,
  indent: string,
  newline: string,
): string | undefined {
  const last = items.at(-1);
  if (!last) {
    const gap = text === '' || /\n$/.test(text) ? '' : newline;
    return text + gap + nested(path, word, indent, newline);
  }
  const key = last.key as Node;
  const value = last.value as Node | null;
  const [keyStart, keyEnd] = key.range ?? [0, 0];
  const own = text.slice(text.lastIndexOf('\n', keyStart - 1) + 1, keyStart);
  if (own.trim() !== '') return undefined;
  const end = Math.max(keyEnd, value?.range?.[1] ?? 0);
  // A block ends at the start of the next line already; a plain value within its own line.
  const within = end > 0 && text[end - 1] !== '\n';
  const lineEnd = within ? text.indexOf('\n', end) : end - 1;
  const at = lineEnd === -1 ? text.length : lineEnd + 1;
  const before = text.slice(0, at);
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  const apart = own === '' && path.length > 1 ? newline : '';
  return before + gap + apart + nested(path, word, own, newline) + text.slice(at);
}

/** `path` as nested keys with the word at the innermost. */
function nested(path: readonly string[], word: string, indent: string, newline: string): string {
  return path
    .map((key, i) => {
      const value = i === path.length - 1 ? ` ${word}` : '';
      return `${indent}${'  '.repeat(i)}${key}:${value}${newline}`;
    })
    .join('');
}

function sameData(a: string, b: string): boolean {
  const one = parseDocument(a, { prettyErrors: false });
  if (one.errors.length > 0) return false;
  return JSON.stringify(one.toJS()) === JSON.stringify(parseDocument(b).toJS());
}
