import * as vscode from 'vscode';
import type { Proving } from './prove/proving';

/** Scheme of the documents that tell what came of running a script twice. */
export const proofScheme = 'andon-proof';

/** How a host with Node brings what proves scripts; in a browser no program can be run. */
export interface ProveHost {
  load(): Proving;
}

/** Loads what proves scripts when somebody first asks for it, or for what it showed. */
export class ProveSwitch implements vscode.Disposable {
  readonly #host: ProveHost | undefined;
  readonly #documents: vscode.Disposable;
  #proving: Proving | undefined;

  constructor(host: ProveHost | undefined) {
    this.#host = host;
    // An editor may still be open from before the window was reloaded.
    this.#documents = vscode.workspace.registerTextDocumentContentProvider(proofScheme, {
      provideTextDocumentContent: (uri) => this.proving?.textOf(uri),
    });
  }

  /** Undefined in a browser. */
  get proving(): Proving | undefined {
    this.#proving ??= this.#host?.load();
    return this.#proving;
  }

  dispose(): void {
    this.#documents.dispose();
    this.#proving?.dispose();
  }
}
