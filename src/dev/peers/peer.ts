/** A case of another tool's own tests: a file, and whether that tool is to find something in it. */
export interface Case {
  /** The check of the tool the case is for. */
  readonly check: string;
  /** Names the case among the tool's own: the file below the root of its repository, and what is meant in it. */
  readonly name: string;
  /** Where such a file lies in a user's repository; `/` as separator. */
  readonly path: string;
  readonly text: string;
  /** First and last line the case is about, from 1; the whole file if left out. */
  readonly lines?: readonly [first: number, last: number];
  /** Files that lie beside it, where it means something only together with them. */
  readonly beside?: readonly { readonly path: string; readonly text: string }[];
  /** By rule: the options that say what the tool is told in this case, where it is told anything. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether the tool's tests want a finding there. */
  readonly flagged: boolean;
}

/** A tool whose checks Andon shares in part, and whose labelled cases can be read from its sources. */
export interface Peer {
  /** Also the name of the file with what is to be said of differences: `docs/peers/<name>.tsv`. */
  readonly name: string;
  /** Where its sources are. */
  readonly home: string;
  /** Its checks that Andon has rules for, with the ids of these rules. */
  readonly shared: Readonly<Record<string, readonly string[]>>;
  /** The labelled cases of the shared checks. `folder`: a checkout of its sources. Throws where they have another shape. */
  cases(folder: string): readonly Case[];
}
