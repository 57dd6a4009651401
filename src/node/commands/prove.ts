import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { jsonReport } from '../../prove/json-report';
import type { Verdict } from '../../prove/proof';
import { textReport } from '../../prove/text-report';
import { type Given, type OptionSpec, UsageError } from '../options';
import { jobOfFile, prove as runInSandbox } from '../prove/prove';
import { NoSandbox } from '../prove/sandbox';
import { systemMessage } from '../system-message';
import { progressOn, type Terminal, wantsColour } from '../terminal';
import { slashes } from '../workspace-root';
import type { Command } from './command';

const options: readonly OptionSpec[] = [
  {
    name: 'times',
    short: 'n',
    value: 'N',
    help: 'run it N times (usually 2), each compared with the one before',
  },
  {
    name: 'directory',
    short: 'C',
    value: 'DIR',
    help: 'run it in DIR instead of the folder it lies in',
  },
  {
    name: 'shell',
    value: 'PROGRAM',
    help: 'run it with PROGRAM instead of what its first line names',
  },
  { name: 'timeout', value: 'SECONDS', help: 'stop a run after that long (usually 60)' },
  {
    name: 'image',
    value: 'NAME',
    help: 'run it in a container of this image, which podman or docker has already',
  },
  {
    name: 'format',
    short: 'f',
    value: 'FORMAT',
    help: 'kind of report: json, text (usually text)',
  },
];

const exitCodes: Readonly<Record<Verdict, number>> = {
  idempotent: 0,
  'fails-on-rerun': 1,
  'changes-on-rerun': 1,
  'cannot-tell': 3,
};

/** `andon prove`: runs a script twice in a throw-away sandbox and shows what the second run changed. */
export const prove: Command = {
  name: 'prove',
  operands: 'SCRIPT',
  summary: 'run a script twice in a sandbox and show what the second run changed',
  options,
  notes: `The sandbox is a throw-away copy of this machine without its network, homes and secrets; on Linux it takes no root,
only bubblewrap and fuse-overlayfs. What it cannot see is told in docs/prove.md.
Exit code: 0 idempotent, 1 the second run failed or changed something, 2 it could not be run, 3 cannot tell.`,
  run,
};

async function run(given: Given, terminal: Terminal): Promise<number> {
  const [script, ...more] = given.operands;
  if (script === undefined || more.length > 0) throw new UsageError('prove wants one script');
  const format = given.get('format') ?? 'text';
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(`--format is one of json, text, not "${format}"`);
  }
  const times = wholeNumber(given, 'times', 2, 20) ?? 2;
  const seconds = wholeNumber(given, 'timeout', 1, 24 * 3600);
  const shell = given.get('shell');
  const image = given.get('image');
  const directory = given.get('directory');
  const file = resolve(terminal.cwd, script);
  if (directory !== undefined && !isDirectory(resolve(terminal.cwd, directory))) {
    throw new UsageError(`--directory ${directory}: no such folder`);
  }
  const job = await jobOfFile(file, {
    ...(shell && { interpreter: shell.split(' ').filter(Boolean) }),
    ...(directory !== undefined && { directory: resolve(terminal.cwd, directory) }),
  }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UsageError(`${script}: ${systemMessage(error)}`);
  });
  const progress = progressOn(terminal);
  try {
    const { proof, sandbox } = await runInSandbox({
      job,
      times,
      ...(seconds !== undefined && { limits: { seconds } }),
      ...(image && { image }),
      signal: terminal.signal,
      progress: (number) => progress.show(`run ${number} of ${times}`),
    });
    progress.clear();
    const head = {
      version: terminal.version,
      script: slashes(script),
      sandbox,
      colour: wantsColour(terminal),
    };
    terminal.out(format === 'json' ? jsonReport(proof, head) : textReport(proof, head));
    return exitCodes[proof.verdict];
  } catch (error) {
    if (!(error instanceof NoSandbox)) throw error;
    progress.clear();
    terminal.err(`andon: ${error.message}\n`);
    return 2;
  } finally {
    progress.clear();
  }
}

function wholeNumber(given: Given, name: string, least: number, most: number): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${name} wants a number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
