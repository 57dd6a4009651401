import * as vscode from 'vscode';

/*
 * As much of the API of VS Code's git extension as the guard uses
 * (https://github.com/microsoft/vscode/blob/main/extensions/git/src/api/git.d.ts).
 */

export interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  /** Fires after each attempt of VS Code to commit, also one that failed. */
  readonly onDidCommit?: vscode.Event<void>;
  readonly state: {
    readonly HEAD: { readonly name?: string; readonly commit?: string } | undefined;
    readonly onDidChange: vscode.Event<void>;
  };
}

export interface GitApi {
  readonly git: { readonly path: string; readonly env?: Readonly<Record<string, string>> };
  readonly repositories: readonly GitRepository[];
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
  readonly onDidCloseRepository: vscode.Event<GitRepository>;
  registerBranchProtectionProvider?(
    root: vscode.Uri,
    provider: {
      readonly onDidChangeBranchProtection: vscode.Event<vscode.Uri>;
      provideBranchProtection(): {
        readonly remote: string;
        readonly rules: readonly { readonly include: readonly string[] }[];
      }[];
    },
  ): vscode.Disposable;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/** The API of the git extension; undefined where it is switched off, or not there as in Restricted Mode. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension) return undefined;
  const git = await extension.activate();
  return git.enabled ? git.getAPI(1) : undefined;
}
