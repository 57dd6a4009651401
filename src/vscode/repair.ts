import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';
import { applyEdits, type Edit, mergeEdits } from '../text/edit';
import type { Andon } from './andon';

/** Edits and the version of the document they are for. */
export interface Repair {
  readonly version: number;
  readonly edits: readonly Edit[];
}

/** Fixes of the same place wait for the next round; as many rounds as this are enough for all. */
const enough = 8;

/**
 * What repairs the findings `wanted` in a document as it is now. One fix can make room for another, so the repaired
 * text is checked again until nothing wanted is left, for so many `rounds`. Undefined when there is nothing to repair.
 */
export async function repair(
  andon: Andon,
  document: vscode.TextDocument,
  wanted: (finding: Finding) => boolean,
  rounds = enough,
): Promise<Repair | undefined> {
  const checked = await andon.documents.current(document);
  if (!checked) return undefined;
  const { version } = document;
  const original = document.getText();
  let { findings } = checked;
  let text = original;
  let first: readonly Edit[] = [];
  for (let round = 0; round < rounds; round++) {
    const groups = findings.flatMap((each) => (each.fix && wanted(each) ? [each.fix.edits] : []));
    const edits = mergeEdits(groups);
    if (edits.length === 0) break;
    const next = applyEdits(text, edits);
    if (next === text) break;
    if (round === 0) first = edits;
    text = next;
    if (round + 1 === rounds) break;
    const left = await andon.checker.trial(document, text);
    if (!left) break;
    findings = left;
    if (!findings.some((each) => each.fix && wanted(each))) break;
  }
  if (text === original || document.version !== version) return undefined;
  // The edits of a single round say best what changes.
  const edits = applyEdits(original, first) === text ? first : [difference(original, text)];
  return { version, edits };
}

/** Edits of the document's text as VS Code wants them. */
export function textEdits(
  document: vscode.TextDocument,
  edits: readonly Edit[],
): vscode.TextEdit[] {
  return edits.map(({ range, text }) => {
    const place = new vscode.Range(document.positionAt(range[0]), document.positionAt(range[1]));
    return vscode.TextEdit.replace(place, text);
  });
}

/** A workspace edit of one document. */
export function workspaceEdit(
  document: vscode.TextDocument,
  edits: readonly Edit[],
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, textEdits(document, edits));
  return edit;
}

/** Makes the edits, unless the document is no longer the one they were made for. */
export async function apply(
  document: vscode.TextDocument,
  { version, edits }: Repair,
): Promise<boolean> {
  if (document.isClosed || document.version !== version) {
    const message = vscode.l10n.t('Andon: the file has changed meanwhile, nothing was done.');
    vscode.window.setStatusBarMessage(message, 5000);
    return false;
  }
  return vscode.workspace.applyEdit(workspaceEdit(document, edits));
}

/** One edit that turns a text into another. */
function difference(from: string, to: string): Edit {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start++;
  let end = 0;
  while (end < most - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  return { range: [start, from.length - end], text: to.slice(start, to.length - end) };
}

/** What repairs one finding. Once it is gone, another of the same kind goes by its name: hence a single round. */
export function repairOne(
  andon: Andon,
  document: vscode.TextDocument,
  fingerprint: string,
): Promise<Repair | undefined> {
  return repair(andon, document, (each) => each.fingerprint === fingerprint, 1);
}
