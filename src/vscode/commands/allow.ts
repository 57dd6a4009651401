import * as vscode from 'vscode';
import { applyEdits } from '../../text/edit';

import type { Andon } from '../andon';
import { findIn, sayGone } from '../finding-ref';
import { apply } from '../repair';
import type { Command } from './command';

/** Writes an exception for a finding, with its reason, above the place it is found at. */
export const allowHere: Command = {
  id: 'andon.allowHere',
  title: 'Allow Here, Because …',
  icon: '$(pass)',
  palette: false,
  menus: {
    'view/item/context': {
      when: 'view == andon.findings && viewItem =~ /\\ballow\\b/',
      group: 'inline@2',
    },
  },
  run: (andon, given, reason) => allow(andon, given, reason, 'allow-here'),
};

/** Writes an exception for a rule, with its reason, at the top of the file. */
export const allowInFile: Command = {
  id: 'andon.allowInFile',
  title: 'Allow in This File, Because …',
  palette: false,
  menus: {
    'view/item/context': {
      when: 'view == andon.findings && viewItem =~ /\\ballow\\b/',
      group: '1_allow@1',
    },
  },
  run: (andon, given, reason) => allow(andon, given, reason, 'allow-in-file'),
};

async function allow(
  andon: Andon,
  given: unknown,
  known: unknown,
  where: 'allow-here' | 'allow-in-file',
): Promise<void> {
  const { l10n, window } = vscode;
  const here = where === 'allow-here';
  const asked = await findIn(andon, given);
  if (!asked) return;
  const { rule } = asked.finding;
  const reason = typeof known === 'string' ? known : await ask(rule, here);
  if (reason === undefined) return;
  // Meanwhile the text may have changed: the finding is looked for anew.
  const { uri } = asked.document;
  const ref = { uri: uri.toString(), rule, fingerprint: asked.finding.fingerprint };
  const found = await findIn(andon, ref);
  if (!found) return;
  const { document, version, file, finding } = found;
  const text = document.getText();
  const request = {
    text,
    line: finding.start.line,
    offset: finding.range[0],
    rule,
    reason,
    languageId: document.languageId,
    format: file.format,
    path: file.path,
  };
  const edit = await andon.checker.host.linter.ask({ kind: where, request });
  if (edit) {
    // A comment that changed what the file means would change what is found in it.
    const before = file.findings.map((each) => each.fingerprint);
    const after = await andon.checker.trial(document, applyEdits(text, [edit]));
    const others = (list: readonly string[]) =>
      list
        .filter((each) => !each.startsWith(`${rule}|`) && !each.startsWith('andon/'))
        .sort()
        .join('\n');
    const left = after?.map((each) => each.fingerprint) ?? before;
    if (!left.includes(finding.fingerprint) && others(left) === others(before)) {
      await window.showTextDocument(document, { preserveFocus: true, preview: false });
      await apply(document, { version, edits: [edit] });
      return;
    }
  }
  if (document.version !== version) {
    sayGone(true);
    return;
  }
  const inFile = l10n.t('Allow in This File');
  const off = l10n.t('Turn Rule Off');
  const answer = await window.showInformationMessage(
    here
      ? l10n.t('There is no room for a comment at this place that would not change the file.')
      : l10n.t('A comment in this file would not allow this.'),
    ...(here ? [inFile] : []),
    ...(file.folder !== undefined ? [off] : []),
  );
  if (answer === inFile) await vscode.commands.executeCommand(allowInFile.id, ref, reason);
  else if (answer === off) await vscode.commands.executeCommand('andon.turnRuleOff', ref);
}

async function ask(rule: string, here: boolean): Promise<string | undefined> {
  const { l10n, window } = vscode;
  const reason = await window.showInputBox({
    title: here ? l10n.t('Allow {0} here', rule) : l10n.t('Allow {0} in this file', rule),
    prompt: l10n.t(
      'It is written into the file as a comment. End it with "until 2030-01-31" and it holds up to that day.',
    ),
    placeHolder: l10n.t('Why is it all right?'),
    validateInput: (value) =>
      value.trim() === '' ? l10n.t('The next reader needs a reason.') : undefined,
  });
  return reason?.trim() || undefined;
}
