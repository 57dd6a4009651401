import { relative } from 'node:path';
import * as vscode from 'vscode';
import { describePlan } from '../../guard/install-plan';
import { pausePath, serialisePause } from '../../guard/policy-file';
import type { GuardMode } from '../../guard/status-file';
import { install, installedWay, planInstall, remove, verify } from '../../node/guard-install';
import { policyOf } from '../../node/guard-repository';
import { slashes } from '../../node/workspace-root';
import type { GuardedRepository } from './guarded-repository';

/** Asks for the mode, shows what will be changed, changes it, and has git say that it calls the guard. `home`: dist. */
export async function installHook(repository: GuardedRepository, home: string): Promise<boolean> {
  const { l10n, window } = vscode;
  const { place } = repository;
  const chosen = policyOf(place.commonDir);
  const items: (vscode.QuickPickItem & { mode: GuardMode })[] = [
    {
      mode: 'ask',
      label: l10n.t('Ask'),
      description: l10n.t('in VS Code, before a commit while the build is red'),
    },
    { mode: 'warn', label: l10n.t('Warn'), description: l10n.t('in the terminal only') },
    {
      mode: 'block',
      label: l10n.t('Block'),
      description: l10n.t('whatever does not say that it is a fix, or why it goes in'),
    },
  ];
  const picked = await window.showQuickPick(items, {
    placeHolder: l10n.t('What does the hook do while the build is red?'),
  });
  if (!picked) return false;
  const policy = { ...chosen, mode: picked.mode };
  const plan = await planInstall(place, policy, home);
  const name = (path: string) => slashes(relative(place.top, path));
  const lines = describePlan(plan, name).join('\n');
  if ('refused' in plan) {
    const copy = l10n.t('Copy');
    const options = { modal: true, detail: lines };
    const message = l10n.t('The commit guard cannot be installed here by itself.');
    const answer = await window.showWarningMessage(message, options, ...(plan.lines ? [copy] : []));
    if (answer === copy) await vscode.env.clipboard.writeText(plan.lines ?? '');
    return false;
  }
  const go = l10n.t('Install');
  const message = l10n.t('Install the commit guard in {0}?', repository.name);
  const answer = await window.showInformationMessage(message, { modal: true, detail: lines }, go);
  if (answer !== go) return false;
  try {
    if (installedWay(place)) {
      await remove(place);
      const again = await planInstall(place, policy, home);
      if (!('refused' in again)) await install(place, again);
    } else await install(place, plan);
    const silent = (await verify(place)).filter(({ answers }) => !answers);
    if (silent.length > 0) throw new Error(silent.map(({ hook }) => hook).join(', '));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(l10n.t('Git does not call the commit guard: {0}', reason));
    return true;
  }
  void window.showInformationMessage(l10n.t('Git calls the commit guard in {0}.', repository.name));
  return true;
}

/** Takes the hook out again, when told to. */
export async function removeHook({ place, name }: GuardedRepository): Promise<boolean> {
  const { l10n, window } = vscode;
  if (!installedWay(place)) {
    void window.showInformationMessage(l10n.t('The commit guard is not installed in {0}.', name));
    return false;
  }
  const go = l10n.t('Remove');
  const message = l10n.t('Remove the commit guard from {0}?', name);
  const detail = l10n.t('What was there before is put back.');
  const answer = await window.showInformationMessage(message, { modal: true, detail }, go);
  if (answer !== go) return false;
  const left = await remove(place);
  if (left.length > 0) void window.showWarningMessage(left.join(' '));
  return true;
}

/** Silence for some time. */
export async function pauseHook(repository: GuardedRepository): Promise<void> {
  const { l10n, window } = vscode;
  const { now, pausedUntil = 0 } = repository.circumstances;
  const item = (label: string, seconds: number) => ({ label, seconds });
  const items = [
    ...(pausedUntil > now ? [item(l10n.t('End the pause'), 0)] : []),
    item(l10n.t('{0} min', 30), 1800),
    item(l10n.t('{0} h', 2), 2 * 3600),
    item(l10n.t('{0} h', 24), 24 * 3600),
  ];
  const placeHolder = l10n.t('Silent for how long?');
  const picked = await window.showQuickPick(items, { placeHolder });
  if (!picked) return;
  const text = picked.seconds === 0 ? undefined : serialisePause(now + picked.seconds);
  repository.write(pausePath, text);
}
