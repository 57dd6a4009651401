import type { Located, Range, Value } from '../text/range';
import type { Source } from '../text/source';
import { GroovyString } from './groovy-string';
import { groovyTokens, type Token } from './groovy-tokens';

export type { GroovyString } from './groovy-string';

/** What could not be read: offsets in the source given to parseGroovy, message without a position. */
export interface GroovyProblem extends Located {
  readonly message: string;
}

/** A Groovy script, as far as a pipeline needs it. All ranges are half-open UTF-16 offsets in the source parsed. */
export interface GroovyFile {
  readonly body: readonly Statement[];
  readonly problems: readonly GroovyProblem[];
}

export type Statement =
  | Expression
  | Annotation
  | Assignment
  | Conditional
  | Loop
  | Try
  | Jump
  | Definition
  | Import;

/** `@Library('x')`, which stands before what it annotates. */
export interface Annotation extends Located {
  readonly kind: 'annotation';
  readonly name: string;
  readonly args: readonly Argument[];
}

/** `x = y`, `x += y`, and the declaration `def x`, then without a value. */
export interface Assignment extends Located {
  readonly kind: 'assignment';
  readonly target: Expression;
  readonly declares: boolean;
  readonly value: Expression | undefined;
}

export interface Conditional extends Located {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

/** `for`, `while`, and `switch`, whose cases are read as one list. */
export interface Loop extends Located {
  readonly kind: 'loop';
  readonly keyword: 'for' | 'while' | 'do' | 'switch';
  readonly head: readonly Statement[];
  readonly body: readonly Statement[];
}

export interface Catch extends Located {
  /** The name of what is caught. */
  readonly parameter: string | undefined;
  readonly body: readonly Statement[];
}

export interface Try extends Located {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  readonly catches: readonly Catch[];
  readonly finally: readonly Statement[];
}

/** What leaves a block, and the labels of a `switch`. */
export interface Jump extends Located {
  readonly kind: 'jump';
  readonly keyword: 'return' | 'throw' | 'break' | 'continue' | 'assert' | 'case' | 'default';
  readonly value: Expression | undefined;
}

/** A method or a class. */
export interface Definition extends Located {
  readonly kind: 'definition';
  readonly what: 'method' | 'class';
  readonly name: string;
  readonly body: readonly Statement[];
}

export interface Import extends Located {
  readonly kind: 'import';
  readonly text: string;
}

export type Expression =
  | GroovyString
  | Constant
  | Reference
  | Member
  | Index
  | Call
  | Closure
  | List
  | MapValue
  | Operation;

/** A number, `true`, `false` or `null`. */
export interface Constant extends Located {
  readonly kind: 'constant';
  readonly value: number | boolean | null;
}

export interface Reference extends Located {
  readonly kind: 'reference';
  readonly name: string;
}

/** `object.name`; the name is undefined where it is worked out. */
export interface Member extends Located {
  readonly kind: 'member';
  readonly object: Expression;
  readonly name: string | undefined;
}

export interface Index extends Located {
  readonly kind: 'index';
  readonly object: Expression;
  readonly args: readonly Argument[];
}

/** `name: value` or a value alone. */
export interface Argument extends Located {
  readonly name: Value | undefined;
  /** A key that has to be worked out: `(x): value`, `"${x}": value`. */
  readonly key: Expression | undefined;
  readonly value: Expression;
}

/** `f(a, b: c) { … }`, the same without parentheses, and `new T(a)`. */
export class Call implements Located {
  readonly kind = 'call';
  readonly range: Range;
  readonly callee: Expression;
  /** Without a closure behind the parentheses. */
  readonly args: readonly Argument[];
  /** The block behind it, or the last argument where that is a closure. */
  readonly block: Closure | undefined;
  readonly creates: boolean;

  constructor(
    range: Range,
    callee: Expression,
    args: readonly Argument[],
    block?: Closure,
    creates = false,
  ) {
    this.range = range;
    this.callee = callee;
    this.args = args;
    const last = args.at(-1);
    const given = last && !last.name && !last.key ? last.value : undefined;
    this.block = block ?? (given?.kind === 'closure' ? given : undefined);
    this.creates = creates;
  }

