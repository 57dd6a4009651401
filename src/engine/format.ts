import type { Located } from '../text/range';
import type { Source } from '../text/source';
import type { Condition, Fact } from './fact';
import type { Part } from './part';

/** The node kinds a format's rules can visit. */
export type Nodes = Record<string, Located>;
export type Visit<N extends Nodes> = {
  [K in keyof N & string]: readonly [kind: K, node: N[K]];
}[keyof N & string];

/** `fresh`: a clean machine on each run. `lasting`: the same machine again. */
export type Machine = 'fresh' | 'lasting';

export interface SyntaxProblem extends Located {
  readonly message: string;
}

/** A parsed file, or a piece of one. */
export interface Document<N extends Nodes = Nodes> {
  readonly source: Source;
  readonly problems: readonly SyntaxProblem[];
  readonly embedded: readonly Embedded[];
  /** What this document states for findings in other files; ranges are offsets in its source. */
  readonly facts?: readonly Fact[];
  /** What has to be so for any finding in it, and in what is embedded; asked of whole files only. */
  readonly condition?: Condition | undefined;
  /** What of it stands on the way from a commit to where it runs; asked of whole files only. */
  readonly parts?: readonly Part[];
  walk(): Iterable<Visit<N>>;
  /** The structural position of an offset, such as `jobs.build.steps[Test]`; line breaks elsewhere do not move it. */
  route?(offset: number): string;
  /** Whether the author told a neighbouring tool, in its own notation, to leave this place alone. */
  ignoredFor?(tool: Neighbour, codes: readonly string[], at: Located): boolean;
}

/** Another language inside a document: shell in a `run:`, an image reference in a `FROM`. */
export interface Embedded {
  readonly format: Format<any, any>;
  /** The node of the host the piece stands in; ranges are offsets of the host's source. */
  readonly host: Located;
  parse(): Document<any>;
}

/** A piece of another language, parsed only when its turn comes. */
export function embed<N extends Nodes, F>(
  format: Format<N, F>,
  source: Source,
  facts: F,
  host: Located,
): Embedded {
  return { format, host, parse: () => format.parse(source, facts) };
}

/** Tools whose ignore comments Andon honours where a rule of its own says the same. */
export type Neighbour =
  | 'hadolint'
  | 'ansible-lint'
  | 'shellcheck'
  | 'kube-linter'
  | 'kube-score'
  | 'tflint'
  | 'zizmor'
  | 'actionlint'
  | 'dclint';

/** What can be known of a file before it is parsed. */
export interface Probe {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly text: string;
  readonly languageId?: string;
  /** What the configuration says of machines this file's scripts run on. */
  readonly machine?: Machine;
  firstLine(): string;
  /** Keys at the margin of a YAML or JSON text, found without parsing it. */
  topLevelKeys(): ReadonlySet<string>;
}

/** How sure a format is that a file is of its kind. Between formats the stronger claim wins; two alike never meet. */
export type Claim = 'by-name' | 'by-content' | undefined;

/** A file kind: how to recognise it and how to read it. `F` is what a host tells a piece about its surroundings. */
export interface Format<N extends Nodes = Nodes, F = void> {
  /** Kebab-case, as in the `files:` section of the configuration. */
  readonly id: string;
  readonly title: string;
  /** Globs of the files it may be found in: what adapters watch and offer. Empty for formats that stand only inside others. */
  readonly files: readonly string[];
  /** Node kinds of its walk. */
  readonly nodes: readonly (keyof N & string)[];
  recognises(file: Probe): Claim;
  /** What holds for a file of this kind that stands on its own. */
  alone(file: Probe): F;
  parse(source: Source, facts: F): Document<N>;
}

export const defineFormat = <N extends Nodes, F = void>(format: Format<N, F>): Format<N, F> =>
  format;

const keyAtMargin = /^(?:"([^"\n]{1,80})"|'([^'\n]{1,80})'|([\w.$/-]{1,80})) *:(?=\s|$)/gm;
const keyInJson = /^(?:\{|[ \t]{1,4}|\t)\s*"([^"\n]{1,80})"\s*:/gm;

/** The probe of a file's text. */
export function probe(
  path: string,
  text: string,
  known: { languageId?: string; machine?: Machine } = {},
): Probe {
  let keys: Set<string> | undefined;
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    text,
    ...known,
    firstLine: () => /^\uFEFF?([^\r\n]*)/.exec(text)![1]!,
    topLevelKeys: () => {
      if (!keys) {
        keys = new Set();
        const json = /^\s*\{/.test(text);
        for (const match of text.matchAll(json ? keyInJson : keyAtMargin)) {
          keys.add(match[1] ?? match[2] ?? match[3]!);
        }
      }
      return keys;
    },
  };
}
