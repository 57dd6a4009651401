import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';
import type { Andon } from './andon';
import type { FindingRow } from './findings-tree';
import type { ShownFile } from './shown';

/** Names a finding in the arguments of a command: plain data that outlives the text it was found in. */
export interface FindingRef {
  readonly uri: string;
  readonly rule: string;
  readonly fingerprint: string;
}

/** The name of a finding of a file. */
export const refOf = (uri: vscode.Uri, { rule, fingerprint }: Finding): FindingRef => ({
  uri: uri.toString(),
  rule,
  fingerprint,
});

/** The name in the argument of a command: given as it is, or by a row of the Findings view. */
export function refIn(argument: unknown): FindingRef | undefined {
  const row = (argument ?? {}) as Partial<FindingRow>;
  if (row.kind === 'finding' && row.file && row.finding) {
    return refOf(vscode.Uri.parse(row.file.key, true), row.finding);
  }
  const { uri, rule, fingerprint } = (argument ?? {}) as Partial<Record<keyof FindingRef, unknown>>;
  const texts = [uri, rule, fingerprint].every((each) => typeof each === 'string');
  return texts ? (argument as FindingRef) : undefined;
}

/** A finding with the document it is in, as that is now. */
export interface FoundIn {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly file: ShownFile;
  readonly finding: Finding;
}

/**
 * The finding a command is about: the one named, else the one at the cursor. Tells the user when there is none, as
 * the text has changed since or the cursor is elsewhere.
 */
export async function findIn(andon: Andon, argument: unknown): Promise<FoundIn | undefined> {
  const ref = refIn(argument);
  const editor = vscode.window.activeTextEditor;
  const document = ref ? await documentOf(ref) : editor?.document;
  const file = document && (await andon.documents.current(document));
  const line = editor && editor.selection.active.line + 1;
  const finding = file?.findings.find((each) =>
    ref
      ? each.fingerprint === ref.fingerprint
      : line !== undefined && each.start.line <= line && line <= each.end.line,
  );
  if (document && file && finding) return { document, version: document.version, file, finding };
  sayGone(ref !== undefined);
  return undefined;
}

/** Says in passing that there is nothing to do. */
export function sayGone(named: boolean): void {
  const message = named
    ? vscode.l10n.t('Andon: this is no longer found here.')
    : vscode.l10n.t('Andon: nothing is found here.');
  vscode.window.setStatusBarMessage(message, 5000);
}

async function documentOf({ uri }: FindingRef): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
  if (open) return open;
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
  } catch {
    return undefined;
  }
}
