import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type Circumstances, type CommitKind, type Judgement, judge } from '../../guard/judge';
import { boxToldPath, parseTold } from '../../guard/policy-file';
import type { FileStatus } from '../../guard/status-file';
import { git } from '../../node/git';
import {
  circumstancesOf,
  type GuardRepository,
  guardRepository,
  kindOf,
  readBelow,
  statusOf,
  writeBelow,
} from '../../node/guard-repository';
import type { GitRepository } from './git-extension';
import { explicitPolicy } from './guard-settings';

/** A repository that is open in this window, with what is known of its builds; follows the files in its git directory. */
export class GuardedRepository implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when status, claim, pause, policy or branch may have changed. */
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[] = [this.#changed];
  readonly #email: string | undefined;
  #branch: string | undefined;

  private constructor(
    readonly git: GitRepository,
    readonly place: GuardRepository,
    email: string | undefined,
  ) {
    this.#email = email;
    this.#branch = this.branch;
    const folder = vscode.Uri.file(join(place.commonDir, 'andon'));
    const fire = () => this.#changed.fire();
    for (const pattern of ['*', 'status.d/*']) {
      const watched = new vscode.RelativePattern(folder, pattern);
      const watcher = vscode.workspace.createFileSystemWatcher(watched);
      this.keep(watcher);
      this.keep(watcher.onDidCreate(fire));
      this.keep(watcher.onDidChange(fire));
      this.keep(watcher.onDidDelete(fire));
    }
    this.keep(
      git.state.onDidChange(() => {
        if (this.branch === this.#branch) return;
        this.#branch = this.branch;
        fire();
      }),
    );
  }

  /** Looks at the repository. Throws GitError. */
  static async open(repository: GitRepository): Promise<GuardedRepository> {
    const place = await guardRepository(repository.rootUri.fsPath);
    const email = await git(place.top, 'config', 'user.email').catch(() => undefined);
    return new GuardedRepository(repository, place, email);
  }

  get root(): vscode.Uri {
    return this.git.rootUri;
  }

  get name(): string {
    return this.root.path.split('/').at(-1) ?? '';
  }

  get branch(): string | undefined {
    return this.git.state.HEAD?.name;
  }

  /** Whether the hook was installed here, by whatever hand. */
  get hasHook(): boolean {
    return existsSync(join(this.place.commonDir, 'andon/hook'));
  }

  /** The build that counts for a commit made here now, as the status file tells. */
  get status(): FileStatus | undefined {
    return statusOf(this.place.commonDir, this.branch, this.circumstances);
  }

  /** What the status file says of the line, whichever branch is checked out. */
  get line(): FileStatus | undefined {
    return statusOf(this.place.commonDir, undefined);
  }

  /** Settings of the user go before what was chosen at the installation. */
  get circumstances(): Circumstances {
    return {
      ...circumstancesOf(this.place.commonDir, this.#email),
      ...explicitPolicy(this.root),
    };
  }

  /** When a commit box, of whichever window, last spoke of a red that lasts for days. */
  get boxToldAt(): number | undefined {
    return parseTold(readBelow(this.place.commonDir, boxToldPath) ?? '');
  }

  /** What there is to say before a commit with this message. */
  judge(message: string, comments: boolean, given: Partial<Circumstances> = {}): Judgement {
    const { branch } = this;
    const kind: CommitKind = kindOf(this.place.gitDir, this.git.state.HEAD?.commit !== undefined);
    const commit = { kind, branch, message, comments };
    return judge(this.status, commit, { ...this.circumstances, ...given });
  }

  /** Writes a file of the guard's, or removes it; shows at once. Throws the system's error. */
  write(path: string, text: string | undefined): void {
    writeBelow(this.place.commonDir, path, text);
    this.#changed.fire();
  }

  /** Disposes of something together with this. */
  keep(each: vscode.Disposable): void {
    this.#subscriptions.push(each);
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}
