import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  type AskAnswer,
  type AskQuestion,
  type AskWho,
  awakeWithin,
  serialiseWindow,
  windowsPath,
} from '../../guard/ask-protocol';
import { writeBelow } from '../../node/guard-repository';
import { slashes } from '../../node/workspace-root';
import { askReason } from './commit-box';
import type { GitApi } from './git-extension';
import type { GuardedRepository } from './guarded-repository';
import { redDetail, redText } from './red-words';

/** More time for somebody who writes a reason, in seconds. */
const writing = 120;
/** No question of ours is longer. */
const longest = 8192;

/**
 * Answers the hook for this window. Exists only while a repository with the hook is open; the socket lies in a folder
 * that only this user may enter.
 */
export class QuestionServer implements vscode.Disposable {
  readonly #api: GitApi;
  readonly #client: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #repositories: () => readonly GuardedRepository[];
  readonly #announced = new Map<string, string>();
  readonly #focus: vscode.Disposable;
  /** Containers that share a folder may have processes of one number. */
  readonly #name = `${process.pid}-${Date.now().toString(36)}`;
  #focusedAt = vscode.window.state.focused ? Date.now() : 0;
  #server: Server | undefined;
  #folder: string | undefined;
  #address = '';

  constructor(
    api: GitApi,
    client: string,
    log: vscode.LogOutputChannel,
    repositories: () => readonly GuardedRepository[],
  ) {
    this.#api = api;
    this.#client = client;
    this.#log = log;
    this.#repositories = repositories;
    this.#focus = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) this.#focusedAt = Date.now();
    });
  }

  /** Announces this window where the hook is installed, and nowhere else. */
  announce(): void {
    for (const { hasHook, place } of this.#repositories()) {
      const { commonDir } = place;
      if (hasHook === this.#announced.has(commonDir)) continue;
      try {
        if (hasHook) {
          this.#listen();
          const path = `${windowsPath}/${this.#name}`;
          const node = slashes(process.execPath);
          const record = { socket: this.#address, node, client: slashes(this.#client) };
          writeBelow(commonDir, path, serialiseWindow(record));
          this.#announced.set(commonDir, path);
        } else this.#withdraw(commonDir);
      } catch (error) {
        this.#log.warn(String(error));
      }
    }
  }

  dispose(): void {
    this.#focus.dispose();
    for (const commonDir of [...this.#announced.keys()]) this.#withdraw(commonDir);
    this.#server?.close();
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  #withdraw(commonDir: string): void {
    const path = this.#announced.get(commonDir);
    this.#announced.delete(commonDir);
    try {
      if (path) writeBelow(commonDir, path, undefined);
    } catch (error) {
      this.#log.warn(String(error));
    }
  }

  #listen(): void {
    if (this.#server) return;
    if (process.platform === 'win32') {
      this.#address = `\\\\.\\pipe\\andon-${this.#name}`;
    } else {
      // A socket's path holds some hundred bytes, so that the git directory is no place for it.
      this.#folder = mkdtempSync(join(process.env.XDG_RUNTIME_DIR || tmpdir(), 'andon-'));
      this.#address = join(this.#folder, 's');
    }
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.on('error', (error) => this.#log.warn(String(error)));
    this.#server.listen(this.#address);
  }

  #serve(socket: Socket): void {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.length > longest) socket.destroy();
      const end = text.indexOf('\n');
      if (end === -1) return;
      const line = text.slice(0, end);
      text = '';
      this.#answer(line, socket).catch((error) => {
        this.#log.warn(String(error));
        socket.destroy();
      });
    });
  }

  async #answer(line: string, socket: Socket): Promise<void> {
    const question = JSON.parse(line) as AskQuestion;
    const say = (answer: AskAnswer | AskWho) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
    };
    if (question.ask === 'who') {
      if (!(await isAwake())) return void socket.destroy();
      const { focused } = vscode.window.state;
      const gitHandle = this.#api.git.env?.VSCODE_GIT_IPC_HANDLE;
      return say({ focused, focusedAt: this.#focusedAt, gitHandle });
    }
    if (question.ask === 'commit') say(await this.#ask(question, () => say({ wait: writing })));
  }

  async #ask(
    { home, hook, branch }: Extract<AskQuestion, { ask: 'commit' }>,
    wait: () => void,
  ): Promise<AskAnswer> {
    const same = this.#repositories().filter(
      ({ place }) => realpathSync.native(join(place.commonDir, 'andon')) === home,
    );
    // Of several work trees the one on that branch; a push may be of another.
    const repository = same.find((each) => each.branch === branch) ?? same[0];
    const status =
      repository &&
      [repository.status, repository.line].find(
        (each) => each?.branch === branch && each.state === 'failing',
      );
    if (!repository || !status) return { answer: 'nothing' };
    const { l10n, window } = vscode;
    const pushing = hook === 'pre-push';
    const anyway = pushing ? l10n.t('Push Anyway') : l10n.t('Commit Anyway …');
    const fix = l10n.t('It Is the Fix');
    const { reasons } = repository.judge('', false, { toldAt: undefined });
    const answer = await window.showWarningMessage(
      redText(status, repository.circumstances.now),
      {
        modal: true,
        detail: redDetail(status, (reasons as readonly string[]).includes('yours')),
      },
      ...[anyway, fix],
    );
    if (answer === fix) return { answer: 'fix' };
    if (answer !== anyway) return { answer: 'cancel' };
    if (pushing) return { answer: 'anyway', reason: '' };
    wait();
    const reason = await askReason();
    return reason === undefined ? { answer: 'cancel' } : { answer: 'anyway', reason };
  }
}

/** Whether the window has a page that answers: a crashed one, and a remote one whose laptop is shut, has not. */
function isAwake(): Promise<boolean> {
  return Promise.race([
    Promise.resolve(vscode.commands.getCommands(true)).then(() => true),
    new Promise<boolean>((done) => setTimeout(() => done(false), awakeWithin)),
  ]);
}
