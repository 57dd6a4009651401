import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Located, Range } from '../text/range';
import type { Source } from '../text/source';
import { type ScalarStyle, scalarSource } from './yaml-scalar';

export type YamlNode = YamlMap | YamlList | YamlScalar;

/** What the parser could not read: offsets in the source given to parseYaml, message without a position. */
export interface YamlProblem extends Located {
  readonly message: string;
}

/** The documents of one YAML (or JSON) text. */
export interface YamlFile {
  /** Roots of the documents, in order; a document without content is left out. */
  readonly roots: readonly YamlNode[];
  readonly problems: readonly YamlProblem[];
}

interface Anchors {
  readonly source: Source;
  resolve(node: Node): Node | undefined;
  wrapped: Map<Node, YamlNode>;
}

/** One `key: value` of a map. */
export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode | undefined;
}

/** A mapping. Values reached through aliases and `<<` merges stand where they are written. */
export class YamlMap implements Located {
  readonly kind = 'map';
  readonly range: Range;
  readonly #node: YAMLMap;
  readonly #anchors: Anchors;
  #entries: readonly YamlEntry[] | undefined;

  constructor(node: YAMLMap, anchors: Anchors) {
    this.#node = node;
    this.#anchors = anchors;
    this.range = rangeOf(node);
  }

  /** Written in one line with braces. */
  get flow(): boolean {
    return this.#node.flow === true;
  }

  /** The tag it is written with, such as `!Sub`; undefined without one. */
  get tag(): string | undefined {
    return this.#node.tag;
  }

  /** The map's own entries and, behind them, merged ones it does not override. */
  get entries(): readonly YamlEntry[] {
    this.#entries ??= this.#read();
    return this.#entries;
  }

  entry(name: string): YamlEntry | undefined {
    return this.entries.find((entry) => entry.key.string === name);
  }

  get(name: string): YamlNode | undefined {
    return this.entry(name)?.value;
  }

  has(name: string): boolean {
    return this.entry(name) !== undefined;
  }

