import * as vscode from 'vscode';
import type { Lamp } from './lamp/lamp';

/** What the lamp gets of the rest of the extension. */
export interface LampParts {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
}

/** How a host with Node brings the lamp; in a browser there is neither git nor a lamp. */
export interface LampHost {
  /** Whether a folder lies in a git checkout, told from the disk. */
  isCheckout(folder: vscode.Uri): boolean;
  load(parts: LampParts): Lamp;
}

/**
 * Loads the lamp where there is something for it to show: with a git checkout open, in a workspace the user trusts, as
 * what it does takes running git and asking servers that the checkout names.
 */
export class LampSwitch implements vscode.Disposable {
  readonly #host: LampHost | undefined;
  readonly #parts: LampParts;
  readonly #subscriptions: vscode.Disposable[] = [];
  #lamp: Lamp | undefined;

  constructor(host: LampHost | undefined, parts: LampParts) {
    this.#host = host;
    this.#parts = parts;
  }

  /** The lamp, if there is one to be. */
  get lamp(): Lamp | undefined {
    this.#look();
    return this.#lamp;
  }

  /** Looks now, and whenever it may have become possible. */
  start(): void {
    const look = () => this.#look();
    this.#subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(look),
      vscode.workspace.onDidChangeWorkspaceFolders(look),
      vscode.window.onDidChangeWindowState(look),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('andon.pipeline.enable')) look();
      }),
    );
    look();
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#lamp?.dispose();
  }

  #look(): void {
    const host = this.#host;
    const { workspace } = vscode;
    if (!host || !workspace.isTrusted) return;
    if (workspace.getConfiguration('andon').get('pipeline.enable') === false) {
      this.#lamp?.dispose();
      this.#lamp = undefined;
      return;
    }
    const folders = workspace.workspaceFolders ?? [];
    if (this.#lamp || !folders.some(({ uri }) => host.isCheckout(uri))) return;
    try {
      this.#lamp = host.load(this.#parts);
    } catch (error) {
      this.#parts.log.error(error as Error);
    }
  }
}
