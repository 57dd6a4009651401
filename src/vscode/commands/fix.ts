import * as vscode from 'vscode';
import { findIn } from '../finding-ref';
import { apply, repairOne } from '../repair';
import type { Command } from './command';

/** Applies the fix of one finding. */
export const fix: Command = {
  id: 'andon.fix',
  title: 'Fix',
  icon: '$(wand)',
  palette: false,
  menus: {
    'view/item/context': {
      when: 'view == andon.findings && viewItem =~ /\\bfix\\b/',
      group: 'inline@1',
    },
  },
  async run(andon, given) {
    const found = await findIn(andon, given);
    if (!found) return;
    const { document, finding } = found;
    const repaired = await repairOne(andon, document, finding.fingerprint);
    if (!repaired) return;
    await vscode.window.showTextDocument(document, { preserveFocus: true, preview: false });
    await apply(document, repaired);
  },
};
