import type { Run } from '../../prove/proof';
import type { Entries, State } from '../../prove/snapshot';

/** What is to be run. */
export interface Job {
  /** Absolute path the script has in the sandbox: its own, links resolved, where it is a file. */
  readonly script: string;
  readonly text: string;
  /** Permission bits of the script. */
  readonly mode: number;
  /** The program that runs it, with its arguments; the path of the script is put behind them. */
  readonly interpreter: readonly string[];
  /** Absolute path of the working directory. */
  readonly directory: string;
}

/** What one sandbox may use. */
export interface Limits {
  /** Of each run. */
  readonly seconds: number;
  /** Processes and threads at once. */
  readonly processes: number;
  /** Bytes of memory of all processes together; also of each alone. */
  readonly memory: number;
  /** Bytes that all runs together may write. */
  readonly space: number;
}

/** What holds without being asked for. */
export const usualLimits: Limits = {
  seconds: 60,
  processes: 256,
  memory: 2 * 1024 ** 3,
  space: 512 * 1024 ** 2,
};

/** A throw-away copy of a system in which a script runs several times. */
export interface Sandbox {
  /** What it is, in words that go behind "Run in ". */
  readonly description: string;
  /** Runs the script once more; after a run that did not exit there is no other. Rejects only when aborted. */
  run(): Promise<Run>;
  /** What is there now. */
  state(): Promise<State>;
  /** What was at these paths before the first run; of those where nothing was there is no entry. */
  originals(paths: readonly string[]): Promise<Entries>;
  /** Ends everything that runs in it and leaves nothing behind. May be called at any time, and again. */
  close(): Promise<void>;
}

/** Why there is no sandbox to be had here. */
export type Lack =
  | { readonly kind: 'platform'; readonly platform: NodeJS.Platform }
  | { readonly kind: 'programs'; readonly missing: readonly string[] }
  | { readonly kind: 'fuse' }
  | { readonly kind: 'user-namespaces'; readonly apparmor: boolean }
  /** An image that is not on this machine, or no program to run it with. */
  | { readonly kind: 'engine' }
  | { readonly kind: 'image'; readonly image: string; readonly engine: string }
  /** It was tried; the text says what came of it. */
  | { readonly kind: 'failed'; readonly detail: string };

/** There is no sandbox to be had; nothing was run. */
export class NoSandbox extends Error {
  readonly lack: Lack;
  constructor(lack: Lack) {
    super(lackWords(lack));
    this.lack = lack;
  }
}

/** What is missing, and what can be done about it. */
export function lackWords(lack: Lack): string {
  switch (lack.kind) {
    case 'platform':
      return `a sandbox without root takes Linux. ${
        lack.platform === 'win32' ? 'Run it inside WSL 2, or with' : 'With'
      } podman or docker, name an image that is on this machine: --image NAME`;
    case 'programs':
      return `the sandbox takes programs that are not installed: ${lack.missing.join(', ')} (packages bubblewrap, fuse-overlayfs, util-linux). With podman or docker, name an image that is on this machine: --image NAME`;
    case 'fuse':
      return 'the sandbox takes /dev/fuse, which is not there or not open to this user (inside a container, it has to be started with --device /dev/fuse). With podman or docker, name an image that is on this machine: --image NAME';
    case 'user-namespaces':
      return `the sandbox takes user namespaces, which this system refuses to this user${
        lack.apparmor
          ? ': AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns)'
          : ' (most containers do, and some hardened systems)'
      }. With podman or docker, name an image that is on this machine: --image NAME`;
    case 'engine':
      return '--image takes podman or docker, and neither is here or answers';
    case 'image':
      return `${lack.engine} has no image "${lack.image}" on this machine, and nothing is downloaded: "${lack.engine} images" lists what there is`;
    case 'failed':
      return `the sandbox could not be set up: ${lack.detail}`;
  }
}
