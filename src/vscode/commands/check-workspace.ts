import * as vscode from 'vscode';
import { findingsViewId } from '../findings-view';
import type { Command } from './command';

/** Checks all relevant files anew, with progress and a way to stop. */
export const checkWorkspace: Command = {
  id: 'andon.checkWorkspace',
  title: 'Check Workspace',
  icon: '$(refresh)',
  menus: {
    'view/title': { when: `view == ${findingsViewId}`, group: 'navigation@1' },
  },
  async run({ checker, background, shown }) {
    const { l10n, window } = vscode;
    const folders = checker.folders.filter((folder) => folder.settings.enable);
    if (folders.length === 0) {
      const message =
        checker.folders.length === 0
          ? l10n.t('Andon: open a folder to check it.')
          : l10n.t('Andon is switched off in this workspace.');
      void window.showInformationMessage(message);
      return;
    }
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Andon: checking the workspace'),
      cancellable: true,
    };
    let files = 0;
    let cancelled = false;
    await window.withProgress(options, async (progress, cancel) => {
      let told = 0;
      let percent = 0;
      for (const [i, folder] of folders.entries()) {
        const summary = await background.scan(folder, cancel, (done, found) => {
          const now = performance.now();
          if (now - told < 100) return;
          told = now;
          // More may still be found: the bar only ever moves on.
          const reached = Math.max(percent, ((i + done / found) / folders.length) * 100);
          progress.report({
            message: l10n.t('{0} of {1} files', files + done, files + found),
            increment: reached - percent,
          });
          percent = reached;
        });
        files += summary.files;
        cancelled ||= summary.cancelled;
        if (cancelled) break;
      }
    });
    const { error, warning, info } = shown.totals;
    window.setStatusBarMessage(
      cancelled
        ? l10n.t('Andon: stopped, files checked so far: {0}', files)
        : l10n.t(
            'Andon: files checked: {0}. Errors: {1}, warnings: {2}, others: {3}',
            files,
            error,
            warning,
            info,
          ),
      10_000,
    );
    if (!cancelled && error + warning + info > 0) {
      await vscode.commands.executeCommand(`${findingsViewId}.focus`);
    }
  },
};
