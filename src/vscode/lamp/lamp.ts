import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { answerFolder } from '../../node/answer-folder';
import { readCheckout } from '../../node/git-checkout';
import type { WatchSurroundings } from '../../node/line-watch';
import { behind, type Source } from '../../pipeline/behind';
import { createHttp } from '../../pipeline/http';
import { localId } from '../../pipeline/local';
import { page } from '../../pipeline/service';
import { services } from '../../pipeline/services';
import type { Check } from '../../pipeline/status';
import type { LampParts } from '../lamp-switch';
import { Accounts } from './accounts';
import { CheckNotes } from './check-notes';
import { type Connection, connectionsOf } from './connections';
import { explanation } from './explain';
import { face, tooltip } from './face';
import { FailingLogs } from './failing-log';
import { KnownHosts } from './known-hosts';
import { lampSettings } from './lamp-settings';
import { commandOf, LocalRuns } from './local-runs';
import { type CheckRow, PipelineView } from './pipeline-view';
import { Repository } from './repository';
import { Tell } from './tell';
import { checkName, notAgain } from './words';

/** What failed, and what can be done about it. */
export interface Failing {
  readonly repository: Repository;
  readonly which: 'line' | 'commit';
  readonly check: Check;
  /** Whom to ask about it; undefined: it ran on this machine. */
  readonly source: Source | undefined;
  /** There is a log to show. */
  readonly hasLog: boolean;
  /** Why it cannot be run again; undefined: it can. */
  readonly notAgain: string | undefined;
}

const mutedKey = 'andon.muted';
const verdictScheme = 'andon-verdict';
const explainedUri = () => vscode.Uri.from({ scheme: verdictScheme, path: '/Andon.md' });

/** The state of the line in the status bar, and what can be done about it. */
export class Lamp implements vscode.Disposable {
  readonly #parts: LampParts;
  readonly #item: vscode.StatusBarItem;
  readonly #accounts: Accounts;
  readonly #http: WatchSurroundings['http'];
  readonly #around: WatchSurroundings;
  readonly #repositories = new Map<string, Repository>();
  readonly #rootOf = new Map<string, Promise<string | undefined>>();
  readonly #view: PipelineView;
  readonly #hosts: KnownHosts;
  readonly #logs = new FailingLogs();
  readonly #notes = new CheckNotes();
  readonly #explained = new vscode.EventEmitter<vscode.Uri>();
  readonly #runs: LocalRuns;
  readonly #tell: Tell;
  readonly #subscriptions: vscode.Disposable[];
  readonly #timer: ReturnType<typeof setInterval>;
  #current: Repository | undefined;
  #unfocusedSince: number | undefined;
  #ended = false;

