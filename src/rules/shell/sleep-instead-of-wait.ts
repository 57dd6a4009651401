import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Command, shell } from '../../formats/shell';

export default defineRule({
  id: 'shell/sleep-instead-of-wait',
  on: shell,
  summary: 'A fixed sleep stands where something has to be ready',
  why: 'On a slow day the time is too short and the step fails for no reason in the code; on all others everybody waits for nothing.',
  concern: 'delivery',
  severity: 'info',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    script(script) {
      const { commands } = script;
      commands.forEach((command, at) => {
        const seconds = secondsOf(command);
        if (seconds === undefined || seconds < 5 || command.loop || command.background) return;
        if (command.inFunction !== undefined || command.substituted) return;
        const before = commands.slice(0, at).findLast((each) => !each.substituted && !isTalk(each));
        const after = commands[at + 1];
        if (!before || !starts(before) || !after) return;
        report({
          at: command,
          message: say`${seconds} seconds may be too short for "${shortly(before)}", and are too long on most days`,
        });
      });
    },
  }),
});

const isTalk = ({ name, class: purpose }: Command): boolean =>
  purpose === 'print' || purpose === 'read' || purpose === 'probe' || name === undefined;

function secondsOf({ name, operands }: Command): number | undefined {
  if (name !== 'sleep' || operands.length !== 1) return undefined;
  const [, count, unit] = /^(\d+)([sm]?)$/.exec(operands[0]!.value ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * (unit === 'm' ? 60 : 1);
}

/** What comes back before the thing it starts is ready. */
function starts(command: Command): boolean {
  const { name, operands, background } = command;
  const verbs = operands.slice(0, 2).map(({ value }) => value);
  if (background && command.class !== 'probe') return true;
  if (name === 'docker' && (verbs[0] === 'run' || verbs[0] === 'start'))
    return verbs[0] === 'start' || command.has('-d', '--detach');
  if (name === 'docker-compose' || (name === 'docker' && verbs[0] === 'compose')) {
    return (
      operands.some(({ value }) => value === 'up' || value === 'start') && !command.has('--wait')
    );
  }
  if (name === 'systemctl') return verbs[0] === 'start' || verbs[0] === 'restart';
  if (name === 'kubectl') return verbs[0] === 'apply' || verbs[0] === 'create';
  return (
    name === 'helm' &&
    (verbs[0] === 'install' || verbs[0] === 'upgrade') &&
    !command.has('--wait', '--atomic')
  );
}

const shortly = ({ syntax }: Command): string =>
  syntax.words
    .slice(0, 3)
    .map((word) => word.text)
    .join(' ')
    .slice(0, 50);
