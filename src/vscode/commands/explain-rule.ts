import * as vscode from 'vscode';
import { refIn } from '../finding-ref';
import type { RuleText } from '../rule-catalog';
import { rulePage } from '../rule-pages';
import { concernTitle } from '../words';
import type { Command } from './command';

/** Opens the page of a rule: the one named, else one chosen from all. */
export const explainRule: Command = {
  id: 'andon.explainRule',
  title: 'Explain Rule',
  icon: '$(book)',
  menus: {
    'view/item/context': {
      when: 'view == andon.findings && viewItem =~ /^finding/',
      group: 'inline@3',
    },
  },
  async run({ rules, shown }, given) {
    let id = typeof given === 'string' ? given : refIn(given)?.rule;
    if (id === undefined) {
      const editor = vscode.window.activeTextEditor;
      const line = (editor?.selection.active.line ?? -1) + 1;
      const here = new Set(
        (editor && shown.get(editor.document.uri))?.findings
          .filter((finding) => finding.start.line <= line && line <= finding.end.line)
          .map((finding) => finding.rule),
      );
      // What is found here first, what the engine itself says last.
      const rank = (rule: RuleText) => (here.has(rule.id) ? 0 : rule.concern ? 1 : 2);
      const items = [...rules.values()]
        .sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
        .map((rule) => ({
          label: rule.id,
          description: here.has(rule.id)
            ? vscode.l10n.t('found at the cursor')
            : concernTitle(rule.concern),
          detail: rule.summary,
        }));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('Which rule?'),
        matchOnDetail: true,
        matchOnDescription: true,
      });
      id = picked?.label;
    }
    if (id === undefined) return;
    await vscode.commands.executeCommand('vscode.open', rulePage(id), { preview: true });
  },
};