  #read(): YamlEntry[] {
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of this.#node.items as Pair<Node, Node | null>[]) {
      if (!isScalar(pair.key)) continue;
      const isMerge =
        pair.key.value === '<<' || String((pair.key as { source?: string }).source) === '<<';
      if (isMerge && pair.key.type !== 'QUOTE_DOUBLE' && pair.key.type !== 'QUOTE_SINGLE') {
        const target = pair.value && wrap(pair.value, this.#anchors);
        const maps = target?.kind === 'list' ? target.items : [target];
        for (const map of maps) {
          if (map?.kind === 'map' && map !== this) merged.push(...map.entries);
        }
        continue;
      }
      const key = wrap(pair.key, this.#anchors) as YamlScalar;
      own.push({ key, value: pair.value ? wrap(pair.value, this.#anchors) : undefined });
    }
    if (merged.length === 0) return own;
    const names = new Set(own.map((entry) => entry.key.string));
    for (const entry of merged) {
      if (names.has(entry.key.string)) continue;
      names.add(entry.key.string);
      own.push(entry);
    }
    return own;
  }
}

/** A sequence. */
export class YamlList implements Located {
  readonly kind = 'list';
  readonly range: Range;
  readonly #node: YAMLSeq;
  readonly #anchors: Anchors;
  #items: readonly YamlNode[] | undefined;

  constructor(node: YAMLSeq, anchors: Anchors) {
    this.#node = node;
    this.#anchors = anchors;
    this.range = rangeOf(node);
  }

  get flow(): boolean {
    return this.#node.flow === true;
  }

  /** Its tag as written, such as `!reference`; undefined without one. */
  get tag(): string | undefined {
    return this.#node.tag;
  }

  get items(): readonly YamlNode[] {
    this.#items ??= (this.#node.items as Node[])
      .map((item) => wrap(item, this.#anchors))
      .filter((item) => item !== undefined);
    return this.#items;
  }
}

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** A scalar; its range covers quotes and block header. */
export class YamlScalar implements Located {
  readonly kind = 'scalar';
  readonly range: Range;
  readonly value: string | number | boolean | null;
  readonly style: ScalarStyle;
  /** The text of the value as written (`1.10` stays `1.10`), quotes and escapes resolved. */
  readonly string: string;
  /** The tag it is written with, such as `!Ref`; undefined without one. */
  readonly tag: string | undefined;
  readonly #source: Source;

  constructor(node: Scalar, source: Source) {
    this.range = rangeOf(node);
    this.tag = node.tag;
    const { value } = node;
    this.value =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? value
        : value === null || value === undefined
          ? null
          : String(value);
    this.style = styles[node.type ?? 'PLAIN'] ?? 'plain';
    this.string =
      typeof value === 'string' ? value : (node.source ?? (value === null ? '' : String(value)));
    this.#source = source;
  }

  /** Whether part of it was a template (`{{ … }}`) before the text was masked: its value is not known. */
  get templated(): boolean {
    return !this.#source.isVerbatim(this.range);
  }

  /** The value as a source of its own, each character mapped to where it is written. */
  text(): Source {
    return scalarSource(this.#source, this.range, this.style, this.string);
  }
}

function rangeOf(node: Node): Range {
  const range = node.range ?? [0, 0, 0];
  return [range[0], range[1]];
}

function wrap(node: Node, anchors: Anchors): YamlNode | undefined {
  const target = isAlias(node) ? anchors.resolve(node) : node;
  if (!target) return undefined;
  const known = anchors.wrapped.get(target);
  if (known) return known;
  const made = isMap(target)
    ? new YamlMap(target, anchors)
    : isSeq(target)
      ? new YamlList(target, anchors)
      : isScalar(target)
        ? new YamlScalar(target, anchors.source)
        : undefined;
  if (made) anchors.wrapped.set(target, made);
  return made;
}

/** The node if it is a scalar. */
export const scalar = (node: YamlNode | undefined): YamlScalar | undefined =>
  node?.kind === 'scalar' ? node : undefined;

/** The node if it is a map. */
export const map = (node: YamlNode | undefined): YamlMap | undefined =>
  node?.kind === 'map' ? node : undefined;

/** The items of a list; none of anything else. */
export const items = (node: YamlNode | undefined): readonly YamlNode[] =>
  node?.kind === 'list' ? node.items : [];

/** The maps among the items of a list. */
export const maps = (node: YamlNode | undefined): readonly YamlMap[] =>
  items(node).filter((item) => item.kind === 'map');

/** The items of a list, or the one value that stands for a list of one. */
export const many = (node: YamlNode | undefined): readonly YamlNode[] =>
  node === undefined ? [] : node.kind === 'list' ? node.items : [node];

export interface YamlOptions {
  /** 1.1 reads `yes` and `on` as booleans, as Ansible and Docker Compose's older readers do. */
  readonly version?: '1.1' | '1.2';
}

/**
 * Reads YAML or JSON, tolerantly: what could be read is there, what could not is in `problems`. Never throws;
 * nesting too deep for the parser is a problem like any other.
 */
export function parseYaml(source: Source, options: YamlOptions = {}): YamlFile {
  let documents: readonly Document.Parsed[];
  try {
    documents = documentsOf(source.text, {
      version: options.version ?? '1.2',
      uniqueKeys: false,
      merge: true,
      prettyErrors: false,
      logLevel: 'silent',
      strict: false,
    });
  } catch (error) {
    const tooDeep = error instanceof RangeError;
    const message = tooDeep ? 'nested too deeply to be read' : String(error);
    return { roots: [], problems: [{ range: [0, 0], message }] };
  }
  const roots: YamlNode[] = [];
  const problems: YamlProblem[] = [];
  for (const document of documents) {
    for (const error of document.errors) {
      problems.push({ range: [error.pos[0], error.pos[1]], message: error.message });
    }
    if (!document.contents) continue;
    let anchored: Map<string, Node> | undefined;
    const anchors: Anchors = {
      source,
      wrapped: new Map(),
      resolve: (node) => {
        if (!isAlias(node)) return node;
        anchored ??= anchorsOf(document);
        return anchored.get(node.source);
      },
    };
    const root = wrap(document.contents as Node, anchors);
    if (root) roots.push(root);
  }
  return { roots, problems };
}

type ParserOptions = NonNullable<Parameters<typeof parseAllDocuments>[1]>;

function documentsOf(text: string, options: ParserOptions): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, options) as Document.Parsed[];
  const torn = documents.some(({ errors }) => errors.some(({ code }) => code === 'MISSING_CHAR'));
  if (!torn) return documents;
  // Only then: while somebody types, a quote not yet closed must not take in the lines to the next.
  const lenient = withFlowAtAnyIndent(text, options);
  return lenient.some(({ errors }) => errors.length > 0) ? documents : lenient;
}

type Lexed = Generator<string, unknown, unknown>;

/** What is used of the lexer besides its public part; another version of it may name it otherwise. */
interface LexerParts {
  /** How far a line has to be indented to go on with what the line before began. */
  indentNext: number;
  parseQuotedScalar(): Lexed;
  parseFlowCollection(): Lexed;
}

/**
 * Reads quoted scalars and flow collections whose further lines stand further left than their key, which YAML forbids
 * (https://yaml.org/spec/1.2.2/#rule-s-flow-line-prefix) and libyaml, PyYAML and Go's readers take.
 */
function withFlowAtAnyIndent(text: string, options: ParserOptions): Document.Parsed[] {
  const lexer = new Lexer();
  const parts = lexer as unknown as LexerParts;
  for (const name of ['parseQuotedScalar', 'parseFlowCollection'] as const) {
    const read = parts[name].bind(lexer);
    parts[name] = function* () {
      const { indentNext } = parts;
      parts.indentNext = 0;
      const next = yield* read();
      parts.indentNext = indentNext;
      return next;
    };
  }
  const parser = new Parser();
  function* tokens() {
    for (const lexeme of lexer.lex(text)) yield* parser.next(lexeme);
    yield* parser.end();
  }
  return [...new Composer(options).compose(tokens())] as Document.Parsed[];
}

/** Each anchor's node; the last of a name wins, which is right unless a file redefines an anchor. */
function anchorsOf(document: Document.Parsed): Map<string, Node> {
  const found = new Map<string, Node>();
  const open: unknown[] = [document.contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isMap(node)) {
      for (const pair of node.items) open.push(pair.key, pair.value);
    } else if (isSeq(node)) {
      for (const item of node.items) open.push(item);
    }
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor) found.set(anchor, node as Node);
  }
  return found;
}

/** The keys and indices that lead to an offset, such as `jobs.build.steps[2].run`; list items by `name` or `id`. */
export function yamlRoute(roots: readonly YamlNode[], offset: number): string {
  const inside = (node: Located) => node.range[0] <= offset && offset <= node.range[1];
  let node = roots.find(inside);
  let route = roots.length > 1 && node ? `${roots.indexOf(node)}:` : '';
  while (node) {
    if (node.kind === 'map') {
      const entry: YamlEntry | undefined = node.entries.find(
        ({ key, value }) =>
          key.range[0] <= offset && offset <= Math.max(key.range[1], value?.range[1] ?? 0),
      );
      if (!entry) break;
      route += `.${entry.key.string}`;
      node = entry.value && inside(entry.value) ? entry.value : undefined;
    } else if (node.kind === 'list') {
      const index = node.items.findIndex(inside);
      const item: YamlNode | undefined = node.items[index];
      if (!item) break;
      const named = item.kind === 'map' ? (item.get('name') ?? item.get('id')) : undefined;
      route += `[${named?.kind === 'scalar' ? named.string : index}]`;
      node = item;
    } else break;
  }
  return route;
}
