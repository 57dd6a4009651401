import * as vscode from 'vscode';
import { type Change, type Changes, signOf } from '../../prove/compare';
import { newOutput, textsOf, unifiedDiff } from '../../prove/difference';
import type { Proof } from '../../prove/proof';
import { lastLines } from '../../prove/text-report';
import { proofScheme as scheme } from '../prove-switch';
import { changeText, doubtText, endingText, verdictText } from './proof-words';

/** So many proofs are kept; documents of older ones say that they are gone. */
const kept = 10;

/** Of each list that many are shown. */
const most = { paths: 200, diffLines: 80, output: 50 };

interface Shown {
  /** Of the document that tells the result. */
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly proof: Proof;
  readonly image: string;
}

/** The documents of proofs: the result, and each changed text after run 1 and after run 2. */
export class ProofDocuments implements vscode.Disposable {
  readonly #shown = new Map<string, Shown>();
  readonly #lensProvider = vscode.languages.registerCodeLensProvider(
    { scheme },
    { provideCodeLenses: (document) => this.#lenses(document) },
  );
  #made = 0;

  /** Opens the result. `image`: what it ran in, '' for a copy of this machine. */
  async show(name: string, proof: Proof, image: string): Promise<void> {
    const key = `${++this.#made}`;
    // The language is known by the ending.
    const uri = vscode.Uri.from({ scheme, authority: key, path: `/${name}.proof.md` });
    this.#shown.set(key, { uri, name, proof, image });
    for (const old of [...this.#shown.keys()].slice(0, -kept)) this.#shown.delete(old);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
  }

  /** Opens what run 2 did to a path as a comparison. */
  async compare(key: string, path: string): Promise<void> {
    const side = (run: number) =>
      vscode.Uri.from({ scheme, authority: key, path, query: `run=${run}` });
    const name = path.slice(path.lastIndexOf('/') + 1);
    const title = vscode.l10n.t('{0}: after run 1 ↔ after run 2', name);
    await vscode.commands.executeCommand('vscode.diff', side(1), side(2), title);
  }

  dispose(): void {
    this.#lensProvider.dispose();
  }

  /** The text of a document of the scheme. */
  text(uri: vscode.Uri): string {
    const shown = this.#shown.get(uri.authority);
    if (!shown) return `${vscode.l10n.t('This result is not kept any more; run it again.')}\n`;
    if (uri.query === '') return resultText(shown);
    const change = changesOf(shown.proof)?.paths.find(({ path }) => path === uri.path);
    const texts = change && textsOf(change);
    return texts?.[uri.query === 'run=1' ? 0 : 1] ?? '';
  }

  #lenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { authority, query } = document.uri;
    const shown = this.#shown.get(authority);
    if (!shown || query !== '') return [];
    const comparable = (changesOf(shown.proof)?.paths ?? []).filter(textsOf);
    const lines = document.getText().split('\n');
    return comparable.flatMap((change) => {
      const line = lines.indexOf(headingOf(change));
      if (line === -1) return [];
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
        title: vscode.l10n.t('Compare in the diff editor'),
        command: 'andon.showProofDifference',
        arguments: [authority, change.path],
      });
    });
  }
}

const changesOf = (proof: Proof): Changes | undefined => proof.changes[0];

const headingOf = (change: Change) => `### ${signOf(change)} ${change.path}`;

function resultText({ name, proof, image }: Shown): string {
  const { l10n } = vscode;
  const lines = [`# ${name}: ${verdictText(proof.verdict)}`, ''];
  if (proof.doubt) lines.push(doubtText(proof.doubt), '');
  for (const [index, run] of proof.runs.entries()) {
    const seconds = run.seconds.toFixed(1);
    lines.push(`- ${l10n.t('run {0}: {1}, {2} s', index + 1, endingText(run), seconds)}`);
  }
  lines.push(
    '',
    image
      ? l10n.t('Run in a container of {0}, without a network.', image)
      : l10n.t('Run over a throw-away copy of this machine, without a network, homes hidden.'),
  );
  const { doubt } = proof;
  if (doubt) {
    const number = doubt.kind === 'first-run-failed' ? 1 : doubt.run;
    const last =
      doubt.kind === 'obstacle' ? [doubt.obstacle.line] : lastLines(proof.runs[number - 1]!.stderr);
    if (last.length > 0) {
      lines.push('', `## ${l10n.t('The last that run {0} wrote to standard error', number)}`);
      lines.push('', ...fenced('', last, most.output));
    }
  }
  const changes = changesOf(proof);
  if (changes && changes.paths.length + changes.started.length + changes.ended.length > 0) {
    lines.push('', `## ${l10n.t('What run 2 changed')}`, '');
    const { paths, started, ended } = changes;
    for (const each of paths.slice(0, most.paths)) {
      lines.push(`- \`${signOf(each)} ${each.path}\` (${changeText(each)})`);
    }
    if (paths.length > most.paths) {
      lines.push(`- ${l10n.t('and {0} more', paths.length - most.paths)}`);
    }
    for (const each of started) lines.push(`- ${l10n.t('still running:')} \`${each}\``);
    for (const each of ended) lines.push(`- ${l10n.t('not running any more:')} \`${each}\``);
    for (const each of paths.slice(0, most.paths)) {
      const diff = unifiedDiff(each);
      if (diff) lines.push('', headingOf(each), '', ...fenced('diff', diff, most.diffLines));
    }
  }
  const [first, second] = proof.runs;
  const output = first && second ? newOutput(first, second) : [];
  if (output.length > 0) {
    lines.push('', `## ${l10n.t('New in what run 2 printed')}`, '');
    lines.push(...fenced('', output, most.output));
  }
  return `${lines.join('\n')}\n`;
}

/** Lines as a block of code, with a fence that none of them can end. */
function fenced(language: string, lines: readonly string[], length: number): readonly string[] {
  const longest = Math.max(...lines.map((line) => /^`*/.exec(line)![0].length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  const rest = lines.length - length;
  return [
    `${fence}${language}`,
    ...lines.slice(0, length),
    ...(rest > 0 ? [`… ${rest}`] : []),
    fence,
  ];
}
