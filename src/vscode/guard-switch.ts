import * as vscode from 'vscode';
import type { Guard } from './guard/guard';

/** What the guard gets of the rest of the extension. */
export interface GuardParts {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
}

/** How a host with Node brings the guard; in a browser there is no git. */
export interface GuardHost {
  load(parts: GuardParts): Guard;
}

/** Loads the guard in a workspace the user trusts, as it runs git; not before VS Code's git extension is there. */
export class GuardSwitch implements vscode.Disposable {
  readonly #host: GuardHost | undefined;
  readonly #parts: GuardParts;
  readonly #subscriptions: vscode.Disposable[] = [];
  #guard: Guard | undefined;

  constructor(host: GuardHost | undefined, parts: GuardParts) {
    this.#host = host;
    this.#parts = parts;
  }

  /** The guard, if there is one to be. */
  get guard(): Guard | undefined {
    const git = vscode.extensions.getExtension('vscode.git');
    if (this.#host && git && vscode.workspace.isTrusted)
      this.#guard ??= this.#host.load(this.#parts);
    return this.#guard;
  }

  /** The same for somebody who asks for it: if there is none, they are told. */
  get wanted(): Guard | undefined {
    const { guard } = this;
    if (!guard) {
      const text = vscode.l10n.t(
        'Andon: no git repository is open, or this workspace is not trusted.',
      );
      void vscode.window.showInformationMessage(text);
    }
    return guard;
  }

  /** Looks now, and whenever it may have become possible. */
  start(): void {
    const look = () => void this.guard;
    this.#subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(look),
      vscode.extensions.onDidChange(look),
    );
    look();
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#guard?.dispose();
  }
}
