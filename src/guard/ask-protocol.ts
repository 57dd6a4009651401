import { readKeyedLines, writeKeyedLines } from './keyed-lines';

/*
 * The hook asks an open window of VS Code over a local socket, or a named pipe on Windows. Each message is a line of
 * JSON. First every window is asked whether it is there and has a user before it; then the best of them is asked.
 */

/** Where windows announce themselves, below the common directory: a file each. */
export const windowsPath = 'andon/windows';

/** What the hook needs to reach a window. */
export interface WindowRecord {
  readonly socket: string;
  /** The program that runs the client: VS Code's own Node, wherever it lies by now. */
  readonly node: string;
  readonly client: string;
}

export type AskQuestion =
  | { readonly ask: 'who' }
  | {
      readonly ask: 'commit';
      readonly hook: string;
      /** The folder of the window records asked from; it tells which repository. */
      readonly home: string;
      readonly branch: string;
    };

/** Who is there. A window whose page is gone or asleep gives no answer. */
export interface AskWho {
  readonly focused: boolean;
  /** When it last was, in milliseconds since 1970. */
  readonly focusedAt: number;
  /** VS Code's own mark of the git commands of one window; those of its terminals have it too. */
  readonly gitHandle: string | undefined;
}

export type AskAnswer =
  /** The user is at it: wait so many seconds from now. */
  | { readonly wait: number }
  | { readonly answer: 'anyway'; readonly reason: string }
  | { readonly answer: 'fix' | 'cancel' | 'nothing' };

/** Milliseconds a window's page has to answer for the window to count as awake: it takes 10, on a busy machine more. */
export const awakeWithin = 1500;
/** And the window itself, which asks its page first. */
export const whoWithin = 2000;
/** Seconds until the hook goes on without an answer; as long it may hold git's lock on the index. */
export const answerWithin = 30;

/** Reads a window record; undefined if it is none. Never throws. */
export function parseWindow(text: string): WindowRecord | undefined {
  const values = readKeyedLines('andon-window', text);
  const [socket, node, client] = ['socket', 'node', 'client'].map((key) => values?.get(key));
  return socket && node && client ? { socket, node, client } : undefined;
}

/** The text of a window record. */
export function serialiseWindow({ socket, node, client }: WindowRecord): string {
  return writeKeyedLines('andon-window', [
    ['socket', socket],
    ['node', node],
    ['client', client],
  ]);
}

/** The window to ask, of those that are there: the one git was started from, else the one looked at last. */
export function bestWindow<T extends AskWho>(
  there: readonly T[],
  handle: string | undefined,
): T | undefined {
  const rank = (each: T) =>
    (handle !== undefined && each.gitHandle === handle ? 2 : 0) + (each.focused ? 1 : 0);
  return [...there].sort((a, b) => rank(b) - rank(a) || b.focusedAt - a.focusedAt)[0];
}
