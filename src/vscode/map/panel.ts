import * as vscode from 'vscode';
import type { Checker } from '../checker';
import type { Folder } from '../folder';
import { mapWords } from './words';

/** The delivery map of a folder in an editor tab; it follows the workspace while it is open. */
export class MapPanel implements vscode.Disposable {
  static #open = new Map<string, MapPanel>();
  readonly #panel: vscode.WebviewPanel;
  readonly #folder: Folder;
  readonly #disposables: vscode.Disposable[] = [];

  /** Shows the map of a folder: the tab that is open already, or a new one. */
  static show(folder: Folder, checker: Checker, extension: vscode.Uri): void {
    const open = MapPanel.#open.get(folder.id);
    if (open) open.#panel.reveal();
    else MapPanel.#open.set(folder.id, new MapPanel(folder, checker, extension));
  }

  private constructor(folder: Folder, checker: Checker, extension: vscode.Uri) {
    this.#folder = folder;
    const { l10n, window, ViewColumn, Uri } = vscode;
    this.#panel = window.createWebviewPanel(
      'andon.deliveryMap',
      l10n.t('Delivery Map'),
      ViewColumn.Active,
      {
        enableScripts: true,
        localResourceRoots: [Uri.joinPath(extension, 'dist'), Uri.joinPath(extension, 'media')],
        retainContextWhenHidden: true,
      },
    );
    this.#disposables.push(
      this.#panel.webview.onDidReceiveMessage((message: unknown) => this.#take(message)),
      this.#panel.onDidDispose(() => this.dispose()),
      checker.onDidRedraw((changed) => {
        if (changed === folder) void this.#send();
      }),
    );
    this.#panel.webview.html = page(this.#panel.webview, extension);
  }

  dispose(): void {
    MapPanel.#open.delete(this.#folder.id);
    for (const each of this.#disposables) each.dispose();
  }

  async #send(): Promise<void> {
    const picture = await this.#folder.drawPicture();
    // What changes meanwhile has it sent again.
    if (!picture || MapPanel.#open.get(this.#folder.id) !== this) return;
    await this.#panel.webview.postMessage({ picture, words: mapWords() });
  }

  #take(message: unknown): void {
    const said = message as { ready?: boolean; open?: string; line?: number };
    if (said.ready) void this.#send();
    if (typeof said.open !== 'string') return;
    const at = new vscode.Position(Math.max(0, (said.line ?? 1) - 1), 0);
    void vscode.window.showTextDocument(this.#folder.uriOf(said.open), {
      selection: new vscode.Range(at, at),
      viewColumn: vscode.ViewColumn.Beside,
    });
  }
}

/** https://code.visualstudio.com/api/extension-guides/webview#content-security-policy */
function page(webview: vscode.Webview, extension: vscode.Uri): string {
  const at = (...path: string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, ...path)).toString();
  const { l10n } = vscode;
  const policy = `default-src 'none'; script-src ${webview.cspSource}; style-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${at('media', 'delivery-map.css')}">
</head>
<body>
<div id="bar" role="toolbar">
<button id="smaller" aria-label="${l10n.t('Smaller')}">−</button>
<button id="larger" aria-label="${l10n.t('Larger')}">+</button>
<button id="fit">${l10n.t('Fit')}</button>
<span class="key"><i class="reached"></i>${l10n.t('a pipeline leads here')}</span>
<span class="key"><i class="unreached"></i>${l10n.t('no pipeline leads here')}</span>
</div>
<div id="stage"></div>
<div id="status" role="status" aria-live="polite"></div>
<script src="${at('dist', 'map-view.js')}"></script>
</body>
</html>`;
}
