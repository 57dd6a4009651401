import * as vscode from 'vscode';
import { empty } from '../../pipeline/conclude';
import type { Check, Status, Verdict } from '../../pipeline/status';
import type { Answers } from '../../pipeline/watcher';
import { lampSettings } from './lamp-settings';
import type { Repository } from './repository';
import { checkName } from './words';

/** Logs of failed checks, as far as there are some. */
export interface Logs {
  has(repository: Repository, which: 'line' | 'commit', check: Check): boolean;
  show(repository: Repository, which: 'line' | 'commit'): void;
}

/** Tells of changes of a verdict that concern the user: once over all windows, and never of how things are at the start. */
export class Tell {
  readonly #answers: Answers;
  readonly #logs: Logs;
  readonly #last = new Map<
    string,
    { readonly verdict: Verdict; readonly sha: string | undefined }
  >();

  constructor(answers: Answers, logs: Logs) {
    this.#answers = answers;
    this.#logs = logs;
  }

  async changed(repository: Repository, muted: boolean): Promise<void> {
    const { state } = repository;
    if (!state) return;
    const { line, commit } = state;
    await this.#subject(repository, 'line', line, muted);
    if (commit && commit.branch !== line.branch) {
      await this.#subject(repository, 'commit', commit, muted);
    }
  }

  async #subject(
    repository: Repository,
    which: 'line' | 'commit',
    status: Status,
    muted: boolean,
  ): Promise<void> {
    const { verdict, verdictSha, branch = '' } = status;
    if (verdict === 'unknown') return;
    const key = ['told', repository.state!.checkout.commonDir, which, branch].join('\n');
    const before = this.#last.get(key);
    this.#last.set(key, { verdict, sha: verdictSha });
    if (!before || before.verdict === verdict) return;
    // Of my own commit only what broke; that it works is what it was made for.
    const telling = which === 'line' || verdict === 'failing';
    if (!telling || muted || !lampSettings(repository.uri).notifications) return;
    if (await this.#first(key, status)) await this.#show(repository, which, status);
  }

  /** Whether no other window has told of it. */
  async #first(key: string, status: Status): Promise<boolean> {
    const release = await this.#answers.lease(key);
    if (!release) return false;
    try {
      const told = (await this.#answers.read(key))?.status;
      const now = Date.now() / 1000;
      if (told?.verdict === status.verdict && told.sha === status.verdictSha) return false;
      const { verdict, verdictSha: sha, source } = status;
      await this.#answers.write(key, {
        status: { ...empty, verdict, sha, source },
        askedAt: now,
        failures: 0,
      });
      return true;
    } finally {
      await release();
    }
  }

  async #show(repository: Repository, which: 'line' | 'commit', status: Status): Promise<void> {
    const { l10n, window } = vscode;
    const { branch = '', firstRed, failing } = status;
    const never = l10n.t("Don't Show Again");
    let answer: string | undefined;
    const log = l10n.t('Show Failing Log');
    if (status.verdict === 'passing') {
      answer = await window.showInformationMessage(
        l10n.t('Andon: {0} is green again.', branch),
        never,
      );
    } else {
      const job = failing[0] ? checkName(failing[0]) : '';
      const words = firstRed ? (repository.subjects.get(firstRed) ?? firstRed.slice(0, 9)) : '';
      const message =
        which === 'commit'
          ? l10n.t('Andon: your push turned {0} red: {1}', branch, job)
          : repository.isMine(firstRed)
            ? l10n.t('Andon: your commit "{0}" turned {1} red: {2}', words, branch, job)
            : l10n.t('Andon: {0} is red: {1}', branch, job);
      const [check] = failing;
      const offered = check && this.#logs.has(repository, which, check) ? [log, never] : [never];
      answer = await window.showWarningMessage(message, ...offered);
    }
    if (answer === log) this.#logs.show(repository, which);
    if (answer === never) {
      const configuration = vscode.workspace.getConfiguration('andon');
      const { Global } = vscode.ConfigurationTarget;
      await configuration.update('pipeline.notifications', false, Global);
    }
  }
}
