import * as vscode from 'vscode';
import { findingsViewId } from '../findings-view';
import type { Command } from './command';

/** Brings the Findings view to the front. */
export const focusFindings: Command = {
  id: 'andon.focusFindings',
  title: 'Focus Findings',
  run: () => vscode.commands.executeCommand(`${findingsViewId}.focus`),
};
