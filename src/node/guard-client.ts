import { readdirSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  type AskAnswer,
  type AskQuestion,
  type AskWho,
  answerWithin,
  bestWindow,
  parseWindow,
  whoWithin,
} from '../guard/ask-protocol';
import { onOneLine } from '../guard/keyed-lines';
import { readBelow } from './guard-repository';
import { isSystemError } from './system-message';

/*
 * Run by the hook with VS Code's own Node: asks the right window, and prints for the shell what was answered:
 * "anyway REASON", "fix", "cancel", or nothing where nobody answers.
 */

/** One question to one window; each answer may ask for more time. Rejects when none comes in time. */
function talk<T>(socket: string, question: AskQuestion, within: number): Promise<T> {
  return new Promise((done, failed) => {
    const connection = connect(socket);
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    const end = (outcome: () => void) => {
      clearTimeout(timer);
      connection.destroy();
      outcome();
    };
    const limit = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => end(() => failed(new Error('no answer'))), milliseconds);
    };
    limit(within);
    connection.on('connect', () => connection.write(`${JSON.stringify(question)}\n`));
    connection.on('data', (chunk) => {
      text += chunk;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n')) {
        const answer = asObject(text.slice(0, at));
        text = text.slice(at + 1);
        if (!answer) return end(() => failed(new Error('no answer')));
        const { wait } = answer as { readonly wait?: unknown };
        if (typeof wait !== 'number') return end(() => done(answer as T));
        limit(Math.min(wait, 300) * 1000);
      }
    });
    connection.on('error', (error) => end(() => failed(error)));
    connection.on('close', () => end(() => failed(new Error('closed'))));
  });
}

function asObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

async function main([hook = '', home = '', branch = '']: readonly string[]): Promise<string> {
  const folder = join(home, 'windows');
  const asked = readdirSync(folder).map(async (name) => {
    const record = parseWindow(readBelow(folder, name) ?? '');
    if (!record) return [];
    try {
      return [{ ...record, ...(await talk<AskWho>(record.socket, { ask: 'who' }, whoWithin)) }];
    } catch (error) {
      // What a window that ended badly left behind.
      const gone = isSystemError(error, 'ECONNREFUSED') || isSystemError(error, 'ENOENT');
      if (gone) rmSync(join(folder, name), { force: true });
      return [];
    }
  });
  const window = bestWindow((await Promise.all(asked)).flat(), process.env.VSCODE_GIT_IPC_HANDLE);
  if (!window) return '';
  // Nothing in a terminal tells where to look; from VS Code's own button the question is before one's eyes.
  if (!process.env.VSCODE_GIT_COMMAND) process.stderr.write('andon: asking in VS Code …\n');
  const question: AskQuestion = { ask: 'commit', hook, home: realpathSync.native(home), branch };
  const said = await talk<Exclude<AskAnswer, { wait: number }>>(
    window.socket,
    question,
    answerWithin * 1000,
  );
  if (said.answer === 'anyway') return `anyway ${onOneLine(String(said.reason))}`;
  return said.answer === 'nothing' ? '' : said.answer;
}

void main(process.argv.slice(2)).then(
  (answer) => process.stdout.write(`${answer}\n`),
  // Without an answer the hook decides from the status file.
  () => undefined,
);
