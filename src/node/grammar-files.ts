import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setGrammarLoader } from '../syntax/tree-sitter';

/** Has the grammars read from the wasm files in a folder: the one the bundle lies in. */
export function readGrammarsFrom(folder: string): void {
  setGrammarLoader((file) => readFile(join(folder, file)));
}
