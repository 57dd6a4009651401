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
    void window.showInformationMessage(
      started > 0
        ? l10n.t('Andon: runs started again: {0}', started)
        : l10n.t('Andon: nothing is failing that can be run again from here.'),
    );
  }),
};
