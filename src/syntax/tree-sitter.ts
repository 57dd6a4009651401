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

/** Thrown when a grammar's own scanner breaks off, as one does on a here-document that ends nowhere. */
export class GrammarFailed extends Error {
  constructor(grammar: Grammar, cause: unknown) {
    super(`the ${grammar} grammar gives up on it`, { cause });
  }
}

/** How long the grammars may work at one file, in milliseconds of `clock`. */
interface TimeLimit {
  readonly limit: number;
  readonly clock: () => number;
  spent: number;
}

/** The stack the runtime keeps in its memory, as its exports move it. */
interface Stack {
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(top: number): void;
}

/** As much of it as is used here: neither Node's types nor those of browsers are there for all that imports this. */
declare const WebAssembly: {
  instantiate(
    binary: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: object }; readonly module: object }>;
};

const files = {
  bash: 'tree-sitter-bash.wasm',
  ruby: 'tree-sitter-ruby.wasm',
  terraform: 'tree-sitter-terraform.wasm',
} as const;

let loader: GrammarLoader | undefined;
let runtime: Promise<void> | undefined;
let time: TimeLimit | undefined;
let stack: Stack | undefined;
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
  runtime ??= read('web-tree-sitter.wasm').then(startRuntime);
  await runtime;
  const language = await Language.load(await read(files[grammar]));
  parsers.set(grammar, new Parser().setLanguage(language));
}

/**
 * Starts the runtime all grammars share. It is instantiated here to get at its exports
 * (https://emscripten.org/docs/api_reference/module.html#Module.instantiateWasm).
 */
function startRuntime(binary: Uint8Array): Promise<void> {
  return new Promise((done, failed) => {
    const instantiateWasm = (
      imports: object,
      receive: (instance: object, module: object) => void,
    ): object => {
      WebAssembly.instantiate(binary, imports).then(({ instance, module }) => {
        stack = instance.exports as Stack;
        receive(instance, module);
      }, failed);
      return {};
    };
    Parser.init({ instantiateWasm }).then(done, failed);
  });
}

/**
 * Runs what may break off in the middle of the runtime's code, and takes back what that left on its stack: otherwise
 * there is none left one day, and then no file can be read any more.
 */
function unwinding<T>(work: () => T): T {
  const top = stack?.emscripten_stack_get_current();
  try {
    return work();
  } catch (error) {
    if (top !== undefined) stack?._emscripten_stack_restore(top);
    throw error;
  }
}

/**
 * Parses with a loaded grammar and hands the tree to `read`; the tree is freed afterwards, so nothing of it may be
 * kept. Throws GrammarNeeded when the grammar is not loaded, GrammarFailed when it breaks off.
 */
export function withTree<T>(grammar: Grammar, text: string, read: (tree: Tree) => T): T {
  const parser = parsers.get(grammar);
  if (!parser) throw new GrammarNeeded(grammar);
  const tree = parseOrReplace(grammar, parser, text);
  if (!tree) throw new Error(`the ${grammar} parser gave no tree`);
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}

/** A parser that has broken off is in the middle of something for ever: another takes its place. */
function parseOrReplace(grammar: Grammar, parser: Parser, text: string): Tree | null {
  try {
    return unwinding(() => parse(parser, text));
  } catch (error) {
    if (error instanceof OutOfTime) throw error;
    parsers.set(grammar, new Parser().setLanguage(parser.language));
    throw new GrammarFailed(grammar, error);
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