  constructor(parts: LampParts) {
    const { extension, log } = parts;
    const { window, workspace, StatusBarAlignment } = vscode;
    this.#parts = parts;
    // Beside the branch of the git extension, which has 100.
    this.#item = window.createStatusBarItem('andon.lamp', StatusBarAlignment.Left, 99);
    this.#item.name = vscode.l10n.t('Andon: State of the Line');
    this.#item.command = 'andon.showStatus';
    this.#accounts = new Accounts(extension);
    const { version } = extension.extension.packageJSON as { version: string };
    this.#http = createHttp({
      // Taken at call time, as VS Code replaces it by one that knows proxies and certificates.
      fetch: (url, init) => globalThis.fetch(url, init),
      credential: (origin) => this.#accounts.credential(origin),
      allowsPlain: (origin) => this.#accounts.allowsPlain(origin),
      now: Date.now,
      userAgent: `andon-vscode/${version}`,
      log: (line) => log.debug(line),
    });
    this.#hosts = new KnownHosts(extension.globalState, this.#http);
    const answers = answerFolder(vscode.Uri.joinPath(extension.globalStorageUri, 'line').fsPath);
    const told = new Set<string>();
    this.#around = {
      http: this.#http,
      services,
      answers,
      clock: {
        now: Date.now,
        random: Math.random,
        after: (milliseconds, then) => {
          const timer = setTimeout(then, milliseconds);
          return () => clearTimeout(timer);
        },
      },
      settings: () => this.#settings(undefined),
      account: async (origin) => (await this.#accounts.credential(origin))?.account ?? '',
      unfocusedSince: () => this.#unfocusedSince,
      log: (line) => {
        if (!told.has(line)) log.info(line);
        told.add(line);
      },
      onError: (error) => log.error(error as Error),
    };
    this.#unfocusedSince = window.state.focused ? undefined : Date.now() / 1000;
    this.#view = new PipelineView({
      repositories: () => [...this.#repositories.values()],
      of: (repository, which, check) => this.#source(repository, which, check),
      parts: async ({ service, project, check }) =>
        (await service.parts?.(project, check, this.#http)) ?? [],
    });
    this.#runs = new LocalRuns((uri) => this.#of(uri));
    this.#tell = new Tell(answers, {
      has: (repository, which, check) => this.#failing(repository, which, check).hasLog,
      show: (repository, which) => void this.showLog(repository, which),
    });
    const update = () => void this.#discover();
    this.#subscriptions = [
      this.#item,
      this.#accounts,
      this.#view,
      this.#logs,
      this.#notes,
      this.#explained,
      workspace.registerTextDocumentContentProvider(verdictScheme, {
        onDidChange: this.#explained.event,
        provideTextDocumentContent: async () => {
          const repository = this.#current;
          if (!repository?.state) return '';
          const { muted } = this;
          const settings = this.#settings(repository.uri);
          const connections = await this.connections();
          return explanation(repository, repository.state, { settings, connections, muted });
        },
      }),
      this.#runs,
      this.#accounts.onDidLeave((origin) => this.#http.drop(origin)),
      this.#accounts.onDidChange(() => void this.#updateAll()),
      workspace.onDidChangeWorkspaceFolders(update),
      window.onDidChangeActiveTextEditor(update),
      window.onDidChangeWindowState(({ focused }) => this.#focused(focused)),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('andon')) void this.#updateAll();
      }),
    ];
    // "12m" grows by itself. Not every file system tells of changes.
    this.#timer = setInterval(() => {
      this.#show();
      if (window.state.focused) void this.#current?.watch.update();
    }, 30_000);
    this.#context('hasRepository', true);
    void this.#discover();
  }

  /** The repository of the active editor, or the first one. */
  get current(): Repository | undefined {
    return this.#current;
  }

  get accounts(): Accounts {
    return this.#accounts;
  }

  get muted(): boolean {
    const until = this.#parts.extension.workspaceState.get<number>(mutedKey) ?? 0;
    return until > Date.now();
  }

  /** Keeps lamp and notifications quiet for some hours; 0 takes it back. */
  async mute(hours: number): Promise<void> {
    const until = hours > 0 ? Date.now() + hours * 3_600_000 : undefined;
    await this.#parts.extension.workspaceState.update(mutedKey, until);
    this.#show();
  }

  /** Asks now. */
  async refresh(): Promise<void> {
    await this.#discover();
    // A host that does not answer keeps nobody waiting.
    this.#learn(this.#current, true).catch(this.#around.onError);
    await this.#current?.watch.refresh();
    this.#view.update(true);
  }

  /** What to act on: the row's check, else the first failing one, of the line before my commit. */
  failing(row?: unknown): Failing | undefined {
    const given = row as Partial<CheckRow> | undefined;
    if (given?.kind === 'check' && given.check && given.of) {
      return this.#failing(given.of.repository, given.of.which, given.check, given.source);
    }
    const repository = this.#current;
    for (const which of ['line', 'commit'] as const) {
      const [check] = repository?.state?.[which]?.failing ?? [];
      if (repository && check) return this.#failing(repository, which, check);
    }
    return undefined;
  }

  /** Opens the page of the failing job in the browser. */
  async openFailing(row?: unknown): Promise<boolean> {
    const url = page(this.failing(row)?.check.url);
    if (url) await vscode.env.openExternal(vscode.Uri.parse(url, true));
    return url !== undefined;
  }

  /** Shows the log of the failing job; resolves to false where there is none. */
  async showFailingLog(row?: unknown): Promise<boolean> {
    const failing = this.failing(row);
    if (!failing) return false;
    const { repository, check, source, hasLog } = failing;
    if (!source) {
      this.#runs.show();
      return true;
    }
    const { service, project } = source;
    if (!service.log || !hasLog) return this.openFailing(row);
    const { l10n, window, ProgressLocation } = vscode;
    const title = l10n.t('Andon: reading the log of {0}', checkName(check));
    const log = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
      service.log!(project, source.check, this.#http),
    );
    await this.#logs.show(checkName(check), check.id, log, repository.uri);
    return true;
  }

  /** Shows the log of what failed of a subject. */
  async showLog(repository: Repository, which: 'line' | 'commit'): Promise<void> {
    const status = repository.state?.[which];
    const [check] = status?.failing ?? [];
    if (!status || !check) return;
    const row: CheckRow = {
      kind: 'check',
      check,
      of: { kind: 'subject', repository, which, status },
      source: this.#source(repository, which, check),
    };
    await this.showFailingLog(row);
  }

  /** Runs what failed again. Resolves to the number of runs started. */
  async rerun(row?: unknown): Promise<number> {
    const failing = this.failing(row);
    if (!failing) return 0;
    const { repository, which, check } = failing;
    const all = row === undefined ? (repository.state?.[which]?.failing ?? [check]) : [check];
    // Failed jobs of one run are run again together.
    const runs = new Map(all.flatMap((each) => (each.rerun ? [[each.rerun, each] as const] : [])));
    for (const each of runs.values()) {
      const target = repository.target(which, each);
      await target?.service.rerun?.(target.project, each, this.#http);
    }
    if (runs.size > 0) void repository.watch.refresh(true);
    return runs.size;
  }

  /** Runs the project's own check. Resolves to false where nothing says what that is. */
  async runLocal(): Promise<boolean> {
    return this.#current !== undefined && this.#runs.run(this.#current);
  }

  /** What the local check would run. */
  get localCommand(): string | readonly string[] {
    return this.#current ? commandOf(this.#current) : '';
  }

  /** Shows everything the verdict stands on, as a page. */
  async explain(): Promise<void> {
    const { commands } = vscode;
    this.#explained.fire(explainedUri());
    await commands.executeCommand(
      'vscode.openWith',
      explainedUri(),
      'vscode.markdown.preview.editor',
    );
  }

  /** What is asked, or could be, and whose credential goes there. */
  connections(): Promise<readonly Connection[]> {
    return connectionsOf([...this.#repositories.values()], this.#accounts);
  }

  dispose(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    for (const each of this.#repositories.values()) each.dispose();
    for (const each of this.#subscriptions) each.dispose();
    this.#context('hasRepository', false);
  }

  // --- repositories

  /** Finds the repositories that are open, and which of them is looked at. */
  async #discover(): Promise<void> {
    const { window, workspace } = vscode;
    const active = window.activeTextEditor?.document.uri;
    const folders = (workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      uri.scheme === 'file' ? uri.fsPath : [],
    );
    const opened = active?.scheme === 'file' ? dirname(active.fsPath) : undefined;
    const roots = await Promise.all(folders.map((folder) => this.#find(folder)));
    const within = opened !== undefined && workspace.getWorkspaceFolder(active!) !== undefined;
    const looked = within ? await this.#find(opened) : undefined;
    if (this.#ended) return;
    const wanted = new Set([...roots, looked].filter((root) => root !== undefined));
    for (const [root, repository] of this.#repositories) {
      const kept = wanted.has(root) || folders.some((folder) => root.startsWith(folder));
      if (kept) continue;
      repository.dispose();
      this.#repositories.delete(root);
    }
    for (const root of wanted) {
      if (this.#repositories.has(root)) continue;
      const uri = vscode.Uri.file(root);
      const around = { ...this.#around, settings: () => this.#settings(uri) };
      const repository = new Repository(root, around, (each) => this.#changed(each));
      this.#repositories.set(root, repository);
      void repository.watch.update();
    }
    const first = roots.find((root) => root !== undefined);
    const root = looked ?? this.#current?.root ?? first;
    const known = root === undefined ? undefined : this.#repositories.get(root);
    this.#current = known ?? (first === undefined ? undefined : this.#repositories.get(first));
    this.#show();
  }

  #find(folder: string): Promise<string | undefined> {
    let root = this.#rootOf.get(folder);
    if (!root) {
      root = readCheckout(folder).then((checkout) => checkout?.root);
      this.#rootOf.set(folder, root);
      // A folder that is none may become one.
      void root.then((found) => {
        if (found === undefined) this.#rootOf.delete(folder);
      });
    }
    return root;
  }

  #of(uri: vscode.Uri | undefined): Repository | undefined {
    if (!uri) return this.#current;
    const path = uri.fsPath;
    const holds = ({ root }: Repository) =>
      path === root || path.startsWith(`${root}/`) || path.startsWith(`${root}\\`);
    return [...this.#repositories.values()]
      .filter(holds)
      .sort((a, b) => b.root.length - a.root.length)[0];
  }

  async #updateAll(): Promise<void> {
    await Promise.all([...this.#repositories.values()].map(({ watch }) => watch.update()));
  }

  #focused(focused: boolean): void {
    if (focused === (this.#unfocusedSince === undefined)) return;
    this.#unfocusedSince = focused ? undefined : Date.now() / 1000;
    if (focused) for (const { watch } of this.#repositories.values()) watch.look();
  }

  #changed(repository: Repository): void {
    if (this.#ended || !this.#repositories.has(repository.root)) return;
    if (repository.state?.line.verdict === 'passing') repository.dropClaim();
    this.#runs.moved(repository);
    this.#show();
    this.#view.update();
    if (repository === this.#current) this.#explained.fire(explainedUri());
    const onError = this.#around.onError;
    this.#learn(repository).catch(onError);
    this.#tell.changed(repository, this.muted).catch(onError);
    this.#notes
      .changed(repository, async (check) => {
        const target = repository.target('commit', check);
        return target?.service.annotations?.(target.project, check, this.#http) ?? [];
      })
      .catch(onError);
  }

  /** Settings, with the hosts that have said themselves what they are. */
  #settings(uri: vscode.Uri | undefined): ReturnType<typeof lampSettings> {
    const settings = lampSettings(uri);
    return { ...settings, hosts: { ...this.#hosts.services, ...settings.hosts } };
  }

  /** Finds out which service runs at a host nobody has said anything about. */
  async #learn(repository: Repository | undefined, again = false): Promise<void> {
    const unknown = repository?.state?.subjects.unknown;
    if (unknown && (await this.#hosts.find(unknown, again))) await this.#updateAll();
  }

  /** Whom to ask about a check: who told of it or, if the user signed in there, who ran it. */
  #source(repository: Repository, which: 'line' | 'commit', check: Check): Source | undefined {
    const target = repository.target(which, check);
    if (!target) return undefined;
    const ran = behind(check, services);
    const { origin } = new URL((ran ?? target).project.api);
    return ran && this.#accounts.origins.includes(origin) ? ran : { ...target, check };
  }

  #failing(
    repository: Repository,
    which: 'line' | 'commit',
    check: Check,
    source = this.#source(repository, which, check),
  ): Failing {
    const hasLog = source
      ? source.check.log !== undefined && source.service.log !== undefined
      : check.key === localId && this.#runs.hasOutput;
    const service = repository.target(which, check)?.service;
    const why = notAgain(check, service, behind(check, services));
    return { repository, which, check, source, hasLog, notAgain: why };
  }

  // --- what is shown

  #show(): void {
    const { state } = this.#current ?? {};
    if (!state || !this.#current) {
      this.#item.hide();
      return;
    }
    const { claim, subjects } = this.#current;
    const around = { now: Date.now() / 1000, claim, muted: this.muted };
    const { text, label, background } = face(state, around);
    this.#item.text = text;
    this.#item.tooltip = tooltip(state, around, subjects);
    this.#item.backgroundColor = background ? new vscode.ThemeColor(background) : undefined;
    this.#item.accessibilityInformation = { label };
    this.#item.show();
    this.#context('muted', this.muted);
  }

  #context(key: string, value: boolean): void {
    void vscode.commands.executeCommand('setContext', `andon.${key}`, value);
  }
}
