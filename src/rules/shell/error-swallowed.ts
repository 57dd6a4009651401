import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { saysItMayFail } from '../../formats/excuse';
import { type Command, shell } from '../../formats/shell';
import type { CommandClass } from '../../formats/shell-commands';
import { type Outcome, outcomeOf } from '../../formats/shell-fallback';

/** What has to succeed for what follows to make sense. Tests, linters and scans are shell/test-failure-ignored's. */
const matters: ReadonlyMap<CommandClass, Said> = new Map([
  ['build', say`build`],
  ['deploy', say`deployment`],
  ['publish', say`release`],
  ['migrate', say`migration`],
  ['install', say`installation`],
]);

export default defineRule({
  id: 'shell/error-swallowed',
  on: shell,
  summary: 'A build, installation or deployment may fail and the script goes on',
  why: 'Behind `|| true` the failure is a line in the log: what comes next works on what is not there, and breaks somewhere else or not at all.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ report }) {
    let text = '';
    let commands: readonly Command[] = [];
    let optional: boolean | undefined;
    const told = new Set<unknown>();
    return {
      script(script) {
        ({ text, commands, optional } = script);
      },
      command(command) {
        const what = command.class && matters.get(command.class);
        const [fallback] = command.fallbacks;
        if (!what || !fallback || optional || isOptional(command)) return;
        const outcome: Outcome = outcomeOf(fallback.statement);
        if (outcome !== 'succeeds' || told.has(fallback.statement)) return;
        // `[ -f x ] && build || true`: the fallback is there for the question.
        if (command.guards.some(({ test }) => test.fallbacks.includes(fallback))) return;
        if (saysWhy(text, fallback.range[1]) || saysItMayFail(text, command.range[0])) return;
        if (isLookedAt(command, commands) || saysOptional(text, command.range[0])) return;
        if (isToldAsOptional(command, text.slice(...fallback.range))) return;
        // `a || b || true`: b is a second try already, and its author has thought about failure.
        if (/\|\|\s*$/.test(text.slice(0, command.range[0]))) return;
        told.add(fallback.statement);
        const said = text
          .slice(...fallback.range)
          .replace(/[\\\s]+/g, ' ')
          .trim();
        report({
          at: command,
          message: say`A failed ${what} goes unnoticed: "${said.slice(0, 60)}" takes its place`,
        });
      },
    };
  },
});

/** A comment behind it tells why. */
const saysWhy = (text: string, end: number) =>
  /^[ \t]*#[ \t]*\w{2}/.test(text.slice(end, end + 20));

/** Talk of something that is done without, and says so: a package that not every system has. */
function isToldAsOptional(command: Command, fallback: string): boolean {
  if (!/\b(?:echo|printf)\b/.test(fallback)) return false;
  return (
    command.class === 'install' ||
    /\b(?:skip\w*|optional\w*|not (?:yet )?available)\b/i.test(fallback)
  );
}

/** A line that is printed in front of it says that it can be done without. */
const saysOptional = (text: string, offset: number) =>
  /\b(?:echo|printf|log|info)\b[^\n]*\boptional\b[^\n]*\n[^\n]*$/i.test(text.slice(0, offset));

/** What follows asks whether it is there, or sets all of it anyway. */
function isLookedAt({ class: of, name, operands, range }: Command, commands: readonly Command[]) {
  const behind = commands.filter((each) => each.range[0] > range[1]);
  if (of === 'install') {
    const names = operands.slice(1).map((word) => word.value);
    const asks = /^(?:command|which|type|hash)$/;
    return behind.some(
      (each) =>
        asks.test(each.name ?? '') && each.args.some(({ value }) => value && names.includes(value)),
    );
  }
  const isApply = (each: Command) => each.name === name && each.operands[0]?.value === 'apply';
  return operands[0]?.value === 'set' && behind.some(isApply);
}

/** What is written to a file, or to another program, is looked at there. */
const isKept = (command: Command): boolean =>
  command.redirects.some(
    ({ operator, target }) =>
      /^(?:&?>>?|>\|)$/.test(operator) && !/^(?:[&12]|\/dev\/)/.test(target?.text ?? '/dev/null'),
  );

const asksOnly = /^(?:use|check|ensure|init|list|status|show|validate|help|delete|stop)(?:[_-]|$)/;

/** Functions that tidy up after whatever happened. */
const tidying = /clean_?up|tear_?down|on_exit|rollback/i;

/** Commands people let fail with good reason, whatever their class. */
function isOptional(command: Command): boolean {
  // `|| true` behind a pipe is there for the grep at its end.
  if (command.stage < command.pipeline.length - 1) return true;
  if (command.substituted || command.loop || isKept(command)) return true;
  if (tidying.test(command.inFunction ?? '')) return true;
  // `release_lock` and its like bring nothing out.
  if (/lock$/i.test(command.name ?? '')) return true;
  // Asked in a condition: the answer is what counts.
  if (command.has('--help', '--version', '--dry-run')) return true;
  const words = command.operands.map((word) => word.value ?? '');
  const [first, second] = words;
  // A script of that name, asked to do something else: `auto-deploy use_context`.
  if (/deploy|release|publish/i.test(command.name ?? '') && asksOnly.test(first ?? '')) return true;
  // A roll-back runs when all is lost already, and goes on to the next part.
  if (words.includes('undo') || words.includes('rollback')) return true;
  switch (command.name) {
    // Creating what may exist already.
    case 'kubectl':
    case 'oc':
      return first !== 'apply' && first !== 'rollout' && first !== 'set';
    case 'docker':
      return first === 'login' || second === 'create';
    case 'helm':
      return first === 'repo' || first === 'plugin';
    case 'npm':
    case 'yarn':
    case 'pnpm':
      return first === 'audit' || first === 'publish';
    case 'apt-get':
    case 'apt':
    case 'yum':
    case 'dnf':
      // Which package it is, and whether it can be done without, is not known.
      if (command.operands.length === 2 && command.operands[1]!.value === undefined) return true;
      // A list that cannot be refreshed is told by the installation behind it.
      return first === 'update' || first === 'upgrade' || first === 'makecache';
    case 'apk':
    case 'brew':
    case 'microdnf':
    case 'pacman':
    case 'zypper':
      return first === 'update' || first === 'upgrade' || command.has('-Sy', '-Syu', '-Syy');
    case 'dpkg':
      // `dpkg -i x.deb || true; apt-get install -f` fetches what the package asks for.
      return true;
    case 'go':
      // The build fetches what is missing.
      return first === 'mod';
    case 'rustup':
    case 'k3d':
    case 'kind':
    case 'minikube':
      return true;
    default:
      return false;
  }
}
