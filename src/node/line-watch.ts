import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Checkout,
  type LineSettings,
  type Subjects,
  subjectsOf,
  type Watched,
} from '../pipeline/checkout';
import { ask, empty, type Subject } from '../pipeline/conclude';
import type { Http } from '../pipeline/http';
import { localId, localStatus } from '../pipeline/local';
import { ownCommit } from '../pipeline/own-commit';
import type { Project, Service } from '../pipeline/service';
import type { Status, Weights } from '../pipeline/status';
import { type Answers, type Clock, type Shared, Watcher } from '../pipeline/watcher';
import { ahead, commitWords, history, readCheckout } from './git-checkout';
import { localPath, readLocalResult } from './local-result';
import { fileStatus, readStatusFile, writeStatusFiles } from './status-files';
import { treeOf } from './working-tree';

/** How the line of a repository is watched. */
export interface WatchSettings extends LineSettings {
  /** Also checks that do not have to pass count. */
  readonly all: boolean;
  /** Names of checks that never count. */
  readonly ignored: readonly string[];
  /** Seconds between two polls of a settled line. */
  readonly interval: number;
}

/** What a watch of a repository stands on. */
export interface WatchSurroundings {
  readonly http: Http;
  readonly services: readonly Service[];
  readonly answers: Answers;
  readonly clock: Clock;
  settings(): WatchSettings;
  /** Whose credential goes to an origin; empty: nobody's. */
  account(origin: string): Promise<string>;
  unfocusedSince(): number | undefined;
  log(line: string): void;
  onError(error: unknown): void;
}

/** A repository with the state of its two subjects. */
export interface LineState {
  readonly checkout: Checkout;
  readonly subjects: Subjects;
  readonly line: Status;
  /** Undefined with a detached head. */
  readonly commit: Status | undefined;
  /** Commits of HEAD that are nowhere a service could see them. */
  readonly ahead: number;
  /** Seconds between two polls of the line. */
  readonly pollEvery: number;
}

/** Required checks change rarely. Seconds. */
const requiredLasts = 3600;

/** What Git and a service need to be asked about one branch. */
export interface Asked {
  readonly watched: Watched;
  readonly kind: Subject['kind'];
}

/** Asks for the weights of checks, and remembers them for an hour. */
export function weightsOf({
  http,
  settings,
  log,
  clock,
}: Pick<WatchSurroundings, 'http' | 'settings' | 'log' | 'clock'>): (
  line: Watched,
) => Promise<Weights> {
  const known = new Map<string, { readonly at: number; readonly names: readonly string[] }>();
  return async ({ service, projects: [project], branch }) => {
    const { all, ignored } = settings();
    if (!service?.required || !project) return { all, ignored };
    const key = `${project.api} ${project.slug} ${branch}`;
    const now = clock.now() / 1000;
    let entry = known.get(key);
    if (!entry || now - entry.at > requiredLasts) {
      const names = await service.required(project, branch, http).catch((error: unknown) => {
        log(`required checks of ${project.slug}: ${(error as Error).message}`);
        return entry?.names;
      });
      entry = { at: now, names: names ?? [] };
      known.set(key, entry);
    }
    return { required: entry.names, all, ignored };
  };
}

/** The repository a folder lies in, watched until it is stopped. */
export class LineWatch {
  readonly #folder: string;
  readonly #around: WatchSurroundings;
  readonly #onState: (state: LineState) => void;
  readonly #weights: (line: Watched) => Promise<Weights>;
  readonly #watched = new Map<string, FSWatcher>();
  readonly #watchers = new Map<Subject['kind'], { key: string; watcher: Watcher }>();
  readonly #answers = new Map<Subject['kind'], Status>();
  /** Branches that were seen before they were pushed. */
  readonly #unpushed = new Set<string>();
  readonly #ownFiles = new Map<string, string>();
  #pollEvery = 60;
  #state: LineState | undefined;
  #turn: Promise<void> = Promise.resolve();
  #later: (() => void) | undefined;
  #ended = false;

  constructor(folder: string, around: WatchSurroundings, onState: (state: LineState) => void) {
    this.#folder = folder;
    this.#around = around;
    this.#onState = onState;
    this.#weights = weightsOf(around);
  }

  get state(): LineState | undefined {
    return this.#state;
  }

