import type { Readable, Writable } from 'node:stream';
import type { Ending, Run } from '../../prove/proof';

/**
 * Runs inside a sandbox, as its first process: once it is there, and after each run, a mark goes through both outputs,
 * behind all that was printed. A line on standard input starts a run; its end ends the sandbox. Arguments: the mark,
 * the working directory, the command.
 */
export const driver = `
mark=$1 directory=$2; shift 2
tell() { printf '\\000%s %s\\000' "$mark" "$1"; printf '\\000%s %s\\000' "$mark" "$1" >&2; }
cd "$directory" || exit
tell 0
while read -r _; do
  "$@" </dev/null
  tell $?
done`;

/** Bytes kept of the beginning and of the end of an output. */
const kept = 128 * 1024;

/** What runs of a driver print, cut at its marks. */
class Output {
  readonly #mark: Buffer;
  #head: Buffer[] = [];
  #headSize = 0;
  #tail = Buffer.alloc(0);
  #lost = 0;
  #pending = Buffer.alloc(0);
  /** Output that a mark has ended, oldest first. */
  readonly #ended: { readonly text: string; readonly code: number }[] = [];
  readonly #changed: () => void;

  constructor(stream: Readable, mark: string, changed: () => void) {
    this.#mark = Buffer.from(`\0${mark} `);
    this.#changed = changed;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('error', () => {});
  }

  /** The output of the oldest run that ended and was not asked for yet. */
  next(): { readonly text: string; readonly code: number } | undefined {
    return this.#ended.shift();
  }

  /** Whether next() has something to give. */
  get ready(): boolean {
    return this.#ended.length > 0;
  }

  /** What there is of a run that has not ended. */
  rest(): string {
    this.#keep(this.#pending);
    this.#pending = Buffer.alloc(0);
    return this.#text();
  }

  #take(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const start = this.#pending.indexOf(this.#mark);
      const end = start === -1 ? -1 : this.#pending.indexOf(0, start + this.#mark.length);
      if (end === -1) break;
      this.#keep(this.#pending.subarray(0, start));
      const code = Number(this.#pending.toString('latin1', start + this.#mark.length, end));
      this.#ended.push({ text: this.#text(), code });
      this.#pending = this.#pending.subarray(end + 1);
      this.#changed();
    }
    // The last bytes may be the beginning of a mark.
    const sure = this.#pending.length - this.#mark.length - 8;
    if (sure > 0) {
      this.#keep(this.#pending.subarray(0, sure));
      this.#pending = this.#pending.subarray(sure);
    }
  }

  #keep(bytes: Buffer): void {
    const room = Math.min(kept - this.#headSize, bytes.length);
    if (room > 0) {
      this.#head.push(Buffer.from(bytes.subarray(0, room)));
      this.#headSize += room;
    }
    const more = bytes.subarray(Math.max(room, 0));
    if (more.length === 0) return;
    const tail = Buffer.concat([this.#tail, more]);
    this.#lost += Math.max(0, tail.length - kept);
    this.#tail = tail.subarray(Math.max(0, tail.length - kept));
  }

  #text(): string {
    const parts = [Buffer.concat(this.#head).toString('utf8')];
    if (this.#lost > 0) parts.push(`\n… ${this.#lost} bytes …\n`);
    parts.push(this.#tail.toString('utf8'));
    this.#head = [];
    this.#headSize = 0;
    this.#tail = Buffer.alloc(0);
    this.#lost = 0;
    return parts.join('');
  }
}

/** The way to a driver: its standard input, and both its outputs. */
export class Driver {
  readonly #input: Writable;
  readonly #stdout: Output;
  readonly #stderr: Output;
  #wake = () => {};
  #gone = false;

  constructor(streams: { input: Writable; stdout: Readable; stderr: Readable }, mark: string) {
    this.#input = streams.input;
    // Whoever reads may be gone; what came of it shows in the outputs.
    this.#input.on('error', () => {});
    const changed = () => this.#wake();
    this.#stdout = new Output(streams.stdout, mark, changed);
    this.#stderr = new Output(streams.stderr, mark, changed);
  }

  /** The sandbox has ended: nothing more will come. */
  ended(): void {
    this.#gone = true;
    this.#wake();
  }

  /** Waits until the driver is there; resolves to what went wrong, or undefined. */
  async started(): Promise<string | undefined> {
    await this.#both();
    if (this.#bothReady) {
      this.#stdout.next();
      this.#stderr.next();
      return undefined;
    }
    return this.#stderr.rest().trim() || this.#stdout.rest().trim() || 'it ended at once';
  }

  /** Runs the script once. `stopped`: why it is being ended, as soon as that is so. */
  async run(stopped: () => Ending | undefined): Promise<Run> {
    const start = performance.now();
    this.#input.write('\n');
    await this.#both();
    const seconds = (performance.now() - start) / 1000;
    if (this.#bothReady && !stopped()) {
      const [out, err] = [this.#stdout.next()!, this.#stderr.next()!];
      const ending: Ending = { kind: 'exit', code: out.code };
      return { ending, seconds, stdout: out.text, stderr: err.text };
    }
    const ending = stopped() ?? { kind: 'lost' };
    return { ending, seconds, stdout: this.#stdout.rest(), stderr: this.#stderr.rest() };
  }

  get #bothReady(): boolean {
    return this.#stdout.ready && this.#stderr.ready;
  }

  async #both(): Promise<void> {
    while (!this.#bothReady && !this.#gone) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}
