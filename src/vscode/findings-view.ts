import * as vscode from 'vscode';
import type { Severity } from '../engine/finding';
import { rangeOf } from './diagnostics';
import {
  type ConcernKey,
  type ConcernRow,
  type FileRow,
  type Filter,
  type FindingRow,
  FindingsTree,
  type MoreRow,
  noFilter,
  type Row,
  rowsBelow,
} from './findings-tree';
import type { Shown } from './shown';
import { concernPrinciple, concernTitle, severityTitle } from './words';

/** Id of the view in the manifest. */
export const findingsViewId = 'andon.findings';

/** Scheme of the rows of baselined findings: what a file decoration can dim. */
const dimmed = 'andon-baselined';

/**
 * Scheme of the rows of files: with the file's own, VS Code would add the number of all problems in the file, which
 * is not the number of rows below.
 */
const fileRow = 'andon-file';

/** Least time between two drawings, in milliseconds. */
const rest = 250;

const filterKey = 'andon.findings.filter';
const onlyKey = 'andon.findings.thisFileOnly';

/** The Findings view: by concern, then file. */
export class FindingsView implements vscode.Disposable, vscode.TreeDataProvider<Row> {
  readonly #shown: Shown;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #files = new FindingsTree();
  readonly #tree: vscode.TreeView<Row>;
  readonly #subscriptions: vscode.Disposable[] = [];
  #filter: Filter;
  #thisFileOnly: boolean;
  #rows: readonly ConcernRow[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawn = 0;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(shown: Shown, memory: vscode.Memento) {
    this.#shown = shown;
    this.#memory = memory;
    this.#filter = { ...noFilter, ...memory.get<Partial<Filter>>(filterKey) };
    this.#thisFileOnly = memory.get(onlyKey, false);
    this.#tree = vscode.window.createTreeView(findingsViewId, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#subscriptions.push(
      this.#tree,
      this.#changed,
      shown.onDidChange((keys) => {
        this.#take(keys);
        this.#later();
      }),
      this.#tree.onDidChangeVisibility(() => this.#later()),
      vscode.window.onDidChangeActiveTextEditor(() => {
        if (this.#thisFileOnly) this.#draw();
      }),
      vscode.window.registerFileDecorationProvider({
        provideFileDecoration: ({ scheme }) =>
          scheme === dimmed ? { color: new vscode.ThemeColor('disabledForeground') } : undefined,
      }),
    );
    this.#tell();
  }

  get filter(): Filter {
    return this.#filter;
  }

  get thisFileOnly(): boolean {
    return this.#thisFileOnly;
  }

  async setFilter(filter: Filter): Promise<void> {
    this.#filter = filter;
    await this.#memory.update(filterKey, filter);
    this.#draw();
  }

  async setThisFileOnly(only: boolean): Promise<void> {
    this.#thisFileOnly = only;
    await this.#memory.update(onlyKey, only);
    this.#draw();
  }

  /** The concerns as drawn now. */
  get rows(): readonly ConcernRow[] {
    this.#rows ??= this.#read();
    return this.#rows;
  }

  getChildren(row?: Row): Row[] {
    if (!row) return [...this.rows];
    switch (row.kind) {
      case 'concern':
      case 'file':
        return [...rowsBelow(row)];
      case 'more':
        return [...rowsBelow(row.of, row.from)];
      case 'finding':
        return [];
    }
  }

  getTreeItem(row: Row): vscode.TreeItem {
    switch (row.kind) {
      case 'concern':
        return concernItem(row);
      case 'file':
        return fileItem(row);
      case 'finding':
        return findingItem(row);
      case 'more':
        return moreItem(row);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const each of this.#subscriptions) each.dispose();
  }

  #take(keys: readonly string[]): void {
    for (const key of keys) {
      const file = this.#shown.byKey(key);
      if (file) this.#files.set({ key, ...file });
      else this.#files.delete(key);
    }
  }

  #read(): readonly ConcernRow[] {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    return this.#files.concerns(this.#filter, this.#thisFileOnly ? (active ?? '') : undefined);
  }

  /** Many changes in a row are drawn once. */
  #later(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#drawn + rest - Date.now());
    this.#timer = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawn = Date.now();
    this.#rows = undefined;
    this.#tell();
    // Hidden, it is read when it comes into sight.
    if (this.#tree.visible) this.#changed.fire(undefined);
  }

  #tell(): void {
    const { l10n } = vscode;
    const { error, warning, info, baselined } = this.#shown.totals;
    const badge = error + warning;
    const tooltip = l10n.t('Errors: {0}, warnings: {1}', error, warning);
    this.#tree.badge = badge > 0 ? { value: badge, tooltip } : undefined;
    const parts: string[] = [];
    if (this.#thisFileOnly) parts.push(l10n.t('this file only'));
    const { hiddenSeverities, hiddenConcerns, hideBaselined } = this.#filter;
    const hidden = [
      ...hiddenSeverities.map((each) => severityTitle(each)),
      ...hiddenConcerns.map((each) => titleOf(each)),
      ...(hideBaselined ? [l10n.t('in the baseline')] : []),
    ];
    if (hidden.length > 0) parts.push(l10n.t('without {0}', hidden.join(', ')));
    // An empty text takes it away; the type forbids undefined.
    this.#tree.message = parts.length > 0 ? l10n.t('Filtered: {0}', parts.join('; ')) : '';
    const context = (key: string, value: unknown) =>
      void vscode.commands.executeCommand('setContext', `andon.${key}`, value);
    context('hasFindings', error + warning + info + baselined > 0);
    context('thisFileOnly', this.#thisFileOnly);
    context('filtered', hidden.length > 0);
  }
}

