import * as vscode from 'vscode';
import type { Concern, Severity } from '../engine/finding';

/** A concern as people read it. */
export function concernTitle(concern: Concern | undefined): string {
  const { l10n } = vscode;
  switch (concern) {
    case 'idempotency':
      return l10n.t('Idempotency');
    case 'statefulness':
      return l10n.t('Statefulness');
    case 'reproducibility':
      return l10n.t('Reproducibility');
    case 'failure':
      return l10n.t('Failure');
    case 'testing':
      return l10n.t('Testing');
    case 'delivery':
      return l10n.t('Delivery');
    case 'monitoring':
      return l10n.t('Monitoring');
    case 'notification':
      return l10n.t('Notification');
    case 'flags':
      return l10n.t('Feature flags');
    case undefined:
      return l10n.t('Andon itself');
  }
}

/** The principle behind a concern, in one sentence. */
export function concernPrinciple(concern: Concern | undefined): string {
  const { l10n } = vscode;
  switch (concern) {
    case 'idempotency':
      return l10n.t(
        'Applied twice, the result is the same; nothing to change means nothing changes.',
      );
    case 'statefulness':
      return l10n.t(
        'Servers and containers are replaced, never modified; what must last lives outside them.',
      );
    case 'reproducibility':
      return l10n.t('The same source builds the same thing: no moving references.');
    case 'failure':
      return l10n.t('When automation fails, it stops; nobody carries on by hand or past it.');
    case 'testing':
      return l10n.t('Automation is code and is tested continuously.');
    case 'delivery':
      return l10n.t('Build and deploy are one step, verified, and can be rolled back.');
    case 'monitoring':
      return l10n.t('Every watched number has a stated purpose.');
    case 'notification':
      return l10n.t('When something fails, the team hears it.');
    case 'flags':
      return l10n.t('Feature flags have an owner and an end.');
    case undefined:
      return l10n.t('Files that could not be read whole, and exceptions that no longer hold.');
  }
}

/** A severity as people read it. */
export function severityTitle(severity: Severity): string {
  const { l10n } = vscode;
  switch (severity) {
    case 'error':
      return l10n.t('Error');
    case 'warning':
      return l10n.t('Warning');
    case 'info':
      return l10n.t('Information');
  }
}
