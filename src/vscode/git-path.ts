import * as vscode from 'vscode';
import { preferGit } from '../node/git-program';

/**
 * Has this bundle run the git that VS Code runs, as the setting `git.path` names it
 * (https://code.visualstudio.com/docs/configure/settings). Only what the user has set for this machine counts: a
 * workspace must not choose a program. VS Code itself keeps a workspace from it only as long as its git extension,
 * which declares the setting, is switched on.
 */
export function followGitPath(): vscode.Disposable {
  const read = () => {
    const set = vscode.workspace.getConfiguration('git').inspect<unknown>('path')?.globalValue;
    const paths: readonly unknown[] = Array.isArray(set) ? set : [set];
    preferGit(paths.filter((path): path is string => typeof path === 'string'));
  };
  read();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('git.path')) read();
  });
}
