import type { Condition } from '../engine/fact';
import type { Report, RuleContext, Visitor } from '../engine/rule';
import type { Command, Guard, Script, ShellNodes } from '../formats/shell';
import { scriptName } from '../formats/shell-callers';
import { actsOutside, type Effort, type SecondRun, secondRun } from './second-run';

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
  | 'request';

/** One place at which a second run goes wrong, with the command that stands there. */
export interface Told {
  readonly run: SecondRun;
  readonly script: Script;
  readonly command: Command | undefined;
  /** A test in front of it that was meant to protect it, and does not. */
  readonly guard: Guard | undefined;
  readonly trouble: Trouble;
}

/** Visits the places of a script whose trouble is of one sort, where the script runs again on what it left. */
export function onSecondRun<O>(
  trouble: Trouble,
  { report, path, hosts }: RuleContext<O>,
  tell: (told: Told) => Pick<Report, 'message' | 'fix' | 'related'> | undefined,
): Visitor<ShellNodes> {
  return {
    script(script) {
      // A script inside a script is followed with the one around it, but for what runs on another host.
      if (hosts[0]?.format === 'shell' && !script.remote) return;
      const condition = conditionOf(script, path, hosts.length === 0);
      if (condition === 'never' || (condition === 'outside' && !actsOutside(script))) return;
      // Few scripts nothing is known of are run on a machine that lasts.
      const effort = typeof condition === 'object' && condition.anyOf ? little : undefined;
      for (const told of troubles(script, effort)) {
        if (told.trouble !== trouble) continue;
        const outside = told.run.outside !== undefined;
        if (condition === 'outside' && !outside) continue;
        const said = tell(told);
        if (!said) continue;
        report({
          at: told.command ?? told.run,
          ...said,
          ...(typeof condition === 'object' && !outside && { condition }),
        });
      }
    },
  };
}

const little: Effort = { scenarios: 4, commands: 800 };

/** All places of a script at which a second run goes wrong. */
export function troubles(script: Script, effort?: Effort): readonly Told[] {
  if (script.commands.length === 0) return [];
  return secondRun(script, effort).map((run) => {
    const command = script.commands.find(({ syntax }) => syntax.range[0] === run.range[0]);
    const guard = command?.guards.find(protects);
    return { run, script, command, guard, trouble: troubleOf(run, guard) };
  });
}

function troubleOf({ effect, why }: SecondRun, guard: Guard | undefined): Trouble {
  switch (effect) {
    case 'fails':
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
    case 'sends again':
      return 'request';
    case 'loses backup':
      return 'backup';
    default:
      return guard ? 'guard' : 'rewrite';
  }
}

/** A test that lets the command run where something is missing: the mark of a guard against a second run. */
function protects({ test, runsWhen }: Guard): boolean {
  const words = test.args.map((arg) => arg.value ?? '');
  const negated = words.includes('!');
  if (test.name === '[' || test.name === '[[' || test.name === 'test') {
    const asksPresence = words.some((word) => /^-[efdLhsx]$/.test(word));
    const asksEmpty = words.includes('-z');
    return asksPresence ? negated === runsWhen : asksEmpty && negated !== runsWhen;
  }
  return !runsWhen && (test.class === 'probe' || test.class === 'read') && !negated;
}

/**
 * Whether a script's second run is met: on a machine that lasts always; on a fresh one only for what lies outside it;
 * where nothing tells, when it is called what provisioning scripts are called and nothing runs it on a fresh machine,
 * or when something runs it on a lasting one.
 */
function conditionOf(
  script: Script,
  path: string,
  isFile: boolean,
): 'always' | 'outside' | 'never' | Condition {
  if (script.guarded || script.use === 'healthcheck' || script.use === 'startup') return 'never';
  if (script.machine === 'lasting') return 'always';
  if (script.machine === 'fresh') return 'outside';
  if (!isFile) return script.use === 'provisioning' ? 'always' : 'outside';
  const key = scriptName(path);
  return script.use === 'provisioning'
    ? { noneOf: [{ kind: 'shell/runs-on-fresh', key }] }
    : { anyOf: [{ kind: 'shell/runs-on-lasting', key }] };
}

/** What a second run does there, in words. */
export function happens({ effect, why, about }: SecondRun): string {
  switch (effect) {
    case 'fails':
    case 'fails unseen':
      return why === 'gone'
        ? `a second run fails, ${about} is no longer there`
        : `a second run fails, ${about} is there already`;
    case 'adds':
      return `a second run adds to ${about} again`;
    case 'renews':
      return `a second run replaces ${about}`;
    case 'makes another':
      return `a second run makes one more, ${about}`;
    default:
      return `a second run changes ${about} again`;
  }
}
