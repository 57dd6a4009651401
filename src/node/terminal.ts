/** What a command sees of the outside: handed in, so that tests can stand in for a terminal. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the bundle, with the wasm files, the worker and the rule pages. */
  readonly home: string;
  readonly version: string;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns of the terminal output goes to. */
  readonly columns: number;
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** Standard input to its end. */
  input(): Promise<Buffer>;
  /** The next line of standard input, as somebody types it; empty at its end. */
  line(): Promise<string>;
}

/** Whether output may have colours: `NO_COLOR` (https://no-color.org) and `FORCE_COLOR` decide before the terminal does. */
export function wantsColour(terminal: Pick<Terminal, 'env' | 'outIsTerminal'>): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = terminal.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return terminal.outIsTerminal && TERM !== 'dumb';
}

/** A line on standard error that is written over and over, and only on a terminal. */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

/** Milliseconds between two states of the line. */
const pace = 80;

/** The progress line of a terminal; in a pipe it does nothing. */
export function progressOn(terminal: Pick<Terminal, 'err' | 'errIsTerminal'>): Progress {
  let last = -Infinity;
  let shown = false;
  return {
    show(text) {
      if (!terminal.errIsTerminal || performance.now() - last < pace) return;
      last = performance.now();
      shown = true;
      terminal.err(`\r\u001b[K${text}`);
    },
    clear() {
      if (shown) terminal.err('\r\u001b[K');
      shown = false;
    },
  };
}
