import type { Edit } from '../text/edit';
import type { Located } from '../text/range';
import type { Condition } from './fact';
import type { Concern, Severity } from './finding';
import type { Document, Format, Neighbour, Nodes } from './format';
import type { Wording } from './said';

/** One option of a rule: its default gives the type, and with it the schema and the documentation. */
export interface Option<T extends boolean | number | string | readonly string[]> {
  readonly fallback: T;
  readonly description: string;
  /** Allowed values of a text option. */
  readonly choices?: readonly string[];
}

export const option = {
  flag: (fallback: boolean, description: string): Option<boolean> => ({ fallback, description }),
  number: (fallback: number, description: string): Option<number> => ({ fallback, description }),
  strings: (fallback: readonly string[], description: string): Option<readonly string[]> => ({
    fallback,
    description,
  }),
  oneOf: <const C extends readonly string[]>(
    choices: C,
    fallback: C[number],
    description: string,
  ): Option<C[number]> => ({ fallback, description, choices }),
};

type Options = Record<string, Option<any>>;
export type OptionsOf<S extends Options> = {
  readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never;
};

export interface RuleMeta {
  /** Names the smell: "andon-allow shell/curl-no-fail" reads well. Equals the file's path below src/rules. */
  readonly id: string;
  /** One line for tables and hovers. */
  readonly summary: string;
  /** What goes wrong, and when. */
  readonly why: string;
  readonly concern: Concern;
  readonly severity: Severity;
  /** False: active only under `extends: strict` or by name. */
  readonly recommended: boolean;
  /** The version of Andon it first shipped in. */
  readonly since: string;
  /** Whether it can offer a repair, and of which kind. */
  readonly fix?: 'safe' | 'suggested';
  /** Codes of other tools that say the same: their ignore comments are honoured here. */
  readonly neighbours?: { readonly [tool in Neighbour]?: readonly string[] };
}

export interface Rule<N extends Nodes = any, S extends Options = any> extends RuleMeta {
  readonly on: Format<N, any>;
  readonly options?: S;
  /** Called once for each document of the format; the visitor's functions are called in the order of its walk. */
  create(context: RuleContext<OptionsOf<S>>): Visitor<N>;
}

export type Visitor<N extends Nodes> = {
  readonly [K in keyof N & string]?: (node: N[K]) => void;
} & {
  /** After the last node. */
  readonly end?: () => void;
};

/** A host a piece stands in, nearest first. */
export interface Host {
  readonly format: string;
  readonly node: Located;
}

export interface RuleContext<O> {
  readonly options: O;
  readonly document: Document;
  /** The file's path relative to the workspace, with `/`. */
  readonly path: string;
  /** The documents this one stands in, nearest first; empty for a file. */
  readonly hosts: readonly Host[];
  readonly report: (report: Report) => void;
}

export interface Report {
  /** Ranges are offsets in the document's source. */
  readonly at: Located;
  /** What is wrong here, with the user's own words in it: say`…${word}…`. No full stop. */
  readonly message: Wording;
  readonly severity?: Severity;
  readonly fix?: Fix;
  readonly related?: readonly { readonly at: Located; readonly message: Wording }[];
  /** The finding stands only when the rest of the workspace is so. */
  readonly condition?: Condition;
}

/** A repair in offsets of the document's source; the engine writes it back into the file or withholds it. */
export interface Fix {
  /** What applying it does: "Add -f". */
  readonly title: Wording;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

export const defineRule = <N extends Nodes, const S extends Options = Record<never, never>>(
  rule: Rule<N, S>,
): Rule<N, S> => rule;
