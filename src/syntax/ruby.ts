import type { Tree } from 'web-tree-sitter';
import type { Located, Range, Value } from '../text/range';
import type { Source } from '../text/source';
import { indentation, type QuotedPiece, quotedText } from './quoted-text';
import { type RubyWriting, rubyPiece } from './ruby-text';
import { withTree } from './tree-sitter';

/** What could not be read: offsets in the source given to parseRuby, message without a position. */
export interface RubyProblem extends Located {
  readonly message: string;
}

/** One file of Ruby (https://docs.ruby-lang.org/en/master/syntax_rdoc.html), as far as configuration is written in it. */
export interface RubyFile {
  readonly body: readonly RubyNode[];
  readonly problems: readonly RubyProblem[];
}

export type RubyNode =
  | RubyString
  | RubySymbol
  | RubyLiteral
  | RubyName
  | RubyCall
  | RubyList
  | RubyHash
  | RubyAssignment
  | RubyCondition
  | RubyCase
  | RubyLoop
  | RubyRescue
  | RubyDefinition
  | RubyOperation
  | RubyOther;

/** `"…"`, `'…'`, `%q(…)`, a here-document, a word of `%w[…]`, or several strings one behind the other. */
export class RubyString implements Located {
  readonly kind = 'string';
  readonly range: Range;
  /** What is interpolated, in order. */
  readonly interpolated: readonly RubyNode[];
  /** A here-document: its range is that of `<<~WORD` alone, its text stands further down. */
  readonly heredoc: boolean;
  readonly #source: Source;
  readonly #pieces: readonly QuotedPiece[];
  #body: Source | undefined;

  constructor(
    source: Source,
    range: Range,
    pieces: readonly QuotedPiece[],
    interpolated: readonly RubyNode[],
    heredoc: boolean,
  ) {
    this.#source = source;
    this.range = range;
    this.#pieces = pieces;
    this.interpolated = interpolated;
    this.heredoc = heredoc;
  }

  /** The text as a source of its own, with an underscore for each character of `#{…}`. */
  get body(): Source {
    this.#body ??= quotedText(this.#source, this.#pieces);
    return this.#body;
  }

  /** The text of `body`. */
  get text(): string {
    return this.body.text;
  }

  /** The text where nothing is interpolated. */
  get value(): string | undefined {
    return this.#pieces.some((piece) => piece.holes.length > 0) ? undefined : this.text;
  }
}

/** `:name`; in `name: value` the key. */
export interface RubySymbol extends Located {
  readonly kind: 'symbol';
  readonly value: string;
}

/** A number, `true`, `false`, `nil`. */
export interface RubyLiteral extends Located {
  readonly kind: 'literal';
  readonly value: number | boolean | null;
}

/** A variable, a constant (`Vagrant::VERSION`), `self`, or a method called by its name alone. */
export interface RubyName extends Located {
  readonly kind: 'name';
  readonly name: string;
}

export interface RubyPair extends Located {
  /** The key where it is a symbol or a string without interpolation. */
  readonly key: Value | undefined;
  readonly value: RubyNode;
}

/** `do |a, b| … end`, `{ … }`. */
export interface RubyBlock extends Located {
  readonly parameters: readonly string[];
  readonly body: readonly RubyNode[];
}

/** `receiver.name args, key: value do … end`; `node['a']` is a call of `[]`. */
export interface RubyCall extends Located {
  readonly kind: 'call';
  readonly receiver: RubyNode | undefined;
  readonly name: Value;
  readonly args: readonly RubyNode[];
  /** The `key: value` and `'key' => value` among the arguments. */
  readonly options: readonly RubyPair[];
  readonly block: RubyBlock | undefined;
}

export interface RubyList extends Located {
  readonly kind: 'list';
  readonly items: readonly RubyNode[];
}

export interface RubyHash extends Located {
  readonly kind: 'hash';
  readonly pairs: readonly RubyPair[];
}

/** `target = value`, `target ||= value`, `target += value`. */
export interface RubyAssignment extends Located {
  readonly kind: 'assignment';
  readonly target: RubyNode;
  readonly operator: string;
  readonly value: RubyNode;
}

