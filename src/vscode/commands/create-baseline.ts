import * as vscode from 'vscode';
import { writeBaseline } from '../../engine/baseline';
import type { Andon } from '../andon';
import { baselinePath, type Folder } from '../folder';
import type { Command } from './command';

/** Writes the baseline: from then on only what is new counts. */
export const createBaseline: Command = {
  id: 'andon.createBaseline',
  title: 'Create Baseline',
  palette: 'workspaceFolderCount > 0',
  async run(andon) {
    const folder = await choose(andon);
    if (!folder?.root) return;
    const { l10n, window, workspace } = vscode;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Andon: checking everything for the baseline'),
      cancellable: true,
    };
    const { cancelled } = await window.withProgress(options, (_, cancel) =>
      andon.background.scan(folder, cancel),
    );
    if (cancelled) return;
    await andon.documents.idle();
    const all = await folder.allFindings();
    const findings = all.filter((finding) => finding.concern !== undefined);
    const fresh = findings.filter((finding) => !finding.baselined).length;
    if (folder.baseline) {
      const write = l10n.t('Write Anew');
      const message = l10n.t('There is a baseline already.');
      const detail = l10n.t(
        'Written anew it forgets what is no longer found, and accepts what is not in it yet. Findings not in it yet: {0}.',
        fresh,
      );
      const answer = await window.showWarningMessage(message, { modal: true, detail }, write);
      if (answer !== write) return;
    }
    const uri = vscode.Uri.joinPath(folder.root, baselinePath);
    await workspace.fs.writeFile(uri, new TextEncoder().encode(writeBaseline(findings)));
    await andon.checker.rebase(folder);
    window.setStatusBarMessage(
      l10n.t('Andon: baseline written to {1}, findings in it: {0}', findings.length, baselinePath),
      10_000,
    );
  },
};

async function choose({ checker }: Andon): Promise<Folder | undefined> {
  const { folders } = checker;
  if (folders.length < 2) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name ?? '', folder }));
  const placeHolder = vscode.l10n.t('The baseline of which folder?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.folder;
}
