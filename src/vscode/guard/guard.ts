import { join } from 'node:path';
import * as vscode from 'vscode';
import { claimLasts, claimPath, serialiseClaim } from '../../guard/claim-file';
import type { TrailerKey } from '../../guard/commit-message';
import { holds } from '../../guard/judge';
import { policyPath, serialisePolicy } from '../../guard/policy-file';
import { repair, surroundingsOf } from '../../node/guard-install';
import { policyOf } from '../../node/guard-repository';
import type { GuardParts } from '../guard-switch';
import { protectBranches } from './branch-protection';
import { CommitBox } from './commit-box';
import { type GitApi, type GitRepository, gitApi } from './git-extension';
import { explicitPolicy } from './guard-settings';
import { GuardedRepository } from './guarded-repository';
import { prepareRevert } from './prepare-revert';
import { QuestionServer } from './question-server';
import { ageText } from './red-words';
import { installHook, pauseHook, removeHook } from './set-up';
import { followStopped } from './stopped-commit';

/** A tool that writes hooks is done when it has written none for so long; so is our own. In milliseconds. */
const settled = 3000;

/** The guard of one window: box, questions of the hook, and what the palette offers. */
export class Guard implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  /** The folder of the bundles. */
  readonly #home: string;
  readonly #open = new Map<string, GuardedRepository>();
  readonly #box = new CommitBox(() => this.#repositories);
  readonly #subscriptions: vscode.Disposable[] = [this.#box];
  /** Since when a line is red, by repository, as long as this window has known it. */
  readonly #redSince = new Map<string, number>();
  #server: QuestionServer | undefined;
  #started = false;

  constructor({ extension, log }: GuardParts) {
    this.#log = log;
    this.#home = join(extension.extensionPath, 'dist');
    // The git extension is not there in Restricted Mode, and comes with trust.
    this.#subscriptions.push(vscode.extensions.onDidChange(() => this.start()));
  }

  /** Begins to follow the repositories that are open, as soon as VS Code's git extension knows them. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    gitApi().then(
      (api) => {
        if (api) this.#follow(api);
        else this.#started = false;
      },
      (error) => this.#log.warn(String(error)),
    );
  }

  dispose(): void {
    this.#server?.dispose();
    for (const each of [...this.#subscriptions, ...this.#open.values()]) each.dispose();
  }

  /** Has git call the guard in a repository: shows the plan, and does it when told to. */
  async install(root?: vscode.Uri): Promise<void> {
    const repository = await this.#choose(root);
    if (repository && (await installHook(repository, this.#home))) this.#server?.announce();
  }

  async remove(root?: vscode.Uri): Promise<void> {
    const repository = await this.#choose(root);
    if (repository && (await removeHook(repository))) this.#server?.announce();
  }

  async pause(): Promise<void> {
    const repository = await this.#choose();
    if (repository) await pauseHook(repository);
  }

  /** "I am fixing it", or not any more. */
  async claim(root?: vscode.Uri): Promise<void> {
    const repository = await this.#choose(root);
    if (!repository) return;
    const { line } = repository;
    const { now, claim } = repository.circumstances;
    const { l10n } = vscode;
    if (claim && holds(claim, line, now)) {
      repository.write(claimPath, undefined);
      say(l10n.t('You are not fixing the build any more.'));
      return;
    }
    if (line?.state !== 'failing') {
      say(l10n.t('The build is not red.'));
      return;
    }
    const until = now + claimLasts;
    repository.write(claimPath, serialiseClaim({ since: now, until, sha: line.firstBad }));
    say(l10n.t('You are fixing the build of {0}: your commits pass.', line.branch ?? ''));
  }

  /** Prepares the revert of the commit that turned the line red, for review. */
  async revertRed(root?: vscode.Uri): Promise<void> {
    const repository = await this.#choose(root);
    if (repository) await prepareRevert(repository);
  }

  /** Writes an answer into the message that is being written in a document. */
  async answer(uri: vscode.Uri, key: TrailerKey): Promise<void> {
    await this.#box.answer(uri, key);
  }

  get #repositories(): readonly GuardedRepository[] {
    return [...this.#open.values()];
  }

  #follow(api: GitApi): void {
    this.#server = new QuestionServer(
      api,
      join(this.#home, 'guard-client.js'),
      this.#log,
      () => this.#repositories,
    );
    const add = (repository: GitRepository) => {
      this.#add(repository, api).catch((error) => this.#log.warn(String(error)));
    };
    this.#subscriptions.push(
      api.onDidOpenRepository(add),
      api.onDidCloseRepository(({ rootUri }) => {
        this.#open.get(rootUri.toString())?.dispose();
        this.#open.delete(rootUri.toString());
        this.#server?.announce();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('andon.guard')) return;
        for (const each of this.#repositories) this.#update(each);
      }),
    );
    api.repositories.forEach(add);
  }

  async #add(repository: GitRepository, api: GitApi): Promise<void> {
    const key = repository.rootUri.toString();
    if (repository.rootUri.scheme !== 'file' || this.#open.has(key)) return;
    const opened = await GuardedRepository.open(repository);
    if (this.#open.has(key)) return opened.dispose();
    this.#open.set(key, opened);
    opened.keep(protectBranches(opened, api));
    opened.keep(followStopped(opened));
    await this.#repair(opened);
    await this.#watchHooks(opened);
    opened.onDidChange(() => this.#update(opened));
    this.#update(opened);
  }

  /** Other tools overwrite hooks; an installation that was agreed to is put right, or its loss is told. */
  async #repair({ place, name }: GuardedRepository): Promise<void> {
    const outcome = await repair(place, this.#home);
    if (outcome === 'repaired') {
      this.#log.info(`commit guard put right in ${place.top}`);
      // The hook was gone for a moment, and with it the window's record.
      this.#server?.announce();
    }
    if (outcome !== 'lost') return;
    const { l10n, window } = vscode;
    const again = l10n.t('Install');
    const out = l10n.t('Remove');
    const text = l10n.t('Andon: git does not call the commit guard in {0} any more.', name);
    void window.showWarningMessage(text, again, out).then((answer) => {
      const root = this.#repositories.find((each) => each.place.top === place.top)?.root;
      if (answer === again) void this.install(root);
      else if (answer === out) void this.remove(root);
    });
  }

  /** Where hooks are files of the git directory, they are put right as soon as the other tool is done. */
  async #watchHooks(repository: GuardedRepository): Promise<void> {
    const { hooksDir, hooksAt } = await surroundingsOf(repository.place);
    if (hooksDir === undefined || hooksAt !== 'git') return;
    const hooks = new vscode.RelativePattern(vscode.Uri.file(hooksDir), '{commit-msg,pre-push}');
    const watcher = vscode.workspace.createFileSystemWatcher(hooks);
    let timer: NodeJS.Timeout | undefined;
    const look = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!repository.hasHook) return;
        this.#repair(repository).catch((error) => this.#log.warn(String(error)));
      }, settled);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      repository.keep(event(look));
    }
    repository.keep(watcher);
    repository.keep({ dispose: () => clearTimeout(timer) });
  }

  /** Whatever may have changed: the box follows, the window is announced, the hook is told the settings. */
  #update(repository: GuardedRepository): void {
    this.#tellCost(repository);
    this.#handOverSettings(repository);
    this.#server?.announce();
    this.#box.showAll();
  }

  /** What is set in VS Code holds for the hook too, which cannot read settings. */
  #handOverSettings(repository: GuardedRepository): void {
    if (!repository.hasHook) return;
    const chosen = policyOf(repository.place.commonDir);
    const wanted = { ...chosen, ...explicitPolicy(repository.root) };
    if (serialisePolicy(wanted) === serialisePolicy(chosen)) return;
    try {
      repository.write(policyPath, serialisePolicy(wanted));
    } catch (error) {
      this.#log.warn(String(error));
    }
  }

  /** One line when the line is green again: how long it took. A claim has then served. */
  #tellCost(repository: GuardedRepository): void {
    const key = repository.root.toString();
    const { line } = repository;
    if (line?.state === 'failing') {
      this.#redSince.set(key, line.since ?? line.checked ?? repository.circumstances.now);
    } else if (line?.state === 'passing') {
      const since = this.#redSince.get(key);
      this.#redSince.delete(key);
      if (since === undefined) return;
      const { now, claim } = repository.circumstances;
      const age = ageText(since, line.since ?? now);
      say(vscode.l10n.t('{0} is green again, after {1}.', line.branch ?? '', age));
      if (claim) repository.write(claimPath, undefined);
    }
  }

  async #choose(root?: vscode.Uri): Promise<GuardedRepository | undefined> {
    const all = this.#repositories;
    if (root) return all.find((each) => each.root.toString() === root.toString());
    const { l10n, window } = vscode;
    if (all.length === 0) {
      void window.showInformationMessage(
        l10n.t('Andon: no git repository is open, or this workspace is not trusted.'),
      );
    }
    if (all.length < 2) return all[0];
    const items = all.map((repository) => ({
      label: repository.name,
      description: repository.branch ?? '',
      repository,
    }));
    const placeHolder = l10n.t('Which repository?');
    return (await window.showQuickPick(items, { placeHolder }))?.repository;
  }
}

/** A line in the status bar, for a while. */
function say(text: string): void {
  vscode.window.setStatusBarMessage(`Andon: ${text}`, 15_000);
}
