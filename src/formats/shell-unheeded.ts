import type { Command, Script } from './shell';

/** Commands whose failure nobody minds. */
const harmless = new Set(['set', 'export', 'cd', 'shopt', 'true', ':']);

/**
 * The commands on a line of their own, before the last, that may fail without anyone asking: where a shell runs without
 * errexit only the last command decides.
 */
export function unheeded(script: Script): readonly Command[] {
  const last = script.syntax.statements.at(-1);
  if (last === undefined) return [];
  return script.commands.filter(
    (command) =>
      command.range[1] <= last.range[0] &&
      script.text.slice(command.range[1], last.range[0]).includes('\n') &&
      !command.stopsOnError &&
      !command.tested &&
      !command.substituted &&
      command.inFunction === undefined &&
      command.word !== undefined &&
      command.class !== 'print' &&
      command.class !== 'probe' &&
      !harmless.has(command.name ?? ''),
  );
}