  /** What is called: the last name of a path, undefined where it is worked out. */
  get name(): string | undefined {
    const { callee } = this;
    if (callee.kind === 'string') return callee.value;
    return callee.kind === 'reference' || callee.kind === 'member' ? callee.name : undefined;
  }

  /** What it is called on, as in `docker.image('x').inside()`. */
  get receiver(): Expression | undefined {
    return this.callee.kind === 'member' ? this.callee.object : undefined;
  }

  /** The value of a named argument; those of a map given as only argument count. */
  named(name: string): Expression | undefined {
    const [only] = this.args;
    const args =
      this.args.length === 1 && !only!.name && only!.value.kind === 'map'
        ? only!.value.entries
        : this.args;
    return args.find((arg) => arg.name?.value === name)?.value;
  }

  /** The first argument without a name that is no closure. */
  get first(): Expression | undefined {
    return this.args.find((arg) => !arg.name && !arg.key && arg.value.kind !== 'closure')?.value;
  }
}

export interface Closure extends Located {
  readonly kind: 'closure';
  readonly body: readonly Statement[];
}

export interface List extends Located {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

export interface MapValue extends Located {
  readonly kind: 'map';
  readonly entries: readonly Argument[];
}

/** Operands and what stands between them, without regard to precedence; one operand behind a prefix. */
export interface Operation extends Located {
  readonly kind: 'operation';
  readonly operators: readonly string[];
  readonly operands: readonly Expression[];
}

/** The statements and expressions a node is made of, in the order they stand in. */
export function groovyChildren(node: Statement): readonly Statement[] {
  const values = (args: readonly Argument[]) =>
    args.flatMap(({ key, value }) => (key ? [key, value] : [value]));
  switch (node.kind) {
    case 'string':
      return node.holes;
    case 'constant':
    case 'reference':
    case 'import':
      return [];
    case 'member':
      return [node.object];
    case 'index':
      return [node.object, ...values(node.args)];
    case 'call': {
      const args = values(node.args);
      const { block } = node;
      return block && !args.includes(block)
        ? [node.callee, ...args, block]
        : [node.callee, ...args];
    }
    case 'closure':
    case 'definition':
      return node.body;
    case 'list':
      return node.items;
    case 'map':
      return values(node.entries);
    case 'operation':
      return node.operands;
    case 'annotation':
      return values(node.args);
    case 'assignment':
      return node.value ? [node.target, node.value] : [node.target];
    case 'if':
      return [node.condition, ...node.then, ...node.otherwise];
    case 'loop':
      return [...node.head, ...node.body];
    case 'try':
      return [...node.body, ...node.catches.flatMap((each) => each.body), ...node.finally];
    case 'jump':
      return node.value ? [node.value] : [];
  }
}

/** Nodes and all nodes in them, outer ones first, in the order they stand in. */
export function* walkGroovy(nodes: readonly Statement[]): Generator<Statement> {
  const open = nodes.toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    const children = groovyChildren(next);
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i]!);
  }
}

/** Whoever reads what was parsed needs more of the stack for each level than the parser does. */
const deepest = 500;

/**
 * Reads Groovy, tolerantly: what could be read is there, what could not is in `problems`. Throws nothing. It knows
 * statements, calls, closures and strings; what stands between operands is kept, not understood.
 */
export function parseGroovy(source: Source): GroovyFile {
  const parser = new Parser(source, groovyTokens(source.text));
  try {
    return parser.file();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { body: [], problems: [{ range: [0, 0], message: 'nested too deeply to be read' }] };
  }
}

const modifiers = new Set([
  'abstract',
  'def',
  'final',
  'private',
  'protected',
  'public',
  'static',
  'synchronized',
  'transient',
  'var',
  'volatile',
]);
const primitives = new Set([
  'boolean',
  'byte',
  'char',
  'double',
  'float',
  'int',
  'long',
  'short',
  'void',
]);
const isType = (name: string) => primitives.has(name) || /^(?:[a-z]\w*\.)*[A-Z]/.test(name);

const binary = new Set(
  '+ - * / % ** << < > == != === !== <= >= <=> =~ ==~ && || & | ^ .. ..< ?: in instanceof as'.split(
    ' ',
  ),
);
const assigning = new Set('= += -= *= /= %= **= <<= &= |= ^= ?='.split(' '));
const prefixes = new Set('! - + ~ ++ -- *'.split(' '));
const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  false: false,
  null: null,
};
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

