import * as vscode from 'vscode';
import { errorLines, placesIn, plainLog } from '../../pipeline/log-lines';

/** Scheme of the documents that show logs. */
export const logScheme = 'andon-log';

/** Logs that are kept for documents that are open. */
const kept = 20;

/** Shows the log of a failed check: its first error lines, then the end of it whole, with links to places it names. */
export class FailingLogs implements vscode.Disposable {
  readonly #texts = new Map<string, { readonly text: string; readonly root: vscode.Uri }>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(logScheme, {
        provideTextDocumentContent: (uri) => this.#texts.get(uri.toString())?.text ?? '',
      }),
      vscode.languages.registerDocumentLinkProvider(
        { scheme: logScheme },
        { provideDocumentLinks: (document) => this.#links(document) },
      ),
    ];
  }

  /** Opens a log. `id` tells attempts apart. */
  async show(name: string, id: string, log: string, root: vscode.Uri): Promise<void> {
    const { l10n } = vscode;
    const plain = plainLog(log);
    const lines = plain.split('\n');
    const first = errorLines(plain);
    const excerpt = first.map((i) => lines[i]!);
    const head = [l10n.t('First error lines of {0}', name), '', ...excerpt, '', '─'.repeat(60), ''];
    const uri = vscode.Uri.from({
      scheme: logScheme,
      path: `/${name.replaceAll(/[/\\]+/g, '›')}.log`,
      query: id,
    });
    this.#texts.set(uri.toString(), { text: [...head, ...lines].join('\n'), root });
    if (this.#texts.size > kept) this.#texts.delete(this.#texts.keys().next().value!);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const start = new vscode.Position(2, 0);
    editor.selection = new vscode.Selection(start, start);
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #links(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const known = this.#texts.get(document.uri.toString());
    if (!known) return [];
    const links: vscode.DocumentLink[] = [];
    const files = new Map<string, Promise<vscode.Uri | undefined>>();
    for (let line = 0; line < Math.min(document.lineCount, 5000); line++) {
      for (const place of placesIn(document.lineAt(line).text)) {
        let file = files.get(place.path);
        if (!file) {
          if (files.size > 300) continue;
          file = findFile(known.root, place.path);
          files.set(place.path, file);
        }
        const uri = await file;
        if (!uri) continue;
        const [start, end] = place.range;
        const target = uri.with({ fragment: `L${place.line},${place.column}` });
        links.push(new vscode.DocumentLink(new vscode.Range(line, start, line, end), target));
      }
    }
    return links;
  }
}

/** The file of the checkout a path of another machine means: the longest end of it that is there. */
async function findFile(root: vscode.Uri, path: string): Promise<vscode.Uri | undefined> {
  const parts = path.split(/[/\\]+/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return undefined;
  for (let i = 0; i < Math.min(parts.length, 8); i++) {
    const uri = vscode.Uri.joinPath(root, ...parts.slice(i));
    const type = await vscode.workspace.fs.stat(uri).then(
      (stat) => stat.type,
      () => undefined,
    );
    if (type === vscode.FileType.File) return uri;
  }
  return undefined;
}
