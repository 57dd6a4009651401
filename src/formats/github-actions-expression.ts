/**
 * An expression of GitHub Actions
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/expressions). Names are lower-cased, as they do
 * not depend on case; `needs['a'].result` is the path `needs.a.result`.
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly left: Expression;
      readonly right: Expression;
    };

const token =
  /\s*(?:('(?:[^']|'')*')|(-?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?))|([a-z_][\w-]*)|(&&|\|\||[=!<>]=|[<>!()[\].,*]))/iy;

/** What stands between `${{` and `}}`, or the whole text where an `if:` leaves the braces out. */
export function expressionIn(condition: string): string | undefined {
  const text = condition.trim();
  const whole = /^\$\{\{([\s\S]*)\}\}$/.exec(text);
  if (whole && !/\$\{\{|\}\}/.test(whole[1]!)) return whole[1];
  return text.includes('${{') ? undefined : text;
}

/** What the `if:` of a job or step asks; undefined without one, and where it cannot be read. */
export function conditionOf(node: {
  readonly condition: { readonly string: string } | undefined;
}): Expression | undefined {
  const text = node.condition && expressionIn(node.condition.string);
  return text === undefined ? undefined : parseExpression(text);
}

/** Reads an expression; undefined where it is not one. */
export function parseExpression(text: string): Expression | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  let end = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    tokens.push(match[0].trim());
    end = token.lastIndex;
  }
  if (text.slice(end).trim() !== '') return undefined;
  const parser = new Parser(tokens);
  const read = parser.binary(0);
  return parser.isDone ? read : undefined;
}

/** Loosest first; operators of one row bind alike. */
const precedence: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
];

/** Nesting that no hand-written condition reaches. */
const deepest = 200;

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isDone(): boolean {
    return this.#at === this.#tokens.length;
  }

  binary(level: number): Expression | undefined {
    const operators = precedence[level];
    if (!operators) return this.#unary();
    let left = this.binary(level + 1);
    while (left && operators.includes(this.#tokens[this.#at] ?? '')) {
      const operator = this.#tokens[this.#at++] as '&&';
      const right = this.binary(level + 1);
      left = right && { kind: 'binary', operator, left, right };
    }
    return left;
  }

  #unary(): Expression | undefined {
    if (this.#depth > deepest) return undefined;
    if (this.#tokens[this.#at] !== '!') return this.#primary();
    this.#at++;
    this.#depth++;
    const operand = this.#unary();
    this.#depth--;
    return operand && { kind: 'not', operand };
  }

  #primary(): Expression | undefined {
    const text = this.#tokens[this.#at++];
    if (text === undefined) return undefined;
    if (text === '(') {
      this.#depth++;
      const inner = this.#depth > deepest ? undefined : this.binary(0);
      this.#depth--;
      return this.#tokens[this.#at++] === ')' ? inner : undefined;
    }
    if (text.startsWith("'")) {
      return { kind: 'literal', value: text.slice(1, -1).replaceAll("''", "'") };
    }
    if (/^[-\d]/.test(text)) return { kind: 'literal', value: Number(text) };
    if (!/^[a-z_]/i.test(text)) return undefined;
    const name = text.toLowerCase();
    if (this.#tokens[this.#at] === '(') return this.#call(name);
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    if (name === 'null') return { kind: 'literal', value: null };
    return this.#path(name);
  }

  #call(name: string): Expression | undefined {
    this.#at++;
    this.#depth++;
    const args: Expression[] = [];
    while (this.#tokens[this.#at] !== ')') {
      const arg = this.#depth > deepest ? undefined : this.binary(0);
      if (!arg) return undefined;
      args.push(arg);
      if (this.#tokens[this.#at] === ',') this.#at++;
      else if (this.#tokens[this.#at] !== ')') return undefined;
    }
    this.#at++;
    this.#depth--;
    // What is taken out of a call's result, such as `fromJSON(x).y`, is a value like any other.
    while (this.#tokens[this.#at] === '.' || this.#tokens[this.#at] === '[') {
      if (this.#step() === undefined) return undefined;
    }
    return { kind: 'call', name, args };
  }

  #path(name: string): Expression | undefined {
    let path = name;
    while (this.#tokens[this.#at] === '.' || this.#tokens[this.#at] === '[') {
      const step = this.#step();
      if (step === undefined) return undefined;
      path += `.${step}`;
    }
    return { kind: 'path', path };
  }

  /** `.name`, `.*`, `['name']`, `[0]`, `[expression]`. */
  #step(): string | undefined {
    if (this.#tokens[this.#at++] === '.') return this.#tokens[this.#at++]?.toLowerCase();
    this.#depth++;
    const index = this.#depth > deepest ? undefined : this.binary(0);
    this.#depth--;
    if (!index || this.#tokens[this.#at++] !== ']') return undefined;
    return index.kind === 'literal' ? String(index.value).toLowerCase() : '*';
  }
}

/** Whether an expression holds; undefined where what is known does not say. */
export type Truth = boolean | undefined;

/** What is known of the values an expression asks for; undefined is not known. */
export interface Surroundings {
  /** The value of a path, such as `needs.build.result`; for `needs.*.result` a list. */
  value(path: string): string | readonly string[] | undefined;
  /** A status function: `success`, `failure`, `always`, `cancelled`. */
  status(name: string): Truth;
}

/** Evaluates as far as the surroundings tell. Text compares without regard to case, as the runner does it. */
export function holdsIn(expression: Expression, surroundings: Surroundings): Truth {
  switch (expression.kind) {
    case 'literal':
      return Boolean(expression.value);
    case 'path': {
      const value = surroundings.value(expression.path);
      return typeof value === 'string' ? value !== '' && value !== 'false' : undefined;
    }
    case 'call': {
      if (expression.name !== 'contains') return surroundings.status(expression.name);
      const [list, item] = expression.args;
      const values = list?.kind === 'path' ? surroundings.value(list.path) : undefined;
      const wanted = item && textOf(item, surroundings);
      if (values === undefined || typeof values === 'string' || wanted === undefined) {
        return undefined;
      }
      return values.includes(wanted) ? true : values.includes('*') ? undefined : false;
    }
    case 'not':
      return negated(holdsIn(expression.operand, surroundings));
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '&&' || operator === '||') {
        const decisive = operator === '||';
        const first = holdsIn(left, surroundings);
        const second = holdsIn(right, surroundings);
        if (first === decisive || second === decisive) return decisive;
        return first === undefined || second === undefined ? undefined : !decisive;
      }
      if (operator !== '==' && operator !== '!=') return undefined;
      const a = textOf(left, surroundings);
      const b = textOf(right, surroundings);
      if (a === undefined || b === undefined) return undefined;
      return (a.toLowerCase() === b.toLowerCase()) === (operator === '==');
    }
  }
}

const negated = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function textOf(expression: Expression, surroundings: Surroundings): string | undefined {
  if (expression.kind === 'literal') return String(expression.value);
  if (expression.kind === 'path') {
    const value = surroundings.value(expression.path);
    return typeof value === 'string' ? value : undefined;
  }
  const truth = holdsIn(expression, surroundings);
  return truth === undefined ? undefined : String(truth);
}

/** All paths and calls in an expression, in order. */
export function* namesIn(expression: Expression): Iterable<string> {
  switch (expression.kind) {
    case 'path':
      yield expression.path;
      return;
    case 'call':
      yield `${expression.name}()`;
      for (const arg of expression.args) yield* namesIn(arg);
      return;
    case 'not':
      yield* namesIn(expression.operand);
      return;
    case 'binary':
      yield* namesIn(expression.left);
      yield* namesIn(expression.right);
  }
}
