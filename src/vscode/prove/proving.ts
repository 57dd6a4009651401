import * as vscode from 'vscode';
import { jobOfText, prove } from '../../node/prove/prove';
import { NoSandbox } from '../../node/prove/sandbox';
import { ProofDocuments } from './proof-documents';
import { lackText } from './proof-words';

/** A script to run several times. */
export interface ScriptToProve {
  /** For people. */
  readonly name: string;
  readonly text: string;
  /** The file it is; of a text that is none, one it could be. */
  readonly file: string;
  readonly interpreter?: readonly string[];
  /** The container image to run it in; '' for a copy of this machine. */
  readonly image: string;
}

/** Runs scripts twice in a sandbox and shows what came of it. */
export class Proving implements vscode.Disposable {
  readonly #documents = new ProofDocuments();

  /** Runs the script with progress shown and opens the result, or says why there is none. */
  async prove({ name, text, file, interpreter, image }: ScriptToProve): Promise<void> {
    const { l10n, window } = vscode;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Andon: running {0} in a sandbox', name),
      cancellable: true,
    };
    await window.withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort(new Error('cancelled')));
      try {
        const { proof } = await prove({
          job: jobOfText(text, file, { ...(interpreter && { interpreter }) }),
          times: 2,
          ...(image && { image }),
          signal: stop.signal,
          progress: (run) => progress.report({ message: l10n.t('run {0} of 2', run) }),
        });
        await this.#documents.show(name, proof, image);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof NoSandbox)) throw error;
        void window.showErrorMessage(l10n.t('Andon: no sandbox here. {0}', lackText(error.lack)));
      }
    });
  }

  /** Opens what run 2 did to a path as a comparison; `key` is that of the result's document. */
  compare(key: string, path: string): Promise<void> {
    return this.#documents.compare(key, path);
  }

  /** The text of a result's document, or of a side of a comparison. */
  textOf(uri: vscode.Uri): string {
    return this.#documents.text(uri);
  }

  dispose(): void {
    this.#documents.dispose();
  }
}
