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
}

export interface FindingRow {
  readonly kind: 'finding';
  readonly file: TreeFile;
  readonly finding: Finding;
}

/** Stands for findings that are not drawn until asked for. */
export interface MoreRow {
  readonly kind: 'more';
  readonly of: FileRow;
  readonly from: number;
}

/** Most findings of one file drawn at a time. */
export const portion = 300;

/** The concerns with their files; `only` narrows it to one file. */
export function concernRows(
  files: Iterable<TreeFile>,
  filter: Filter,
  only?: string,
): readonly ConcernRow[] {
  const severities = new Set(filter.hiddenSeverities);
  const hidden = new Set(filter.hiddenConcerns);
  const groups = new Map<ConcernKey, { count: number; files: FileRow[] }>();
  for (const file of files) {
    if (only !== undefined && file.key !== only) continue;
    const own = new Map<ConcernKey, Finding[]>();
    for (const finding of file.findings) {
      const concern = finding.concern ?? 'andon';
      if (hidden.has(concern) || severities.has(finding.severity)) continue;
      if (finding.baselined && filter.hideBaselined) continue;
      const list = own.get(concern);
      if (list) list.push(finding);
      else own.set(concern, [finding]);
    }
    for (const [concern, findings] of own) {
      let group = groups.get(concern);
      if (!group) {
        group = { count: 0, files: [] };
        groups.set(concern, group);
      }
      group.count += findings.filter((finding) => !finding.baselined).length;
      group.files.push({ kind: 'file', concern, file, findings });
    }
  }
  return concernKeys.flatMap((concern): ConcernRow[] => {
    const group = groups.get(concern);
    if (!group) return [];
    const sorted = group.files.sort((a, b) => compare(a.file, b.file));
    return [{ kind: 'concern', concern, count: group.count, files: sorted }];
  });
}

/** The rows below a file, from one of its findings on. */
export function findingRows(of: FileRow, from = 0): readonly (FindingRow | MoreRow)[] {
  const drawn = of.findings.slice(from, from + portion);
  const rows: (FindingRow | MoreRow)[] = drawn.map((finding) => ({
    kind: 'finding',
    file: of.file,
    finding,
  }));
  const next = from + portion;
  if (next < of.findings.length) rows.push({ kind: 'more', of, from: next });
  return rows;
}

const collator = new Intl.Collator('en', { numeric: true });

function compare(a: TreeFile, b: TreeFile): number {
  return collator.compare(a.folder ?? '', b.folder ?? '') || collator.compare(a.path, b.path);
}
