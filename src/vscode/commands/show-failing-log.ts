import * as vscode from 'vscode';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Shows the log of the failing job, its first error lines on top. */
export const showFailingLog: Command = {
  id: 'andon.showFailingLog',
  title: 'Show Failing Log',
  icon: '$(output)',
  menus: {
    'view/item/context': {
      when: 'view == andon.pipeline && viewItem =~ /\\blog\\b/',
      group: 'inline@1',
    },
  },
  run: withLamp(async (lamp, row) => {
    if (await lamp.showFailingLog(row)) return;
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Andon: nothing is failing that has a log.'),
    );
  }),
};
