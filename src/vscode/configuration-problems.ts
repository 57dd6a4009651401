import * as vscode from 'vscode';
import { configurationFiles } from '../engine/configuration';
import { LineIndex } from '../text/line-index';
import type { Checker } from './checker';
import type { ConfigurationFile } from './configuration-file';
import { rangeOf } from './diagnostics';
import { baselinePath, type Folder } from './folder';

/** Shows what is wrong in `.andon.yaml` and in the baseline, in these files themselves. */
export class ConfigurationProblems implements vscode.Disposable {
  readonly #checker: Checker;
  readonly #collection = vscode.languages.createDiagnosticCollection('andon-configuration');
  readonly #subscriptions: vscode.Disposable[];

  constructor(checker: Checker) {
    this.#checker = checker;
    this.#subscriptions = [
      checker.onDidChangeFolders(() => this.#showAll()),
      // While it is written its problems show; in force it is once it is saved.
      vscode.workspace.onDidChangeTextDocument(({ document }) => void this.#showDocument(document)),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#collection.dispose();
  }

  #showAll(): void {
    this.#collection.clear();
    for (const folder of this.#checker.folders) {
      const file = folder.configurationFile;
      if (file) this.#collection.set(file.uri, diagnosticsOf(file.text, file));
      if (folder.root && folder.baselineFault !== undefined) {
        const message = vscode.l10n.t('The baseline cannot be used: {0}', folder.baselineFault);
        const uri = vscode.Uri.joinPath(folder.root, baselinePath);
        this.#collection.set(uri, [diagnostic(new vscode.Range(0, 0, 0, 1), message, true)]);
      }
    }
  }

  async #showDocument(document: vscode.TextDocument): Promise<void> {
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    if (!(configurationFiles as readonly string[]).includes(name)) return;
    const folder = this.#checker.knownFolderOf(document.uri);
    if (!isConfigurationOf(folder, document.uri)) return;
    const { version } = document;
    const text = document.getText();
    const file = await this.#checker.host.linter.ask({ kind: 'configuration', text });
    if (document.version === version) this.#collection.set(document.uri, diagnosticsOf(text, file));
  }
}

function isConfigurationOf(folder: Folder, uri: vscode.Uri): boolean {
  const known = folder.configurationFile?.uri.toString();
  return known === undefined ? folder.root !== undefined : known === uri.toString();
}

function diagnosticsOf(text: string, file: ConfigurationFile): vscode.Diagnostic[] {
  const lines = new LineIndex(text);
  return file.problems.map(({ range, message }) => {
    const place = { start: lines.position(range[0]), end: lines.position(range[1]) };
    const said = file.broken
      ? vscode.l10n.t('{0}. The last configuration that could be read stays in force.', message)
      : message;
    return diagnostic(rangeOf(place), said, file.broken);
  });
}

function diagnostic(range: vscode.Range, message: string, broken: boolean): vscode.Diagnostic {
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  const made = new vscode.Diagnostic(range, message, broken ? error : warning);
  made.source = 'andon';
  return made;
}
