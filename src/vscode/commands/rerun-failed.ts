import * as vscode from 'vscode';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Runs the failed jobs again. */
export const rerunFailed: Command = {
  id: 'andon.rerunFailed',
  title: 'Re-run Failed Jobs',
  icon: '$(debug-restart)',
  menus: {
    'view/item/context': {
      when: 'view == andon.pipeline && viewItem =~ /\\brerun\\b/',
      group: 'inline@2',
    },
  },
  run: withLamp(async (lamp, row) => {
    const { l10n, window } = vscode;
    const started = await lamp.rerun(row);
    if (started > 0) {
      void window.showInformationMessage(l10n.t('Andon: runs started again: {0}', started));
      return;
    }
    const { notAgain, check } = lamp.failing(row) ?? {};
    const open = l10n.t('Open the failing job');
    const message = notAgain
      ? l10n.t('Andon: this cannot be run again from here: {0}.', notAgain)
      : l10n.t('Andon: nothing is failing that could be run again.');
    const offered = notAgain && check?.url ? [open] : [];
    if ((await window.showInformationMessage(message, ...offered)) === open) {
      await lamp.openFailing(row);
    }
  }),
};
