/** The hooks the guard speaks in: where the message is known, and where work leaves the machine. */
export type GuardHook = (typeof guardHooks)[number];

export const guardHooks = ['commit-msg', 'pre-push'] as const;

/** Where the hook itself lies below git's common directory; what git calls only leads there. */
export const hookPath = 'andon/hook';

const begin = '# andon guard: added by "andon guard install", taken out by "andon guard remove"';
const end = '# end of andon guard';

/**
 * Lines for any shell hook, also a tracked one: whoever has not installed the guard passes them. They come first, so
 * that nothing else runs for a commit that is not made; what git says on standard input is left for the others.
 */
export function entryLines(hook: GuardHook): string {
  const call =
    hook === 'pre-push'
      ? `if [ -f "$andon" ]; then
  andon_refs=$(cat)
  printf '%s\\n' "$andon_refs" | sh "$andon" pre-push "$@" || exit $?
  exec <<ANDON
$andon_refs
ANDON
fi`
      : `[ ! -f "$andon" ] || sh "$andon" ${hook} "$@" || exit $?`;
  return `${begin}\nandon=$(git rev-parse --git-common-dir)/${hookPath}\n${call}\n${end}\n`;
}

/** A hook of our own; it leads on to the one that was there before, if there was. */
export function entryFile(hook: GuardHook, kept?: string): string {
  return `#!/bin/sh\n${entryLines(hook)}${kept ? `exec "\${0%/*}/${kept}" "$@"\n` : ''}`;
}

/** What git runs where hooks stand in its configuration; git adds the arguments. */
export function entryCommand(hook: GuardHook): string {
  return `h=$(git rev-parse --git-common-dir)/${hookPath}; [ ! -f "$h" ] || sh "$h" ${hook}`;
}

/** The same as part of lefthook's configuration (https://lefthook.dev/configuration/). */
export function entryYaml(hook: GuardHook): string {
  const rest = hook === 'pre-push' ? ['      use_stdin: true'] : [];
  const args = hook === 'pre-push' ? '{0}' : '{1}';
  return [
    begin,
    `${hook}:`,
    '  commands:',
    '    andon:',
    '      run: |',
    `        h=$(git rev-parse --git-common-dir)/${hookPath}; [ ! -f "$h" ] || sh "$h" ${hook} ${args}`,
    ...rest,
    end,
    '',
  ].join('\n');
}

/** Whether a hook, or a manager's configuration, leads to ours. */
export function leadsToGuard(text: string, hook: GuardHook): boolean {
  return new RegExp(`\\bandon/hook\\b[^]*\\b${hook}\\b`).test(text);
}

/** The shell hook with our lines put in behind its first line, or behind the one that loads husky 8. */
export function withEntry(text: string, hook: GuardHook): string {
  const husky = /^\.\s.*husky\.sh.*\n/m.exec(text);
  const at = husky ? husky.index + husky[0].length : (/^#!.*\n/.exec(text)?.[0].length ?? 0);
  return text.slice(0, at) + entryLines(hook) + text.slice(at);
}
