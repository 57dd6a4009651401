import { engine } from '../catalog';
import { setGrammarLoader } from '../syntax/tree-sitter';
import { linterInPlace } from './linter-in-place';
import { answer, type Question } from './questions';

// The entry of dist/engine.js, which holds all formats, rules and parsers. Where there is Node it is the code of the
// threads that check files; in a browser, where it must not touch anything of Node's, it is asked in place.

const inNode = typeof process === 'object' && process.versions?.node !== undefined;

if (inNode) {
  const { isMainThread } = require('node:worker_threads') as typeof import('node:worker_threads');
  if (!isMainThread) {
    const { readGrammarsFrom } =
      require('../node/grammar-files') as typeof import('../node/grammar-files');
    const { serveLint } = require('../node/lint-service') as typeof import('../node/lint-service');
    readGrammarsFrom(__dirname);
    serveLint(engine, (question) => answer(engine, question as Question));
  }
}

/** What the bundle offers to a host without threads. */
export const offered = { linter: () => linterInPlace(engine), setGrammarLoader };