/** `if`, `unless`, their forms behind a statement, and `a ? b : c`. An `unless` has its branches changed over. */
export interface RubyCondition extends Located {
  readonly kind: 'condition';
  readonly test: RubyNode;
  readonly whenTrue: readonly RubyNode[];
  readonly whenFalse: readonly RubyNode[];
}

export interface RubyCase extends Located {
  readonly kind: 'case';
  readonly subject: RubyNode | undefined;
  readonly branches: readonly {
    readonly patterns: readonly RubyNode[];
    readonly body: readonly RubyNode[];
  }[];
  readonly else: readonly RubyNode[];
}

/** `while`, `until`, `for`. */
export interface RubyLoop extends Located {
  readonly kind: 'loop';
  /** The condition, or what `for` goes through. */
  readonly over: RubyNode | undefined;
  readonly body: readonly RubyNode[];
}

/** `begin … rescue … end`, a body with a `rescue` of its own, `a rescue b`. */
export interface RubyRescue extends Located {
  readonly kind: 'rescue';
  readonly body: readonly RubyNode[];
  /** The bodies of its `rescue` clauses. */
  readonly handlers: readonly (readonly RubyNode[])[];
  /** Those of `else` and `ensure`. */
  readonly after: readonly RubyNode[];
}

/** `def`, `class`, `module`. */
export interface RubyDefinition extends Located {
  readonly kind: 'definition';
  readonly what: 'def' | 'class' | 'module';
  readonly name: Value;
  readonly body: readonly RubyNode[];
}

/** `a && b`, `!a`, `a % b`, and so on; `and`, `or`, `not` are `&&`, `||`, `!`. */
export interface RubyOperation extends Located {
  readonly kind: 'operation';
  readonly operator: string;
  readonly operands: readonly RubyNode[];
}

/** Anything else: a lambda, a regular expression, backquotes, what could not be read. */
export interface RubyOther extends Located {
  readonly kind: 'other';
  readonly children: readonly RubyNode[];
}

/** The value of an option of a call, or of a key of a hash. */
export function rubyOption(node: RubyCall | RubyHash, name: string): RubyNode | undefined {
  const pairs = node.kind === 'call' ? node.options : node.pairs;
  return pairs.find((pair) => pair.key?.value === name)?.value;
}

/** The text of a string without interpolation or of a symbol. */
export function rubyWord(node: RubyNode | undefined): string | undefined {
  return node?.kind === 'string' || node?.kind === 'symbol' ? node.value : undefined;
}

/** The nodes a node is made of, in the order they stand in. */
export function rubyChildren(node: RubyNode): readonly RubyNode[] {
  switch (node.kind) {
    case 'string':
      return node.interpolated;
    case 'symbol':
    case 'literal':
    case 'name':
      return [];
    case 'call':
      return [
        ...(node.receiver ? [node.receiver] : []),
        ...node.args,
        ...node.options.map((pair) => pair.value),
        ...(node.block?.body ?? []),
      ];
    case 'list':
      return node.items;
    case 'hash':
      return node.pairs.map((pair) => pair.value);
    case 'assignment':
      return [node.target, node.value];
    case 'condition':
      return [node.test, ...node.whenTrue, ...node.whenFalse];
    case 'case':
      return [
        ...(node.subject ? [node.subject] : []),
        ...node.branches.flatMap(({ patterns, body }) => [...patterns, ...body]),
        ...node.else,
      ];
    case 'loop':
      return [...(node.over ? [node.over] : []), ...node.body];
    case 'rescue':
      return [...node.body, ...node.handlers.flat(), ...node.after];
    case 'definition':
      return node.body;
    case 'operation':
      return node.operands;
    case 'other':
      return node.children;
  }
}

/** Nodes and every node in them, outer ones first, in the order they stand in. */
export function* walkRuby(nodes: readonly RubyNode[]): Generator<RubyNode> {
  const open = nodes.toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    const children = rubyChildren(next);
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i]!);
  }
}

