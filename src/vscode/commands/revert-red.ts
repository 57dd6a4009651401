import * as vscode from 'vscode';
import type { Command } from './command';

/** Prepares the revert of the commit that turned the line red, for review. */
export const revertRed: Command = {
  id: 'andon.revertRed',
  title: 'Revert the Commit That Turned It Red',
  palette: 'workspaceFolderCount > 0',
  run: ({ guardSwitch }, root) =>
    guardSwitch.wanted?.revertRed(root instanceof vscode.Uri ? root : undefined),
};
