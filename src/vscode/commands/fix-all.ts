import * as vscode from 'vscode';
import { apply, repair } from '../repair';
import type { Command } from './command';

/** Applies every safe fix in the active file. */
export const fixAll: Command = {
  id: 'andon.fixAll',
  title: 'Fix All in File',
  palette: 'editorIsOpen && !editorReadonly',
  async run(andon) {
    const { l10n, window } = vscode;
    const document = window.activeTextEditor?.document;
    const repaired =
      document &&
      (await repair(andon, document, (each) => each.fix?.safe === true && !each.baselined));
    if (document && repaired) await apply(document, repaired);
    else {
      const message = l10n.t('Andon: nothing here can be fixed safely without being asked.');
      window.setStatusBarMessage(message, 5000);
    }
  },
};
