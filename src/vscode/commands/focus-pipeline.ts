import * as vscode from 'vscode';
import type { Command } from './command';

/** Shows the Pipeline view. */
export const focusPipeline: Command = {
  id: 'andon.focusPipeline',
  title: 'Focus Pipeline',
  run: () => vscode.commands.executeCommand('andon.pipeline.focus'),
};
