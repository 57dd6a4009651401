import * as vscode from 'vscode';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Keeps the lamp's colour and its notifications quiet for a while. */
export const mute: Command = {
  id: 'andon.mute',
  title: 'Mute State of the Line …',
  palette: 'andon.hasRepository && !andon.muted',
  run: withLamp(async (lamp) => {
    const { l10n, window } = vscode;
    const items = [
      { label: l10n.t('For an hour'), hours: 1 },
      { label: l10n.t('For four hours'), hours: 4 },
      { label: l10n.t('For a day'), hours: 24 },
    ];
    const picked = await window.showQuickPick(items, {
      placeHolder: l10n.t('How long the lamp stays quiet in this workspace'),
    });
    if (picked) await lamp.mute(picked.hours);
  }),
};

/** Takes it back. */
export const unmute: Command = {
  id: 'andon.unmute',
  title: 'Unmute State of the Line',
  palette: 'andon.muted',
  run: withLamp((lamp) => lamp.mute(0)),
};
