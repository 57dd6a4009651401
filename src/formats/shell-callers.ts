import type { Fact } from '../engine/fact';
import type { Script } from './shell-model';

/** The last part of a script's path, by which others call it. */
export const scriptName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const interpreters = new Set(['sh', 'bash', 'dash', 'ash', 'source', '.']);

/**
 * The scripts a script runs, as facts `shell/runs-on-fresh` and `shell/runs-on-lasting` with their names: what runs
 * where a machine is new each time meets no second run.
 */
export function* scriptsRun(script: Script): Iterable<Fact> {
  if (script.machine === undefined) return;
  for (const { name, word, args, operands, pipeline } of script.commands) {
    const isPiped =
      interpreters.has(pipeline.at(-1)?.name ?? '') && /^(?:curl|wget)$/.test(name ?? '');
    const called = isPiped
      ? operands.find(({ value }) => value?.includes('://'))?.value
      : interpreters.has(name ?? '')
        ? operands[0]?.value
        : word?.value;
    if (called === undefined || args.some((arg) => arg.value === '-c')) continue;
    if (
      !/\.(?:sh|bash)$|^\.{0,2}\/.*\/?[^/.]+$/.test(called) ||
      /^\/(?:usr|bin|sbin)\//.test(called)
    )
      continue;
    yield { kind: `shell/runs-on-${script.machine}`, key: scriptName(called) };
  }
}