/**
 * Reads Ruby, tolerantly: what could be read is there, what could not is in `problems`. Throws GrammarNeeded when the
 * ruby grammar is not loaded, and nothing else.
 */
export function parseRuby(source: Source): RubyFile {
  const { root, problems } = withTree('ruby', source.text, (tree) => copied(tree, source.text));
  try {
    return { body: new Reader(source).file(root), problems };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { body: [], problems: [{ range: [0, 0], message: 'nested too deeply to be read' }] };
  }
}

/** A node of the grammar, taken out of wasm. */
interface Raw {
  readonly type: string;
  readonly field: string | null;
  /** False for punctuation and words of the language. */
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: Raw[];
}

/** Every look at the cursor crosses into wasm, so the tree is walked once and copied. */
function copied(tree: Tree, text: string): { root: Raw; problems: readonly RubyProblem[] } {
  const cursor = tree.walk();
  const broken = tree.rootNode.hasError;
  const problems: RubyProblem[] = [];
  const take = (): Raw => ({
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    named: cursor.nodeIsNamed,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: [],
  });
  const root = take();
  // Where the grammar lost its way from the start, the whole file is one error.
  const whole = problemOf(root, false, text);
  if (whole) problems.push(whole);
  const path = [root];
  let more = cursor.gotoFirstChild();
  while (more) {
    const node = take();
    path.at(-1)!.children.push(node);
    if (broken && !path.some((each) => each.type === 'ERROR')) {
      const problem = problemOf(node, cursor.nodeIsMissing, text);
      if (problem) problems.push(problem);
    }
    if (cursor.gotoFirstChild()) {
      path.push(node);
      continue;
    }
    more = cursor.gotoNextSibling();
    while (!more && path.length > 1) {
      path.pop();
      cursor.gotoParent();
      more = cursor.gotoNextSibling();
    }
  }
  cursor.delete();
  return { root, problems };
}

function problemOf(node: Raw, missing: boolean, text: string): RubyProblem | undefined {
  if (missing) return { range: [node.start, node.end], message: `${node.type} is missing here` };
  if (node.type !== 'ERROR') return undefined;
  const [line = ''] = text.slice(node.start, node.end).split(/\r?\n/, 1);
  const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line.trim();
  return { range: [node.start, node.start + line.length], message: `${shown} cannot be read` };
}