class Parser {
  readonly #source: Source;
  #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  /** Between parentheses or brackets, where a line's end ends nothing. */
  #enclosed = false;
  readonly #problems: GroovyProblem[] = [];

  constructor(source: Source, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  file(): GroovyFile {
    for (const token of this.#tokens) {
      if (token.kind === 'string' && !token.closed) {
        const { range, quote } = token;
        this.#problem(
          [range[0], range[0] + quote.length],
          `the string that begins here has no end`,
        );
      }
    }
    const body: Statement[] = [];
    for (;;) {
      body.push(...this.#statements());
      if (this.#peek().kind === 'end') break;
      this.#problem(this.#peek().range, `${this.#peek().text} has no beginning`);
      this.#at++;
    }
    return { body, problems: this.#problems };
  }

  #problem(range: Range, message: string): void {
    this.#problems.push({ range, message });
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  #next(): Token {
    const token = this.#peek();
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  /** Whether the next token is that sign or keyword. */
  #is(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return (token.kind === 'sign' || token.kind === 'name') && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #lines(): void {
    while (this.#peek().kind === 'newline') this.#at++;
  }

  /** Goes over line ends if that sign or keyword follows them. */
  #acrossLines(...texts: readonly string[]): boolean {
    let ahead = 0;
    while (this.#peek(ahead).kind === 'newline') ahead++;
    if (!texts.some((text) => this.#is(text, ahead))) return false;
    this.#at += ahead;
    return true;
  }

  /** Where the last token taken ends. */
  #end(): number {
    return this.#at === 0 ? 0 : this.#tokens[this.#at - 1]!.range[1];
  }

  #spaced(): boolean {
    return this.#peek().range[0] > this.#end();
  }

  #from(start: number): Range {
    return [start, Math.max(start, this.#end())];
  }

  /** Statements up to a closing sign, which is left. */
  #statements(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') return statements;
      if (token.kind === 'newline' || this.#is(';') || this.#is(',')) {
        this.#at++;
        continue;
      }
      if (token.kind === 'sign' && /^[)\]}]$/.test(token.text)) return statements;
      const before = this.#at;
      statements.push(this.#statement());
      if (this.#at === before) this.#at++;
    }
  }

  /** `{ … }`, from the brace on; the end of the text closes it too. */
  #block(): readonly Statement[] {
    return this.#within(false, '}', () => this.#statements());
  }

