import * as vscode from 'vscode';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Opens the failing job's page in the browser. */
export const openFailingJob: Command = {
  id: 'andon.openFailingJob',
  title: 'Open Failing Job',
  icon: '$(link-external)',
  menus: {
    'view/item/context': {
      when: 'view == andon.pipeline && viewItem =~ /\\bopen\\b/',
      group: 'inline@3',
    },
  },
  run: withLamp(async (lamp, row) => {
    if (await lamp.openFailing(row)) return;
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Andon: nothing is failing that has a page.'),
    );
  }),
};
