import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';
import type { Place } from '../text/place';
import { rulePage } from './rule-pages';
import type { Shown, ShownFile } from './shown';
import { inSlices } from './time-slices';

/** Shows the findings as diagnostics, in portions that never hold the extension host up. */
export class Diagnostics implements vscode.Disposable {
  readonly #shown: Shown;
  readonly #collection = vscode.languages.createDiagnosticCollection('andon');
  readonly #subscription: vscode.Disposable;
  readonly #waiting = new Set<string>();
  #working = false;

  constructor(shown: Shown) {
    this.#shown = shown;
    this.#subscription = shown.onDidChange((keys) => this.#add(keys));
  }

  /** Resolves when all findings are on screen. */
  async settled(): Promise<void> {
    while (this.#working) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#collection.dispose();
  }

  #add(keys: readonly string[]): void {
    // The file somebody is typing in does not wait for a thousand others.
    if (keys.length < 20 && !this.#working) {
      for (const key of keys) this.#set(key);
      return;
    }
    for (const key of keys) this.#waiting.add(key);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      await inSlices(this.#waiting, (key) => {
        this.#waiting.delete(key);
        this.#set(key);
      });
    } finally {
      this.#working = false;
    }
    if (this.#waiting.size > 0) void this.#work();
  }

  #set(key: string): void {
    const file = this.#shown.byKey(key);
    const uri = file?.uri ?? vscode.Uri.parse(key, true);
    this.#collection.set(uri, file?.findings.map((finding) => diagnosticOf(file, finding)) ?? []);
  }
}

/** The range on screen of a place; lines and columns there count from 0. */
export function rangeOf({ start, end }: Pick<Place, 'start' | 'end'>): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

function diagnosticOf(file: ShownFile, finding: Finding): vscode.Diagnostic {
  const severity = finding.baselined
    ? vscode.DiagnosticSeverity.Hint
    : severities[finding.severity];
  const diagnostic = new vscode.Diagnostic(rangeOf(finding), finding.message, severity);
  diagnostic.source = 'andon';
  diagnostic.code = { value: finding.rule, target: rulePage(finding.rule) };
  if (finding.baselined) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  if (finding.related) {
    diagnostic.relatedInformation = finding.related.map((place) => {
      const uri =
        place.path === file.path
          ? file.uri
          : file.uri.with({
              path: `${file.uri.path.slice(0, file.uri.path.length - file.path.length)}${place.path}`,
            });
      return new vscode.DiagnosticRelatedInformation(
        new vscode.Location(uri, rangeOf(place)),
        place.message,
      );
    });
  }
  return diagnostic;
}
