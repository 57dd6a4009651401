import { type Said, say } from '../engine/said';
import type { Command, Guard, Script } from '../formats/shell';
import { type Effort, type SecondRun, secondRun } from './second-run';
import { isKnown } from './text';

/** The sort of trouble a second run makes: each has a rule of its own. */
export type Trouble =
  | 'append'
  | 'create'
  | 'remove'
  | 'rewrite'
  | 'renew'
  | 'one more'
  | 'asks'
  | 'guard'
  | 'fails'
  | 'unseen'
  | 'salt'
  | 'backup'
  | 'request'
  | 'new name'
  | 'publish'
  | 'process'
  | 'stamp';

/** One place at which a second run goes wrong, with the command that stands there. */
export interface Told {
  readonly run: SecondRun;
  readonly script: Script;
  readonly command: Command | undefined;
  /** A test in front of it that was meant to protect it, and does not. */
  readonly guard: Guard | undefined;
  readonly trouble: Trouble;
}

/** All places of a script at which a second run goes wrong. */
export function troubles(script: Script, effort?: Effort): readonly Told[] {
  if (script.commands.length === 0) return [];
  return secondRun(script, effort).map((run) => {
    const command = script.commands.find(({ syntax }) => syntax.range[0] === run.range[0]);
    const guard = command?.guards.find((each) => protects(each, command, script));
    return { run, script, command, guard, trouble: troubleOf(run, guard) };
  });
}

function troubleOf({ effect, why, outside }: SecondRun, guard: Guard | undefined): Trouble {
  switch (effect) {
    case 'fails':
      if (outside === 'registry' || outside === 'forge') return 'publish';
      if (why === 'gone') return 'remove';
      if (why === 'other') return 'fails';
      if (guard) return 'guard';
      return why === 'asks' ? 'asks' : 'create';
    case 'fails unseen':
      return 'unseen';
    case 'adds':
      return guard ? 'guard' : 'append';
    case 'makes another':
      return guard ? 'guard' : 'one more';
    case 'renews':
      return guard ? 'guard' : 'renew';
    case 'salts':
      return 'salt';
    case 'makes a new name':
      return 'new name';
    case 'starts another':
      return 'process';
    case 'stamps':
      return 'stamp';
    case 'sends again':
      return 'request';
    case 'loses backup':
      return 'backup';
    default:
      return guard ? 'guard' : 'rewrite';
  }
}

/**
 * A test that lets the command run where something is missing, the mark of a guard against a second run: what stands
 * in front of its `||`, or behind a `!`. The other branch of an `if` guards nothing.
 */
function protects({ test, runsWhen }: Guard, command: Command, { text }: Script): boolean {
  const words = test.args.map((arg) => arg.value ?? '');
  const [from, to] = command.range;
  const isFallback = test.fallbacks.some(({ range }) => range[0] <= from && to <= range[1]);
  if (test.name === '[' || test.name === '[[' || test.name === 'test') {
    const asksPresence = words.some((word) => /^-[efdLhsx]$/.test(word));
    if (!asksPresence) return false;
    return words.includes('!') ? runsWhen : !runsWhen && isFallback;
  }
  const isNegated = /!\s*$/.test(
    text.slice(Math.max(0, test.pipeline[0]!.range[0] - 4), test.pipeline[0]!.range[0]),
  );
  return (
    (test.class === 'probe' || test.class === 'read') && !runsWhen && (isFallback || isNegated)
  );
}

/**
 * The file or directory that tells whether a script has run: the first it makes, where all that a second run would do
 * again is about paths it makes. What Ansible's `creates` is for.
 */
export function whatIsMade(script: Script): string | undefined {
  const told = troubles(script).filter(({ trouble }) => !quiet.has(trouble));
  const isMaking = ({ run }: Told) =>
    run.key.startsWith('/') &&
    isKnown(run.key) &&
    (run.why === 'there' || run.why === 'asks' || run.effect === 'renews');
  return told.length > 0 && told.every(isMaking) ? told[0]!.run.key : undefined;
}

const quiet: ReadonlySet<Trouble> = new Set([
  'unseen',
  'salt',
  'backup',
  'request',
  'new name',
  'process',
  'stamp',
]);

/** What a second run does there, in words. */
export function happens({ effect, why, about }: SecondRun): Said {
  switch (effect) {
    case 'fails':
    case 'fails unseen':
      return why === 'gone'
        ? say`a second run fails, ${about} is no longer there`
        : say`a second run fails, ${about} is there already`;
    case 'adds':
      return say`a second run adds to ${about} again`;
    case 'renews':
      return say`a second run replaces ${about}`;
    case 'makes another':
      return say`a second run makes one more, ${about}`;
    default:
      return say`a second run changes ${about} again`;
  }
}
