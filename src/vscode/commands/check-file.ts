import * as vscode from 'vscode';
import type { Command } from './command';

/** Checks the file in the active editor, also where the settings say to check only by command. */
export const checkFile: Command = {
  id: 'andon.checkFile',
  title: 'Check Current File',
  palette: 'editorIsOpen',
  async run({ documents }) {
    const { l10n, window } = vscode;
    const document = window.activeTextEditor?.document;
    const found = document && (await documents.check(document));
    window.setStatusBarMessage(
      found?.format === undefined
        ? l10n.t('Andon: this is no file Andon checks.')
        : l10n.t('Andon: findings in this file: {0}', found.findings.length),
      5000,
    );
  },
};
