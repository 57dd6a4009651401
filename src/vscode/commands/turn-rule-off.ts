import * as vscode from 'vscode';
import { configurationFiles } from '../../engine/configuration';
import { refIn } from '../finding-ref';
import type { Command } from './command';

/** Turns a rule off for the whole folder, in `.andon.yaml`, whose comments and order stay. */
export const turnRuleOff: Command = {
  id: 'andon.turnRuleOff',
  title: 'Turn Rule Off in .andon.yaml',
  palette: false,
  menus: {
    'view/item/context': {
      when: 'view == andon.findings && viewItem =~ /\\ballow\\b/',
      group: '1_allow@2',
    },
  },
  async run({ background, checker }, given) {
    const { l10n, window, workspace } = vscode;
    const ref = refIn(given);
    if (!ref) return;
    const folder = await checker.folderOf(vscode.Uri.parse(ref.uri, true));
    if (!folder.root) return;
    const existing = folder.configurationFile?.uri ?? (await unnoticed(folder.root));
    const uri = existing ?? vscode.Uri.joinPath(folder.root, '.andon.yaml');
    const edit = new vscode.WorkspaceEdit();
    if (!existing) edit.createFile(uri, { ignoreIfExists: true });
    const document = existing && (await workspace.openTextDocument(existing));
    const version = document?.version;
    const text = document?.getText() ?? '';
    const { linter } = checker.host;
    const changed = await linter.ask({ kind: 'rule-off', text, rule: ref.rule });
    if (changed === undefined) {
      const message = l10n.t('{0} cannot be read; put that right first.', '.andon.yaml');
      const open = l10n.t('Open');
      if ((await window.showWarningMessage(message, open)) === open) {
        await window.showTextDocument(uri);
      }
      return;
    }
    if (document) {
      if (document.version !== version) return;
      const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
      edit.replace(uri, whole, changed);
    } else edit.insert(uri, new vscode.Position(0, 0), changed);
    if (!(await workspace.applyEdit(edit))) return;
    // In force is what is saved. Whoever has unsaved changes of their own in it saves them themselves.
    const written = await workspace.openTextDocument(uri);
    if (!document?.isDirty || document.getText() === changed) await written.save();
    await background.changed({ changed: new Set([uri.toString()]), deleted: new Set() });
  },
};

/** A configuration file that is there and was not noticed yet: it was written a moment ago. */
async function unnoticed(root: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (const name of configurationFiles) {
    const uri = vscode.Uri.joinPath(root, name);
    const there = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (there) return uri;
  }
  return undefined;
}