  /** Reads the checkout again, and asks where it or the settings changed. */
  update(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#update()).catch(this.#around.onError);
    return this.#turn;
  }

  /** Asks now. `stirred`: something was started that will change the answer. */
  async refresh(stirred = false): Promise<void> {
    await this.update();
    await Promise.all([...this.#watchers.values()].map(({ watcher }) => watcher.refresh(stirred)));
    await this.update();
  }

  /** Somebody looks at the window again. */
  look(): void {
    for (const { watcher } of this.#watchers.values()) watcher.look();
  }

  stop(): void {
    this.#ended = true;
    this.#later?.();
    for (const each of this.#watched.values()) each.close();
    for (const { watcher } of this.#watchers.values()) watcher.stop();
  }

  async #update(): Promise<void> {
    if (this.#ended) return;
    const { services, settings } = this.#around;
    const checkout = await readCheckout(this.#folder, settings().line);
    if (!checkout || this.#ended) return;
    const subjects = subjectsOf(checkout, settings(), services);
    const { line, commit } = subjects;
    this.#watchFiles(checkout, subjects);
    // On the line's own branch one question answers both.
    const both =
      commit !== undefined &&
      line.service !== undefined &&
      commit.sha === line.sha &&
      sameTarget(line, commit);
    await this.#follow('line', line, checkout, line);
    await this.#follow('commit', both ? undefined : commit, checkout, line);
    const pushed = commit?.service ? commit.sha : undefined;
    const count = pushed === undefined ? 0 : await ahead(checkout.root, pushed);
    const ofLine = this.#answers.get('line') ?? startOf(line);
    const ofCommit =
      commit && (both ? ownCommit(ofLine) : (this.#answers.get('commit') ?? startOf(commit)));
    this.#state = {
      checkout,
      subjects,
      line: ofLine,
      commit: ofCommit,
      ahead: count,
      pollEvery: this.#pollEvery,
    };
    this.#onState(this.#state);
    await this.#writeFiles(this.#state);
  }

  /** Sees to it that the status of a branch is asked for, or concluded from what is here. */
  async #follow(
    kind: Subject['kind'],
    watched: Watched | undefined,
    checkout: Checkout,
    line: Watched,
  ): Promise<void> {
    const entry = this.#watchers.get(kind);
    const [project] = watched?.projects ?? [];
    if (!watched?.service || !project || watched.sha === undefined) {
      entry?.watcher.stop();
      this.#watchers.delete(kind);
      if (watched && !watched.service) await this.#local(kind, watched, checkout);
      else this.#answers.delete(kind);
      if (watched?.service) this.#unpushed.add(`${kind} ${watched.branch}`);
      return;
    }
    const account = await this.#around.account(new URL(project.api).origin);
    const key = [checkout.commonDir, project.api, project.slug, account, kind, watched.branch].join(
      '\n',
    );
    const subject: Subject = {
      kind,
      branch: watched.branch,
      sha: watched.sha,
      history: await history(checkout.root, watched.sha),
      ...(this.#unpushed.delete(`${kind} ${watched.branch}`) && {
        seenAt: this.#around.clock.now() / 1000,
      }),
    };
    if (entry?.key === key) {
      entry.watcher.moved(subject);
      return;
    }
    entry?.watcher.stop();
    this.#answers.delete(kind);
    const { service } = watched;
    const { answers, clock, http, settings, unfocusedSince, onError } = this.#around;
    const watcher = new Watcher({
      key,
      subject,
      service: service.id,
      least: account ? service.least[0] : service.least[1],
      answers,
      clock,
      wanted: () => settings().interval,
      unfocusedSince,
      isShort: () => http.isShort(new URL(project.api).origin),
      onError,
      ask: async (of, before) =>
        ask({
          service,
          projects: watched.projects,
          subject: of,
          remotes: watched.remotes,
          weights: await this.#weights(line),
          before,
          http,
          now: clock.now() / 1000,
        }),
      onAnswer: (answer, pollEvery) => this.#take(kind, answer, pollEvery),
    });
    this.#watchers.set(kind, { key, watcher });
    watcher.start();
  }

  #take(kind: Subject['kind'], { status }: Shared, pollEvery: number): void {
    this.#answers.set(kind, status);
    if (kind === 'line') this.#pollEvery = pollEvery;
    for (const { word, name } of status.checks) {
      if (word)
        this.#around.log(`${status.source}: "${word}" of ${name} is a word Andon does not know`);
    }
    void this.update();
  }

  async #local(kind: Subject['kind'], watched: Watched, checkout: Checkout): Promise<void> {
    const { answers, clock } = this.#around;
    const { branch, sha } = watched;
    const key = [checkout.commonDir, localId, kind, branch].join('\n');
    const tree = sha === undefined ? undefined : await treeOf(checkout.root, sha);
    const now = clock.now() / 1000;
    const result = readLocalResult(checkout.commonDir);
    const shown = this.#answers.get(kind);
    const same = shown?.source === localId && shown.branch === branch;
    const before = same
      ? shown
      : ((await answers.read(key))?.status ?? readStatusFile(checkout.commonDir, branch, localId));
    const status = localStatus({ kind, branch, sha, tree }, result, before, now);
    this.#answers.set(kind, status);
    if (JSON.stringify(status) !== JSON.stringify(before)) {
      await answers.write(key, { status, askedAt: now, failures: 0 });
    }
  }

  /** Looks at the places where git writes when a branch moves, whoever moves it. */
  #watchFiles(checkout: Checkout, { line, commit }: Subjects): void {
    const { gitDir, commonDir, remotes } = checkout;
    const branches = [line.branch, commit?.branch, checkout.branch].filter(
      (each) => each !== undefined,
    );
    const heads = ['refs/heads', ...remotes.map(({ name }) => `refs/remotes/${name}`)];
    const folders = new Set([
      gitDir,
      commonDir,
      join(commonDir, dirname(localPath)),
      join(commonDir, 'reftable'),
    ]);
    for (const head of heads) {
      for (const branch of branches) folders.add(dirname(join(commonDir, head, branch)));
    }
    // What is not there yet, as before the first push, is made in the nearest folder that is.
    const there = new Set([...folders].map((folder) => nearest(folder, commonDir)));
    for (const [folder, watcher] of this.#watched) {
      if (there.has(folder)) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    for (const folder of there) {
      if (this.#watched.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name === null || matters(String(name))) this.#soon();
        });
        watcher.on('error', () => {
          watcher.close();
          this.#watched.delete(folder);
        });
        this.#watched.set(folder, watcher);
      } catch (error) {
        this.#around.log(`${folder} cannot be watched: ${(error as Error).message}`);
      }
    }
  }

  /** Git writes several files at a time. */
  #soon(): void {
    this.#later?.();
    this.#later = this.#around.clock.after(300, () => void this.update());
  }

  async #writeFiles({ checkout, line, commit, pollEvery }: LineState): Promise<void> {
    for (const [status, isLine] of [
      [line, true],
      [commit, false],
    ] as const) {
      if (!status || status.checked === undefined || (!isLine && status.branch === line.branch))
        continue;
      const words = status.firstRed ? await commitWords(checkout.root, status.firstRed) : undefined;
      const who = words && `${words.author} <${words.address}>`;
      const file = fileStatus(status, who, pollEvery);
      // With several windows each would write what the others have written.
      const text = JSON.stringify(file);
      if (this.#ownFiles.get(String(isLine)) === text) continue;
      this.#ownFiles.set(String(isLine), text);
      writeStatusFiles(checkout.commonDir, file, isLine);
    }
  }
}

/** Of the files beside those of branches only these tell anything; the lock files beside them come and go. */
const matters = (name: string) =>
  !name.endsWith('.lock') &&
  !/^(?:index|status(?:\.d)?|\..*|COMMIT_EDITMSG|objects|logs|description|gc\.pid)$/.test(name);

/** The folder itself or the nearest one above it that is there, down to `top`. */
function nearest(folder: string, top: string): string {
  let at = folder;
  while (at !== top && at !== dirname(at) && !existsSync(at)) at = dirname(at);
  return at;
}

function sameTarget(a: Watched, b: Watched): boolean {
  const [one, other] = [a.projects[0], b.projects[0]] as [Project?, Project?];
  return a.branch === b.branch && one?.api === other?.api && one?.slug === other?.slug;
}

/** Before the first answer. */
function startOf({ branch, sha, service }: Watched): Status {
  const reason = sha === undefined ? (service ? 'not-pushed' : 'no-commit') : 'asking';
  const source = service?.id ?? localId;
  return { ...empty, branch, sha, source, reason, running: false };
}
