import * as vscode from 'vscode';
import type { RuleText } from './rule-catalog';

/** Scheme of the documents that hold the pages of rules. */
export const ruleScheme = 'andon-rule';

/**
 * The address of a rule's page. The manifest has documents of this scheme opened in VS Code's own Markdown preview,
 * so a link to it works in the Problems panel and in hovers alike, without a network.
 */
export const rulePage = (id: string): vscode.Uri =>
  vscode.Uri.from({ scheme: ruleScheme, path: `/${id}.md` });

/** Serves the pages of rules, which ship beside the bundle. */
export function serveRulePages(
  shipped: vscode.Uri,
  rules: ReadonlyMap<string, RuleText>,
): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(ruleScheme, {
    async provideTextDocumentContent(uri) {
      const id = uri.path.replace(/^\//, '').replace(/\.md$/, '');
      const rule = rules.get(id);
      if (!rule) return `# ${id}\n\n${vscode.l10n.t('There is no rule of this name.')}\n`;
      const file = vscode.Uri.joinPath(shipped, ...`${id}.md`.split('/'));
      try {
        const page = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
        return forReading(rule, page);
      } catch {
        return `# ${id}\n\n${rule.summary}.\n\n${rule.why}\n`;
      }
    },
  });
}

/** A page as it is read: without markers in comments, with its name on top. */
function forReading(rule: RuleText, page: string): string {
  const text = page.replace(/^<!--.*?-->\r?\n?/gms, '').trimStart();
  return text.startsWith('# ') ? text : `# ${rule.id}\n\n**${rule.summary}.**\n\n${text}`;
}
