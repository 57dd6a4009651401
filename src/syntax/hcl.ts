import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { Located, Range, Value } from '../text/range';
import type { Encode, Source, SourceBuilder } from '../text/source';
import { withTree } from './tree-sitter';

/** What could not be read: offsets in the source given to parseHcl, message without a position. */
export interface HclProblem extends Located {
  readonly message: string;
}

/**
 * One file in HCL's native syntax: Terraform, Terragrunt, Packer, tfvars
 * (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md). All ranges are half-open UTF-16 offsets in the
 * source parsed.
 */
export interface HclFile {
  readonly body: Body;
  readonly problems: readonly HclProblem[];
}

/** `name = value`. */
export interface Attribute extends Located {
  readonly name: Value;
  readonly value: Expression;
}

/** `type "label" … { … }`; the range includes the closing brace, a label's range its quotes. */
export interface Block extends Located {
  readonly type: Value;
  readonly labels: readonly Value[];
  readonly body: Body;
}

/** What stands in a file, or between the braces of a block. */
export class Body implements Located {
  readonly range: Range;
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];

  constructor(range: Range, attributes: readonly Attribute[], blocks: readonly Block[]) {
    this.range = range;
    this.attributes = attributes;
    this.blocks = blocks;
  }

  /** The first attribute of that name. */
  attribute(name: string): Attribute | undefined {
    return this.attributes.find((attribute) => attribute.name.value === name);
  }

  /** The first block of that type. */
  block(type: string): Block | undefined {
    return this.blocks.find((block) => block.type.value === type);
  }
}

export type Expression =
  | Literal
  | Template
  | Heredoc
  | Reference
  | Call
  | List
  | ObjectValue
  | Conditional
  | Other;

/**
 * A path to a value: `aws_instance.web[0].id` is `['aws_instance', 'web', '0', 'id']`. A splat, and an index that
 * has to be worked out, is `*` in it.
 */
export interface Reference extends Located {
  readonly kind: 'reference';
  readonly path: readonly string[];
  readonly text: string;
  /** The indices that have to be worked out. */
  readonly indices: readonly Expression[];
}

export interface Call extends Located {
  readonly kind: 'call';
  readonly name: Value;
  readonly args: readonly Expression[];
}

export interface List extends Located {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

export interface ObjectEntry {
  /** The key where it is a name or a string; `computed` is the expression where it is not. */
  readonly key: Value | undefined;
  readonly computed?: Expression;
  readonly value: Expression;
}

/** `{ key = value }` as a value; a block is none. */
export interface ObjectValue extends Located {
  readonly kind: 'object';
  readonly entries: readonly ObjectEntry[];
}

/** `condition ? then : else`. */
export interface Conditional extends Located {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly then: Expression;
  readonly else: Expression;
}

/** Anything else: an operation, a `for`, an attribute of a call's result, what could not be read. */
export interface Other extends Located {
  readonly kind: 'other';
  readonly text: string;
  readonly children: readonly Expression[];
}

/** How a piece of text is written: with escapes between quotes, in a here-document, or bare (`12`, `true`). */
type Writing = 'quoted' | 'heredoc' | 'bare';

/** A string without interpolations, number, boolean or null; the range includes quotes. */
export class Literal implements Located {
  readonly kind = 'literal';
  readonly range: Range;
  readonly value: string | number | boolean | null;
  readonly #source: Source;
  readonly #inner: Range;
  readonly #writing: Writing;

  constructor(
    source: Source,
    range: Range,
    inner: Range,
    writing: Writing,
    value: string | number | boolean | null,
  ) {
    this.#source = source;
    this.range = range;
    this.#inner = inner;
    this.#writing = writing;
    this.value = value;
  }

  /** The value's text as a source of its own, each character mapped to where it is written. */
  get body(): Source {
    if (this.#writing === 'quoted') return quotedBody(this.#source, this.#inner, []);
    return this.#source.slice(this.#inner);
  }
}

/** A quoted string with `${…}` or `%{…}` in it; the range includes the quotes. */
export class Template implements Located {
  readonly kind = 'template';
  readonly range: Range;
  /** Its pieces in order: text as string literals (ranges without quotes), and what is interpolated. */
  readonly parts: readonly Expression[];
  readonly #source: Source;
  readonly #holes: readonly Range[];
  #body: Source | undefined;

