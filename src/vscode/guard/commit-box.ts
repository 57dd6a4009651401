import { dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { answeredBy, subjectOf, type TrailerKey, withTrailer } from '../../guard/commit-message';
import { holds, type Judgement } from '../../guard/judge';
import { boxToldPath, serialiseTold } from '../../guard/policy-file';
import { clockTime } from '../clock-time';
import { isOn } from './guard-settings';
import type { GuardedRepository } from './guarded-repository';
import { fixedWhat, redDetail, redText } from './red-words';

/** The message box of the Source Control view is a document of this scheme; its query names the repository. */
const boxScheme = 'vscode-scm';
/** The editor that git opens for a message. */
const editorLanguage = 'git-commit';

/** How often the age in the text is renewed while something is red, in milliseconds. */
const renew = 60_000;

/** A document in which somebody writes a commit message. */
interface MessageDocument {
  readonly document: vscode.TextDocument;
  readonly repository: GuardedRepository;
  /** Whether lines with # are comments. */
  readonly comments: boolean;
}

/** The warning under a commit message while the build is red, and its quick fixes. Blocks nothing. */
export class CommitBox implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #repositories: () => readonly GuardedRepository[];
  readonly #shown = vscode.languages.createDiagnosticCollection('andon-guard');
  readonly #subscriptions: vscode.Disposable[];
  /** The messages in which a red that lasts for days is spoken of, until they are done. */
  readonly #telling = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(repositories: () => readonly GuardedRepository[]) {
    this.#repositories = repositories;
    const { workspace, languages } = vscode;
    this.#subscriptions = [
      this.#shown,
      workspace.onDidOpenTextDocument((document) => this.#show(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#show(document)),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#shown.delete(uri);
        this.#telling.delete(uri.toString());
      }),
      languages.registerCodeActionsProvider(
        [{ scheme: boxScheme }, { language: editorLanguage }],
        this,
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    ];
  }

  /** Looks at every message that is being written. */
  showAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#show(document);
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const ours = context.diagnostics.filter(({ source }) => source === 'andon');
    const message = this.#messageIn(document);
    const status = message?.repository.status;
    if (ours.length === 0 || !message || !status) return [];
    const { l10n } = vscode;
    const { root } = message.repository;
    const action = (title: string, command: string, ...args: readonly unknown[]) => {
      const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      made.diagnostics = ours;
      made.command = { title, command, arguments: [...args] };
      return made;
    };
    if (ours.every(({ severity }) => severity === vscode.DiagnosticSeverity.Information)) {
      return [action(l10n.t('I am not fixing it any more'), 'andon.claimFix', root)];
    }
    return [
      action(l10n.t('This fixes the build'), 'andon.answerGuard', document.uri, 'Fixes-Build'),
      action(
        l10n.t('Commit anyway, because …'),
        'andon.answerGuard',
        document.uri,
        'Andon-Override',
      ),
      action(l10n.t('I am fixing it'), 'andon.claimFix', root),
      ...(status.firstBad
        ? [action(l10n.t('Revert the commit that turned it red'), 'andon.revertRed', root)]
        : []),
      ...(status.url ? [action(l10n.t('Open the failing job'), 'vscode.open', status.url)] : []),
    ];
  }

  /** Writes an answer to the guard into a message; asks for the reason where there has to be one. */
  async answer(uri: vscode.Uri, key: TrailerKey): Promise<void> {
    const document = vscode.workspace.textDocuments.find(
      (each) => each.uri.toString() === uri.toString(),
    );
    const message = document && this.#messageIn(document);
    const status = message?.repository.status;
    if (!message || !status) return;
    let value = fixedWhat(status);
    if (key === 'Andon-Override') {
      const reason = await askReason();
      if (reason === undefined) return;
      value = reason;
    }
    const text = message.document.getText();
    if (answeredBy(text) === key) return;
    await replace(message.document, withTrailer(text, key, value, message.comments));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const each of this.#subscriptions) each.dispose();
  }

  #messageIn(document: vscode.TextDocument): MessageDocument | undefined {
    const { uri, languageId } = document;
    if (uri.scheme === boxScheme) {
      const root = new URLSearchParams(uri.query).get('rootUri');
      const path = root && vscode.Uri.parse(root).path;
      // Only one that is open alone needs no name.
      const all = this.#repositories();
      const repository = all.find((each) => each.root.path === path) ?? (path ? undefined : all[0]);
      return repository && { document, repository, comments: false };
    }
    if (languageId !== editorLanguage || uri.scheme !== 'file') return undefined;
    const folder = dirname(uri.fsPath);
    const repository = this.#repositories().find(
      ({ place }) => relative(place.gitDir, folder) === '',
    );
    return repository && { document, repository, comments: true };
  }

  /** A red that lasts for days is spoken of once a day: as long as one message is being written, and in no other. */
  #judge({ document, repository, comments }: MessageDocument): Judgement {
    const text = document.getText();
    const key = document.uri.toString();
    const begun = subjectOf(text, comments) !== '';
    if (!begun) this.#telling.delete(key);
    const { now, toldAt = 0 } = repository.circumstances;
    const told = Math.max(toldAt, repository.boxToldAt ?? 0) || undefined;
    const judgement = repository.judge(text, comments, {
      toldAt: this.#telling.has(key) ? undefined : told,
    });
    if (judgement.say === 'nothing' || !judgement.reasons.includes('for-days')) return judgement;
    if (!begun) return { say: 'nothing', reasons: [] };
    if (!this.#telling.has(key)) {
      this.#telling.add(key);
      repository.write(boxToldPath, serialiseTold(now));
    }
    return judgement;
  }

  #show(document: vscode.TextDocument): void {
    const message = this.#messageIn(document);
    if (!message) return;
    const found = isOn('commitBox', message.repository.root)
      ? diagnosticOf(message, this.#judge(message))
      : undefined;
    if (found) this.#shown.set(document.uri, [found]);
    else this.#shown.delete(document.uri);
    if (found && this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.showAll();
      }, renew);
      this.#timer.unref();
    }
  }
}

