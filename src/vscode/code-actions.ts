import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';
import type { Andon } from './andon';
import { commentsOf } from './comment-kind';
import { rangeOf } from './diagnostics';
import { refOf } from './finding-ref';
import { type Repair, repair, repairOne, workspaceEdit } from './repair';
import type { ShownFile } from './shown';

/** The kind that `editor.codeActionsOnSave` names. */
export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('andon');

/** A fix whose edit is made out only when it is chosen, for the text as it then is. */
interface FixAction extends vscode.CodeAction {
  readonly of?: vscode.TextDocument;
  readonly repair?: () => Promise<Repair | undefined>;
}

/** Offers fixes, exceptions and explanations for the findings at a place. */
export class CodeActions implements vscode.CodeActionProvider<FixAction> {
  static readonly kinds = [vscode.CodeActionKind.QuickFix, fixAllKind];
  readonly #andon: Andon;

  constructor(andon: Andon) {
    this.#andon = andon;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<FixAction[]> {
    const { only } = context;
    if (only && vscode.CodeActionKind.SourceFixAll.contains(only)) {
      return only.contains(fixAllKind) ? this.#fixAll(document) : [];
    }
    if (only?.contains(fixAllKind)) return this.#fixAll(document);
    if (only && !only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const file = await this.#andon.documents.current(document);
    if (!file || token.isCancellationRequested) return [];
    const here = file.findings.filter((finding) => rangeOf(finding).intersection(range));
    return here.flatMap((finding) => this.#actionsFor(document, file, finding, context));
  }

  async resolveCodeAction(action: FixAction): Promise<FixAction> {
    if (!action.of || !action.repair) return action;
    const found = await action.repair();
    if (found) action.edit = workspaceEdit(action.of, found.edits);
    else
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('Andon: this is no longer found here.'),
        5000,
      );
    return action;
  }

  /** On save: only what cannot change behaviour. */
  async #fixAll(document: vscode.TextDocument): Promise<FixAction[]> {
    const found = await repair(this.#andon, document, isSafe);
    if (!found) return [];
    const action: FixAction = new vscode.CodeAction(
      vscode.l10n.t('Fix all that is safe to fix (Andon)'),
      fixAllKind,
    );
    action.edit = workspaceEdit(document, found.edits);
    return [action];
  }

  #actionsFor(
    document: vscode.TextDocument,
    file: ShownFile,
    finding: Finding,
    context: vscode.CodeActionContext,
  ): FixAction[] {
    const { l10n } = vscode;
    const { rule, fix, fingerprint } = finding;
    const ref = refOf(document.uri, finding);
    const diagnostics = context.diagnostics.filter(
      (each) => each.source === 'andon' && each.range.isEqual(rangeOf(finding)),
    );
    const actions: FixAction[] = [];
    const add = (title: string, more: Partial<FixAction>) => {
      const action: FixAction = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = diagnostics;
      actions.push(Object.assign(action, more));
    };
    const command = (id: string, ...args: readonly unknown[]): vscode.Command => ({
      command: id,
      title: '',
      arguments: [...args],
    });

    if (fix) {
      const of = document;
      const all = (wanted: (finding: Finding) => boolean) => () =>
        repair(this.#andon, document, wanted);
      const one = () => repairOne(this.#andon, document, fingerprint);
      add(fix.title, { of, repair: one, isPreferred: fix.safe });
      const alike = file.findings.filter((each) => each.rule === rule && each.fix);
      if (alike.length > 1) {
        const title = l10n.t('Fix all {0} of {1} in this file', alike.length, rule);
        add(title, { of, repair: all((each) => each.rule === rule) });
      }
      if (file.findings.some((each) => isSafe(each) && each.rule !== rule)) {
        add(l10n.t('Fix all that is safe to fix in this file'), { of, repair: all(isSafe) });
      }
    }
    // What the engine says of its own accord cannot be allowed.
    if (finding.concern) {
      const { languageId } = document;
      const text = document.lineAt(0).text;
      if (commentsOf({ text, languageId, path: file.path, format: file.format })) {
        add(l10n.t('Allow {0} here, because …', rule), {
          command: command('andon.allowHere', ref),
        });
        add(l10n.t('Allow {0} in this file, because …', rule), {
          command: command('andon.allowInFile', ref),
        });
      }
      if (file.folder !== undefined) {
        add(l10n.t('Turn {0} off in .andon.yaml', rule), {
          command: command('andon.turnRuleOff', ref),
        });
      }
    }
    add(l10n.t('Explain {0}', rule), { command: command('andon.explainRule', rule) });
    return actions;
  }
}

function isSafe(finding: Finding): boolean {
  return finding.fix?.safe === true && finding.baselined !== true;
}
