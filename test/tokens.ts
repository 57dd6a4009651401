import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, type IRawGrammar, Registry } from 'vscode-textmate';
import manifest from '../package.json';

const root = join(__dirname, '..');
const contributed = manifest.contributes.grammars;

let loading: Promise<void> | undefined;

function loadOniguruma(): Promise<void> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  loading ??= loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  return loading;
}

/** A host's grammar with ours injected, as VS Code would put them together. */
export async function grammar(
  scope: string,
  hosts: ReadonlyMap<string, object>,
): Promise<IGrammar> {
  await loadOniguruma();
  const known = new Map<string, IRawGrammar>();
  for (const [name, host] of hosts) {
    known.set(name, { repository: {}, scopeName: name, ...host } as unknown as IRawGrammar);
  }
  for (const { scopeName, path } of contributed) {
    known.set(scopeName, JSON.parse(readFileSync(join(root, path), 'utf8')));
  }
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async (name) => known.get(name) ?? null,
    getInjections: (name) =>
      contributed.filter(({ injectTo }) => injectTo.includes(name)).map((each) => each.scopeName),
  });
  return (await registry.loadGrammar(scope))!;
}

/** The scopes of each character of a text, by line. */
function scopes(of: IGrammar, text: string): string[][][] {
  let stack = INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = of.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.flatMap(({ startIndex, endIndex, scopes: names }) =>
      Array.from({ length: Math.min(endIndex, line.length) - startIndex }, () => names),
    );
  });
}

/**
 * Holds a text against what is expected of it: `words` of it, in the order they stand in, each with a scope it has
 * (or, with `!` before it, has not).
 */
export function check(
  of: IGrammar,
  text: string,
  expected: readonly (readonly [word: string, scope: string])[],
) {
  const found = scopes(of, text);
  const lines = text.split('\n');
  let at = { line: 0, column: 0 };
  for (const [word, scope] of expected) {
    let column = lines[at.line]!.indexOf(word, at.column);
    let { line } = at;
    while (column === -1 && ++line < lines.length) column = lines[line]!.indexOf(word);
    assert.notEqual(column, -1, `"${word}" is not in the text behind line ${at.line + 1}`);
    const names = found[line]!.slice(column, column + word.length);
    const absent = scope.startsWith('!');
    const name = absent ? scope.slice(1) : scope;
    const has = (all: readonly string[]) => all.some((each) => each.startsWith(name));
    const right = absent ? !names.some(has) : names.every(has);
    assert.ok(right, `line ${line + 1}: "${word}" ${scope}: ${JSON.stringify(names[0])}`);
    at = { line, column: column + word.length };
  }
}
