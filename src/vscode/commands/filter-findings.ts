import * as vscode from 'vscode';
import type { Severity } from '../../engine/finding';
import { type ConcernKey, concernKeys } from '../findings-tree';
import { titleOf } from '../findings-view';
import { severityTitle } from '../words';
import type { Command } from './command';

type Item = vscode.QuickPickItem & {
  readonly severity?: Severity;
  readonly concern?: ConcernKey;
  readonly baselined?: true;
};

/** Chooses which severities and concerns the Findings view shows. */
export const filterFindings: Command = {
  id: 'andon.filterFindings',
  title: 'Filter Findings …',
  icon: '$(filter)',
  menus: {
    'view/title': { when: 'view == andon.findings && !andon.filtered', group: 'navigation@2' },
  },
  run: ({ view }) => choose(view),
};

/** The same while a filter is set: the button shows that something is hidden. */
export const changeFilter: Command = {
  id: 'andon.changeFilter',
  title: 'Change Filter of Findings …',
  icon: '$(filter-filled)',
  palette: false,
  menus: {
    'view/title': { when: 'view == andon.findings && andon.filtered', group: 'navigation@2' },
  },
  run: ({ view }) => choose(view),
};

async function choose(view: Parameters<Command['run']>[0]['view']): Promise<void> {
  const { l10n, QuickPickItemKind, window } = vscode;
  const { hiddenSeverities, hiddenConcerns, hideBaselined } = view.filter;
  const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });
  const severities = (['error', 'warning', 'info'] as const).map(
    (severity): Item => ({
      label: severityTitle(severity),
      severity,
      picked: !hiddenSeverities.includes(severity),
    }),
  );
  const concerns = concernKeys.map(
    (concern): Item => ({
      label: titleOf(concern),
      concern,
      picked: !hiddenConcerns.includes(concern),
    }),
  );
  const baselined: Item = {
    label: l10n.t('Findings in the baseline'),
    baselined: true,
    picked: !hideBaselined,
  };
  const items = [
    separator(l10n.t('Severity')),
    ...severities,
    baselined,
    separator(l10n.t('Concern')),
    ...concerns,
  ];
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: l10n.t('What the Findings view shows'),
  });
  if (!picked) return;
  const left = items.filter((item) => !picked.includes(item));
  await view.setFilter({
    hiddenSeverities: left.flatMap((item) => item.severity ?? []),
    hiddenConcerns: left.flatMap((item) => item.concern ?? []),
    hideBaselined: left.includes(baselined),
  });
}
