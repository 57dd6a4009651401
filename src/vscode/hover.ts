import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';
import type { Andon } from './andon';
import { rangeOf } from './diagnostics';
import { refOf } from './finding-ref';
import { concernTitle, severityTitle } from './words';

/** Commands that a hover's links may run. */
const commands = ['andon.explainRule', 'andon.fix', 'andon.allowHere'];

/** Tells, at a finding, what goes wrong and when, and offers what can be done. */
export class Hovers implements vscode.HoverProvider {
  readonly #andon: Andon;

  constructor(andon: Andon) {
    this.#andon = andon;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const file = this.#andon.shown.get(document.uri);
    if (!file || file.version !== document.version) return undefined;
    const here = file.findings.filter((finding) => rangeOf(finding).contains(position));
    if (here.length === 0) return undefined;
    const texts = here.map((finding) => this.#text(document.uri, finding));
    return new vscode.Hover(texts, rangeOf(here[0]!));
  }

  #text(uri: vscode.Uri, finding: Finding): vscode.MarkdownString {
    const { l10n } = vscode;
    const text = new vscode.MarkdownString('', true);
    text.isTrusted = { enabledCommands: commands };
    const rule = this.#andon.rules.get(finding.rule);
    const ref = refOf(uri, finding);
    const icon =
      finding.severity === 'error' ? 'error' : finding.severity === 'warning' ? 'warning' : 'info';
    text.appendMarkdown(`$(${icon}) **${escaped(rule?.summary ?? finding.rule)}**`);
    const about = [severityTitle(finding.severity)];
    if (finding.concern) about.push(concernTitle(finding.concern));
    if (finding.baselined) about.push(l10n.t('in the baseline'));
    text.appendMarkdown(` · ${escaped(about.join(' · '))}`);
    if (rule) text.appendMarkdown(`\n\n${escaped(rule.why)}`);
    const links = [link(l10n.t('Explain {0}', finding.rule), 'andon.explainRule', finding.rule)];
    if (finding.fix) links.unshift(link(finding.fix.title, 'andon.fix', ref));
    if (finding.concern) links.push(link(l10n.t('Allow here …'), 'andon.allowHere', ref));
    text.appendMarkdown(`\n\n${links.join(' &nbsp;|&nbsp; ')}`);
    return text;
  }
}

function link(title: string, command: string, argument: unknown): string {
  return `[${escaped(title)}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

/** Text as Markdown. appendText would join all its words by spaces that never break. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
