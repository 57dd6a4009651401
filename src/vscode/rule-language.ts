import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';
import { inOneLine, type Said, spoken, type Translations } from '../engine/said';

/**
 * What rules say, in the language VS Code speaks: `l10n/rules.<language>.json` has the texts by their English. What it
 * lacks is said in English.
 */
export class RuleLanguage {
  #translations: Translations | undefined;
  /** Resolves when the texts are there; before, everything is English. */
  readonly ready: Promise<void>;

  constructor(l10n: vscode.Uri) {
    const { language } = vscode.env;
    this.ready = /^en\b/.test(language) ? Promise.resolve() : this.#load(l10n, language);
  }

  /** A text of a rule or of the engine. */
  text(english: string): string {
    return spoken(english, this.#translations);
  }

  /** The finding as the user reads it. */
  finding(finding: Finding): Finding {
    if (!this.#translations) return finding;
    const { fix, related } = finding;
    return {
      ...finding,
      message: this.#said(finding.said, finding.message),
      ...(fix && { fix: { ...fix, title: this.#said(fix.said, fix.title) } }),
      ...(related && {
        related: related.map((each) => ({ ...each, message: this.#said(each.said, each.message) })),
      }),
    };
  }

  #said(said: Said | undefined, english: string): string {
    return inOneLine(spoken(said ?? english, this.#translations));
  }

  async #load(l10n: vscode.Uri, language: string): Promise<void> {
    try {
      const bytes = await vscode.workspace.fs.readFile(
        vscode.Uri.joinPath(l10n, `rules.${language}.json`),
      );
      const texts: Record<string, string> = JSON.parse(new TextDecoder().decode(bytes));
      // A text that nobody has translated yet is empty.
      this.#translations = new Map(Object.entries(texts).filter(([, text]) => text !== ''));
    } catch {
      // Andon does not speak it.
    }
  }
}