/** What a concern is called in the view. */
export const titleOf = (key: ConcernKey): string => concernTitle(key === 'andon' ? undefined : key);

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const icons: Readonly<Record<ConcernKey, string>> = {
  idempotency: 'sync',
  statefulness: 'database',
  reproducibility: 'pin',
  failure: 'flame',
  testing: 'beaker',
  delivery: 'rocket',
  monitoring: 'graph',
  notification: 'bell',
  flags: 'flag',
  andon: 'lightbulb',
};

function concernItem({ concern, count }: ConcernRow): vscode.TreeItem {
  const item = new vscode.TreeItem(titleOf(concern), Expanded);
  item.id = concern;
  item.description = String(count);
  item.iconPath = new vscode.ThemeIcon(icons[concern]);
  item.tooltip = concernPrinciple(concern === 'andon' ? undefined : concern);
  item.contextValue = 'concern';
  return item;
}

function fileItem({ concern, file, findings }: FileRow): vscode.TreeItem {
  const cut = file.path.lastIndexOf('/');
  const item = new vscode.TreeItem(file.path.slice(cut + 1), Expanded);
  if (findings.length > 50) item.collapsibleState = Collapsed;
  item.id = `${concern}|${file.key}`;
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const where = [
    ...(several && file.folder ? [file.folder] : []),
    file.path.slice(0, Math.max(cut, 0)),
  ];
  item.description = where.filter(Boolean).join('/');
  item.resourceUri = vscode.Uri.from({ scheme: fileRow, path: `/${file.path}` });
  item.iconPath = vscode.ThemeIcon.File;
  item.tooltip = file.path;
  item.contextValue = 'file';
  return item;
}

const severityIcons: Readonly<Record<Severity, readonly [icon: string, color: string]>> = {
  error: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  info: ['info', 'problemsInfoIcon.foreground'],
};

function findingItem({ file, finding }: FindingRow): vscode.TreeItem {
  const { l10n } = vscode;
  const item = new vscode.TreeItem(finding.message, None);
  const uri = vscode.Uri.parse(file.key, true);
  item.id = `${file.key}|${finding.fingerprint}|${finding.range[0]}`;
  const line = l10n.t('line {0}', finding.start.line);
  item.description = `${finding.rule}  ${line}`;
  if (finding.baselined) {
    item.resourceUri = uri.with({ scheme: dimmed, fragment: finding.fingerprint });
    item.iconPath = new vscode.ThemeIcon(
      'circle-slash',
      new vscode.ThemeColor('disabledForeground'),
    );
    item.description += `  ${l10n.t('in the baseline')}`;
  } else {
    const [icon, color] = severityIcons[finding.severity];
    item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  }
  item.tooltip = `${finding.message}\n${finding.rule} · ${severityTitle(finding.severity)}`;
  const kinds = ['finding', ...(finding.fix ? ['fix'] : []), ...(finding.concern ? ['allow'] : [])];
  item.contextValue = kinds.join('.');
  item.command = {
    command: 'vscode.open',
    title: '',
    arguments: [uri, { selection: rangeOf(finding), preserveFocus: true }],
  };
  item.accessibilityInformation = {
    label: `${severityTitle(finding.severity)}: ${finding.message}, ${file.path}, ${line}`,
  };
  return item;
}

function moreItem({ of, from }: MoreRow): vscode.TreeItem {
  const all = of.kind === 'concern' ? of.files.length : of.findings.length;
  const item = new vscode.TreeItem(vscode.l10n.t('{0} more', all - from), Collapsed);
  item.id = `${of.concern}|${of.kind === 'file' ? of.file.key : ''}|${from}`;
  return item;
}