  constructor(source: Source, range: Range, parts: readonly Expression[], holes: readonly Range[]) {
    this.#source = source;
    this.range = range;
    this.parts = parts;
    this.#holes = holes;
  }

  /** The value with an underscore for each character of what is not known. */
  get text(): string {
    return this.body.text;
  }

  /** `text` as a source of its own, each character mapped to where it is written. */
  get body(): Source {
    const { text } = this.#source;
    this.#body ??= quotedBody(this.#source, insideQuotes(text, this.range), this.#holes);
    return this.#body;
  }
}

/** `<<EOT` or `<<-EOT`; the range runs from `<<` to the word that ends it. */
export class Heredoc implements Located {
  readonly kind = 'heredoc';
  readonly range: Range;
  readonly delimiter: Value;
  /** Written `<<-`: what all lines are indented by does not count. */
  readonly indented: boolean;
  /** What is interpolated, in order. */
  readonly children: readonly Expression[];
  readonly #source: Source;
  readonly #holes: readonly Range[];
  #body: Source | undefined;

  constructor(
    source: Source,
    range: Range,
    delimiter: Value,
    indented: boolean,
    children: readonly Expression[],
    holes: readonly Range[],
  ) {
    this.#source = source;
    this.range = range;
    this.delimiter = delimiter;
    this.indented = indented;
    this.children = children;
    this.#holes = holes;
  }

  /**
   * Its lines, each ended by `\n` whatever the file uses, without the indentation `<<-` drops, with an underscore
   * for each character of `${…}` and `%{…}`.
   */
  get body(): Source {
    this.#body ??= heredocBody(
      this.#source,
      [this.delimiter.range[1], this.range[1]],
      this.delimiter.value,
      this.indented,
      this.#holes,
    );
    return this.#body;
  }
}

/** The expressions an expression is made of, in the order they stand in. */
function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'template':
      return expression.parts;
    case 'heredoc':
    case 'other':
      return expression.children;
    case 'reference':
      return expression.indices;
    case 'call':
      return expression.args;
    case 'list':
      return expression.items;
    case 'object':
      return expression.entries.flatMap(({ computed, value }) =>
        computed ? [computed, value] : [value],
      );
    case 'conditional':
      return [expression.condition, expression.then, expression.else];
  }
}

/** An expression and every expression in it, outer ones first, in the order they stand in. */
export function* walkExpressions(expression: Expression): Generator<Expression> {
  const open = [expression];
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    const children = childrenOf(next);
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i]!);
  }
}

/**
 * Reads HCL, tolerantly: what could be read is there, what could not is in `problems`. Throws GrammarNeeded when
 * the terraform grammar is not loaded, and nothing else.
 */
export function parseHcl(source: Source): HclFile {
  return withTree('terraform', source.text, (tree) => {
    const cursor = tree.walk();
    try {
      const body = new HclReader(source, cursor).read();
      return { body, problems: tree.rootNode.hasError ? problemsOf(tree, source) : [] };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const problem: HclProblem = { range: [0, 0], message: 'nested too deeply to be read' };
      return { body: new Body([0, source.text.length], [], []), problems: [problem] };
    } finally {
      cursor.delete();
    }
  });
}

/** Blocks in one another; whoever reads what was parsed needs more of the stack for each than the parser does. */
const deepest = 200;

/** What the grammar's names for things that may be missing stand for. */
const signs: Readonly<Record<string, string>> = {
  block_end: '}',
  heredoc_identifier: 'the end of a here-document',
  identifier: 'a name',
  object_end: '}',
  quoted_template_end: '"',
  template_directive_end: '}',
  template_interpolation_end: '}',
  tuple_end: ']',
};

