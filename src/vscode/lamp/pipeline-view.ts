import * as vscode from 'vscode';
import type { LineState } from '../../node/line-watch';
import type { Source } from '../../pipeline/behind';
import { type Check, failingFirst, type Status } from '../../pipeline/status';
import { clockTime } from '../clock-time';
import type { Repository } from './repository';
import { checkName, duration, reasonInWords, stateIcons, verdictInWords } from './words';

/** Id of the view in the manifest. */
export const pipelineViewId = 'andon.pipeline';

/** One of the two subjects of a repository. */
interface SubjectRow {
  readonly kind: 'subject';
  readonly repository: Repository;
  readonly which: 'line' | 'commit';
  readonly status: Status;
}

interface GroupRow {
  readonly kind: 'group';
  readonly of: SubjectRow;
  readonly name: string;
  readonly checks: readonly Check[];
}

/** A check, job, run or step, as the commands on it get it. */
export interface CheckRow {
  readonly kind: 'check';
  readonly of: SubjectRow;
  readonly check: Check;
  /** Whom to ask about it; undefined: nobody, it ran on this machine. */
  readonly source: Source | undefined;
  /** Of the job or run it is a part of. */
  readonly above?: string;
}

/** Something to know where there is nothing to show. */
interface NoteRow {
  readonly kind: 'note';
  readonly text: string;
  readonly more?: string;
}

interface RepositoryRow {
  readonly kind: 'repository';
  readonly repository: Repository;
  readonly state: LineState;
}

type Row = SubjectRow | GroupRow | CheckRow | RepositoryRow | NoteRow;

/** What the view shows, and whom it asks when a row is opened. */
export interface PipelineSource {
  repositories(): readonly Repository[];
  /** Whom to ask about a check. */
  of(repository: Repository, which: 'line' | 'commit', check: Check): Source | undefined;
  /** Jobs or steps of a check. Rejects with a Fault. */
  parts(source: Source): Promise<readonly Check[]>;
}

/** Jobs and steps are kept for so many rows. */
const kept = 200;

/** The Pipeline view: the line and my commit, with what failed first. */
export class PipelineView implements vscode.Disposable, vscode.TreeDataProvider<Row> {
  readonly #from: PipelineSource;
  /** Jobs and steps that were asked for: those of what has ended stay as they are. */
  readonly #parts = new Map<string, Promise<readonly Check[]>>();
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<Row>;
  readonly #timer: ReturnType<typeof setInterval>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(from: PipelineSource) {
    this.#from = from;
    this.#tree = vscode.window.createTreeView(pipelineViewId, { treeDataProvider: this });
    // The age of what is shown grows by itself.
    this.#timer = setInterval(() => {
      if (this.#tree.visible) this.update();
    }, 30_000);
  }

  /** `again`: jobs and steps are asked for again, too. */
  update(again = false): void {
    if (again) this.#parts.clear();
    this.#changed.fire(undefined);
  }

  getChildren(row?: Row): Row[] | Promise<Row[]> {
    switch (row?.kind) {
      case undefined: {
        const shown = this.#from
          .repositories()
          .flatMap((repository) =>
            repository.state
              ? { kind: 'repository' as const, repository, state: repository.state }
              : [],
          );
        return shown.length === 1 ? subjects(shown[0]!) : shown;
      }
      case 'repository':
        return subjects(row);
      case 'subject':
        return this.#groups(row);
      case 'group':
        return row.checks.map((check) => this.#check(row.of, check));
      case 'check':
        return row.check.parts ? below(row, row.check.parts) : this.#inside(row);
      case 'note':
        return [];
    }
  }

  /** Asks what a check is made of, as somebody opened it. */
  async #inside(row: CheckRow): Promise<Row[]> {
    const { source, of } = row;
    if (!source) return [];
    const { state, finishedAt, id } = row.check;
    const open = state === 'running' || state === 'pending';
    const key = [placeOf(row), id, state, open ? of.status.checked : finishedAt].join(' ');
    let parts = this.#parts.get(key);
    if (!parts) {
      parts = this.#from.parts(source);
      this.#parts.set(key, parts);
      if (this.#parts.size > kept) this.#parts.delete(this.#parts.keys().next().value!);
    }
    const { l10n } = vscode;
    try {
      const found = await parts;
      return found.length > 0
        ? below(row, found)
        : [{ kind: 'note', text: l10n.t('{0} tells of no steps here', source.service.title) }];
    } catch (error) {
      return [{ kind: 'note', text: (error as Error).message }];
    }
  }

  #check(of: SubjectRow, check: Check): CheckRow {
    return { kind: 'check', of, check, source: this.#from.of(of.repository, of.which, check) };
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    switch (row.kind) {
      case 'repository': {
        const { root } = row.state.checkout;
        const item = new vscode.TreeItem(root.replace(/^.*[/\\]/, ''), Expanded);
        item.id = root;
        item.iconPath = new vscode.ThemeIcon('repo');
        return item;
      }
      case 'subject':
        return subjectItem(row);
      case 'group': {
        const { name, checks } = row;
        const failing = checks.some((check) => check.state === 'failing');
        const item = new vscode.TreeItem(name, failing ? Expanded : Collapsed);
        item.id = `${idOf(row.of)}/${name}`;
        item.iconPath = icon(checks[0]!.state);
        return item;
      }
      case 'check':
        return checkItem(
          row,
          row.check.parts?.length || row.source?.check.inside ? Collapsed : None,
        );
      case 'note': {
        const item = new vscode.TreeItem(row.text, None);
        item.iconPath = new vscode.ThemeIcon('info');
        item.tooltip = row.more ?? row.text;
        return item;
      }
    }
  }

  #groups(of: SubjectRow): Row[] {
    const byName = new Map<string, Check[]>();
    const alone: Row[] = [];
    for (const check of of.status.checks) {
      if (check.group === undefined || check.group === check.name) {
        alone.push(this.#check(of, check));
        continue;
      }
      const list = byName.get(check.group);
      if (list) list.push(check);
      else byName.set(check.group, [check]);
    }
    const rows = [...byName].map(([name, checks]): Row => ({ kind: 'group', of, name, checks }));
    // Both lists have what failed first; so has what they make together.
    const failed = (row: Row) =>
      row.kind === 'group'
        ? row.checks[0]!.state === 'failing'
        : row.kind === 'check' && row.check.state === 'failing';
    const all = [...rows, ...alone];
    return [...all.filter(failed), ...all.filter((row) => !failed(row))];
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#tree.dispose();
    this.#changed.dispose();
  }
}

