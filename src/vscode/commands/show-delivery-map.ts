import * as vscode from 'vscode';
import { MapPanel } from '../map/panel';
import type { Command } from './command';

/** Draws how a commit gets from here to where it runs. */
export const showDeliveryMap: Command = {
  id: 'andon.showDeliveryMap',
  title: 'Show Delivery Map',
  icon: '$(type-hierarchy-sub)',
  menus: { 'view/title': { when: 'view == andon.findings', group: '2_map' } },
  async run({ checker, extension }) {
    const { folders } = checker;
    const active = vscode.window.activeTextEditor?.document.uri;
    const own = active && checker.knownFolderOf(active);
    const folder = folders.find((each) => each === own) ?? folders[0];
    if (!folder) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Andon: open a folder to see its delivery map.'),
      );
      return;
    }
    MapPanel.show(folder, checker, extension.extensionUri);
    // Where files are checked by command only, nothing is known yet.
    if (folder.paths.length === 0) await vscode.commands.executeCommand('andon.checkWorkspace');
  },
};
