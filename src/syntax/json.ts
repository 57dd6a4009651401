import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Located, Range } from '../text/range';
import type { Source } from '../text/source';

export type JsonNode = JsonObject | JsonList | JsonScalar;

/** What could not be read: offsets in the source given to parseJson, message without a position. */
export interface JsonProblem extends Located {
  readonly message: string;
}

/** One JSON text. */
export interface JsonFile {
  /** Undefined where there is nothing to read. */
  readonly root: JsonNode | undefined;
  readonly problems: readonly JsonProblem[];
}

/** `{ … }`; of a key that stands twice the first is taken. */
export class JsonObject implements Located {
  readonly kind = 'object';
  readonly range: Range;
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
    this.range = rangeOf(node);
  }

  /** Keys and values in the order they stand in. */
  get entries(): readonly (readonly [key: string, value: JsonNode])[] {
    return (this.#node.children ?? []).flatMap(({ children }) => {
      const value = wrap(children?.[1]);
      return value ? [[String(children![0]!.value), value] as const] : [];
    });
  }

  get(name: string): JsonNode | undefined {
    const entry = this.#node.children?.find(({ children }) => children?.[0]?.value === name);
    return wrap(entry?.children?.[1]);
  }
}

/** `[ … ]` */
export class JsonList implements Located {
  readonly kind = 'list';
  readonly range: Range;
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
    this.range = rangeOf(node);
  }

  get items(): readonly JsonNode[] {
    return (this.#node.children ?? []).map(wrap).filter((item) => item !== undefined);
  }
}

/** A string, number, boolean or null; the range includes quotes. */
export class JsonScalar implements Located {
  readonly kind = 'scalar';
  readonly range: Range;
  readonly value: string | number | boolean | null;

  constructor(node: Node) {
    this.range = rangeOf(node);
    this.value = node.value as string | number | boolean | null;
  }
}

const rangeOf = ({ offset, length }: Node): Range => [offset, offset + length];

function wrap(node: Node | undefined): JsonNode | undefined {
  if (!node) return undefined;
  if (node.type === 'object') return new JsonObject(node);
  if (node.type === 'array') return new JsonList(node);
  return node.type === 'property' ? undefined : new JsonScalar(node);
}

/**
 * Reads JSON, also with comments and commas before a closing bracket, tolerantly: what could be read is there. Many
 * times faster than reading it as YAML, which matters where files are written by programs. Never throws.
 */
export function parseJson(source: Source): JsonFile {
  const errors: ParseError[] = [];
  try {
    const node = parseTree(source.text, errors, { allowTrailingComma: true });
    const problems = errors.map(({ error, offset, length }) => ({
      message: printParseErrorCode(error),
      range: [offset, offset + length] as const,
    }));
    return { root: wrap(node), problems };
  } catch (error) {
    const tooDeep = error instanceof RangeError;
    const message = tooDeep ? 'nested too deeply to be read' : String(error);
    return { root: undefined, problems: [{ range: [0, 0], message }] };
  }
}
