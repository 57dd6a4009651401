import * as vscode from 'vscode';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Runs the project's own check: the verdict that needs no server. */
export const runLocalCheck: Command = {
  id: 'andon.runLocalCheck',
  title: 'Run Local Check',
  icon: '$(beaker)',
  palette: 'andon.hasRepository',
  run: withLamp(async (lamp) => {
    if (await lamp.runLocal()) return;
    const { commands, l10n, window } = vscode;
    const open = l10n.t('Open Setting');
    const answer = await window.showInformationMessage(
      l10n.t(
        'Andon: nothing here says how the project is checked. The setting andon.local.command does.',
      ),
      open,
    );
    if (answer === open) {
      await commands.executeCommand('workbench.action.openSettings', 'andon.local.command');
    }
  }),
};
