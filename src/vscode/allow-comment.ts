import { parseYaml, type YamlNode, type YamlScalar } from '../syntax/yaml';
import type { Edit } from '../text/edit';
import { LineIndex } from '../text/line-index';
import { Source } from '../text/source';
import { type CommentedFile, type CommentKind, commentsOf } from './comment-kind';

/** Where a comment is wanted. */
export interface AllowRequest extends CommentedFile {
  /** Line (from 1) the finding begins on. */
  readonly line: number;
  /** Offset the finding begins at. */
  readonly offset: number;
  readonly rule: string;
  readonly reason: string;
}

/** The edit that writes an `andon-allow` comment above the place; undefined where there is no room for one. */
export function allowHere(request: AllowRequest): Edit | undefined {
  const kind = commentsOf(request);
  if (!kind) return undefined;
  const { text, offset } = request;
  const lines = new LineIndex(text);
  const room = kind === 'yaml' ? roomInYaml(text, offset, lines) : { from: 1 };
  if (!room) return undefined;
  const line = topOf(kind, text, lines, request.line, room.from);
  const start = lines.lineStart(line);
  const indent = /^[ \t]*/.exec(text.slice(start))![0];
  const comment = `${indent}${mark(kind)} andon-allow ${request.rule}: ${plain(request.reason)}`;
  return { range: [start, start], text: comment + eol(text) };
}

/** The edit that writes an `andon-allow-file` comment at the file's top; undefined where comments cannot be. */
export function allowInFile(request: AllowRequest): Edit | undefined {
  const kind = commentsOf(request);
  if (!kind) return undefined;
  const { text } = request;
  const lines = new LineIndex(text);
  let line = 1;
  // A first line that others read by its place, then Dockerfile parser directives, then YAML directives.
  const leads = /^(?:\uFEFF?#!|\uFEFF?#cloud-config|\uFEFF?#\s*(?:syntax|escape|check)\s*=|%)/i;
  while (line <= lines.lineCount && leads.test(text.slice(lines.lineStart(line)))) line++;
  // Between directives and what they speak of stands the line that ends them.
  if (line > 1 && text.startsWith('%') && text.slice(lines.lineStart(line)).startsWith('---'))
    line++;
  const at = lines.lineStart(line);
  const bom = at === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  const broken = at > 0 && !/[\r\n]/.test(text[at - 1]!);
  const comment = `${mark(kind)} andon-allow-file ${request.rule}: ${plain(request.reason)}`;
  return {
    range: [at + bom, at + bom],
    text: broken ? eol(text) + comment : comment + eol(text),
  };
}

const mark = (kind: CommentKind) => (kind === 'slashes' ? '//' : '#');
const plain = (reason: string) => reason.replace(/\s+/g, ' ').trim();
const eol = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

/**
 * The first line (from 1) a comment may stand above: that of the file, or, inside a block scalar, of its text.
 * Undefined inside a scalar that reads a comment as text of its own.
 */
function roomInYaml(text: string, offset: number, lines: LineIndex): { from: number } | undefined {
  const scalar = scalarAt(parseYaml(Source.file('', text)).roots, offset);
  if (!scalar) return { from: 1 };
  const first = lines.position(scalar.range[0]).line;
  const last = lines.position(Math.max(scalar.range[0], scalar.range[1] - 1)).line;
  const here = lines.position(offset).line;
  if (here === first) return { from: 1 };
  if (scalar.style === 'literal') return { from: first + 1 };
  return first === last ? { from: 1 } : undefined;
}

function scalarAt(roots: readonly YamlNode[], offset: number): YamlScalar | undefined {
  const inside = (node: YamlNode) => node.range[0] <= offset && offset < node.range[1];
  let node = roots.find(inside);
  while (node && node.kind !== 'scalar') {
    const parts: readonly (YamlNode | undefined)[] =
      node.kind === 'list' ? node.items : node.entries.flatMap(({ key, value }) => [key, value]);
    node = parts.find((part): part is YamlNode => part !== undefined && inside(part));
  }
  return node;
}

/** The first line of the command or instruction that a line belongs to. */
function topOf(
  kind: CommentKind,
  text: string,
  lines: LineIndex,
  line: number,
  from: number,
): number {
  const content = (at: number) => text.slice(lines.lineStart(at), lines.lineStart(at + 1));
  const joint = kind === 'dockerfile' && /^\s*#\s*escape\s*=\s*`/im.test(text) ? '`' : '\\';
  const goesOn = (at: number) => content(at).trimEnd().endsWith(joint);
  const comment = (at: number) => kind === 'dockerfile' && /^\s*#/.test(content(at));
  let top = line;
  while (top > from) {
    let above = top - 1;
    // Dockerfiles may have comments between the lines of one instruction.
    while (above > from && comment(above)) above--;
    if (!goesOn(above)) break;
    top = above;
  }
  return top;
}
