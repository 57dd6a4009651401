import * as vscode from 'vscode';
import type { Background } from './background';
import type { Checker } from './checker';
import { languages } from './languages';

/** Tells, behind the `{}` of the status bar, what holds for the file on screen and what Andon is at. */
export class LanguageStatus implements vscode.Disposable {
  readonly #checker: Checker;
  readonly #background: Background;
  readonly #item: vscode.LanguageStatusItem;
  readonly #subscriptions: vscode.Disposable[];

  constructor(checker: Checker, background: Background) {
    this.#checker = checker;
    this.#background = background;
    this.#item = vscode.languages.createLanguageStatusItem(
      'andon.status',
      languages.map((language) => ({ language })),
    );
    this.#item.name = 'Andon';
    const update = () => this.#update();
    this.#subscriptions = [
      this.#item,
      checker.onDidChangeFolders(update),
      background.onDidChangeProgress(update),
      checker.onDidGiveUp(update),
      checker.shown.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  #update(): void {
    const { l10n } = vscode;
    const item = this.#item;
    const { running, done, found } = this.#background.progress;
    const uri = vscode.window.activeTextEditor?.document.uri;
    const folder = uri ? this.#checker.knownFolderOf(uri) : this.#checker.folders[0];
    item.busy = running;
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.command = {
      command: 'andon.openConfiguration',
      title: l10n.t('Open Configuration'),
      ...(folder?.root && { arguments: [folder.root.toString()] }),
    };
    if (!folder?.settings.enable) {
      item.text = l10n.t('Andon: switched off');
      item.detail = '';
      item.command = { command: 'andon.enable', title: l10n.t('Enable') };
      return;
    }
    const file = folder.configurationFile;
    const name = file?.uri.path.slice(file.uri.path.lastIndexOf('/') + 1);
    item.text = l10n.t('Andon: active rules: {0}', folder.activeRules);
    const parts: string[] = [];
    const [problem] = (uri && folder.result(folder.pathOf(uri))?.problems) ?? [];
    if (problem) {
      item.severity = vscode.LanguageStatusSeverity.Warning;
      parts.push(problem.message);
    }
    if (running && found > 0) parts.push(l10n.t('checking, {0} of {1} files', done, found));
    if (file?.broken || folder.baselineFault !== undefined) {
      item.severity = vscode.LanguageStatusSeverity.Warning;
      parts.push(
        file?.broken
          ? l10n.t('{0} cannot be read, the last good one is in force', name ?? '')
          : l10n.t('the baseline cannot be read'),
      );
    } else if (file && file.problems.length > 0) {
      item.severity = vscode.LanguageStatusSeverity.Warning;
      parts.push(l10n.t('problems in {0}: {1}', name ?? '', file.problems.length));
    } else parts.push(name ?? l10n.t('no .andon.yaml'));
    if (folder.baseline) parts.push(l10n.t('in the baseline: {0}', folder.baseline.size));
    item.detail = parts.join(' · ');
  }
}