class Reader {
  readonly #source: Source;
  readonly #text: string;
  /** The texts of here-documents, in the order they stand in. */
  readonly #heredocs: Raw[] = [];

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
  }

  file(root: Raw): readonly RubyNode[] {
    const open = [root];
    for (let next = open.pop(); next; next = open.pop()) {
      if (next.type === 'heredoc_body') this.#heredocs.push(next);
      for (let i = next.children.length - 1; i >= 0; i--) open.push(next.children[i]!);
    }
    return this.#statements(root);
  }

  #written(node: Raw): string {
    return this.#text.slice(node.start, node.end);
  }

  /** The statements among the children; a body with a `rescue` of its own is one. */
  #statements(raw: Raw | undefined): readonly RubyNode[] {
    if (!raw) return [];
    const body: RubyNode[] = [];
    const handlers: (readonly RubyNode[])[] = [];
    const after: RubyNode[] = [];
    for (const child of raw.children) {
      if (child.type === 'rescue' && child.named)
        handlers.push(this.#statements(part(child, 'body')));
      else if (
        handlers.length > 0 &&
        child.named &&
        (child.type === 'else' || child.type === 'ensure')
      )
        after.push(...this.#statements(child));
      else if (child.type === 'ensure' && child.named) body.push(...this.#statements(child));
      else {
        const node = child.named ? this.#node(child) : undefined;
        if (node) body.push(node);
      }
    }
    if (handlers.length === 0) return body;
    return [{ kind: 'rescue', body, handlers, after, range: [raw.start, raw.end] }];
  }

  #nodes(raws: readonly Raw[]): readonly RubyNode[] {
    return raws.flatMap((raw) => this.#node(raw) ?? []);
  }

  #needed(raw: Raw | undefined, at: number): RubyNode {
    return (raw && this.#node(raw)) ?? { kind: 'other', children: [], range: [at, at] };
  }

  #node(raw: Raw): RubyNode | undefined {
    const range: Range = [raw.start, raw.end];
    switch (raw.type) {
      case 'comment':
      case 'heredoc_body':
      case 'empty_statement':
      case 'uninterpreted':
        return undefined;
      case 'identifier':
      case 'constant':
      case 'global_variable':
      case 'instance_variable':
      case 'class_variable':
      case 'scope_resolution':
      case 'self':
        return { kind: 'name', name: this.#written(raw), range };
      case 'simple_symbol':
      case 'hash_key_symbol':
        return { kind: 'symbol', value: this.#written(raw).replace(/^:/, ''), range };
      case 'bare_symbol':
        return { kind: 'symbol', value: this.#written(raw), range };
      case 'delimited_symbol': {
        const text = this.#string(raw);
        return text.value === undefined ? text : { kind: 'symbol', value: text.value, range };
      }
      case 'integer':
      case 'float':
        return {
          kind: 'literal',
          value: Number(
            this.#written(raw)
              .replaceAll('_', '')
              .replace(/^0(?=\d)/, '0o'),
          ),
          range,
        };
      case 'true':
      case 'false':
        return { kind: 'literal', value: raw.type === 'true', range };
      case 'nil':
        return { kind: 'literal', value: null, range };
      case 'string':
      case 'bare_string':
        return this.#string(raw);
      case 'chained_string':
        return this.#chained(raw);
      case 'heredoc_beginning':
        return this.#heredoc(raw);
      case 'string_array':
      case 'symbol_array':
      case 'array':
      case 'right_assignment_list':
        return { kind: 'list', items: this.#nodes(named(raw)), range };
      case 'hash':
        return { kind: 'hash', pairs: this.#pairs(raw.children), range };
      case 'call':
        return this.#call(raw);
      case 'element_reference': {
        const [object, ...rest] = named(raw);
        return {
          kind: 'call',
          receiver: this.#needed(object, raw.start),
          name: { value: '[]', range: [object?.end ?? raw.start, raw.end] },
          args: this.#nodes(rest.filter((each) => each.type !== 'pair')),
          options: this.#pairs(rest),
          block: undefined,
          range,
        };
      }
      case 'assignment':
      case 'operator_assignment':
        return {
          kind: 'assignment',
          target: this.#needed(part(raw, 'left'), raw.start),
          operator: raw.children.find((each) => /=$/.test(each.type))?.type ?? '=',
          value: this.#needed(part(raw, 'right'), raw.end),
          range,
        };
      case 'if':
      case 'elsif':
      case 'unless':
      case 'conditional':
      case 'if_modifier':
      case 'unless_modifier':
        return this.#condition(raw);
      case 'case':
        return this.#case(raw);
      case 'while':
      case 'until':
      case 'for':
      case 'while_modifier':
      case 'until_modifier': {
        const over = part(raw, 'condition') ?? part(raw, 'value');
        const body = part(raw, 'body');
        return {
          kind: 'loop',
          over: over && this.#node(over),
          body: raw.type.endsWith('modifier')
            ? this.#nodes(body ? [body] : [])
            : this.#statements(body),
          range,
        };
      }
      case 'in':
        return this.#nodes(named(raw))[0];
      case 'begin': {
        const body = this.#statements(raw);
        return body.length === 1 && body[0]!.kind === 'rescue'
          ? body[0]
          : { kind: 'rescue', body, handlers: [], after: [], range };
      }
      case 'rescue_modifier':
        return {
          kind: 'rescue',
          body: this.#nodes([part(raw, 'body')].filter((each) => !!each)),
          handlers: [this.#nodes([part(raw, 'handler')].filter((each) => !!each))],
          after: [],
          range,
        };
      case 'method':
      case 'singleton_method':
      case 'class':
      case 'singleton_class':
      case 'module': {
        const name = part(raw, 'name') ?? part(raw, 'value');
        const what =
          raw.type === 'module' ? 'module' : raw.type.endsWith('method') ? 'def' : 'class';
        return {
          kind: 'definition',
          what,
          name: {
            value: name ? this.#written(name) : '',
            range: name ? [name.start, name.end] : [raw.start, raw.start],
          },
          body: this.#statements(part(raw, 'body')),
          range,
        };
      }
      case 'binary':
        return {
          kind: 'operation',
          operator:
            operators[part(raw, 'operator')?.type ?? ''] ?? part(raw, 'operator')?.type ?? '',
          operands: this.#nodes([part(raw, 'left'), part(raw, 'right')].filter((each) => !!each)),
          range,
        };
      case 'unary': {
        const sign = part(raw, 'operator')?.type ?? '';
        return {
          kind: 'operation',
          operator: operators[sign] ?? sign,
          operands: this.#nodes([part(raw, 'operand')].filter((each) => !!each)),
          range,
        };
      }
      case 'parenthesized_statements': {
        const body = this.#statements(raw);
        return body.length === 1 ? body[0] : { kind: 'other', children: body, range };
      }
      case 'lambda': {
        const body = part(raw, 'body');
        return {
          kind: 'other',
          children: this.#statements(body && (part(body, 'body') ?? body)),
          range,
        };
      }
      case 'subshell':
      case 'regex':
        return {
          kind: 'other',
          children: raw.children
            .filter((each) => each.type === 'interpolation')
            .flatMap((each) => this.#statements(each)),
          range,
        };
    }
    return { kind: 'other', children: this.#nodes(named(raw)), range };
  }

  #condition(raw: Raw): RubyCondition {
    const range: Range = [raw.start, raw.end];
    const test = this.#needed(part(raw, 'condition'), raw.start);
    const body = part(raw, 'consequence') ?? part(raw, 'body');
    const isStatement = raw.type === 'conditional' || raw.type.endsWith('modifier');
    const whenTrue = isStatement ? this.#nodes(body ? [body] : []) : this.#statements(body);
    const other = part(raw, 'alternative');
    const whenFalse =
      other === undefined
        ? []
        : other.type === 'else'
          ? this.#statements(other)
          : this.#nodes([other]);
    return raw.type.startsWith('unless')
      ? { kind: 'condition', test, whenTrue: whenFalse, whenFalse: whenTrue, range }
      : { kind: 'condition', test, whenTrue, whenFalse, range };
  }

  #case(raw: Raw): RubyCase {
    const subject = part(raw, 'value');
    return {
      kind: 'case',
      subject: subject && this.#node(subject),
      branches: raw.children
        .filter((each) => each.type === 'when' && each.named)
        .map((each) => ({
          patterns: this.#nodes(
            each.children.filter((child) => child.field === 'pattern').flatMap(named),
          ),
          body: this.#statements(part(each, 'body')),
        })),
      else: this.#statements(raw.children.find((each) => each.type === 'else' && each.named)),
      range: [raw.start, raw.end],
    };
  }

  #call(raw: Raw): RubyNode {
    const receiver = part(raw, 'receiver');
    const method = part(raw, 'method');
    const given = named(part(raw, 'arguments'));
    const block = part(raw, 'block');
    return {
      kind: 'call',
      receiver: receiver && this.#node(receiver),
      name: {
        value: method ? this.#written(method) : 'call',
        range: method ? [method.start, method.end] : [raw.start, raw.start],
      },
      args: this.#nodes(given.filter((each) => each.type !== 'pair')),
      options: this.#pairs(given),
      block: block && this.#block(block),
      range: [raw.start, raw.end],
    };
  }

  #block(raw: Raw): RubyBlock {
    return {
      parameters: named(part(raw, 'parameters')).map((each) => this.#written(each)),
      body: this.#statements(part(raw, 'body')),
      range: [raw.start, raw.end],
    };
  }

  #pairs(raws: readonly Raw[]): readonly RubyPair[] {
    return raws
      .filter((each) => each.type === 'pair')
      .map((each) => {
        const key = part(each, 'key');
        const read = key && this.#node(key);
        const name = rubyWord(read);
        return {
          key: name === undefined ? undefined : { value: name, range: read!.range },
          value: this.#needed(part(each, 'value') ?? key, each.end),
          range: [each.start, each.end],
        };
      });
  }

  #string(raw: Raw): RubyString {
    const { piece, interpolated } = this.#piece(raw);
    return new RubyString(this.#source, [raw.start, raw.end], [piece], interpolated, false);
  }

  #piece(raw: Raw): { piece: QuotedPiece; interpolated: readonly RubyNode[] } {
    const bare = raw.type === 'bare_string';
    const [first] = raw.children;
    const last = raw.children.at(-1);
    const isOpened = !bare && first !== undefined && !contents.has(first.type);
    const open = isOpened ? this.#written(first) : '';
    const isClosed = isOpened && last !== first && last !== undefined && !contents.has(last.type);
    const writing: RubyWriting = bare ? 'single' : /^:?'$|^%[qs]/.test(open) ? 'single' : 'double';
    const holes = raw.children.filter((each) => each.type === 'interpolation');
    return {
      piece: rubyPiece(
        this.#text,
        [isOpened ? first.end : raw.start, isClosed ? last.start : raw.end],
        writing,
        holes.map((each) => [each.start, each.end]),
        bare ? ' ' : `${open.at(-1) ?? ''}${isClosed ? this.#written(last) : ''}`,
      ),
      interpolated: holes.flatMap((each) => this.#statements(each)),
    };
  }

  #chained(raw: Raw): RubyString {
    const found = named(raw).map((each) => this.#piece(each));
    return new RubyString(
      this.#source,
      [raw.start, raw.end],
      found.map(({ piece }) => piece),
      found.flatMap(({ interpolated }) => interpolated),
      false,
    );
  }

  /** `<<~WORD`: its text is the next one that ends with the word. */
  #heredoc(raw: Raw): RubyString {
    const range: Range = [raw.start, raw.end];
    const [, sign = '', quote = '', word = ''] =
      /^<<([-~]?)(["'`]?)([^"'`]*)/.exec(this.#written(raw)) ?? [];
    const index = this.#heredocs.findIndex(
      (each) => each.start >= raw.end && this.#endOf(each) === word,
    );
    const body = index < 0 ? undefined : this.#heredocs.splice(index, 1)[0];
    const end = body && partOfType(body, 'heredoc_end');
    if (!body || !end) return new RubyString(this.#source, range, [], [], true);
    const from = this.#text.indexOf('\n', body.start) + 1;
    const to = Math.max(from, this.#text.lastIndexOf('\n', end.start - 1) + 1);
    const holes = body.children.filter((each) => each.type === 'interpolation');
    const places = holes.map((each): Range => [each.start, each.end]);
    const inner: Range = [from, to];
    const piece = rubyPiece(
      this.#text,
      inner,
      quote === "'" ? 'raw-heredoc' : 'heredoc',
      places,
      word,
      sign === '~' ? indentation(this.#text, inner, places) : 0,
    );
    const interpolated = holes.flatMap((each) => this.#statements(each));
    return new RubyString(this.#source, range, [piece], interpolated, true);
  }

  #endOf(body: Raw): string {
    const end = partOfType(body, 'heredoc_end');
    return end ? this.#written(end).trim() : '';
  }
}

const operators: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

const contents = new Set(['string_content', 'escape_sequence', 'interpolation']);

const part = (raw: Raw, field: string): Raw | undefined =>
  raw.children.find((each) => each.field === field);

const partOfType = (raw: Raw, type: string): Raw | undefined =>
  raw.children.find((each) => each.type === type);

/** The children that say something: neither punctuation nor comments. */
const named = (raw: Raw | undefined): readonly Raw[] =>
  raw?.children.filter(
    ({ named: isNamed, type }) => isNamed && type !== 'comment' && type !== 'heredoc_body',
  ) ?? [];
