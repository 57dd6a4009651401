import * as vscode from 'vscode';
import type { Command } from './command';

/** Answers the guard in the message that is being written; offered by quick fixes there. */
export const answerGuard: Command = {
  id: 'andon.answerGuard',
  title: 'Answer the Commit Guard',
  palette: false,
  async run({ guardSwitch }, uri, key) {
    if (!(uri instanceof vscode.Uri) || (key !== 'Fixes-Build' && key !== 'Andon-Override')) return;
    await guardSwitch.guard?.answer(uri, key);
  },
};
