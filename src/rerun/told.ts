import type { Condition } from '../engine/fact';
import type { Report, RuleContext, Visitor } from '../engine/rule';
import { type Said, say } from '../engine/said';
import type { Command, Guard, Script, ShellNodes } from '../formats/shell';
import { scriptName } from '../formats/shell-callers';
import { actsOutside, type Effort, type SecondRun, secondRun, usual } from './second-run';
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
      const places = new Set<unknown>();
      for (const told of troubles(script, effort)) {
        if (told.trouble !== wanted && !wanted.includes(told.trouble)) continue;
        if (told.run.effect === 'differs' && takesTurns(script)) continue;
        if (script.checkedOut && told.run.key.startsWith('.')) continue;
        const isOutside = told.run.outside !== undefined;
        if (condition === 'outside' && !isOutside) continue;
        // A job that starts a machine in the cloud is there to start one each time.
        if (script.use === 'ci' && told.trouble === 'one more' && told.run.outside === 'cloud')
          continue;
        if (script.ownCluster && told.run.outside === 'cluster') continue;
        if (script.precededBy !== undefined && isUndone(told, script, script.precededBy)) continue;
        if (isTakenBack(told.run.key, document.source.file.text)) continue;
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

/**
 * Two slots that take turns, as in a blue-green deployment (https://martinfowler.com/bliki/BlueGreenDeployment.html):
 * that a second run changes the other one is what it is for.
 */
const takesTurns = ({ text }: Script): boolean =>
  /(["'])blue\1/.test(text) && /(["'])green\1/.test(text);

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

/**
 * What a host does before may put back what a script takes away, or take away what it makes: a task of a play is not
 * alone.
 */
function isUndone({ run, trouble }: Told, { use }: Script, before: string): boolean {
  const [key] = run.key.split(' in ') as [string];
  const name = key.slice(Math.max(key.lastIndexOf('/'), key.lastIndexOf(':')) + 1);
  if (trouble === 'remove') return use !== 'ci' || before.includes(name);
  return before
    .split(/^\s*- /m)
    .some(
      (task) =>
        task.includes(name) &&
        /\b(?:rm|remove|delete|absent|stop|prune|kill|down|purge)\b/.test(task),
    );
}

/** What takes back a thing that has no name to look for. */
const takingBack: readonly (readonly [noun: string, command: RegExp])[] = [
  ['swarm:', /\bswarm leave\b/],
  ['control plane:', /\bkubeadm reset\b/],
  ['rule:of ', /\brevoke-security-group-(?:in|e)gress\b/],
];

/** Whether the same file takes back what a script makes, before it or when it is done. */
const isTakenBack = (key: string, file: string): boolean =>
  takingBack.some(([noun, command]) => key.includes(noun) && command.test(file));

const quiet: ReadonlySet<Trouble> = new Set([
  'unseen',
  'salt',
  'backup',
  'request',
  'new name',
  'process',
  'stamp',
]);

const little: Effort = { scenarios: 4, commands: 800 };
/** On a fresh machine the commands that act on what lies outside are all that counts. */
const outside: Effort = { ...usual, matters: actsOutside };

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
