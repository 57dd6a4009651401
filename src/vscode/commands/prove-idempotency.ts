import * as vscode from 'vscode';
import { interpreterOf } from '../../prove/interpreter';
import type { ScriptToProve } from '../prove/proving';
import type { Command } from './command';

/** Context key: the extension runs in a browser, where no program can be run. Not set before it is known. */
export const cannotProve = 'andon.cannotProve';

/** Runs the script in the editor, or what is selected of a text, twice in a sandbox and shows what came of it. */
export const proveIdempotency: Command = {
  id: 'andon.proveIdempotency',
  title: 'Prove Idempotency',
  palette: `isWorkspaceTrusted && !${cannotProve} && editorIsOpen`,
  menus: {
    'editor/context': {
      when: `isWorkspaceTrusted && !${cannotProve} && (editorLangId == shellscript || editorHasSelection)`,
      group: '9_andon@1',
    },
    'explorer/context': {
      when: `isWorkspaceTrusted && !${cannotProve} && resourceLangId == shellscript`,
      group: '9_andon@1',
    },
  },
  async run(andon, uri, others) {
    const { l10n, window, workspace } = vscode;
    const { proving } = andon.proveSwitch;
    if (!proving) {
      void window.showErrorMessage(l10n.t('Andon: nothing can be run in a browser.'));
      return;
    }
    // The menus ask for this too, but a key binding does not.
    if (!workspace.isTrusted) {
      void window.showErrorMessage(
        l10n.t('Andon: scripts are run only in a workspace you trust, also in a sandbox.'),
      );
      return;
    }
    // The explorer says which files are chosen, the editor does not.
    const chosen = await chooseScript(
      uri instanceof vscode.Uri ? uri : undefined,
      Array.isArray(others),
    );
    if (!chosen) {
      void window.showInformationMessage(
        l10n.t('Andon: open a shell script, or select shell text in any document.'),
      );
      return;
    }
    const image = andon.checker.loose.settings.proveImage;
    const run = l10n.t('Run Twice');
    const answer = await window.showWarningMessage(
      chosen.selected
        ? l10n.t('Run the selected lines of {0} twice in a sandbox?', chosen.name)
        : l10n.t('Run {0} twice in a sandbox?', chosen.name),
      { modal: true, detail: warning(image) },
      run,
    );
    if (answer === run) await proving.prove({ ...chosen, image });
  },
};

function warning(image: string): string {
  return image
    ? vscode.l10n.t(
        'This executes the code in a container of {0}, without a network, on a copy of its folder. The container is thrown away afterwards.',
        image,
      )
    : vscode.l10n.t(
        'This executes the code over a throw-away copy of this machine, without a network, with home folders hidden. Nothing it writes reaches the machine.',
      );
}

interface Chosen extends Omit<ScriptToProve, 'image'> {
  readonly selected: boolean;
}

async function chooseScript(
  uri: vscode.Uri | undefined,
  whole: boolean,
): Promise<Chosen | undefined> {
  const { window, workspace } = vscode;
  const editor = window.activeTextEditor;
  const active = editor && (!uri || editor.document.uri.toString() === uri.toString());
  const document = active ? editor.document : uri && (await workspace.openTextDocument(uri));
  if (!document) return undefined;
  const selection = active && !whole ? editor.selection : undefined;
  const selected = selection !== undefined && !selection.isEmpty;
  const shell = document.languageId === 'shellscript';
  if (!selected && !shell) return undefined;
  const text = selected ? linesOf(document, selection) : document.getText();
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const root = workspace.getWorkspaceFolder(document.uri) ?? workspace.workspaceFolders?.[0];
  const local = document.uri.scheme === 'file';
  const folder = local
    ? vscode.Uri.joinPath(document.uri, '..').fsPath
    : root?.uri.scheme === 'file'
      ? root.uri.fsPath
      : '/root';
  // A selection has no file; beside the document it finds what stands there.
  const file = local && !selected ? document.uri.fsPath : `${folder}/.andon-selection.sh`;
  return {
    text,
    file,
    name,
    selected,
    // A part of a script is run by what runs the whole.
    ...(selected && shell && { interpreter: interpreterOf(document.getText()) }),
  };
}

/** The selected text; of several lines, whole ones without the indentation they have in common. */
function linesOf(document: vscode.TextDocument, selection: vscode.Selection): string {
  if (selection.isSingleLine) return `${document.getText(selection)}\n`;
  const last = selection.end.character === 0 ? selection.end.line - 1 : selection.end.line;
  const lines: string[] = [];
  for (let i = selection.start.line; i <= last; i++) lines.push(document.lineAt(i).text);
  const indents = lines
    .filter((line) => line.trim())
    .map((line) => /^[ \t]*/.exec(line)![0].length);
  const shared = Math.min(...indents);
  return `${lines.map((line) => line.slice(shared)).join('\n')}\n`;
}

/** Opens what a run did to a file as a comparison. */
export const showProofDifference: Command = {
  id: 'andon.showProofDifference',
  title: 'Show the Difference',
  palette: false,
  run: ({ proveSwitch }, key, path) =>
    typeof key === 'string' && typeof path === 'string'
      ? proveSwitch.proving?.compare(key, path)
      : undefined,
};
