import * as vscode from 'vscode';
import { inWords, runLocalCheck, usualCheck } from '../../node/local-check';
import { beginLocalCheck } from '../../node/local-result';
import { lampSettings } from './lamp-settings';
import type { Repository } from './repository';

type Ended = (state: 'passing' | 'failing' | 'cancelled') => void;

/**
 * The verdict that needs no server: exit codes of the project's own test task or command, whoever runs it and however,
 * and Andon's own run of it when the user asks for that.
 */
export class LocalRuns implements vscode.Disposable {
  readonly #repositoryOf: (uri: vscode.Uri | undefined) => Repository | undefined;
  readonly #subscriptions: vscode.Disposable[];
  readonly #running = new Map<vscode.TaskExecution, Promise<Ended | undefined>>();
  readonly #inTerminals = new Map<vscode.TerminalShellExecution, Promise<Ended | undefined>>();
  readonly #own = new Map<string, AbortController>();
  readonly #heads = new Map<string, string>();
  #saved: ReturnType<typeof setTimeout> | undefined;
  #output: vscode.OutputChannel | undefined;

  constructor(repositoryOf: (uri: vscode.Uri | undefined) => Repository | undefined) {
    this.#repositoryOf = repositoryOf;
    const { tasks, window, workspace } = vscode;
    this.#subscriptions = [
      tasks.onDidStartTaskProcess(({ execution }) => {
        const repository = this.#ofTask(execution.task);
        if (!repository) return;
        this.#running.set(execution, beginLocalCheck(repository.root, nameOf(execution.task)));
      }),
      tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        const begun = this.#running.get(execution);
        this.#running.delete(execution);
        void begun?.then((end) => end?.(stateOf(exitCode)));
      }),
      window.onDidStartTerminalShellExecution(({ execution }) => {
        const repository = this.#repositoryOf(execution.cwd);
        const line = execution.commandLine.value.trim();
        if (!repository || line === '' || line !== inWords(commandOf(repository))) return;
        this.#inTerminals.set(execution, beginLocalCheck(repository.root, line));
      }),
      window.onDidEndTerminalShellExecution(({ execution, exitCode }) => {
        const begun = this.#inTerminals.get(execution);
        this.#inTerminals.delete(execution);
        void begun?.then((end) => end?.(stateOf(exitCode)));
      }),
      workspace.onDidSaveTextDocument(({ uri }) => {
        const repository = this.#repositoryOf(uri);
        if (!repository || lampSettings(repository.uri).run !== 'onSave') return;
        clearTimeout(this.#saved);
        this.#saved = setTimeout(() => void this.run(repository), 1000);
      }),
    ];
  }

  /** The head of a repository may be another: with `onCommit` that is when to check. */
  moved(repository: Repository): void {
    const head = repository.state?.checkout.head;
    const known = this.#heads.get(repository.root);
    if (head === undefined || head === known) return;
    this.#heads.set(repository.root, head);
    if (known !== undefined && lampSettings(repository.uri).run === 'onCommit') {
      void this.run(repository);
    }
  }

  /** Runs the project's check; one at a time, the newest wins. Resolves to false where nothing says what to run. */
  async run(repository: Repository): Promise<boolean> {
    const command = commandOf(repository);
    if (command.length === 0) return false;
    this.#own.get(repository.root)?.abort();
    const controller = new AbortController();
    this.#own.set(repository.root, controller);
    const name = inWords(command);
    this.#output ??= vscode.window.createOutputChannel('Andon: Local Check');
    const output = this.#output;
    output.clear();
    output.appendLine(`> ${name}`);
    const end = await beginLocalCheck(repository.root, name);
    let state: Parameters<Ended>[0] = 'cancelled';
    try {
      const { window, ProgressLocation } = vscode;
      const progress = { location: ProgressLocation.Window, title: `Andon: ${name}` };
      await window.withProgress(progress, async () => {
        const { signal } = controller;
        const run = await runLocalCheck(command, repository.root, {
          signal,
          output: (text) => output.append(text),
        });
        state = run.state;
        if (run.problem) output.appendLine(run.problem);
      });
    } finally {
      // One that was overtaken has nothing to say about files that are newer.
      if (this.#own.get(repository.root) === controller) {
        this.#own.delete(repository.root);
        end?.(state);
      }
    }
    return true;
  }

  /** There is something for `show` to show. */
  get hasOutput(): boolean {
    return this.#output !== undefined;
  }

  /** Shows what the last own run printed. */
  show(): void {
    this.#output?.show(true);
  }

  dispose(): void {
    clearTimeout(this.#saved);
    for (const each of this.#own.values()) each.abort();
    for (const each of this.#subscriptions) each.dispose();
    this.#output?.dispose();
  }

  /** The repository a task is the check of, if it is. */
  #ofTask(task: vscode.Task): Repository | undefined {
    const folder =
      typeof task.scope === 'object' ? task.scope.uri : vscode.workspace.workspaceFolders?.[0]?.uri;
    const repository = this.#repositoryOf(folder);
    if (!repository) return undefined;
    const wanted = lampSettings(repository.uri).task;
    const counts = wanted ? task.name === wanted : task.group?.id === vscode.TaskGroup.Test.id;
    return counts ? repository : undefined;
  }
}

/** A task with where it comes from: `npm: test`. */
const nameOf = ({ source, name }: vscode.Task) =>
  source && source !== 'Workspace' ? `${source}: ${name}` : name;

/** The command that checks a project: the setting's, else what its files say; empty where nothing does. */
export function commandOf(repository: Repository): string | readonly string[] {
  const { command } = lampSettings(repository.uri);
  return command.length > 0 ? command : (usualCheck(repository.root) ?? '');
}

/** Undefined: it was ended from outside. 130: by Ctrl+C. */
function stateOf(exitCode: number | undefined): Parameters<Ended>[0] {
  if (exitCode === undefined || exitCode === 130 || exitCode === 126 || exitCode === 127) {
    return 'cancelled';
  }
  return exitCode === 0 ? 'passing' : 'failing';
}
