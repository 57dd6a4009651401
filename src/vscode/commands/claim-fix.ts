import * as vscode from 'vscode';
import type { Command } from './command';

/** "I am fixing it": commits made meanwhile count as the fix. Said again, not any more. */
export const claimFix: Command = {
  id: 'andon.claimFix',
  title: 'I Am Fixing the Build',
  palette: 'workspaceFolderCount > 0',
  run: ({ guardSwitch }, root) =>
    guardSwitch.wanted?.claim(root instanceof vscode.Uri ? root : undefined),
};
