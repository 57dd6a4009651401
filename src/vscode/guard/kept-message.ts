import { join, relative } from 'node:path';
import * as vscode from 'vscode';
import { withoutComments } from '../../guard/commit-message';
import { readBelow } from '../../node/guard-repository';
import type { GuardedRepository } from './guarded-repository';

const messageFile = 'COMMIT_EDITMSG';

/**
 * A message written in the editor that git opens is out of sight once the editor is closed, and the next attempt writes
 * over its file. When the guard stopped the commit, it goes into the message box instead, if that is empty.
 */
export function keepMessage(repository: GuardedRepository): vscode.Disposable {
  const { git, place } = repository;
  /** The commit on which the message that was closed last was to stand. */
  let before: string | undefined;
  const isMessage = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputText &&
    input.uri.scheme === 'file' &&
    relative(join(place.gitDir, messageFile), input.uri.fsPath) === '';
  // Git goes on when the tab is closed; the document itself lives longer.
  const closed = vscode.window.tabGroups.onDidChangeTabs((tabs) => {
    if (tabs.closed.some(isMessage)) before = git.state.HEAD?.commit;
  });
  const tried = git.onDidCommit?.(() => {
    const stayed = before !== undefined && git.state.HEAD?.commit === before;
    before = undefined;
    if (!stayed || git.inputBox.value !== '') return;
    const text = readBelow(place.gitDir, messageFile) ?? '';
    if (repository.judge(text, true, { toldAt: undefined }).say !== 'nothing') {
      git.inputBox.value = withoutComments(text);
    }
  });
  return vscode.Disposable.from(closed, ...(tried ? [tried] : []));
}
