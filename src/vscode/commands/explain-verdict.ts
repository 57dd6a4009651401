import * as vscode from 'vscode';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Tells everything the verdict stands on. */
export const explainVerdict: Command = {
  id: 'andon.explainVerdict',
  title: 'Explain State of the Line',
  menus: { 'view/title': { when: 'view == andon.pipeline', group: '2_explain@1' } },
  run: withLamp(async (lamp) => {
    const content = lamp.explanation;
    if (content === undefined) return;
    const { workspace, window } = vscode;
    await window.showTextDocument(
      await workspace.openTextDocument({ language: 'markdown', content }),
    );
  }),
};
