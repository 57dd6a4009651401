import type { RubyNode, RubyString } from '../syntax/ruby';

/** What the names of a file stand for, where they are given a value once. */
export type RubyNames = ReadonlyMap<string, RubyNode>;

/** The names of a file, given all its nodes. */
export function namesOf(nodes: readonly RubyNode[]): RubyNames {
  const found = new Map<string, RubyNode | undefined>();
  for (const node of nodes) {
    if (node.kind === 'assignment' && node.target.kind === 'name') {
      const { name } = node.target;
      found.set(name, node.operator === '=' && !found.has(name) ? node.value : undefined);
    }
    if (node.kind === 'definition' && node.what === 'def') {
      found.set(node.name.value, node.body.length === 1 ? node.body[0] : undefined);
    }
  }
  return new Map([...found].filter((each): each is [string, RubyNode] => each[1] !== undefined));
}

/** Methods that leave a text what it is. */
const keepsText = new Set([
  'chomp',
  'dedent',
  'freeze',
  'lstrip',
  'rstrip',
  'strip',
  'strip_heredoc',
  'to_s',
  'unindent',
]);

/** The string a node comes to; undefined where that is not known. */
export function stringOf(
  node: RubyNode | undefined,
  names: RubyNames,
  depth = 0,
): RubyString | undefined {
  if (!node || depth > 8) return undefined;
  if (node.kind === 'string') return node;
  if (node.kind === 'name') return stringOf(names.get(node.name), names, depth + 1);
  if (node.kind === 'assignment') return stringOf(node.value, names, depth + 1);
  if (node.kind !== 'call') return undefined;
  const { receiver, name, args } = node;
  if (!receiver) return stringOf(names.get(name.value), names, depth + 1);
  // `gsub(/^ {4}/, '')` takes the indentation away.
  const isMargin = name.value === 'gsub' && args[0]?.kind === 'other';
  return keepsText.has(name.value) || isMargin ? stringOf(receiver, names, depth + 1) : undefined;
}
