import * as vscode from 'vscode';
import type { Lamp } from '../lamp/lamp';
import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** What a click on the lamp offers. */
export const showStatus: Command = {
  id: 'andon.showStatus',
  title: 'Show State of the Line …',
  icon: '$(list-unordered)',
  run: withLamp(async (lamp) => {
    const items = await offers(lamp);
    const { line } = lamp.current?.state ?? {};
    const placeHolder = line?.branch ?? '';
    const picked = await vscode.window.showQuickPick(items, { placeHolder });
    if (picked) await vscode.commands.executeCommand(picked.command, ...(picked.of ?? []));
  }),
};

type Offer = vscode.QuickPickItem & {
  readonly command: string;
  /** Its arguments. */
  readonly of?: readonly unknown[];
};

async function offers(lamp: Lamp): Promise<readonly Offer[]> {
  const { l10n } = vscode;
  const repository = lamp.current;
  const { line, commit } = repository?.state ?? {};
  const offer = (command: string, icon: string, label: string, detail?: string): Offer => ({
    command: `andon.${command}`,
    label: `$(${icon}) ${label}`,
    ...(detail && { detail }),
  });
  const { check, source, hasLog, notAgain } = lamp.failing() ?? {};
  const connections = await lamp.connections();
  const reasons = [line?.reason, commit?.reason];
  const locked = reasons.includes('auth') || reasons.includes('not-found');
  const signIn = connections.some((each) => each.account === undefined)
    ? [offer('signIn', 'key', l10n.t('Sign in'), connections[0]?.origin)]
    : [];
  const { name } = check ?? {};
  const again = notAgain
    ? l10n.t('not from here: {0}', notAgain)
    : source?.service.rerunsAll &&
      l10n.t('all of it: {0} has no call for failed jobs alone', source.service.title);
  const rerun = check
    ? [offer('rerunFailed', 'debug-restart', l10n.t('Run the failed jobs again'), again)]
    : [];
  const failing = [
    check?.url && offer('openFailingJob', 'link-external', l10n.t('Open the failing job'), name),
    hasLog &&
      offer('showFailingLog', 'output', l10n.t('Show the first error lines of its log'), name),
    ...(notAgain ? [] : rerun),
  ].filter((each) => typeof each === 'object');
  const of = [repository?.uri];
  const claim =
    line?.verdict !== 'failing'
      ? []
      : repository?.claim
        ? [{ ...offer('claimFix', 'tools', l10n.t('I am no longer fixing it')), of }]
        : [{ ...offer('claimFix', 'tools', l10n.t('I am fixing it')), of }];
  return [
    ...(locked ? signIn : []),
    ...failing,
    ...claim,
    offer('explainVerdict', 'question', l10n.t('Explain this verdict')),
    offer('focusPipeline', 'list-tree', l10n.t('Show all runs and jobs')),
    offer('refreshStatus', 'refresh', l10n.t('Refresh')),
    offer(
      'runLocalCheck',
      'beaker',
      l10n.t('Run the local check'),
      [lamp.localCommand].flat().join(' '),
    ),
    // Where that cannot be, the reason is what there is to know.
    ...(notAgain ? rerun : []),
    lamp.muted
      ? offer('unmute', 'bell', l10n.t('Unmute'))
      : offer('mute', 'bell-slash', l10n.t('Mute …')),
    ...(locked ? [] : signIn),
    offer('showConnections', 'plug', l10n.t('Show connections')),
  ];
}
