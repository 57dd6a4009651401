import * as vscode from 'vscode';
import { catalog } from './catalog';
import type { Host } from './checker';
import type { offered } from './engine';
import type { Linter } from './linter';
import { virtualFiles } from './virtual-files';

/** In a browser: the same engine, in place. */
export function makeHost(extension: vscode.ExtensionContext): Host {
  const globs = catalog.formats.flatMap((format) => format.files);
  return {
    catalog,
    linter: linterOnDemand(vscode.Uri.joinPath(extension.extensionUri, 'dist')),
    files: (root) => virtualFiles(root, globs),
  };
}

/** Loads the engine when there is something to check. */
function linterOnDemand(dist: vscode.Uri): Linter {
  const read = async (file: string) =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, file));
  const configurations = new Map<string, Parameters<Linter['configure']>>();
  let loaded: Promise<Linter> | undefined;
  let ended = false;

  async function load(): Promise<Linter> {
    const text = new TextDecoder().decode(await read('engine.js'));
    const module = { exports: {} as { readonly offered: typeof offered } };
    // A web extension is one file, loaded by VS Code in just this way; there is no import for a second one.
    new Function('module', 'exports', 'require', text)(module, module.exports, require);
    const { setGrammarLoader, linter } = module.exports.offered;
    setGrammarLoader(read);
    const made = linter();
    for (const each of configurations.values()) made.configure(...each);
    return made;
  }
  const get = (): Promise<Linter> => {
    if (ended) return Promise.reject(new Error('the linter has ended'));
    loaded ??= load();
    return loaded;
  };

  return {
    configure(...all) {
      configurations.set(all[2], all);
      void loaded?.then((linter) => linter.configure(...all));
    },
    lint: async (...all) => (await get()).lint(...all),
    ask: async (question) => (await get()).ask(question),
    dispose() {
      ended = true;
      void loaded?.then((linter) => linter.dispose());
    },
  };
}
