import * as vscode from 'vscode';
import type { Claim } from '../../guard/claim-file';
import { commitWords, ownAddress } from '../../node/git-checkout';
import { type LineState, LineWatch, type WatchSurroundings } from '../../node/line-watch';
import { readClaim, removeClaim } from '../../node/status-files';
import type { Project, Service } from '../../pipeline/service';
import type { Check } from '../../pipeline/status';

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

  /** The service and project that is asked about a subject, or about one check of it. */
  target(
    which: 'line' | 'commit',
    check?: Check,
  ): { service: Service; project: Project } | undefined {
    const watched = this.state?.subjects[which];
    const [first, ...others] = watched?.projects ?? [];
    const project = others.find(({ slug }) => slug === check?.of) ?? first;
    return watched?.service && project ? { service: watched.service, project } : undefined;
  }

  /** "I am fixing it", said on this machine of the red that is there now. */
  get claim(): Claim | undefined {
    const { state } = this;
    if (state?.line.verdict !== 'failing') return undefined;
    return readClaim(state.checkout.commonDir, state.line.firstRed, Date.now() / 1000);
  }

  /** What is green again needs no fixing. */
  dropClaim(): void {
    if (this.state) removeClaim(this.state.checkout.commonDir);
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
