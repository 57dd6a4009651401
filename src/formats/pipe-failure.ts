import { mustNotFail } from './script-purpose';
import type { Command } from './shell';

/** Readers that stop early: with pipefail the writer's broken pipe would fail the step. */
const stopsEarly = new Set(['head', 'grep', 'egrep', 'fgrep', 'yes', 'less', 'more']);

/**
 * Whether a command that builds, tests or ships stands before a pipe that hides its failure, in a script that stops
 * at failures otherwise.
 */
export function losesFailure(command: Command): boolean {
  const last = command.pipeline.at(-1);
  if (command.stage === command.pipeline.length - 1 || !last?.name) return false;
  if (!mustNotFail.has(command.class)) return false;
  // Without errexit the author judges by hand; inside `$(…)` and `if` the answer is what counts.
  if (command.pipefail || !command.stopsOnError || command.tested) return false;
  if (command.substituted || command.background || command.has('--help', '--version')) return false;
  if (command.fallbacks.length > 0) return false;
  return !command.pipeline.some(
    (each) => each.stage > command.stage && (stopsEarly.has(each.name ?? '') || usesAll(each)),
  );
}

/** What `tee` kept is asked about afterwards: `test ! -s lint.log`, `grep -q failed=0 run.log`. */
export function asksWhatWasKept(command: Command, commands: readonly Command[]): boolean {
  const kept = command.pipeline
    .filter((each) => each.stage > command.stage && each.name === 'tee')
    .flatMap((each) => each.operands.map((word) => word.text.replace(/["']/g, '')));
  return commands
    .slice(commands.indexOf(command) + 1)
    .some(
      (each) =>
        each.pipeline.some((stage) => stage.class === 'probe') &&
        each.args.some((arg) => kept.includes(arg.text.replace(/["']/g, ''))),
    );
}

/** Programs that fail by themselves when nothing, or half of it, comes through the pipe. */
const usesAll = (command: Command) =>
  /^(?:kubectl|oc|tar|docker|gpg|python|node|kubeconform|conftest)$/.test(command.name ?? '');

/** The beginning of a command, for a message. */
export const shortly = (command: Command) =>
  command.syntax.words
    .slice(0, 3)
    .map((word) => word.text)
    .join(' ')
    .slice(0, 60);
