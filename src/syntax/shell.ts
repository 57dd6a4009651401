import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { Located, Range } from '../text/range';
import { withTree } from './tree-sitter';

/**
 * A piece of a word. `quoted` pieces are not split or globbed by the shell. A substitution holds the statements
 * that run to make it.
 */
export type WordPart =
  | { readonly kind: 'literal'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      /** What stands behind the name in `${name…}`, such as `:-` or `%%`, and the text after it; `#…` and `!…` stand in front of it. */
      readonly operator?: string;
      readonly operand?: string;
    }
  | { readonly kind: 'substitution'; readonly body: readonly Statement[]; readonly quoted: boolean }
  | { readonly kind: 'process'; readonly body: readonly Statement[] }
  | { readonly kind: 'arithmetic'; readonly text: string };

/** One word of a command. */
export interface Word extends Located {
  /** As written, quotes and all. */
  readonly text: string;
  readonly parts: readonly WordPart[];
  /** The word the command sees, when nothing in it has to be expanded first. */
  readonly value: string | undefined;
}

export interface Assignment extends Located {
  readonly name: string;
  readonly value: Word | undefined;
  /** `+=` */
  readonly append: boolean;
}

export interface HereDocument extends Located {
  readonly delimiter: string;
  /** A quoted delimiter: nothing in the body is expanded. */
  readonly quoted: boolean;
  /** `<<-`: leading tabs are dropped. */
  readonly stripTabs: boolean;
  readonly body: Range;
}

export interface Redirect extends Located {
  /** `>`, `>>`, `<`, `>|`, `&>`, `>&`, `<<`, `<<-`, `<<<`, … */
  readonly operator: string;
  readonly descriptor: number | undefined;
  readonly target: Word | undefined;
  readonly heredoc: HereDocument | undefined;
}

interface Redirected extends Located {
  readonly redirects: readonly Redirect[];
}

/** A simple command; `[ … ]`, `[[ … ]]`, `(( … ))` and `export` are commands of that name. */
export interface SimpleCommand extends Redirected {
  readonly kind: 'command';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
}

export interface Pipeline extends Located {
  readonly kind: 'pipeline';
  readonly stages: readonly Statement[];
}

export interface AndOr extends Located {
  readonly kind: 'and-or';
  readonly operator: '&&' | '||';
  readonly left: Statement;
  readonly right: Statement;
}

export interface Negation extends Located {
  readonly kind: 'not';
  readonly body: Statement;
}

/** One branch of an `if`: what is asked, and what runs when the answer is true. `else` has no condition. */
export interface Branch extends Located {
  readonly condition: readonly Statement[] | undefined;
  readonly body: readonly Statement[];
}

export interface Conditional extends Redirected {
  readonly kind: 'if';
  readonly branches: readonly Branch[];
}

export interface Loop extends Redirected {
  readonly kind: 'loop';
  readonly loop: 'for' | 'while' | 'until' | 'select';
  readonly variable: string | undefined;
  readonly items: readonly Word[];
  readonly condition: readonly Statement[];
  readonly body: readonly Statement[];
}

export interface Case extends Redirected {
  readonly kind: 'case';
  readonly subject: Word | undefined;
  readonly arms: readonly {
    readonly patterns: readonly string[];
    readonly body: readonly Statement[];
  }[];
}

export interface Group extends Redirected {
  readonly kind: 'group';
  readonly subshell: boolean;
  readonly body: readonly Statement[];
}

export interface FunctionDefinition extends Redirected {
  readonly kind: 'function';
  readonly name: string;
  readonly body: readonly Statement[];
}

export type Statement = (
  | SimpleCommand
  | Pipeline
  | AndOr
  | Negation
  | Conditional
  | Loop
  | Case
  | Group
  | FunctionDefinition
) & { readonly background?: boolean };

/** A script as far as it could be read. All ranges are offsets in the parsed text. */
export interface ShellSyntax {
  readonly statements: readonly Statement[];
  readonly problems: readonly (Located & { readonly message: string })[];
}

/**
 * What was parsed last, by its text. Who types changes one script of a file; the hundred others in it need not be
 * parsed again. Bounded, so that it costs next to nothing where every file is checked once.
 */