/** The outermost places the grammar could not read, and those where it missed something. */
function problemsOf(tree: Tree, source: Source): readonly HclProblem[] {
  const problems: HclProblem[] = [];
  const open = [tree.rootNode];
  for (let node = open.pop(); node; node = open.pop()) {
    const range: Range = [node.startIndex, node.endIndex];
    if (node.isMissing) {
      problems.push({ range, message: `${signs[node.type] ?? node.type} is missing here` });
    } else if (node.isError) {
      // It may be half the file: its first line says enough.
      const [line = ''] = source.text.slice(...range).split(/\r?\n/, 1);
      const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line.trim();
      const message = `${shown} cannot be read`;
      problems.push({ range: [range[0], range[0] + line.length], message });
    } else if (node.hasError) {
      for (const child of node.children.toReversed()) open.push(child);
    }
  }
  return problems;
}

/** A block that is being read. */
interface OpenBlock {
  readonly type: Value;
  readonly labels: readonly Value[];
  readonly start: number;
  readonly from: number;
  readonly attributes: Attribute[];
  readonly blocks: Block[];
}

/** An operand and the `.name`, `[index]` and splats behind it. */
interface Draft {
  readonly start: number;
  end: number;
  /** Undefined for a plain name, which may be the beginning of a path. */
  readonly base: Expression | undefined;
  readonly path: string[];
  readonly indices: Expression[];
  steps: number;
}

const nowhere: Value = { value: '', range: [0, 0] };

/**
 * Turns the grammar's tree into Andon's nodes. Every look at the cursor crosses into wasm, so it looks as rarely as
 * it can: leaves are cut out of the text.
 */
class HclReader {
  readonly #source: Source;
  readonly #text: string;
  readonly #cursor: TreeCursor;
  /** The blocks open at this point, the file outermost; where the grammar lost its way they close themselves. */
  readonly #open: OpenBlock[] = [];
  /** The names and strings read since the last item: a block's type and labels. */
  #words: Value[] = [];

  constructor(source: Source, cursor: TreeCursor) {
    this.#source = source;
    this.#text = source.text;
    this.#cursor = cursor;
  }

