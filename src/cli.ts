import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { version } from '../package.json';
import { BaselineError } from './engine/baseline';
import { commands } from './node/commands';
import type { Command } from './node/commands/command';
import { ConfigurationError } from './node/configuration';
import { GitError } from './node/git';
import { describeOptions, readOptions, UsageError } from './node/options';
import { isSystemError, systemMessage } from './node/system-message';
import type { Terminal } from './node/terminal';
import { removeUnfinished } from './node/write-file';

/** Shells report a program ended by Ctrl+C so. */
const interrupted = 130;

const general = `andon: what will go wrong the second time, on the next machine, or after a failure

Usage: andon COMMAND [OPTION…]

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}\n`).join('')}
  --help     this text; "andon COMMAND --help" tells more of a command
  --version  the version
`;

const help = ({ name, operands, summary, options, notes }: Command) =>
  `${summary[0]!.toUpperCase()}${summary.slice(1)}

Usage: andon ${name}${options.length > 0 ? ' [OPTION…]' : ''}${operands && ` ${operands}`}
${options.length > 0 ? `\nOptions:\n${describeOptions(options)}` : ''}${notes ? `\n${notes}\n` : ''}`;

/** Runs a command line; resolves to the exit code and never rejects. */
async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      const about = commands.find((command) => command.name === rest[0]);
      (name === undefined ? terminal.err : terminal.out)(about ? help(about) : general);
      return name === undefined ? 2 : 0;
    }
    if (name === '--version' || name === '-V') {
      terminal.out(`${terminal.version}\n`);
      return 0;
    }
    const command = commands.find((each) => each.name === name);
    if (!command) throw new UsageError(`no command "${name}"`);
    const end = rest.indexOf('--');
    const options = end === -1 ? rest : rest.slice(0, end);
    if (options.includes('--help') || options.includes('-h')) {
      terminal.out(help(command));
      return 0;
    }
    return await command.run(readOptions(rest, command.options), terminal);
  } catch (error) {
    if (terminal.signal.aborted) return interrupted;
    const known = [UsageError, ConfigurationError, BaselineError, GitError].some(
      (kind) => error instanceof kind,
    );
    if (known) terminal.err(`andon: ${(error as Error).message}\n`);
    else if ((error as NodeJS.ErrnoException).code && (error as NodeJS.ErrnoException).path) {
      terminal.err(`andon: ${(error as NodeJS.ErrnoException).path}: ${systemMessage(error)}\n`);
    } else terminal.err(`andon: internal error\n${error instanceof Error ? error.stack : error}\n`);
    if (error instanceof UsageError) {
      terminal.err(
        `"andon ${commands.some((each) => each.name === name) ? `${name} ` : ''}--help" tells what there is\n`,
      );
    }
    return 2;
  }
}

async function readAll(stream: NodeJS.ReadStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function readLine(stream: NodeJS.ReadStream): Promise<string> {
  const lines = createInterface({ input: stream });
  return new Promise((done) => {
    lines.once('close', () => done(''));
    lines.once('line', (line) => {
      done(line);
      lines.close();
    });
  });
}

// A parser generated from a grammar is one huge function. Optimizing it takes over a second of processor time on Node 20
// and 500 MB on Node 24, which the parsing itself would earn back only after some ten megabytes of shell.
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort(new Error('interrupted'));
    removeUnfinished();
    process.exitCode = interrupted;
    // A second Ctrl+C, or work that does not end by itself, ends the program the hard way.
    setTimeout(() => process.exit(interrupted), 1000).unref();
  });
}
for (const stream of [process.stdout, process.stderr]) {
  // Whoever reads may have seen enough, as in "andon check | head".
  stream.on('error', (error) => process.exit(isSystemError(error, 'EPIPE') ? 0 : 2));
}

void main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  home: __dirname,
  version,
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 80,
  signal: stop.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: () => readAll(process.stdin),
  line: () => readLine(process.stdin),
}).then((code) => {
  process.exitCode = code;
});
