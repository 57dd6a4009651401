import type { Condition } from '../engine/fact';
import type { Report, RuleContext, Visitor } from '../engine/rule';
import type { Script, ShellNodes } from '../formats/shell';
import { scriptName } from '../formats/shell-callers';
import { isMeant, isPutRight } from './put-right';
import { actsOutside, type Effort, usual } from './second-run';
import { type Told, type Trouble, troubles, whatIsMade } from './trouble';

/** Visits the places of a script whose trouble is of one sort or some, where the script runs again on what it left. */
export function onSecondRun<O>(
  wanted: Trouble | readonly Trouble[],
  { document, report, path, hosts }: RuleContext<O>,
  tell: (told: Told) => Pick<Report, 'message' | 'fix' | 'related'> | undefined,
): Visitor<ShellNodes> {
  return {
    script(script) {
      // A script inside a script is followed with the one around it, but for what runs on another host.
      if (hosts[0]?.format === 'shell' && !script.remote) return;
      const condition = conditionOf(script, path, hosts.length === 0);
      if (condition === 'never' || (condition === 'outside' && !hasOutside(script))) return;
      // Few scripts nothing is known of are run on a machine that lasts.
      const effort =
        condition === 'outside'
          ? outside
          : typeof condition === 'object' && condition.anyOf
            ? little
            : usual;
      // These have a way of their own to say that something is there, and rules that point to it.
      if (hasCreates.has(hosts[0]?.format ?? '') && whatIsMade(script) !== undefined) return;
      const places = new Set<number>();
      for (const told of troubles(script, effort)) {
        if (told.trouble !== wanted && !wanted.includes(told.trouble)) continue;
        const isOutside = told.run.outside !== undefined;
        if (condition === 'outside' && !isOutside) continue;
        if (isMeant(told, script) || isPutRight(told, script, document.source.file.text)) continue;
        // A command in a loop or with many operands is repaired once.
        const at = told.command ?? told.run;
        if (places.has(at.range[0])) continue;
        const said = tell(told);
        if (!said) continue;
        places.add(at.range[0]);
        report({
          at,
          ...said,
          ...(typeof condition === 'object' && {
            condition: isOutside ? whoever(condition) : condition,
          }),
        });
      }
    },
  };
}

/** Hosts with `creates`: Ansible's tasks, Chef's `execute`, Puppet's `exec`. */
const hasCreates: ReadonlySet<string> = new Set(['ansible', 'chef', 'puppet']);

/** Each rule asks. */
const knownOutside = new WeakMap<Script, boolean>();

function hasOutside(script: Script): boolean {
  let has = knownOutside.get(script);
  if (has === undefined) {
    has = script.commands.some(actsOutside);
    knownOutside.set(script, has);
  }
  return has;
}

/** What lies outside a machine is met again by whoever runs the script, on whatever machine. */
const whoever = ({ anyOf }: Condition): Condition =>
  anyOf
    ? { anyOf: [...anyOf, ...anyOf.map(({ key }) => ({ kind: 'shell/runs-on-fresh', key }))] }
    : {};

const little: Effort = { scenarios: 4, commands: 800 };
/** On a fresh machine the commands that act on what lies outside are all that counts. */
const outside: Effort = { ...usual, matters: actsOutside };

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
  // What tests set up is thrown away with them.
  if (
    /(?:^|\/)(?:(?:tests?|e2e|specs?|testing|testdata|fixtures)\/|tests?[-_.][^/]*$)|[-_.]tests?\.\w+$/i.test(
      path,
    )
  )
    return 'never';
  if (script.machine === 'lasting') return 'always';
  if (script.machine === 'fresh') return 'outside';
  if (!isFile) return script.use === 'provisioning' ? 'always' : 'outside';
  const key = scriptName(path);
  return script.use === 'provisioning'
    ? { noneOf: [{ kind: 'shell/runs-on-fresh', key }] }
    : { anyOf: [{ kind: 'shell/runs-on-lasting', key }] };
}
