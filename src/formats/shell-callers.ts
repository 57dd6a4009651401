import type { Fact } from '../engine/fact';
import { setsValue } from './helm-values';
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
    if (called === undefined) continue;
    // `bash -c 'a b'` is a script of its own, `bash -c ./a` no more than a call.
    if (
      (args.some((arg) => arg.value === '-c') && /\s/.test(called)) ||
      !/\.(?:sh|bash)$|^\.{0,2}\/.*\/?[^/.]+$/.test(called) ||
      /^\/(?:usr|bin|sbin)\//.test(called)
    )
      continue;
    yield { kind: `shell/runs-on-${script.machine}`, key: scriptName(called) };
  }
}

/**
 * The values of charts a script sets when it installs them, as facts:
 * https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set.
 */
export function* valuesSet(script: Script): Iterable<Fact> {
  for (const { name, args, operands } of script.commands) {
    if (name !== 'helm') continue;
    // `helm upgrade RELEASE CHART`
    const chart = /^[\w./-]+$/.exec(operands[2]?.value ?? '')?.[0].replace(/\/+$/, '');
    const known = chart === undefined || chart.includes('__') ? undefined : chart;
    for (const [at, arg] of args.entries()) {
      const [, behind] = /^--set(?:-string|-literal)?(?:=(.*))?$/s.exec(arg.text) ?? [
        undefined,
        '',
      ];
      const given = behind ?? args[at + 1]?.text ?? '';
      for (const [, key] of given.matchAll(/(?:^|,)["']?([\w.-]+)=/g)) yield setsValue(known, key!);
    }
  }
}
