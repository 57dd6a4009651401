import * as vscode from 'vscode';
import type { Andon } from './andon';
import type { Lamp } from './lamp/lamp';

/** Does something with the lamp, and says so where there is none or the service did not answer. */
export function withLamp<R>(
  act: (lamp: Lamp, argument: unknown) => Promise<R> | R,
): (andon: Andon, ...args: readonly unknown[]) => Promise<R | undefined> {
  return async ({ lampSwitch, log }, argument) => {
    const { l10n, window, workspace } = vscode;
    const { lamp } = lampSwitch;
    if (!lamp) {
      void window.showInformationMessage(
        workspace.isTrusted
          ? l10n.t('Andon: no git repository is open here.')
          : l10n.t('Andon: the state of the line is shown in trusted workspaces only.'),
      );
      return undefined;
    }
    try {
      return await act(lamp, argument);
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'Error') log.error(error as Error);
      void window.showWarningMessage(`Andon: ${message}`);
      return undefined;
    }
  };
}
