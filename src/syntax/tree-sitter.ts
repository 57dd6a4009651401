import { Language, Parser, type Tree } from 'web-tree-sitter';

/** The grammars Andon ships as wasm beside its bundle. */
export type Grammar = 'bash' | 'ruby' | 'terraform';

/** Where the wasm files come from: a folder, the network of a web extension. Set once by the adapter. */
export type GrammarLoader = (file: `${string}.wasm`) => Promise<Uint8Array>;

/** Thrown by a parser whose grammar is not loaded yet; the engine calls `load` and starts the file again. */
export class GrammarNeeded extends Error {
  readonly load: () => Promise<void>;

  constructor(grammar: Grammar) {
    super(`grammar ${grammar} is not loaded`);
    this.load = () => loadGrammar(grammar);
  }
}

/** Thrown when parsing a file took all the time it was given; the engine gives the file up. */
export class OutOfTime extends Error {
  /** What the file may take, in milliseconds. */
  readonly limit: number;

  constructor(limit: number) {
    super(`took longer than ${limit / 1000} s, not checked`);
    this.limit = limit;
  }
}

/** How long the grammars may work at one file, in milliseconds of `clock`. */
interface TimeLimit {
  readonly limit: number;
  readonly clock: () => number;
  spent: number;
}

const files = {
  bash: 'tree-sitter-bash.wasm',
  ruby: 'tree-sitter-ruby.wasm',
  terraform: 'tree-sitter-terraform.wasm',
} as const;

let loader: GrammarLoader | undefined;
let runtime: Promise<void> | undefined;
let time: TimeLimit | undefined;
const parsers = new Map<Grammar, Parser>();
const loading = new Map<Grammar, Promise<void>>();

/** Says where grammars are read from; needed before the first loadGrammar. */
export function setGrammarLoader(load: GrammarLoader): void {
  loader = load;
}

/**
 * Gives the next file its time: all parsing until the next call may take `limit` milliseconds of `clock`. Without a
 * call there is no limit. Some inputs take a grammar time that grows with the square of their length, as nested
 * brackets do.
 */
export function allowParsing(limit: number, clock: () => number): void {
  time = { limit, clock, spent: 0 };
}

/** Loads a grammar once; later calls wait for the same load. Rejects when its file cannot be read. */
export function loadGrammar(grammar: Grammar): Promise<void> {
  let pending = loading.get(grammar);
  if (!pending) {
    pending = load(grammar).catch((error: unknown) => {
      loading.delete(grammar);
      throw error;
    });
    loading.set(grammar, pending);
  }
  return pending;
}

async function load(grammar: Grammar): Promise<void> {
  const read = loader;
  if (!read) throw new Error('no grammar loader is set');
  runtime ??= read('web-tree-sitter.wasm').then((wasmBinary) => Parser.init({ wasmBinary }));
  await runtime;
  const language = await Language.load(await read(files[grammar]));
  parsers.set(grammar, new Parser().setLanguage(language));
}

/**
 * Parses with a loaded grammar and hands the tree to `read`; the tree is freed afterwards, so nothing of it may be
 * kept. Throws GrammarNeeded when the grammar is not loaded.
 */
export function withTree<T>(grammar: Grammar, text: string, read: (tree: Tree) => T): T {
  const parser = parsers.get(grammar);
  if (!parser) throw new GrammarNeeded(grammar);
  const tree = parse(parser, text);
  if (!tree) throw new Error(`the ${grammar} parser gave no tree`);
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}

/** Calls of the parser between two looks at the clock; one stands for a hundred of its steps. */
const callsPerLook = 8;

function parse(parser: Parser, text: string): Tree | null {
  if (!time) return parser.parse(text);
  const { limit, clock, spent } = time;
  if (spent > limit) throw new OutOfTime(limit);
  const begun = clock();
  let calls = 0;
  let over = false;
  const progressCallback = (): boolean => {
    if (++calls % callsPerLook === 0) over = spent + clock() - begun > limit;
    return over;
  };
  const tree = parser.parse(text, null, { progressCallback });
  time.spent += clock() - begun;
  if (!over) return tree;
  // Otherwise the next text would be taken for the rest of this one.
  parser.reset();
  tree?.delete();
  throw new OutOfTime(limit);
}
