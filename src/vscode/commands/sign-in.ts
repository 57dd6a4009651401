import * as vscode from 'vscode';
import type { Connection } from '../lamp/connections';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Lets the user choose one of several servers; of one there is nothing to choose. */
async function choose(
  connections: readonly Connection[],
  placeHolder: string,
): Promise<Connection | undefined> {
  const byOrigin = new Map(connections.map((each) => [each.origin, each]));
  if (byOrigin.size < 2) return [...byOrigin.values()][0];
  const items = [...byOrigin.values()].map((each) => ({
    label: each.service.title,
    description: each.origin,
    ...(each.named && { detail: vscode.l10n.t('named by a check; not asked without sign-in') }),
    each,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.each;
}

/** Signs in to the CI service of this repository. */
export const signIn: Command = {
  id: 'andon.signIn',
  title: 'Sign In to CI Service',
  run: withLamp(async (lamp) => {
    const { l10n, window } = vscode;
    const connections = await lamp.connections();
    const chosen = await choose(connections, l10n.t('Where to sign in'));
    if (!chosen) {
      if (connections.length > 0) return;
      void window.showInformationMessage(
        l10n.t(
          'Andon: no CI service is known for this repository. The setting andon.ci names one.',
        ),
      );
      return;
    }
    if (await lamp.accounts.signIn(chosen.origin, chosen.service)) await lamp.refresh();
  }),
};

/** Forgets the token of a CI service. */
export const signOut: Command = {
  id: 'andon.signOut',
  title: 'Sign Out of CI Service',
  run: withLamp(async (lamp) => {
    const { l10n, window } = vscode;
    const used = (await lamp.connections()).filter((each) => each.account !== undefined);
    const origins = new Set([...used.map((each) => each.origin), ...lamp.accounts.origins]);
    if (origins.size === 0) {
      void window.showInformationMessage(l10n.t('Andon: signed in nowhere.'));
      return;
    }
    const origin = await window.showQuickPick([...origins], {
      placeHolder: l10n.t('Which server to sign out of'),
    });
    if (origin) await lamp.accounts.signOut(origin);
  }),
};

/** Shows what is asked, and whose account is used. */
export const showConnections: Command = {
  id: 'andon.showConnections',
  title: 'Show Connections to CI Services',
  run: withLamp(async (lamp) => {
    const { l10n, window } = vscode;
    const items = (await lamp.connections()).map(
      ({ service, project, origin, account, named }) => ({
        label: named ? service.title : `${service.title}: ${project.slug}`,
        description: origin,
        detail:
          account !== undefined
            ? l10n.t('signed in')
            : named
              ? l10n.t('named by a check; not asked without sign-in')
              : l10n.t('without sign-in'),
      }),
    );
    const none = { label: l10n.t('No CI service is asked; the local check is the verdict.') };
    await window.showQuickPick(items.length > 0 ? items : [none]);
  }),
};
