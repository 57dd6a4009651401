import * as vscode from 'vscode';
import { firstConfiguration } from '../../project/first-configuration';
import type { Andon } from '../andon';
import type { Folder } from '../folder';
import type { Command } from './command';

/** Opens `.andon.yaml`; where there is none, one with everything in it explained. */
export const openConfiguration: Command = {
  id: 'andon.openConfiguration',
  title: 'Open Configuration',
  icon: '$(gear)',
  palette: 'workspaceFolderCount > 0',
  menus: {
    'view/title': { when: 'view == andon.findings', group: '2_configuration@1' },
  },
  async run(andon, given) {
    const folder = await choose(andon, given);
    if (!folder?.root) return;
    const { window, workspace } = vscode;
    let uri = folder.configurationFile?.uri;
    if (!uri) {
      uri = vscode.Uri.joinPath(folder.root, '.andon.yaml');
      const { formats, rules } = andon.checker.host.catalog;
      const found = new Map<string, number>();
      for (const path of folder.paths) {
        const format = folder.result(path)?.format;
        if (format) found.set(format, (found.get(format) ?? 0) + 1);
      }
      const edit = new vscode.WorkspaceEdit();
      edit.createFile(uri, { ignoreIfExists: true });
      edit.insert(uri, new vscode.Position(0, 0), firstConfiguration({ found, formats, rules }));
      if (!(await workspace.applyEdit(edit))) return;
    }
    await window.showTextDocument(uri, { preview: false });
  },
};

async function choose({ checker }: Andon, given: unknown): Promise<Folder | undefined> {
  const { folders } = checker;
  const named = folders.find((folder) => folder.id === given);
  if (named) return named;
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && checker.knownFolderOf(active);
  if (own?.root) return own;
  if (folders.length < 2) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name ?? '', folder }));
  const placeHolder = vscode.l10n.t('The configuration of which folder?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.folder;
}
