import * as vscode from 'vscode';
import type { LineState } from '../../node/line-watch';
import type { Check, Status } from '../../pipeline/status';
import type { Repository } from './repository';
import { clockTime, duration, reasonInWords, stateIcons, verdictInWords } from './words';

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

/** A check, job or run, as the commands on it get it. */
export interface CheckRow {
  readonly kind: 'check';
  readonly of: SubjectRow;
  readonly check: Check;
}

interface RepositoryRow {
  readonly kind: 'repository';
  readonly repository: Repository;
  readonly state: LineState;
}

type Row = SubjectRow | GroupRow | CheckRow | RepositoryRow;

/** The Pipeline view: the line and my commit, with what failed first. */
export class PipelineView implements vscode.Disposable, vscode.TreeDataProvider<Row> {
  readonly #repositories: () => readonly Repository[];
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<Row>;
  readonly #timer: ReturnType<typeof setInterval>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(repositories: () => readonly Repository[]) {
    this.#repositories = repositories;
    this.#tree = vscode.window.createTreeView(pipelineViewId, { treeDataProvider: this });
    // The age of what is shown grows by itself.
    this.#timer = setInterval(() => {
      if (this.#tree.visible) this.update();
    }, 30_000);
  }

  update(): void {
    this.#changed.fire(undefined);
  }

  getChildren(row?: Row): Row[] {
    switch (row?.kind) {
      case undefined: {
        const shown = this.#repositories().flatMap((repository) =>
          repository.state
            ? { kind: 'repository' as const, repository, state: repository.state }
            : [],
        );
        return shown.length === 1 ? subjects(shown[0]!) : shown;
      }
      case 'repository':
        return subjects(row);
      case 'subject':
        return groups(row);
      case 'group':
        return row.checks.map((check) => ({ kind: 'check', of: row.of, check }));
      case 'check':
        return [];
    }
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
        return checkItem(row, None);
    }
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

function subjects({ repository, state }: RepositoryRow): SubjectRow[] {
  const { line, commit } = state;
  const row = (which: 'line' | 'commit', status: Status): SubjectRow => ({
    kind: 'subject',
    ...{ repository, which, status },
  });
  return [row('line', line), ...(commit ? [row('commit', commit)] : [])];
}

function groups(of: SubjectRow): Row[] {
  const byName = new Map<string, Check[]>();
  const alone: Row[] = [];
  for (const check of of.status.checks) {
    if (check.group === undefined || check.group === check.name) {
      alone.push({ kind: 'check', of, check });
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
    ...(verdict !== 'unknown' && reason !== 'ok' ? [reasonInWords(reason)] : []),
    ...(checked === undefined ? [] : [l10n.t('asked {0} ago', duration(now - checked))]),
  ];
  item.description = parts.join(' · ');
  item.tooltip = [status.detail ?? '', status.sha ?? ''].filter(Boolean).join('\n');
  item.contextValue = `subject.${verdict}`;
  return item;
}

function checkItem(
  { of, check }: CheckRow,
  none: vscode.TreeItemCollapsibleState,
): vscode.TreeItem {
  const { l10n } = vscode;
  const item = new vscode.TreeItem(check.name, none);
  item.id = `${idOf(of)}/${check.key}`;
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
    check.log && 'log',
    check.state === 'failing' && check.rerun && 'rerun',
  ];
  item.contextValue = ['check', ...can.filter(Boolean)].join('.');
  return item;
}
