import { readFile } from 'node:fs/promises';
import { wasmFiles } from '../src/dev/wasm';
import { setGrammarLoader } from '../src/syntax/tree-sitter';

setGrammarLoader((file) => readFile(wasmFiles[file]!));
