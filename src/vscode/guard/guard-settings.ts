import * as vscode from 'vscode';
import { type GuardPolicy, guardBranches } from '../../guard/policy-file';
import { guardModes } from '../../guard/status-file';

/** What the user has set of the guard's behaviour, and nothing of what merely is the default. */
export function explicitPolicy(root: vscode.Uri): Partial<GuardPolicy> {
  const settings = vscode.workspace.getConfiguration('andon.guard', root);
  const set = (name: string): unknown => {
    const found = settings.inspect(name);
    return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
  };
  const mode = guardModes.find((each) => each === set('mode'));
  const branches = guardBranches.find((each) => each === set('branches'));
  const words = set('fixWords');
  return {
    ...(mode && { mode }),
    ...(branches && { branches }),
    ...(Array.isArray(words) && {
      fixWords: words.filter((word) => typeof word === 'string'),
    }),
  };
}

/** Whether a switch of the guard's is on. */
export function isOn(name: 'commitBox' | 'branchProtection', root: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration('andon.guard', root).get(name) === true;
}
