import { join, relative } from 'node:path';
import * as vscode from 'vscode';
import { withoutComments } from '../../guard/commit-message';
import { installedWay } from '../../node/guard-install';
import { readBelow } from '../../node/guard-repository';
import type { GuardedRepository } from './guarded-repository';
import { redDetail, redText } from './red-words';

const messageFile = 'COMMIT_EDITMSG';

/** VS Code empties the message box of a commit that was made, a moment after it says so. In milliseconds. */
const emptied = 700;

/** What VS Code itself does not do for a commit that the hook has stopped. */
export function followStopped(repository: GuardedRepository): vscode.Disposable {
  const { git } = repository;
  if (!git.onDidCommit) return { dispose() {} };
  const editor = new MessageEditor(repository);
  const tried = git.onDidCommit(() => {
    editor.keep();
    const timer = setTimeout(() => explain(repository), emptied);
    timer.unref();
  });
  return vscode.Disposable.from(editor, tried);
}

/**
 * A message written in the editor that git opens is out of sight once the editor is closed, and the next attempt writes
 * over its file. When the guard stopped the commit, it goes into the message box instead, if that is empty.
 */
class MessageEditor implements vscode.Disposable {
  readonly #repository: GuardedRepository;
  readonly #tabs: vscode.Disposable;
  /** The commit on which the message that was closed last was to stand. */
  #before: string | undefined;

  constructor(repository: GuardedRepository) {
    this.#repository = repository;
    const file = join(repository.place.gitDir, messageFile);
    const isMessage = ({ input }: vscode.Tab) =>
      input instanceof vscode.TabInputText &&
      input.uri.scheme === 'file' &&
      relative(file, input.uri.fsPath) === '';
    // Git goes on when the tab is closed; the document itself lives longer.
    this.#tabs = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      if (closed.some(isMessage)) this.#before = repository.git.state.HEAD?.commit;
    });
  }

  /** To be called after each attempt to commit. */
  keep(): void {
    const { git, place } = this.#repository;
    const stayed = this.#before !== undefined && git.state.HEAD?.commit === this.#before;
    this.#before = undefined;
    if (!stayed || git.inputBox.value !== '') return;
    const text = readBelow(place.gitDir, messageFile) ?? '';
    if (this.#repository.judge(text, true, { toldAt: undefined }).say !== 'nothing') {
      git.inputBox.value = withoutComments(text);
    }
  }

  dispose(): void {
    this.#tabs.dispose();
  }
}

/**
 * VS Code shows of a hook that stopped a commit the first line alone, and lefthook's first line is a frame. Then this
 * says why, and the way out.
 */
function explain(repository: GuardedRepository): void {
  const { git, place, status, circumstances } = repository;
  const message = git.inputBox.value;
  if (message === '' || !status || installedWay(place) !== 'lefthook') return;
  const { say, reasons } = repository.judge(message, false);
  if (say !== 'stop') return;
  const why = `${redText(status, circumstances.now)} ${redDetail(status, reasons.includes('yours'))}`;
  const { l10n, window } = vscode;
  void window.showWarningMessage(
    l10n.t(
      'Not committed: {0} A fix begins with "fix:"; of anything else the message has to say why.',
      why,
    ),
  );
}
