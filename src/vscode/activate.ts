import * as vscode from 'vscode';
import type { Andon } from './andon';
import { Background } from './background';
import { Checker, type Host } from './checker';
import { CodeActions } from './code-actions';
import { commands } from './commands';
import { cannotProve } from './commands/prove-idempotency';
import { ConfigurationProblems } from './configuration-problems';
import { Diagnostics } from './diagnostics';
import { watchDisk } from './disk-changes';
import { Documents } from './documents';
import { FindingsView } from './findings-view';
import { GuardSwitch } from './guard-switch';
import { Hovers } from './hover';
import { LampSwitch } from './lamp-switch';
import { LanguageStatus } from './language-status';
import { ProveSwitch } from './prove-switch';
import { ruleCatalog } from './rule-catalog';
import { RuleLanguage } from './rule-language';
import { serveRulePages } from './rule-pages';
import { Shown } from './shown';

/** What the extension hands to other extensions and to its tests. */
export interface AndonApi {
  /** Resolves when everything that is to be checked is checked and shown. */
  whenIdle(): Promise<void>;
  /** Milliseconds of our own code: loading the bundle, and registering everything. */
  readonly activation: number;
}

/** Builds the parts and joins them. Registers first; the work starts when VS Code has its turn again. */
export function activate(
  extension: vscode.ExtensionContext,
  makeHost: () => Host,
  loading: number,
): AndonApi {
  const begun = performance.now();
  const host = makeHost();
  const log = vscode.window.createOutputChannel('Andon', { log: true });
  const shown = new Shown();
  const language = new RuleLanguage(vscode.Uri.joinPath(extension.extensionUri, 'l10n'));
  const checker = new Checker(host, shown, language, log);
  const documents: Documents = new Documents(checker, (uri) => void background.closed(uri));
  const background = new Background(checker, documents);
  const diagnostics = new Diagnostics(shown);
  const view = new FindingsView(shown, extension.workspaceState);
  const rules = ruleCatalog(host.catalog.rules, language);
  const lampSwitch = new LampSwitch(host.lamp, { extension, log });
  const guardSwitch = new GuardSwitch(host.guard, { extension, log });
  const proveSwitch = new ProveSwitch(host.prove);
  const andon: Andon = {
    extension,
    log,
    shown,
    checker,
    documents,
    background,
    diagnostics,
    view,
    lampSwitch,
    guardSwitch,
    proveSwitch,
    rules,
  };
  const guarded = (work: Promise<unknown>) => work.catch((error) => log.error(error));

  extension.subscriptions.push(
    log,
    shown,
    checker,
    documents,
    background,
    diagnostics,
    view,
    lampSwitch,
    guardSwitch,
    proveSwitch,
    new ConfigurationProblems(checker),
    new LanguageStatus(checker, background),
    serveRulePages(vscode.Uri.joinPath(extension.extensionUri, 'dist', 'rules'), rules),
    vscode.languages.registerHoverProvider('*', new Hovers(andon)),
    vscode.languages.registerCodeActionsProvider('*', new CodeActions(andon), {
      providedCodeActionKinds: CodeActions.kinds,
    }),
    watchDisk((changes) => void background.changed(changes)),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void guarded(background.start())),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const ours =
        event.affectsConfiguration('andon') || event.affectsConfiguration('files.exclude');
      if (ours) void guarded(background.settingsChanged());
    }),
    ...commands.map(({ id, run }) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) => run(andon, ...args)),
    ),
  );

  void vscode.commands.executeCommand('setContext', cannotProve, host.prove === undefined);

  const start = Promise.resolve().then(
    () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
  );
  const started = guarded(
    start.then(() => {
      lampSwitch.start();
      guardSwitch.start();
      documents.checkAll();
      return background.start();
    }),
  );
  // Between loading and this call VS Code did other things, which are not counted.
  const activation = loading + performance.now() - begun;
  log.debug(`activated in ${activation.toFixed(1)} ms, ${loading.toFixed(1)} of them for loading`);
  return {
    activation,
    async whenIdle() {
      await started;
      await background.idle();
      await documents.idle();
      await diagnostics.settled();
    },
  };
}
