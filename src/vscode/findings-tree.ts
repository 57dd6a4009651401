import { type Concern, concerns, type Finding, type Severity } from '../engine/finding';

/** The findings of a file, as the tree takes them in. */
export interface TreeFile {
  readonly key: string;
  readonly path: string;
  readonly folder: string | undefined;
  readonly findings: readonly Finding[];
}

/** What of the findings is shown. */
export interface Filter {
  readonly hiddenSeverities: readonly Severity[];
  readonly hiddenConcerns: readonly ConcernKey[];
  readonly hideBaselined: boolean;
}

/** Shows everything. */
export const noFilter: Filter = {
  hiddenSeverities: [],
  hiddenConcerns: [],
  hideBaselined: false,
};

/** A concern, or `andon` for what the engine itself has to say. */
export type ConcernKey = Concern | 'andon';

/** The order concerns stand in. */
export const concernKeys: readonly ConcernKey[] = [
  ...(Object.keys(concerns) as Concern[]),
  'andon',
];

export type Row = ConcernRow | FileRow | FindingRow | MoreRow;

export interface ConcernRow {
  readonly kind: 'concern';
  readonly concern: ConcernKey;
  readonly count: number;
  readonly files: readonly FileRow[];
}

export interface FileRow {
  readonly kind: 'file';
  readonly concern: ConcernKey;
  readonly file: TreeFile;
  readonly findings: readonly Finding[];
  /** Findings that are not in the baseline. */
  readonly count: number;
}

export interface FindingRow {
  readonly kind: 'finding';
  readonly file: TreeFile;
  readonly finding: Finding;
}

/** Stands for files, or findings, that are not drawn until asked for. */
export interface MoreRow {
  readonly kind: 'more';
  readonly of: ConcernRow | FileRow;
  readonly from: number;
}

/** Most files of a concern, and findings of a file, drawn at a time. */
export const portion = 200;

/** The files with findings, in the order they are drawn in, and the rows made of them. */
export class FindingsTree {
  readonly #files: TreeFile[] = [];
  readonly #byKey = new Map<string, TreeFile>();
  /** The rows of a file, made once for a filter. */
  #rows = new WeakMap<TreeFile, readonly FileRow[]>();
  #filter = noFilter;

  /** Takes in a file as it is now. */
  set(file: TreeFile): void {
    this.delete(file.key);
    this.#files.splice(this.#placeOf(file), 0, file);
    this.#byKey.set(file.key, file);
  }

  delete(key: string): void {
    const file = this.#byKey.get(key);
    if (!file) return;
    this.#files.splice(this.#placeOf(file), 1);
    this.#byKey.delete(key);
  }

  /** The concerns with their files; `only` narrows it to one file. */
  concerns(filter: Filter, only?: string): readonly ConcernRow[] {
    if (filter !== this.#filter) this.#rows = new WeakMap();
    this.#filter = filter;
    const found = new Map<ConcernKey, FileRow[]>();
    for (const file of this.#filesOf(only))
      for (const row of this.#rowsOf(file)) {
        const rows = found.get(row.concern);
        if (rows) rows.push(row);
        else found.set(row.concern, [row]);
      }
    return concernKeys.flatMap((concern): ConcernRow[] => {
      const files = found.get(concern);
      if (!files) return [];
      const count = files.reduce((sum, each) => sum + each.count, 0);
      return [{ kind: 'concern', concern, count, files }];
    });
  }

  #filesOf(only: string | undefined): readonly TreeFile[] {
    if (only === undefined) return this.#files;
    const file = this.#byKey.get(only);
    return file ? [file] : [];
  }

  #rowsOf(file: TreeFile): readonly FileRow[] {
    let rows = this.#rows.get(file);
    if (!rows) {
      rows = fileRows(file, this.#filter);
      this.#rows.set(file, rows);
    }
    return rows;
  }

  /** Where a file is, or would be. */
  #placeOf(file: TreeFile): number {
    let low = 0;
    let high = this.#files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#files[middle]!, file) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The rows below a concern or a file, from one of its files or findings on. */
export function rowsBelow(of: ConcernRow | FileRow, from = 0): readonly Row[] {
  const next = from + portion;
  const [rows, all]: readonly [readonly Row[], number] =
    of.kind === 'concern'
      ? [of.files.slice(from, next), of.files.length]
      : [
          of.findings
            .slice(from, next)
            .map((finding) => ({ kind: 'finding', file: of.file, finding })),
          of.findings.length,
        ];
  return next < all ? [...rows, { kind: 'more', of, from: next }] : rows;
}

function fileRows(file: TreeFile, filter: Filter): readonly FileRow[] {
  const own = new Map<ConcernKey, Finding[]>();
  for (const finding of file.findings) {
    const concern = finding.concern ?? 'andon';
    if (filter.hiddenConcerns.includes(concern)) continue;
    if (filter.hiddenSeverities.includes(finding.severity)) continue;
    if (finding.baselined && filter.hideBaselined) continue;
    const list = own.get(concern);
    if (list) list.push(finding);
    else own.set(concern, [finding]);
  }
  return [...own].map(([concern, findings]) => {
    const count = findings.filter((finding) => !finding.baselined).length;
    return { kind: 'file', concern, file, findings, count };
  });
}

const collator = new Intl.Collator('en', { numeric: true });

/** Never 0 for two files. */
function compare(a: TreeFile, b: TreeFile): number {
  return (
    collator.compare(a.folder ?? '', b.folder ?? '') ||
    collator.compare(a.path, b.path) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}