  read(): Body {
    const file = { type: nowhere, labels: [], start: 0, from: 0, attributes: [], blocks: [] };
    this.#open.push(file);
    this.#items();
    while (this.#open.length > 1) this.#close(this.#text.length, this.#text.length);
    return new Body([0, this.#text.length], file.attributes, file.blocks);
  }

  /** The attributes and blocks among the children of the current node. */
  #items(): void {
    const cursor = this.#cursor;
    if (!cursor.gotoFirstChild()) return;
    do {
      switch (cursor.nodeType) {
        case 'attribute':
          this.#words = [];
          this.#open.at(-1)!.attributes.push(this.#attribute());
          break;
        case 'block': {
          this.#words = [];
          const depth = this.#open.length;
          this.#items();
          if (this.#open.length > depth) {
            const end = cursor.endIndex;
            while (this.#open.length > depth) this.#close(end, end);
          }
          break;
        }
        case 'body':
        case 'ERROR':
          this.#items();
          break;
        case 'identifier': {
          const range = this.#range();
          this.#words.push({ value: this.#text.slice(...range), range });
          break;
        }
        case 'string_lit': {
          const range = this.#range();
          this.#words.push({
            value: unescaped(this.#text, insideQuotes(this.#text, range)),
            range,
          });
          break;
        }
        case 'block_start':
          this.#begin(cursor.startIndex);
          break;
        case 'block_end':
          if (this.#open.length > 1) this.#close(cursor.startIndex, cursor.endIndex);
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  #begin(brace: number): void {
    if (this.#open.length > deepest) throw new RangeError('too many blocks in one another');
    // In a half-typed file names of the lines above may be left over.
    const line = this.#text.lastIndexOf('\n', brace);
    const kept = this.#words.findIndex((word) => word.range[0] > line);
    const [type = { value: '', range: [brace, brace] as const }, ...labels] =
      kept < 0 ? this.#words : this.#words.slice(kept);
    this.#words = [];
    const start = type.range[0];
    this.#open.push({ type, labels, start, from: brace + 1, attributes: [], blocks: [] });
  }

  #close(to: number, end: number): void {
    const block = this.#open.pop()!;
    const { type, labels } = block;
    const inner: Range = [Math.min(block.from, to), to];
    const body = new Body(inner, block.attributes, block.blocks);
    this.#open.at(-1)!.blocks.push({ type, labels, body, range: [block.start, end] });
  }

  #attribute(): Attribute {
    const cursor = this.#cursor;
    let name: Value | undefined;
    let value: Expression | undefined;
    let broken = false;
    let end = cursor.startIndex;
    const start = end;
    cursor.gotoFirstChild();
    do {
      switch (cursor.nodeType) {
        case 'identifier':
          if (name) break;
          end = cursor.endIndex;
          name = { value: this.#text.slice(start, end), range: [start, end] };
          break;
        case 'expression':
          value = this.#expression();
          end = Math.max(end, cursor.endIndex);
          break;
        case 'ERROR':
          broken = true;
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    name ??= { value: '', range: [start, start] };
    // In `a =⏎ b = 1` the grammar gives a the value of b; that is not what anybody wrote.
    if (!value || broken) value = this.#other([name.range[1], end], value ? [value] : []);
    return { name, value, range: [start, end] };
  }

  /** The current `expression` node. */
  #expression(): Expression {
    const found = this.#operands();
    return found.length === 1 ? found[0]! : this.#other(this.#range(), found);
  }

  /** The operands among the children of the current node; operators, brackets and comments are passed over. */
  #operands(): Expression[] {
    const cursor = this.#cursor;
    const found: Expression[] = [];
    if (!cursor.gotoFirstChild()) return found;
    let draft: Draft | undefined;
    do {
      const type = cursor.nodeType;
      if (type === 'get_attr' || type === 'index' || type === 'splat') {
        if (draft) this.#step(draft, type);
        continue;
      }
      if (type === 'variable_expr') {
        if (draft) found.push(this.#finish(draft));
        const start = cursor.startIndex;
        const end = cursor.endIndex;
        const path = [this.#text.slice(start, end)];
        draft = { start, end, base: undefined, path, indices: [], steps: 0 };
        continue;
      }
      const base = this.#term(type);
      if (!base) continue;
      if (draft) found.push(this.#finish(draft));
      const [start, end] = base.range;
      draft = { start, end, base, path: [], indices: [], steps: 0 };
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    if (draft) found.push(this.#finish(draft));
    return found;
  }

  #finish(draft: Draft): Expression {
    const { base, path, indices } = draft;
    if (base && draft.steps === 0) return base;
    const range: Range = [draft.start, draft.end];
    if (base) return this.#other(range, [base, ...indices]);
    return { kind: 'reference', path, text: this.#text.slice(...range), indices, range };
  }

  /** Takes the current `.name`, index or splat into the draft. */
  #step(draft: Draft, type: string): void {
    const cursor = this.#cursor;
    const [start, end] = this.#range();
    draft.steps++;
    draft.end = end;
    if (type === 'get_attr' || (type === 'index' && this.#text[start] === '.')) {
      draft.path.push(this.#text.slice(start + 1, end).trim());
      return;
    }
    if (type === 'splat') {
      draft.path.push('*');
      this.#inSplat(draft);
      return;
    }
    // index → new_index → [ expression ]
    cursor.gotoFirstChild();
    const index = this.#operands();
    cursor.gotoParent();
    const [only] = index;
    if (index.length === 1 && only?.kind === 'literal') draft.path.push(String(only.value));
    else {
      draft.path.push('*');
      draft.indices.push(...index);
    }
  }

  /** The steps behind a splat stand inside it: splat → full_splat → get_attr. */
  #inSplat(draft: Draft): void {
    const cursor = this.#cursor;
    if (!cursor.gotoFirstChild()) return;
    do {
      const type = cursor.nodeType;
      if (type === 'get_attr' || type === 'index') this.#step(draft, type);
      else if (type === 'attr_splat' || type === 'full_splat') this.#inSplat(draft);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  /** The current node where it is an operand. */
  #term(type: string): Expression | undefined {
    switch (type) {
      case 'expression':
        return this.#expression();
      case 'literal_value':
        return this.#literal(this.#range());
      case 'template_expr':
        return this.#template();
      case 'function_call':
        return this.#call();
      case 'collection_value':
        return this.#collection();
      case 'conditional': {
        const range = this.#range();
        const [condition, then, other, ...more] = this.#operands();
        if (condition && then && other && more.length === 0) {
          return { kind: 'conditional', condition, then, else: other, range };
        }
        return this.#other(
          range,
          [condition, then, other, ...more].filter((each) => !!each),
        );
      }
      case 'operation':
        return this.#operation();
      case 'for_expr':
        return this.#other(this.#range(), this.#deep());
      case 'ERROR': {
        const children = this.#operands();
        return children.length > 0 ? this.#other(this.#range(), children) : undefined;
      }
    }
    return undefined;
  }

  #other(range: Range, children: readonly Expression[]): Other {
    return { kind: 'other', text: this.#text.slice(...range), children, range };
  }

  #literal(range: Range): Literal {
    const written = this.#text.slice(...range);
    if (written[0] === '"') {
      const inner = insideQuotes(this.#text, range);
      return new Literal(this.#source, range, inner, 'quoted', unescaped(this.#text, inner));
    }
    const value =
      written === 'true' || written === 'false'
        ? written === 'true'
        : written === 'null'
          ? null
          : Number(written);
    return new Literal(this.#source, range, range, 'bare', value);
  }

  /** operation → unary_operation or binary_operation; a number behind a minus is a literal. */
  #operation(): Expression {
    const range = this.#range();
    this.#cursor.gotoFirstChild();
    const children = this.#operands();
    this.#cursor.gotoParent();
    const [only] = children;
    const negative =
      this.#text[range[0]] === '-' &&
      children.length === 1 &&
      only?.kind === 'literal' &&
      typeof only.value === 'number';
    if (!negative) return this.#other(range, children);
    return new Literal(this.#source, range, range, 'bare', -(only.value as number));
  }

  /** The operands below the current node, however deep its own nodes nest: for_expr → for_tuple_expr → for_intro. */
  #deep(): Expression[] {
    const cursor = this.#cursor;
    const found: Expression[] = [];
    if (!cursor.gotoFirstChild()) return found;
    do {
      const type = cursor.nodeType;
      if (type.startsWith('for_')) found.push(...this.#deep());
      else {
        const term = this.#term(type);
        if (term) found.push(term);
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return found;
  }

  #call(): Call {
    const cursor = this.#cursor;
    const range = this.#range();
    let name: Value = { value: '', range: [range[0], range[0]] };
    let args: Expression[] = [];
    cursor.gotoFirstChild();
    do {
      const type = cursor.nodeType;
      if (type === 'identifier') {
        const end = cursor.endIndex;
        name = { value: this.#text.slice(range[0], end), range: [range[0], end] };
      } else if (type === 'function_arguments' || type === 'ERROR') {
        args = [...args, ...this.#operands()];
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return { kind: 'call', name, args, range };
  }

  /** collection_value → tuple or object. */
  #collection(): Expression {
    const cursor = this.#cursor;
    const range = this.#range();
    cursor.gotoFirstChild();
    const result: Expression =
      this.#text[range[0]] === '['
        ? { kind: 'list', items: this.#operands(), range }
        : { kind: 'object', entries: this.#entries(), range };
    cursor.gotoParent();
    return result;
  }

  #entries(): ObjectEntry[] {
    const cursor = this.#cursor;
    const entries: ObjectEntry[] = [];
    cursor.gotoFirstChild();
    do {
      const type = cursor.nodeType;
      if (type === 'object_elem') entries.push(this.#entry());
      else if (type === 'ERROR') {
        for (const value of this.#operands()) entries.push({ key: undefined, value });
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return entries;
  }

  #entry(): ObjectEntry {
    const start = this.#cursor.startIndex;
    const [left, right, ...more] = this.#operands();
    const value = right ?? this.#other([start, start], []);
    if (!left || !right || more.length > 0) {
      const children = [left, right, ...more].filter((each) => !!each);
      return { key: undefined, value: this.#other(value.range, children) };
    }
    const { range } = left;
    // A name in brackets is a reference, one without is the key itself.
    const bare = this.#text[start] !== '(';
    if (bare && left.kind === 'reference' && left.path.length === 1) {
      return { key: { value: left.text, range }, value };
    }
    if (left.kind === 'literal') return { key: { value: String(left.value), range }, value };
    return { key: undefined, computed: left, value };
  }

  /** template_expr → quoted_template or heredoc_template. */
  #template(): Expression {
    const cursor = this.#cursor;
    const range = this.#range();
    const quoted = this.#text[range[0]] === '"';
    const parts: Expression[] = [];
    const holes: Range[] = [];
    cursor.gotoFirstChild();
    if (quoted) {
      const inner = insideQuotes(this.#text, range);
      let at = inner[0];
      const textUpTo = (end: number) => {
        if (at < end) parts.push(this.#piece([at, end]));
      };
      this.#holes(holes, parts, ([start, end]) => {
        textUpTo(start);
        at = end;
      });
      textUpTo(inner[1]);
      cursor.gotoParent();
      return new Template(this.#source, range, parts, holes);
    }
    const delimiter = this.#delimiter();
    this.#holes(holes, parts, () => {});
    cursor.gotoParent();
    const indented = this.#text[range[0] + 2] === '-';
    return new Heredoc(this.#source, range, delimiter, indented, parts, holes);
  }

  #piece(range: Range): Literal {
    const value = unescaped(this.#text, range);
    return new Literal(this.#source, range, range, 'quoted', value);
  }

  /** heredoc_template → heredoc_start, heredoc_identifier, … */
  #delimiter(): Value {
    const cursor = this.#cursor;
    let range = this.#range();
    range = [range[0], range[0]];
    cursor.gotoFirstChild();
    do {
      if (cursor.nodeType !== 'heredoc_identifier') continue;
      range = this.#range();
      break;
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return { value: this.#text.slice(...range), range };
  }

  /**
   * What is not text among the children of a template: the place of each `${…}` and `%{…}`, and the expressions
   * in it. `before` is told of a place before its expressions are added.
   */
  #holes(holes: Range[], parts: Expression[], before: (hole: Range) => void): void {
    const cursor = this.#cursor;
    if (!cursor.gotoFirstChild()) return;
    do {
      switch (cursor.nodeType) {
        case 'template_interpolation':
        case 'template_for_start':
        case 'template_for_end':
        case 'template_if_intro':
        case 'template_else_intro':
        case 'template_if_end':
        case 'ERROR': {
          const hole = this.#range();
          before(hole);
          holes.push(hole);
          parts.push(...this.#operands());
          break;
        }
        case 'template_directive':
        case 'template_for':
        case 'template_if':
          this.#holes(holes, parts, before);
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  #range(): Range {
    return [this.#cursor.startIndex, this.#cursor.endIndex];
  }
}

/** What stands between the quotes; in a half-typed file the closing one may be missing. */
function insideQuotes(text: string, [start, end]: Range): Range {
  return [start + 1, end - 1 > start && text[end - 1] === '"' ? end - 1 : end];
}

/** Escapes of a quoted template (https://developer.hashicorp.com/terraform/language/expressions/strings). */
const escapes = /\\(?:u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[^uU\r\n])|\$\$\{|%%\{/g;
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function decoded(written: string): string {
  if (written[0] !== '\\') return written.slice(1);
  const letter = written[1]!;
  if (written.length === 2) return controls[letter] ?? letter;
  const code = Number.parseInt(written.slice(2), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function unescaped(text: string, range: Range): string {
  const written = text.slice(...range);
  return /[\\$%]/.test(written) ? written.replace(escapes, decoded) : written;
}

function quotedBody(source: Source, [from, to]: Range, holes: readonly Range[]): Source {
  const builder = source.derive(encodeQuoted);
  outsideHoles([from, to], holes, builder, (start, end) => {
    const written = source.text.slice(start, end);
    let at = 0;
    for (const { 0: found, index } of written.matchAll(escapes)) {
      builder.copy(written.slice(at, index), start + at);
      builder.decoded(decoded(found), start + index, found.length);
      at = index + found.length;
    }
    builder.copy(written.slice(at), start + at);
  });
  return builder.build();
}

/** Calls `text` for the stretches between the holes and puts underscores for the holes. */
function outsideHoles(
  [from, to]: Range,
  holes: readonly Range[],
  builder: SourceBuilder,
  text: (start: number, end: number) => void,
): void {
  let at = from;
  for (const [start, end] of holes) {
    if (start < at || end > to) continue;
    text(at, start);
    // Line breaks too: an expression over several lines is still one word of the text around it.
    builder.decoded('_'.repeat(end - start), start, end - start);
    at = end;
  }
  text(at, to);
}

/** Where the text between the opening and the closing word of a here-document stands. */
function heredocInner(text: string, [from, to]: Range, delimiter: string): Range {
  const lineBreak = text.indexOf('\n', from);
  if (lineBreak < 0 || lineBreak >= to) return [to, to];
  // Without its closing word a half-typed one runs to the end.
  const closed = text.endsWith(delimiter, to);
  const end = closed ? text.lastIndexOf('\n', to - delimiter.length - 1) + 1 : to;
  return [lineBreak + 1, Math.max(end, lineBreak + 1)];
}

function heredocBody(
  source: Source,
  around: Range,
  delimiter: string,
  indented: boolean,
  holes: readonly Range[],
): Source {
  const { text } = source;
  const inner = heredocInner(text, around, delimiter);
  const dropped = indented ? indentation(text, inner, holes) : 0;
  const builder = source.derive(encodeHeredoc(text, inner, delimiter, dropped));
  outsideHoles(inner, holes, builder, (start, end) => {
    const pattern = /\r?\n|\$\$\{|%%\{/g;
    let at = start;
    const skip = () => {
      // Lines of blanks keep them, as Terraform has it.
      const [blanks = ''] = /^[^\S\n]*/.exec(text.slice(at, end)) ?? [];
      const next = text[at + blanks.length];
      const empty = at + blanks.length < end && next === '\n';
      if (!empty) at += Math.min(dropped, blanks.length);
    };
    if (dropped > 0 && start === inner[0]) skip();
    pattern.lastIndex = at;
    for (let match = pattern.exec(text); match && match.index < end; match = pattern.exec(text)) {
      const [found] = match;
      builder.copy(text.slice(at, match.index), at);
      at = match.index + found.length;
      if (found === '\n') builder.copy('\n', match.index);
      else if (found === '\r\n') builder.decoded('\n', match.index, 2);
      else builder.decoded(found.slice(1), match.index, found.length);
      if (dropped > 0 && text[at - 1] === '\n') skip();
      pattern.lastIndex = at;
    }
    builder.copy(text.slice(at, end), at);
  });
  return builder.build();
}

/** How far the least indented line of a `<<-` stands in; lines of blanks do not count. */
function indentation(text: string, [from, to]: Range, holes: readonly Range[]): number {
  let least = Number.POSITIVE_INFINITY;
  let hole = 0;
  for (let at = from; at < to; ) {
    const found = text.indexOf('\n', at);
    const end = found < 0 || found >= to ? to : found + 1;
    // A line that begins inside an interpolation is none of the text.
    while (hole < holes.length && holes[hole]![1] <= at) hole++;
    const inside = hole < holes.length && holes[hole]![0] < at;
    if (!inside) {
      const blanks = text.slice(at, end).search(/\S/);
      if (blanks >= 0) least = Math.min(least, blanks);
    }
    at = end;
  }
  return Number.isFinite(least) ? least : 0;
}

/** New text between quotes. */
const encodeQuoted: Encode = (text) =>
  text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/[$%]\{/g, (found) => found[0] + found);

/** New text in a here-document; a line that reads as its end cannot be written. */
function encodeHeredoc(file: string, [from]: Range, delimiter: string, dropped: number): Encode {
  const lineBreak = file.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[^\S\n]*/.exec(file.slice(from, from + dropped))?.[0] ?? '';
  const margin = indent.padEnd(dropped);
  return (text) => {
    const lines = text.replace(/[$%]\{/g, (found) => found[0] + found).split(/\r?\n/);
    if (lines.some((line) => line.trim() === delimiter)) return undefined;
    return lines.map((line, i) => (i > 0 && line !== '' ? margin + line : line)).join(lineBreak);
  };
}