const idOf = ({ repository, which }: SubjectRow) => `${repository.root}/${which}`;

function icon(state: Check['state']): vscode.ThemeIcon {
  const [name, color] = stateIcons[state];
  return new vscode.ThemeIcon(name, color ? new vscode.ThemeColor(color) : undefined);
}

/** A row of the tree, told from all others. */
const placeOf = ({ of, check, above }: CheckRow) => `${above ?? idOf(of)}/${check.key}`;

function below(row: CheckRow, parts: readonly Check[]): Row[] {
  const { of, source } = row;
  const above = placeOf(row);
  return failingFirst(parts).map((check) => ({
    kind: 'check',
    ...{ of, check, above },
    source: source && { ...source, check },
  }));
}

function subjects({ repository, state }: RepositoryRow): Row[] {
  const { l10n } = vscode;
  const { line, commit, checkout, subjects: of } = state;
  const row = (which: 'line' | 'commit', status: Status): SubjectRow => ({
    kind: 'subject',
    ...{ repository, which, status },
  });
  const why = reasonInWords(checkout.head === undefined ? 'no-commit' : 'detached');
  const own: Row = commit
    ? row('commit', commit)
    : { kind: 'note', text: l10n.t('Your commit: {0}', why) };
  const unknown: Row[] = of.unknown
    ? [{ kind: 'note', text: l10n.t('{0}: no CI service is known there', of.unknown.host) }]
    : [];
  return [row('line', line), own, ...unknown];
}

function subjectItem(row: SubjectRow): vscode.TreeItem {
  const { l10n } = vscode;
  const { status, which } = row;
  const { verdict, since, sinceExact, checked, reason, branch = '' } = status;
  const title =
    which === 'line' ? l10n.t('Line: {0}', branch) : l10n.t('Your commit on {0}', branch);
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  if (status.checks.length === 0) item.collapsibleState = vscode.TreeItemCollapsibleState.None;
  item.id = idOf(row);
  item.iconPath = status.running
    ? new vscode.ThemeIcon(
        'sync~spin',
        verdict === 'failing' ? new vscode.ThemeColor('testing.iconFailed') : undefined,
      )
    : icon(verdict);
  const now = Date.now() / 1000;
  const parts = [
    verdictInWords(status),
    ...(verdict !== 'unknown' && since !== undefined
      ? [
          sinceExact
            ? l10n.t('since {0}', clockTime(since))
            : l10n.t('at least since {0}', clockTime(since)),
        ]
      : []),
    ...(verdict !== 'unknown' && reason !== 'ok' ? [reasonInWords(reason, status.until)] : []),
    ...(checked === undefined ? [] : [l10n.t('asked {0} ago', duration(now - checked))]),
  ];
  item.description = parts.join(' · ');
  item.tooltip = [status.detail ?? '', status.sha ?? ''].filter(Boolean).join('\n');
  item.contextValue = `subject.${verdict}`;
  return item;
}

function checkItem(row: CheckRow, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const { l10n } = vscode;
  const { check, source, above } = row;
  // Below the node of its group it needs no name of it.
  const item = new vscode.TreeItem(above ? checkName(check) : check.name, state);
  item.id = placeOf(row);
  item.iconPath = icon(check.doomed ? 'failing' : check.state);
  const { startedAt, finishedAt } = check;
  const parts = [
    ...(check.required ? [l10n.t('required')] : []),
    ...(check.required === false || check.allowFailure ? [l10n.t('optional')] : []),
    ...(check.id === '' ? [l10n.t('not reported yet')] : []),
    ...(check.needsHuman ? [l10n.t('waits for a person')] : []),
    ...(check.warnings ? [l10n.t('with warnings')] : []),
    ...(startedAt !== undefined && finishedAt !== undefined
      ? [duration(finishedAt - startedAt)]
      : []),
    ...(check.word ? [check.word] : []),
  ];
  item.description = parts.join(' · ');
  item.tooltip = check.url ?? check.name;
  const can = [
    check.url && 'open',
    source?.check.log && source.service.log && 'log',
    check.state === 'failing' && check.rerun && !above && 'rerun',
  ];
  item.contextValue = ['check', ...can.filter(Boolean)].join('.');
  return item;
}