const recent = new Map<string, ShellSyntax>();
const recentLimit = 60_000;
let recentLength = 0;

/** Parses POSIX shell and bash. Throws GrammarNeeded until the bash grammar is loaded; never otherwise. */
export function parseShell(text: string): ShellSyntax {
  const known = recent.get(text);
  if (known) {
    // To the end, which is dropped last.
    recent.delete(text);
    recent.set(text, known);
    return known;
  }
  const syntax = parse(text);
  if (text.length < recentLimit / 10) {
    recent.set(text, syntax);
    recentLength += text.length;
    for (const oldest of recent.keys()) {
      if (recentLength <= recentLimit) break;
      recent.delete(oldest);
      recentLength -= oldest.length;
    }
  }
  return syntax;
}

function parse(text: string): ShellSyntax {
  return withTree('bash', ended(text), (tree) => {
    try {
      const reader = new Reader(text);
      const root = plainTree(tree);
      return { statements: reader.statements(root.children), problems: problemsOf(root) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = 'nested too deeply to be read';
      return { statements: [], problems: [{ range: [0, 0], message }] };
    }
  });
}

/** `<< END;`: the grammar takes the semicolon for a part of the word, and the rest of the script for the text. */
const ended = (text: string): string =>
  text.replace(/(<<-?[ \t]*(["']?)\w+\2);(?=[ \t]*(?:\r?\n|#))/g, '$1 ');

/** The tree copied out of wasm in one pass, as every access to a node of the original crosses that border. */
interface Plain {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly children: Plain[];
  readonly missing: boolean;
}

function plainTree(tree: Tree): Plain {
  const cursor = tree.walk();
  try {
    return copy(cursor);
  } finally {
    cursor.delete();
  }
}

function copy(cursor: TreeCursor): Plain {
  const node: Plain = {
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: [],
    missing: false,
  };
  if (cursor.gotoFirstChild()) {
    do node.children.push(copy(cursor));
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return node;
}

/** The grammar takes the `~` of `[ -f ~/a ]` for an operator of its own. */
function withTildes(words: readonly Word[]): readonly Word[] {
  return words.flatMap((word, at) => {
    const [before, next] = [words[at - 1], words[at + 1]];
    if (word.text === '~' && next?.range[0] === word.range[1]) return [];
    if (before?.text !== '~' || before.range[1] !== word.range[0]) return [word];
    return [
      {
        ...word,
        text: `~${word.text}`,
        value: word.value === undefined ? undefined : `~${word.value}`,
        parts: [...before.parts, ...word.parts],
        range: [before.range[0], word.range[1]] as const,
      },
    ];
  });
}

function problemsOf(root: Plain): ShellSyntax['problems'] {
  const found: (Located & { message: string })[] = [];
  const visit = (node: Plain) => {
    if (node.type === 'ERROR') {
      found.push({ range: [node.start, node.end], message: 'not readable as shell' });
      return;
    }
    for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}

class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  #slice(node: { start: number; end: number }): string {
    return this.#text.slice(node.start, node.end);
  }

  statements(nodes: readonly Plain[]): Statement[] {
    const out: Statement[] = [];
    for (const node of nodes) {
      if (node.type === '&' && out.length > 0) {
        out[out.length - 1] = { ...out.at(-1)!, background: true };
        continue;
      }
      out.push(...this.#statement(node));
    }
    return out;
  }

  /** Nothing for separators and comments; several for a here-document line or what an error left over. */
  #statement(node: Plain): Statement[] {
    const range: Range = [node.start, node.end];
    switch (node.type) {
      case 'command':
      case 'declaration_command':
      case 'unset_command':
        return [this.#command(node)];
      case 'test_command':
        return [this.#test(node)];
      case 'variable_assignment':
      case 'variable_assignments':
        return [this.#assignmentsOnly(node)];
      case 'pipeline':
        return [this.#pipeline(node)];
      case 'list':
        return [this.#list(node)];
      case 'negated_command': {
        const body = this.statements(node.children)[0];
        return body ? [{ kind: 'not', body, range }] : [];
      }
      case 'redirected_statement':
        return [this.#redirected(node)];
      case 'if_statement':
        return [this.#if(node)];
      case 'while_statement':
      case 'for_statement':
      case 'c_style_for_statement':
      case 'select_statement':
        return [this.#loop(node)];
      case 'case_statement':
        return [this.#case(node)];
      case 'function_definition':
        return [this.#function(node)];
      case 'compound_statement':
        if (node.children[0]?.type === '((') return [this.#test(node)];
        return [
          {
            kind: 'group',
            subshell: false,
            body: this.statements(node.children),
            redirects: [],
            range,
          },
        ];
      case 'subshell':
        return [
          {
            kind: 'group',
            subshell: true,
            body: this.statements(node.children),
            redirects: [],
            range,
          },
        ];
      case 'file_redirect':
      case 'herestring_redirect':
        // `$(<file)`: a redirection and nothing else.
        return [{ kind: 'command', assignments: [], words: [], ...this.#redirect(node), range }];
      case 'ERROR':
      case 'do_group':
      case 'program':
        return this.statements(node.children);
      default:
        return [];
    }
  }

  #command(node: Plain): SimpleCommand {
    const words: Word[] = [];
    const assignments: Assignment[] = [];
    const redirects: Redirect[] = [];
    const keyword = node.type !== 'command';
    for (const child of node.children) {
      if (child.type === 'variable_assignment') {
        const assignment = this.#assignment(child);
        assignments.push(assignment);
        // `export A=1`: the assignment is an argument as well.
        if (keyword) words.push(this.word(child));
      } else if (child.type === 'command_name') {
        words.push(this.word(child.children[0] ?? child));
      } else if (child.type.endsWith('_redirect')) {
        redirects.push(...this.#redirect(child).redirects);
      } else if (child.type === 'comment' || child.type === 'ERROR') {
        // Left out: it is no part of what runs.
      } else words.push(this.word(child));
    }
    return { kind: 'command', assignments, words, redirects, range: [node.start, node.end] };
  }

  #assignmentsOnly(node: Plain): SimpleCommand {
    const parts = node.type === 'variable_assignment' ? [node] : node.children;
    const assignments = parts
      .filter((part) => part.type === 'variable_assignment')
      .map((part) => this.#assignment(part));
    return {
      kind: 'command',
      assignments,
      words: [],
      redirects: [],
      range: [node.start, node.end],
    };
  }

  #assignment(node: Plain): Assignment {
    const name = node.children.find((child) => child.field === 'name');
    const value = node.children.find((child) => child.field === 'value');
    return {
      name: name ? this.#slice(name) : '',
      value: value && this.word(value),
      append: node.children.some((child) => child.type === '+='),
      range: [node.start, node.end],
    };
  }

  /** `[ … ]`, `[[ … ]]`, `(( … ))`: the words between the brackets, in order, the brackets' name first. */
  #test(node: Plain): SimpleCommand {
    const words: Word[] = [];
    const wordTypes = new Set([
      'word',
      'string',
      'raw_string',
      'ansi_c_string',
      'concatenation',
      'simple_expansion',
      'expansion',
      'command_substitution',
      'number',
      'test_operator',
      'regex',
      'extglob_pattern',
      'variable_name',
    ]);
    const visit = (child: Plain) => {
      if (wordTypes.has(child.type)) words.push(this.word(child));
      else if (child.children.length > 0) child.children.forEach(visit);
      else if (child.type !== ']' && child.type !== ']]' && child.type !== '))') {
        words.push(this.#plainWord(child));
      }
    };
    node.children.forEach(visit);
    return {
      kind: 'command',
      assignments: [],
      words: withTildes(words),
      redirects: [],
      range: [node.start, node.end],
    };
  }

  #pipeline(node: Plain): Statement {
    const stages = this.statements(node.children);
    const [first, ...rest] = stages;
    if (!first || rest.length === 0) return first ?? emptyGroup([node.start, node.end]);
    const range: Range = [node.start, node.end];
    // The grammar hangs `!` to the first stage; the shell turns round what the whole pipeline says.
    if (first.kind === 'not') {
      return {
        kind: 'not',
        body: { kind: 'pipeline', stages: [first.body, ...rest], range },
        range,
      };
    }
    return { kind: 'pipeline', stages, range };
  }

  #list(node: Plain): Statement {
    const operator = node.children.find((child) => child.type === '&&' || child.type === '||');
    const [left, right] = this.statements(node.children);
    if (!left || !right || !operator) return left ?? emptyGroup([node.start, node.end]);
    return {
      kind: 'and-or',
      operator: operator.type as '&&' | '||',
      left,
      right,
      range: [node.start, node.end],
    };
  }

  #redirected(node: Plain): Statement {
    const bodyNode = node.children.find((child) => child.field === 'body');
    const body = bodyNode && this.#statement(bodyNode)[0];
    const redirects: Redirect[] = [];
    let statement: Statement = body ?? {
      kind: 'command',
      assignments: [],
      words: [],
      redirects: [],
      range: [node.start, node.end],
    };
    let follow: ((left: Statement) => Statement) | undefined;
    for (const child of node.children) {
      if (child === bodyNode) continue;
      const read = this.#redirect(child);
      redirects.push(...read.redirects);
      follow ??= read.follow;
    }
    if (bodyNode && statement.kind === 'command') {
      // The grammar loses a lone dash in front of `<<`.
      const first = node.children.find((child) => child !== bodyNode);
      const gap = { start: bodyNode.end, end: first?.start ?? bodyNode.end };
      const dash = this.#slice(gap).indexOf('-');
      if (this.#slice(gap).trim() === '-') {
        const at = gap.start + dash;
        const word = this.#plainWord({ start: at, end: at + 1 });
        statement = { ...statement, words: [...statement.words, word] };
      }
    }
    statement = attach(statement, redirects);
    return follow ? follow(statement) : statement;
  }

  /**
   * A redirection. The grammar hangs what follows a here-document's marker on the same line (`<<E && next`,
   * `<<E | next`) below the redirection; `follow` puts it back where the shell sees it.
   */
  #redirect(node: Plain): {
    redirects: Redirect[];
    follow?: (left: Statement) => Statement;
  } {
    const range: Range = [node.start, node.end];
    if (node.type === 'herestring_redirect') {
      const target = node.children.find((child) => child.type !== '<<<');
      return {
        redirects: [
          {
            operator: '<<<',
            descriptor: undefined,
            target: target && this.word(target),
            heredoc: undefined,
            range,
          },
        ],
      };
    }
    if (node.type !== 'heredoc_redirect') {
      const descriptor = node.children.find((child) => child.type === 'file_descriptor');
      const targets = node.children.filter((child) => child.field === 'destination');
      const operator = node.children.find(
        (child) => child !== descriptor && !targets.includes(child),
      );
      if (!operator || !/[<>]/.test(operator.type)) return { redirects: [] };
      return {
        redirects: [
          {
            operator: operator.type,
            descriptor: descriptor && Number(this.#slice(descriptor)),
            target: targets[0] && this.word(targets[0]),
            heredoc: undefined,
            range,
          },
        ],
      };
    }
    const start = node.children.find((child) => child.type === 'heredoc_start');
    const body = node.children.find((child) => child.type === 'heredoc_body');
    const marker = start ? this.#slice(start) : '';
    const operator = node.children.find((child) => child.type.startsWith('<<'))?.type ?? '<<';
    const bodyRange: Range = body ? [body.start, body.end] : [node.end, node.end];
    const redirects: Redirect[] = [
      {
        operator,
        descriptor: undefined,
        target: undefined,
        heredoc: {
          delimiter: marker.replace(/["'\\]/g, ''),
          quoted: /["'\\]/.test(marker),
          stripTabs: operator === '<<-',
          body: bodyRange,
          range,
        },
        range: [node.start, start?.end ?? node.start],
      },
    ];
    for (const child of node.children) {
      if (child.type === 'file_redirect') redirects.push(...this.#redirect(child).redirects);
    }
    const operatorNode = node.children.find((child) => child.type === '&&' || child.type === '||');
    const right = node.children.filter((child) => child.field === 'right');
    const pipe = node.children.find((child) => child.type === 'pipeline');
    if (operatorNode && right.length > 0) {
      const next = this.statements(right)[0];
      if (next) {
        return {
          redirects,
          follow: (left) => ({
            kind: 'and-or',
            operator: operatorNode.type as '&&' | '||',
            left,
            right: next,
            range: [left.range[0], next.range[1]],
          }),
        };
      }
    }
    if (pipe) {
      const [next] = this.statements(pipe.children);
      if (next) return { redirects, follow: (left) => pipeInto(left, next) };
    }
    return { redirects };
  }

  #if(node: Plain): Conditional {
    const branches: Branch[] = [];
    const read = (parts: readonly Plain[], at: Plain, hasCondition: boolean) => {
      const then = parts.findIndex((part) => part.type === 'then');
      const isBody = (part: Plain) => part.type !== 'elif_clause' && part.type !== 'else_clause';
      branches.push({
        condition: hasCondition ? this.statements(parts.slice(0, Math.max(then, 0))) : undefined,
        body: this.statements(parts.slice(then + 1).filter(isBody)),
        range: [at.start, at.end],
      });
    };
    read(node.children, node, true);
    for (const child of node.children) {
      if (child.type === 'elif_clause') read(child.children, child, true);
      else if (child.type === 'else_clause') read(child.children, child, false);
    }
    return { kind: 'if', branches, redirects: [], range: [node.start, node.end] };
  }

  #loop(node: Plain): Loop {
    const first = node.children[0]?.type ?? 'for';
    const loop = first === 'while' || first === 'until' || first === 'select' ? first : 'for';
    const variable = node.children.find((child) => child.field === 'variable');
    const body = node.children.find((child) => child.field === 'body');
    return {
      kind: 'loop',
      loop,
      variable: variable && this.#slice(variable),
      items: node.children
        .filter((child) => child.field === 'value')
        .map((child) => this.word(child)),
      condition: this.statements(node.children.filter((child) => child.field === 'condition')),
      body: this.statements(body?.children ?? []),
      redirects: [],
      range: [node.start, node.end],
    };
  }

  #case(node: Plain): Case {
    const subject = node.children.find((child) => child.field === 'value');
    return {
      kind: 'case',
      subject: subject && this.word(subject),
      arms: node.children
        .filter((child) => child.type === 'case_item')
        .map((item) => ({
          patterns: item.children
            .filter((child) => child.field === 'value')
            .map((child) => this.#slice(child)),
          body: this.statements(item.children.filter((child) => child.field !== 'value')),
        })),
      redirects: [],
      range: [node.start, node.end],
    };
  }

  #function(node: Plain): FunctionDefinition {
    const name = node.children.find((child) => child.field === 'name');
    const body = node.children.find((child) => child.field === 'body');
    const group = body && this.#statement(body)[0];
    return {
      kind: 'function',
      name: name ? this.#slice(name) : '',
      body: group ? (group.kind === 'group' ? group.body : [group]) : [],
      redirects: [],
      range: [node.start, node.end],
    };
  }

  #plainWord(node: { start: number; end: number }): Word {
    const text = this.#slice(node);
    return {
      text,
      value: text,
      parts: [{ kind: 'literal', text, quoted: false }],
      range: [node.start, node.end],
    };
  }

  word(node: Plain): Word {
    const parts = this.#parts(node, false);
    const literal = parts.every((part) => part.kind === 'literal');
    return {
      text: this.#slice(node),
      parts,
      value: literal ? parts.map((part) => (part as { text: string }).text).join('') : undefined,
      range: [node.start, node.end],
    };
  }

  #parts(node: Plain, quoted: boolean): WordPart[] {
    const text = () => this.#slice(node);
    switch (node.type) {
      case 'concatenation':
        return this.#spread(node.children, node, false);
      case 'string':
      case 'translated_string':
        return this.#spread(
          node.children.filter((child) => child.type !== '"' && child.type !== '$'),
          node.type === 'string' ? { start: node.start + 1, end: node.end - 1 } : node,
          true,
        );
      case 'string_content':
        return [{ kind: 'literal', text: unescapeDouble(text()), quoted: true }];
      case 'raw_string':
        return [{ kind: 'literal', text: text().slice(1, -1), quoted: true }];
      case 'ansi_c_string':
        return [{ kind: 'literal', text: unescapeAnsi(text().slice(2, -1)), quoted: true }];
      case 'simple_expansion': {
        return [{ kind: 'variable', name: text().slice(1), quoted }];
      }
      case 'expansion':
        return [this.#expansion(node, quoted)];
      case 'command_substitution':
        return [{ kind: 'substitution', body: this.statements(node.children), quoted }];
      case 'process_substitution':
        return [{ kind: 'process', body: this.statements(node.children) }];
      case 'arithmetic_expansion':
        return [{ kind: 'arithmetic', text: text() }];
      case 'variable_assignment': {
        const value = node.children.find((child) => child.field === 'value');
        const head = this.#text.slice(node.start, value?.start ?? node.end);
        return [
          { kind: 'literal', text: head, quoted: false },
          ...(value ? this.#parts(value, quoted) : []),
        ];
      }
      default:
        // The grammar takes the number of the shell's process for text.
        if (text() === '$$') return [{ kind: 'variable', name: '$', quoted }];
        return quoted
          ? [{ kind: 'literal', text: text(), quoted }]
          : [{ kind: 'literal', text: unescapeWord(text()), quoted }];
    }
  }

  /** Parts of the children and of the text between them, which the grammar leaves out of its tree. */
  #spread(
    children: readonly Plain[],
    whole: { start: number; end: number },
    quoted: boolean,
  ): WordPart[] {
    const parts: WordPart[] = [];
    let at = whole.start;
    const gap = (to: number) => {
      if (to > at) parts.push({ kind: 'literal', text: this.#text.slice(at, to), quoted });
    };
    for (const child of children) {
      gap(child.start);
      parts.push(...this.#parts(child, quoted));
      at = Math.max(at, child.end);
    }
    gap(whole.end);
    return parts;
  }

  #expansion(node: Plain, quoted: boolean): WordPart {
    const name = node.children.find(
      (child) =>
        child.type === 'variable_name' ||
        child.type === 'special_variable_name' ||
        child.type === 'subscript',
    );
    const operator = node.children.find((child) => child.field === 'operator');
    const prefix = operator && name && operator.end <= name.start;
    const symbol = operator && (prefix ? `${this.#slice(operator)}…` : this.#slice(operator));
    const close = node.children.at(-1);
    const operand =
      operator && !prefix && close?.type === '}'
        ? this.#text.slice(operator.end, close.start)
        : undefined;
    return {
      kind: 'variable',
      name: name ? this.#slice(name) : '',
      quoted,
      ...(symbol !== undefined && { operator: symbol }),
      ...(operand !== undefined && { operand }),
    };
  }
}

const emptyGroup = (range: Range): Statement => ({
  kind: 'group',
  subshell: false,
  body: [],
  redirects: [],
  range,
});

/** `left | next`, where `next` may be a list whose first command reads the pipe. */
function pipeInto(left: Statement, next: Statement): Statement {
  const range: Range = [left.range[0], next.range[1]];
  if (next.kind === 'and-or') return { ...next, left: pipeInto(left, next.left), range };
  const stages = next.kind === 'pipeline' ? next.stages : [next];
  return { kind: 'pipeline', stages: [left, ...stages], range };
}

/** Puts redirections where the shell applies them: on the last command of a list or pipeline. */
function attach(statement: Statement, redirects: readonly Redirect[]): Statement {
  const end = Math.max(statement.range[1], ...redirects.map((redirect) => redirect.range[1]));
  const range: Range = [statement.range[0], end];
  switch (statement.kind) {
    case 'pipeline': {
      const last = attach(statement.stages.at(-1)!, redirects);
      return { ...statement, stages: [...statement.stages.slice(0, -1), last], range };
    }
    case 'and-or':
      return { ...statement, right: attach(statement.right, redirects), range };
    case 'not':
      return { ...statement, body: attach(statement.body, redirects), range };
    default:
      return { ...statement, redirects: [...statement.redirects, ...redirects], range };
  }
}

const unescapeWord = (text: string) =>
  text.replace(/\\(\r?\n|[\s\S])/g, (_, char: string) => (char.endsWith('\n') ? '' : char));

const unescapeDouble = (text: string) =>
  text.replace(/\\(\r?\n|["\\$`])/g, (_, char: string) => (char.endsWith('\n') ? '' : char));

const ansi: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  e: '\x1b',
  a: '\x07',
};
const unescapeAnsi = (text: string) =>
  text.replace(/\\([\s\S])/g, (_, char: string) => ansi[char] ?? char);