  /** What stands from an opening sign on to the sign that closes it. */
  #within<T>(enclosed: boolean, sign: string, read: () => T): T {
    const outer = this.#enclosed;
    this.#enclosed = enclosed;
    const opening = this.#next();
    const inner = read();
    this.#close(opening, sign);
    this.#enclosed = outer;
    return inner;
  }

  #close(opening: Token, sign: string): void {
    this.#lines();
    if (this.#take(sign)) return;
    this.#problem(opening.range, `${opening.text} is not closed`);
    // A closing sign of another kind belongs to something around it.
  }

  /** A block, or the one statement that stands for it. */
  #body(): readonly Statement[] {
    this.#lines();
    if (this.#is('{')) return this.#block();
    if (this.#peek().kind === 'end' || this.#is('}')) return [];
    return this.#take(';') ? [] : [this.#statement()];
  }

  #statement(): Statement {
    this.#deeper();
    const statement = this.#statementHere();
    this.#depth--;
    return statement;
  }

  #statementHere(): Statement {
    const token = this.#peek();
    const start = token.range[0];
    if (this.#is('@')) return this.#annotation();
    if (token.kind === 'name') {
      // `retry: while (…)`.
      const labels = this.#is(':', 1) && this.#peek(2).kind === 'name' && !this.#is(':', 2);
      if (labels && /^(?:for|while|do)$/.test(this.#peek(2).text)) this.#at += 2;
      const word = this.#peek().text;
      switch (word) {
        case 'if':
          if (this.#is('(', 1)) return this.#if();
          break;
        case 'for':
        case 'while':
        case 'switch':
          if (this.#is('(', 1)) return this.#loop(word);
          break;
        case 'do':
          if (this.#is('{', 1)) return this.#loop(word);
          break;
        case 'try':
          if (this.#opensBlock(1)) return this.#try();
          break;
        case 'return':
        case 'throw':
        case 'assert':
        case 'break':
        case 'continue': {
          this.#at++;
          const value = this.#startsOperand() ? this.#value() : undefined;
          if (word === 'assert' && this.#take(':')) this.#expression(false);
          return { kind: 'jump', keyword: word, value, range: this.#from(start) };
        }
        case 'case':
          this.#at++;
          return this.#label('case', this.#expression(false), start);
        case 'default':
          if (this.#is(':', 1)) {
            this.#at++;
            return this.#label('default', undefined, start);
          }
          break;
        case 'import':
        case 'package': {
          while (!this.#endsLine()) this.#at++;
          const range = this.#from(start);
          return { kind: 'import', text: this.#source.text.slice(...range), range };
        }
        case 'class':
        case 'enum':
        case 'interface':
        case 'trait':
          if (this.#peek(1).kind === 'name') return this.#class(start);
      }
      const declared = this.#declaration();
      if (declared) return declared;
    }
    return this.#assignable();
  }

  #opensBlock(ahead: number): boolean {
    let at = ahead;
    while (this.#peek(at).kind === 'newline') at++;
    return this.#is('{', at);
  }

  #annotation(): Annotation {
    const start = this.#next().range[0];
    let name = '';
    while (this.#peek().kind === 'name' || this.#is('.')) name += this.#next().text;
    const args = this.#is('(') && !this.#spaced() ? this.#arguments() : [];
    return { kind: 'annotation', name, args, range: this.#from(start) };
  }

  #if(): Statement {
    const start = this.#next().range[0];
    const condition = this.#parenthesised();
    const then = this.#body();
    this.#acrossLines(';');
    if (this.#is(';') && this.#is('else', 1)) this.#at++;
    const otherwise = this.#acrossLines('else') && this.#take('else') ? this.#body() : [];
    return { kind: 'if', condition, then, otherwise, range: this.#from(start) };
  }

  #loop(keyword: Loop['keyword']): Statement {
    const start = this.#next().range[0];
    const head: Statement[] = [];
    const parenthesis = () =>
      this.#within(true, ')', () => {
        // `for (x in list)`, `for (int i = 0; i < 9; i++)`, `for (String x : list)`.
        while (!this.#is(')') && this.#peek().kind !== 'end' && !this.#is('}')) {
          const before = this.#at;
          if (this.#take(';') || this.#take(',') || this.#take(':')) continue;
          if (this.#peek().kind === 'newline') this.#at++;
          else head.push(this.#declaration() ?? this.#assignable());
          if (this.#at === before) this.#at++;
        }
      });
    if (keyword !== 'do') parenthesis();
    const body = this.#body();
    if (keyword === 'do' && this.#acrossLines('while') && this.#take('while') && this.#is('('))
      parenthesis();
    return { kind: 'loop', keyword, head, body, range: this.#from(start) };
  }

  #label(keyword: 'case' | 'default', value: Expression | undefined, start: number): Jump {
    this.#take(':');
    return { kind: 'jump', keyword, value, range: this.#from(start) };
  }

  #try(): Statement {
    const start = this.#next().range[0];
    this.#lines();
    const body = this.#block();
    const catches: Catch[] = [];
    let last: readonly Statement[] = [];
    while (this.#acrossLines('catch')) {
      const from = this.#next().range[0];
      let parameter: string | undefined;
      if (this.#is('(')) {
        const opening = this.#next();
        while (!this.#is(')') && !this.#is('{') && this.#peek().kind !== 'end') {
          const token = this.#next();
          if (token.kind === 'name') parameter = token.text;
        }
        this.#close(opening, ')');
      }
      const handled = this.#body();
      catches.push({ parameter, body: handled, range: this.#from(from) });
    }
    if (this.#acrossLines('finally') && this.#take('finally')) last = this.#body();
    return { kind: 'try', body, catches, finally: last, range: this.#from(start) };
  }

  #class(start: number): Statement {
    this.#at++;
    const name = this.#next().text;
    while (!this.#is('{') && this.#peek().kind !== 'end') this.#at++;
    const body = this.#is('{') ? this.#block() : [];
    return { kind: 'definition', what: 'class', name, body, range: this.#from(start) };
  }

  /**
   * A variable or method with a modifier or a type in front of its name: `def x`, `String x = …`, `int f() { … }`.
   * `echo x` is none: types have a capital.
   */
  #declaration(): Statement | undefined {
    const start = this.#peek().range[0];
    const first = this.#at;
    const named = this.#nameAhead();
    if (named === undefined) return undefined;
    const modified = modifiers.has(this.#peek().text);
    this.#at += named;
    const name = this.#peek();
    if (/^(?:class|enum|interface|trait)$/.test(name.text)) return this.#class(start);
    if (name.kind === 'sign' || !this.#is('(', 1)) {
      const target = this.#primary(false);
      const value = this.#take('=') ? this.#value() : undefined;
      return { kind: 'assignment', target, declares: true, value, range: this.#from(start) };
    }
    this.#at++;
    this.#arguments();
    if (this.#acrossLines('throws')) while (!this.#is('{') && !this.#endsLine()) this.#at++;
    if (!this.#acrossLines('{')) {
      // An abstract method; or no method at all.
      if (modified) return empty(start);
      this.#at = first;
      return undefined;
    }
    const body = this.#block();
    const text = name.kind === 'string' ? name.text.slice(1, -1) : name.text;
    return { kind: 'definition', what: 'method', name: text, body, range: this.#from(start) };
  }

  /** How many tokens of modifiers and type stand before a name that is declared; undefined where none is. */
  #nameAhead(): number | undefined {
    let at = 0;
    while (this.#peek(at).kind === 'name' && modifiers.has(this.#peek(at).text)) {
      at++;
      while (this.#peek(at).kind === 'newline') at++;
    }
    const isName = (ahead: number) => {
      const token = this.#peek(ahead);
      // `def "long name"()`.
      return token.kind === 'string'
        ? this.#is('(', ahead + 1)
        : token.kind === 'name' && !binary.has(token.text);
    };
    const type = this.#typeAhead(at);
    if (type !== undefined && isName(type)) {
      const [from, to] = [this.#peek(at).range[0], this.#peek(type - 1).range[1]];
      const written = isType(this.#source.text.slice(from, to)) && !this.#is('.', type + 1);
      return at > 0 || written || this.#is('=', type + 1) ? type : undefined;
    }
    // `var in list`: a name like a modifier.
    return at > 0 && (isName(at) || this.#is('(', at)) ? at : undefined;
  }

  #endsLine(): boolean {
    return ['newline', 'end'].includes(this.#peek().kind) || this.#is(';');
  }

  /** How many tokens ahead a type ends: `a.b.C<D, E>[]`; undefined where none stands. */
  #typeAhead(from: number): number | undefined {
    let at = from;
    if (this.#peek(at).kind !== 'name') return undefined;
    at++;
    while (this.#is('.', at) && this.#peek(at + 1).kind === 'name') at += 2;
    if (this.#is('<', at)) {
      let depth = 0;
      do {
        const token = this.#peek(at);
        if (this.#is('<', at)) depth++;
        else if (this.#is('>', at)) depth--;
        else if (token.kind !== 'name' && !/^[,.?[\]]$/.test(token.text)) return undefined;
        at++;
      } while (depth > 0);
    }
    while (this.#is('[', at) && this.#is(']', at + 1)) at += 2;
    return at;
  }

  /** An expression that may be a call without parentheses, and an assignment. */
  #assignable(): Expression | Assignment {
    const start = this.#peek().range[0];
    const target = this.#expression(true);
    const sign = this.#peek();
    if (sign.kind === 'sign' && assigning.has(sign.text)) {
      this.#at++;
      this.#lines();
      const value = this.#value();
      return { kind: 'assignment', target, declares: false, value, range: this.#from(start) };
    }
    return target;
  }

  /** The same where a value is wanted: what an assignment in it comes to. */
  #value(): Expression {
    this.#lines();
    const read = this.#assignable();
    if (read.kind !== 'assignment') return read;
    const operands = read.value ? [read.target, read.value] : [read.target];
    return { kind: 'operation', operators: ['='], operands, range: read.range };
  }

  #parenthesised(): Expression {
    const start = this.#peek().range[0];
    const items = this.#within(true, ')', () => {
      const read = [this.#value()];
      this.#lines();
      // `(a, b)` of a declaration of several.
      while (this.#take(',')) {
        this.#lines();
        read.push(this.#expression(false));
        this.#lines();
      }
      return read;
    });
    const range = this.#from(start);
    return items.length > 1
      ? { kind: 'list', items, range }
      : { kind: 'operation', operators: ['()'], operands: items, range };
  }

  /** `command`: its operands may be calls without parentheses. */
  #expression(command: boolean): Expression {
    const start = this.#peek().range[0];
    const operands = [this.#operand(command)];
    const operators: string[] = [];
    for (;;) {
      if (this.#enclosed) this.#lines();
      else if (this.#peek().kind === 'newline' && !this.#acrossLines('&&', '||', '?', '?:')) break;
      const token = this.#peek();
      if (this.#take('?')) {
        this.#lines();
        operators.push('?');
        operands.push(this.#expression(false));
        this.#lines();
        if (!this.#take(':')) break;
        this.#lines();
        operators.push(':');
        operands.push(this.#expression(false));
        continue;
      }
      if ((token.kind !== 'sign' && token.kind !== 'name') || !binary.has(token.text)) break;
      this.#at++;
      while (token.text === '>' && this.#is('>')) this.#at++;
      this.#lines();
      operators.push(token.text);
      if (token.text === 'as' || token.text === 'instanceof') {
        this.#at += this.#typeAhead(0) ?? 0;
        continue;
      }
      operands.push(this.#operand(false));
    }
    if (operators.length === 0) return operands[0]!;
    return { kind: 'operation', operators, operands, range: this.#from(start) };
  }

  #operand(command: boolean): Expression {
    this.#deeper();
    const operand = this.#operandHere(command);
    this.#depth--;
    return operand;
  }

  /** Throws where statements and operands stand in one another deeper than anybody writes them. */
  #deeper(): void {
    if (++this.#depth > deepest) throw new RangeError('too deep');
  }

  #operandHere(command: boolean): Expression {
    const token = this.#peek();
    const start = token.range[0];
    if (token.kind === 'sign' && prefixes.has(token.text)) {
      this.#at++;
      const operand = this.#operand(false);
      return {
        kind: 'operation',
        operators: [token.text],
        operands: [operand],
        range: this.#from(start),
      };
    }
    const operand = this.#primary(command);
    if (this.#is('++') || this.#is('--')) {
      if (this.#spaced()) return operand;
      const { text } = this.#next();
      return {
        kind: 'operation',
        operators: [text],
        operands: [operand],
        range: this.#from(start),
      };
    }
    // `(String) x`.
    if (
      operand.kind === 'operation' &&
      operand.operators[0] === '()' &&
      operand.operands[0]!.kind === 'reference' &&
      isType(operand.operands[0]!.name) &&
      this.#startsOperand() &&
      !this.#is('[') &&
      !this.#is('{') &&
      !this.#is('-') &&
      !this.#is('+') &&
      !this.#is('*')
    )
      return this.#operand(false);
    return operand;
  }

  #startsOperand(): boolean {
    const token = this.#peek();
    if (token.kind === 'string' || token.kind === 'number') return true;
    if (token.kind === 'name') return !binary.has(token.text);
    return token.kind === 'sign' && (/^[([{]$/.test(token.text) || prefixes.has(token.text));
  }

  #primary(command: boolean): Expression {
    const start = this.#peek().range[0];
    let node = this.#atom();
    // The path a call without parentheses begins with ends at its first argument.
    for (;;) {
      const token = this.#peek();
      const dot = this.#acrossDots();
      if (dot) {
        this.#at++;
        this.#lines();
        this.#take('@');
        node = { kind: 'member', object: node, name: this.#memberName(), range: this.#from(start) };
      } else if (this.#is('(') && node.kind !== 'constant') {
        const args = this.#arguments();
        node = new Call(this.#from(start), node, args);
      } else if (this.#is('[') && !(command && this.#spaced() && node.kind === 'reference')) {
        const args = this.#arguments();
        node = { kind: 'index', object: node, args, range: this.#from(start) };
      } else if (this.#is('{') && takesBlock(node)) {
        const block = this.#closure();
        node = withBlock(node, block, this.#from(start));
      } else if (
        command &&
        token.kind === 'newline' &&
        takesBlock(node) &&
        this.#acrossLines('{')
      ) {
        // No other statement begins with a brace.
        const block = this.#closure();
        node = withBlock(node, block, this.#from(start));
      } else if (command && isPath(node) && this.#startsArgument()) {
        const args = this.#commandArguments();
        node = new Call(this.#from(start), node, args);
      } else return node;
    }
  }

  /** At a dot of a path, on this line or at the start of the next. */
  #acrossDots(): boolean {
    const dots = ['.', '?.', '*.', '.&', '.@'];
    if (this.#peek().kind === 'newline') return this.#acrossLines(...dots);
    return dots.some((dot) => this.#is(dot)) || this.#is('::');
  }

  #memberName(): string | undefined {
    const token = this.#peek();
    if (token.kind === 'name') {
      this.#at++;
      return token.text;
    }
    if (token.kind === 'string') {
      const string = this.#atom();
      return string.kind === 'string' ? string.value : undefined;
    }
    if (this.#is('(')) this.#parenthesised();
    return undefined;
  }

  #startsArgument(): boolean {
    const token = this.#peek();
    if (token.kind === 'string') return true;
    if (!this.#spaced()) return false;
    if (token.kind === 'number') return true;
    if (token.kind === 'name') return !binary.has(token.text);
    if (this.#is('[')) return true;
    // `echo !x` is a call, `a - b` is none.
    const touches = this.#peek(1).range[0] === token.range[1];
    return touches && (this.#is('!') || this.#is('~')) && this.#peek(1).kind !== 'newline';
  }

  #commandArguments(): readonly Argument[] {
    const args: Argument[] = [];
    do {
      this.#lines();
      args.push(this.#argument());
    } while (this.#take(','));
    return args;
  }

  /** `( … )` and `[ … ]`, from the opening sign on. */
  #arguments(): readonly Argument[] {
    return this.#within(true, closing[this.#peek().text]!, () => {
      const args: Argument[] = [];
      for (;;) {
        this.#lines();
        if (this.#take(',') || this.#take(';')) continue;
        const token = this.#peek();
        if (token.kind === 'end' || (token.kind === 'sign' && /^[)\]}]$/.test(token.text))) {
          return args;
        }
        const before = this.#at;
        args.push(this.#argument());
        if (this.#at === before) this.#at++;
      }
    });
  }

  #argument(): Argument {
    const token = this.#peek();
    const start = token.range[0];
    let name: Value | undefined;
    let key: Expression | undefined;
    if (token.kind !== 'sign' && this.#is(':', 1)) {
      const written = this.#atom();
      if (written.kind !== 'string') name = { value: token.text, range: token.range };
      else if (written.value === undefined) key = written;
      else name = { value: written.value, range: token.range };
      this.#at++;
      this.#lines();
    } else if (this.#is('*') && this.#is(':', 1)) {
      this.#at += 2;
    } else if (this.#is('@')) {
      this.#annotation();
      this.#lines();
    }
    const declared = this.#peek().kind === 'name' ? this.#declaration() : undefined;
    let value =
      declared?.kind === 'assignment'
        ? (declared.value ?? declared.target)
        : this.#expression(false);
    if (value.kind === 'operation' && value.operators[0] === '()' && this.#take(':')) {
      key = value;
      this.#lines();
      value = this.#expression(false);
    }
    if (this.#take('=')) {
      const operands = [value, this.#value()];
      value = { kind: 'operation', operators: ['='], operands, range: this.#from(start) };
    }
    return { name, key, value, range: this.#from(start) };
  }

  #atom(): Expression {
    const token = this.#peek();
    const start = token.range[0];
    switch (token.kind) {
      case 'string':
        this.#at++;
        return new GroovyString(
          this.#source,
          token,
          token.holes.flatMap((hole) => this.#inHole(hole.tokens)),
        );
      case 'number':
        this.#at++;
        return { kind: 'constant', value: Number.parseFloat(token.text), range: token.range };
      case 'name':
        if (token.text === 'new' && this.#peek(1).kind === 'name') return this.#new();
        this.#at++;
        if (Object.hasOwn(constants, token.text)) {
          return { kind: 'constant', value: constants[token.text]!, range: token.range };
        }
        return { kind: 'reference', name: token.text, range: token.range };
      default:
        break;
    }
    if (this.#is('(')) return this.#parenthesised();
    if (this.#is('{')) return this.#closure();
    if (this.#is('[')) {
      if (this.#is(':', 1) && this.#is(']', 2)) {
        this.#at += 3;
        return { kind: 'map', entries: [], range: this.#from(start) };
      }
      const entries = this.#arguments();
      const range = this.#from(start);
      return entries.some((entry) => entry.name ?? entry.key)
        ? { kind: 'map', entries, range }
        : { kind: 'list', items: entries.map((entry) => entry.value), range };
    }
    // What stands here is no operand; whoever asked goes on from it.
    const isClosing =
      token.kind !== 'sign' || /^[)\]},;:]$/.test(token.text) || assigning.has(token.text);
    if (!isClosing) this.#at++;
    return empty(start);
  }

  #new(): Expression {
    const start = this.#next().range[0];
    const from = this.#peek().range[0];
    this.#at += this.#typeAhead(0) ?? 1;
    const range = this.#from(from);
    const callee: Reference = { kind: 'reference', name: this.#source.text.slice(...range), range };
    if (!this.#is('(')) return new Call(this.#from(start), callee, [], undefined, true);
    const args = this.#arguments();
    return new Call(this.#from(start), callee, args, undefined, true);
  }

  /** What `${…}` holds. */
  #inHole(tokens: readonly Token[]): Expression[] {
    const outer = { tokens: this.#tokens, at: this.#at };
    this.#tokens = tokens;
    this.#at = 0;
    const read = this.#statements();
    this.#tokens = outer.tokens;
    this.#at = outer.at;
    return read.flatMap((node) =>
      node.kind === 'assignment' ? (node.value ?? []) : isExpression(node) ? node : [],
    );
  }

  #closure(): Closure {
    const start = this.#peek().range[0];
    const body = this.#within(false, '}', () => {
      this.#at += this.#parameters();
      return this.#statements();
    });
    return { kind: 'closure', body, range: this.#from(start) };
  }

  /** How many tokens `a, b ->` has; 0 where the closure begins otherwise. */
  #parameters(): number {
    let depth = 0;
    for (let at = 0; at < 80; at++) {
      const token = this.#peek(at);
      if (token.kind === 'end' || this.#is(';', at)) return 0;
      if (token.kind === 'newline' && at > 0 && depth === 0 && !this.#is(',', at - 1)) {
        // Parameters may begin on the next line, and the arrow stand on one of its own.
        if (!this.#is('->', at + 1) && this.#peek(at - 1).kind !== 'newline') return 0;
      }
      if (token.kind !== 'sign') continue;
      if (token.text === '->' && depth === 0) return at + 1;
      if (/^[[(<]$/.test(token.text)) depth++;
      else if (/^[\])>]$/.test(token.text)) depth--;
      else if (/^[{}]$/.test(token.text) || depth < 0) return 0;
    }
    return 0;
  }
}

const isExpression = (node: Statement): node is Expression =>
  !['annotation', 'assignment', 'if', 'loop', 'try', 'jump', 'definition', 'import'].includes(
    node.kind,
  );

/** Nothing, where something had to stand. */
const empty = (at: number): Operation => ({
  kind: 'operation',
  operators: [],
  operands: [],
  range: [at, at],
});

/** A name, or a path that ends in one: what can be called without parentheses. */
const isPath = (node: Expression): boolean =>
  node.kind === 'reference' || (node.kind === 'member' && node.name !== undefined);

/** What a closure behind it is given to. */
const takesBlock = (node: Expression): boolean =>
  isPath(node) ||
  node.kind === 'string' ||
  (node.kind === 'call' && !node.creates && node.block === undefined);

function withBlock(node: Expression, block: Closure, range: Range): Call {
  return node.kind === 'call'
    ? new Call(range, node.callee, node.args, block)
    : new Call(range, node, [], block);
}
