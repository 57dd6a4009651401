import * as vscode from 'vscode';
import { commitWords, ownAddress } from '../../node/git-checkout';
import { type LineState, LineWatch, type WatchSurroundings } from '../../node/line-watch';
import { type Claim, readClaim, writeClaim } from '../../node/status-files';
import type { Project, Service } from '../../pipeline/service';

/** So long "I am fixing it" holds. Seconds. */
const claimLasts = 2 * 3600;

/** A git checkout that is open, with the state of its line. */
export class Repository implements vscode.Disposable {
  /** The working tree. */
  readonly root: string;
  readonly uri: vscode.Uri;
  readonly watch: LineWatch;
  /** First lines of the commits that are spoken of, by hash. */
  readonly subjects = new Map<string, string>();
  readonly #mine = new Map<string, boolean>();

  constructor(root: string, around: WatchSurroundings, onState: (repository: Repository) => void) {
    this.root = root;
    this.uri = vscode.Uri.file(root);
    this.watch = new LineWatch(root, around, (state) => {
      void this.#readCommits(state).then(() => onState(this));
    });
  }

  get state(): LineState | undefined {
    return this.watch.state;
  }

  /** The service and project that is asked about a subject. */
  target(which: 'line' | 'commit'): { service: Service; project: Project } | undefined {
    const watched = this.state?.subjects[which];
    const [project] = watched?.projects ?? [];
    return watched?.service && project ? { service: watched.service, project } : undefined;
  }

  get claim(): Claim | undefined {
    const { state } = this;
    if (!state) return undefined;
    const claim = readClaim(state.checkout.commonDir, Date.now() / 1000);
    return claim?.branch === state.line.branch ? claim : undefined;
  }

  /** Says, or takes back, that this user fixes the line. */
  setClaim(claimed: boolean): void {
    const { state } = this;
    if (!state) return;
    const { branch } = state.line;
    const until = Date.now() / 1000 + claimLasts;
    writeClaim(state.checkout.commonDir, claimed && branch ? { branch, until } : undefined);
  }

  /** Whether the user wrote a commit; as far as it is here. */
  isMine(sha: string | undefined): boolean {
    return sha !== undefined && this.#mine.get(sha) === true;
  }

  dispose(): void {
    this.watch.stop();
  }

  async #readCommits({ checkout, line, commit }: LineState): Promise<void> {
    const wanted = [line, commit].flatMap((status) =>
      status ? [status.sha, status.verdictSha, status.firstRed] : [],
    );
    for (const sha of wanted) {
      if (sha === undefined || this.subjects.has(sha)) continue;
      const words = await commitWords(checkout.root, sha);
      if (!words) continue;
      this.subjects.set(sha, words.subject);
      this.#mine.set(sha, words.address === (await ownAddress(checkout.root)));
    }
  }
}
