import * as vscode from 'vscode';
import type { GitApi } from './git-extension';
import { isOn } from './guard-settings';
import type { GuardedRepository } from './guarded-repository';

/**
 * Where the user wants it: VS Code's own question about protected branches, while the branch is red. Its text is fixed,
 * and for all remotes alike it stands in the place of the user's own `git.branchProtection`.
 */
export function protectBranches(repository: GuardedRepository, api: GitApi): vscode.Disposable {
  if (!api.registerBranchProtectionProvider) return { dispose() {} };
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const { root } = repository;
  let registered: vscode.Disposable | undefined;
  const look = () => {
    const wanted = isOn('branchProtection', root);
    if (wanted && !registered) {
      registered = api.registerBranchProtectionProvider?.(root, {
        onDidChangeBranchProtection: changed.event,
        provideBranchProtection() {
          const { branch } = repository;
          const speaks =
            isOn('branchProtection', root) && repository.judge('', false).say !== 'nothing';
          return speaks && branch ? [{ remote: '', rules: [{ include: [branch] }] }] : [];
        },
      });
    }
    if (registered) changed.fire(root);
  };
  const subscriptions = [
    changed,
    repository.onDidChange(look),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('andon.guard.branchProtection', root)) look();
    }),
  ];
  look();
  return vscode.Disposable.from(...subscriptions, { dispose: () => registered?.dispose() });
}
