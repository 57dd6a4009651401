import * as vscode from 'vscode';
import type { Command } from './command';

/** Opens a document with all that helps to understand a fault, and with nothing of the user's files in it. */
export const collectDiagnostics: Command = {
  id: 'andon.collectDiagnostics',
  title: 'Collect Diagnostics for Support',
  async run({ extension, checker, shown, background }) {
    const { env, version, workspace, window } = vscode;
    const { progress } = background;
    const { totals } = shown;
    const byRule = new Map<string, number>();
    const byFormat = new Map<string, number>();
    const slow = new Map<string, number>();
    for (const { findings } of shown.files) {
      for (const { rule } of findings) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
    }
    for (const folder of checker.folders) {
      for (const path of folder.paths) {
        const result = folder.result(path);
        const format = result?.format ?? 'none';
        byFormat.set(format, (byFormat.get(format) ?? 0) + 1);
        for (const { message } of result?.problems ?? []) {
          slow.set(message, (slow.get(message) ?? 0) + 1);
        }
      }
    }
    const table = (counts: ReadonlyMap<string, number>) =>
      [...counts].sort(([, a], [, b]) => b - a).map(([name, n]) => `- ${name}: ${n}`);
    const folders = checker.folders.map((folder, i) => {
      const { enable, run, workspaceCheck } = folder.settings;
      const file = folder.configurationFile;
      const scheme = folder.root?.scheme ?? '';
      return [
        `- folder ${i + 1} (${scheme}): ${folder.paths.length} files, ${folder.activeRules} rules active`,
        `  - enable ${enable}, run ${run}, workspaceCheck ${workspaceCheck}, extends ${folder.configuration.extends}`,
        `  - .andon.yaml: ${file ? (file.broken ? 'cannot be read' : `${file.problems.length} problems`) : 'none'}`,
        `  - baseline: ${folder.baseline ? `${folder.baseline.size} entries` : (folder.baselineFault ?? 'none')}`,
      ].join('\n');
    });
    const manifest = extension.extension.packageJSON as { version: string };
    const content = [
      '# Andon: diagnostics',
      '',
      'Versions, settings and counts only: no names, paths or contents of files.',
      '',
      `- Andon ${manifest.version}`,
      `- ${env.appName} ${version} (${env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'}${remoteKind(env.remoteName)})`,
      `- ${typeof process === 'object' && process.versions?.node ? `${process.platform} ${process.arch}, Node ${process.versions.node}` : 'browser'}`,
      `- language: ${env.language}; trusted: ${workspace.isTrusted}`,
      '',
      '## Folders',
      '',
      ...(folders.length > 0 ? folders : ['- none']),
      '',
      '## Findings',
      '',
      `- ${totals.error} errors, ${totals.warning} warnings, ${totals.info} others, ${totals.baselined} in the baseline, in ${totals.files} files`,
      `- background check: ${progress.running ? `at ${progress.done} of ${progress.found}` : 'idle'}`,
      '',
      ...table(byRule),
      '',
      '## Files by format',
      '',
      ...table(byFormat),
      ...(slow.size > 0 ? ['', '## Not checked', '', ...table(slow)] : []),
      '',
    ].join('\n');
    await window.showTextDocument(
      await workspace.openTextDocument({ language: 'markdown', content }),
    );
  },
};

/** The kind of remote, such as `ssh-remote`; the name of a machine is nobody's business. */
function remoteKind(name: string | undefined): string {
  if (!name) return '';
  const [kind = ''] = name.split('+');
  return `, remote: ${/^[a-z-]+$/.test(kind) ? kind : 'yes'}`;
}