/** The reason for going past a red build; undefined if the user thinks better of it. */
export function askReason(): Thenable<string | undefined> {
  const { l10n } = vscode;
  return vscode.window
    .showInputBox({
      title: l10n.t('Commit to a red build'),
      prompt: l10n.t('The reason is recorded in the message, as Andon-Override.'),
      placeHolder: l10n.t('Why does it go in all the same?'),
      ignoreFocusOut: true,
    })
    .then((reason) => (reason === undefined ? undefined : reason.trim() || 'no reason given'));
}

function diagnosticOf(
  { document, repository }: MessageDocument,
  judgement: Judgement,
): vscode.Diagnostic | undefined {
  const { status } = repository;
  if (!status) return undefined;
  const { now, claim } = repository.circumstances;
  const first = document.lineAt(0).range;
  const range = first.isEmpty ? new vscode.Range(0, 0, 0, 1) : first;
  const { Information, Warning } = vscode.DiagnosticSeverity;
  const make = (text: string, severity: vscode.DiagnosticSeverity) => {
    const made = new vscode.Diagnostic(range, text, severity);
    made.source = 'andon';
    return made;
  };
  if (judgement.say !== 'nothing') {
    const detail = redDetail(status, judgement.reasons.includes('yours'));
    return make(`${redText(status, now)} ${detail}`, Warning);
  }
  const onlyClaimed = judgement.reasons.length === 1 && judgement.reasons[0] === 'claimed';
  if (!onlyClaimed || !claim || !holds(claim, status, now)) return undefined;
  const until = clockTime(claim.until, now * 1000);
  return make(
    vscode.l10n.t('{0} You are fixing it, until {1}.', redText(status, now), until),
    Information,
  );
}

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(
    document.positionAt(0),
    document.positionAt(document.getText().length),
  );
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
}
