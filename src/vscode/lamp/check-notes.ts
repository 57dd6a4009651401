import * as vscode from 'vscode';
import type { Annotation } from '../../pipeline/service';
import type { Check } from '../../pipeline/status';
import type { Repository } from './repository';
import { checkName } from './words';

const severities: Readonly<Record<Annotation['level'], vscode.DiagnosticSeverity>> = {
  failure: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  notice: vscode.DiagnosticSeverity.Information,
};

/** What failed checks say about places in files, as diagnostics while the commit they are about is checked out. */
export class CheckNotes implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('andon-checks');
  readonly #shown = new Map<
    string,
    { readonly of: string; readonly uris: readonly vscode.Uri[] }
  >();

  /** Takes in the state of a repository. `ask` gets the annotations of a failed check. */
  async changed(
    repository: Repository,
    ask: (check: Check) => Promise<readonly Annotation[]>,
  ): Promise<void> {
    const { state } = repository;
    const status = state?.commit;
    const isHere = status?.sha !== undefined && status.sha === state?.checkout.head;
    const failing = isHere && status.verdict === 'failing' ? status.failing.slice(0, 5) : [];
    const of = failing.map((check) => check.id).join(' ');
    const known = this.#shown.get(repository.root);
    if ((known?.of ?? '') === of) return;
    for (const uri of known?.uris ?? []) this.#collection.delete(uri);
    this.#shown.set(repository.root, { of, uris: [] });
    const files = new Map<string, { uri: vscode.Uri; all: vscode.Diagnostic[] }>();
    for (const check of failing) {
      for (const note of await ask(check).catch(() => [])) {
        if (/(?:^|[\\/])\.\.(?:[\\/]|$)|^(?:[\\/]|[a-z]:)/i.test(note.path)) continue;
        const uri = vscode.Uri.joinPath(repository.uri, note.path);
        const range = new vscode.Range(note.line - 1, 0, (note.endLine ?? note.line) - 1, 1000);
        const diagnostic = new vscode.Diagnostic(range, note.message, severities[note.level]);
        diagnostic.source = 'andon';
        diagnostic.code = checkName(check);
        const file = files.get(uri.toString()) ?? { uri, all: [] };
        file.all.push(diagnostic);
        files.set(uri.toString(), file);
      }
    }
    if (this.#shown.get(repository.root)?.of !== of) return;
    for (const { uri, all } of files.values()) this.#collection.set(uri, all);
    this.#shown.set(repository.root, { of, uris: [...files.values()].map(({ uri }) => uri) });
  }

  dispose(): void {
    this.#collection.dispose();
  }
}
