import type { Word } from '../syntax/shell';
import { lookUp } from '../text/look-up';
import { anchored, expandText, isEmpty, patternSource, type Scope, single } from './expand';
import { isKnown, type Text } from './text';
import type { Key, World } from './world';

/** One word of a test: its text, and its word where patterns count, as inside `[[ ]]`. */
export interface Term {
  readonly text: Text;
  readonly word?: Word;
}

interface Surroundings {
  readonly world: World;
  readonly scope: Scope;
  path(text: Text): Key;
}

const unary = new Set([...'abcdefghknprstuvwxzGLNOS'].map((letter) => `-${letter}`));
const numeric: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};
const binary = new Set([
  ...Object.keys(numeric),
  '=',
  '==',
  '!=',
  '=~',
  '<',
  '>',
  '-nt',
  '-ot',
  '-ef',
]);

/**
 * The answer of `[ … ]`, `[[ … ]]` or `test`. What the script cannot have settled is asked of the world, which answers
 * alike on each run. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/test.html
 */
export function testHolds(terms: readonly Term[], around: Surroundings): boolean {
  return new Test(terms, around).holds();
}

class Test {
  readonly #terms: readonly Term[];
  readonly #around: Surroundings;
  #at = 0;

  constructor(terms: readonly Term[], around: Surroundings) {
    this.#terms = terms;
    this.#around = around;
  }

  holds(): boolean {
    let value = this.#and();
    while (this.#take('||', '-o')) {
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #take(...texts: readonly string[]): boolean {
    const next = this.#terms[this.#at];
    if (!next || !texts.includes(next.text)) return false;
    this.#at++;
    return true;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.#take('&&', '-a')) {
      const right = this.#not();
      value = value && right;
    }
    return value;
  }

  #not(): boolean {
    if (this.#terms.length - this.#at > 1 && this.#take('!')) return !this.#not();
    if (this.#take('(')) {
      const value = this.holds();
      this.#take(')');
      return value;
    }
    return this.#primary();
  }

  #primary(): boolean {
    const first = this.#terms[this.#at++];
    if (!first) return false;
    const operator = this.#terms[this.#at];
    const operand = this.#terms[this.#at + 1];
    if (operator && operand && binary.has(operator.text)) {
      this.#at += 2;
      return this.#compare(first, operator.text, operand);
    }
    if (unary.has(first.text) && operator) {
      this.#at++;
      return this.#about(first.text, operator.text);
    }
    return !this.#empty(first.text);
  }

  #ask(question: string, first: boolean): boolean {
    return this.#around.world.ask(`test ${question}`, first);
  }

  #empty(text: Text): boolean {
    return isEmpty(text) ?? !this.#ask(`-n ${text}`, true);
  }

  #about(flag: string, text: Text): boolean {
    const { world, scope } = this.#around;
    if (flag === '-z') return this.#empty(text);
    if (flag === '-n') return !this.#empty(text);
    if (flag === '-t') return false;
    if (flag === '-v') return scope.variable(text) !== undefined;
    if (flag === '-o') return this.#ask(`-o ${text}`, false);
    const key = this.#around.path(text);
    const entry = world.at(key);
    if (entry?.executable !== undefined) world.own++;
    switch (flag) {
      case '-f':
        return world.is(key, 'file');
      case '-d':
        return world.is(key, 'dir');
      case '-L':
      case '-h':
        return entry ? entry.present && entry.kind === 'link' : world.is(key, 'link');
      case '-s':
        return world.exists(key) && (isEmpty(world.read(key)) ?? false) === false;
      case '-x':
        if (entry && !entry.present) return false;
        if (entry?.executable !== undefined || entry?.kind === 'dir') {
          return entry.executable ?? true;
        }
        return world.ask(`executable ${key}`, entry?.present === true);
      case '-b':
      case '-c':
      case '-S':
        return world.exists(key, true);
      default:
        return world.exists(key);
    }
  }

  #compare(left: Term, operator: string, right: Term): boolean {
    const by = lookUp(numeric, operator);
    const question = `${left.text} ${operator} ${right.text}`;
    if (by) {
      if (/^-?\d+$/.test(left.text) && /^-?\d+$/.test(right.text)) {
        return by(Number(left.text), Number(right.text));
      }
      // Nothing, or something: asked so that "nothing" is the answer no.
      if (right.text === '0' && /^-(?:eq|ne|gt|le)$/.test(operator)) {
        const some = this.#ask(`${left.text} -gt 0`, operator === '-ne' || operator === '-gt');
        return some === (operator === '-ne' || operator === '-gt');
      }
      return this.#ask(question, operator !== '-ne');
    }
    switch (operator) {
      case '=':
      case '==':
      case '!=': {
        const same = this.#same(left, right);
        if (same !== undefined) return same === (operator !== '!=');
        // Whether a text contains something is asked of what it goes back to.
        const contains = right.word && /^["']?\*|\*["']?$/.test(right.word.text);
        const asked = contains ? this.#around.world.origins(left.text) : left.text;
        return this.#ask(`${asked} == ${right.text}`, true) === (operator !== '!=');
      }
      case '=~': {
        const source = right.word ? this.#regex(right.word) : right.text;
        try {
          if (new RegExp(source).test(left.text)) return true;
          if (isKnown(left.text) && isKnown(source)) return false;
        } catch {
          // An expression that JavaScript reads otherwise.
        }
        return this.#ask(question, false);
      }
      case '<':
      case '>':
        if (isKnown(left.text) && isKnown(right.text)) {
          return operator === '<' ? left.text < right.text : left.text > right.text;
        }
        return this.#ask(question, false);
      default:
        return this.#ask(question, false);
    }
  }

  #regex(word: Word): string {
    return word.parts.every((part) => part.kind === 'literal')
      ? (word.value ?? word.text)
      : expandText(word.text, this.#around.scope);
  }

  #same(left: Term, right: Term): boolean | undefined {
    const source = right.word && patternSource(right.word, this.#around.scope);
    const pattern = source === undefined ? undefined : anchored(source);
    if (pattern?.test(left.text) || left.text === right.text) return true;
    if (isKnown(left.text) && isKnown(right.text)) return false;
    // An empty text differs from what has known characters.
    if (
      (left.text === '' && isEmpty(right.text) === false) ||
      (right.text === '' && isEmpty(left.text) === false)
    )
      return false;
    return undefined;
  }
}

/** The terms of `[[ … ]]`, which are expanded but not split. */
export const termsOf = (words: readonly Word[], scope: Scope): Term[] =>
  words.map((word) => ({ text: single(word, scope), word }));
