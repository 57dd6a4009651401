import * as vscode from 'vscode';
import type { Command } from './command';

const set = (value: boolean) =>
  vscode.workspace
    .getConfiguration('andon')
    .update('enable', value, vscode.ConfigurationTarget.Workspace);

/** Switches Andon on in this workspace. */
export const enable: Command = {
  id: 'andon.enable',
  title: 'Enable in Workspace',
  palette: 'workspaceFolderCount > 0 && !config.andon.enable',
  run: () => set(true),
};

/** Switches Andon off in this workspace. */
export const disable: Command = {
  id: 'andon.disable',
  title: 'Disable in Workspace',
  palette: 'workspaceFolderCount > 0 && config.andon.enable',
  run: () => set(false),
};
