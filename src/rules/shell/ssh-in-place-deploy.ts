import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Command, shell } from '../../formats/shell';

export default defineRule({
  id: 'shell/ssh-in-place-deploy',
  on: shell,
  summary: 'A release is made by changing a running server over ssh',
  why: 'The server passes through every state between the old release and the new: a pull or a build that fails halfway stays live, and there is nothing to switch back to.',
  concern: 'statefulness',
  severity: 'info',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    script(script) {
      if (!script.remote) return;
      const commands = script.commands.filter((each) => !each.substituted);
      const pull = commands.find(pullsCode);
      if (!pull || commands.some(switches)) return;
      const after = commands.slice(commands.indexOf(pull) + 1);
      const next = after.find(takesEffect);
      if (!next) return;
      report({
        at: { range: [pull.word!.range[0], pull.range[1]] },
        message: say`The running server is changed in place: ${words(pull)}, then ${words(next)}`,
      });
    },
  }),
});

const pullsCode = ({ name, operands }: Command): boolean =>
  name === 'git' && /^(?:pull|fetch|reset)$/.test(operands[0]?.value ?? '');

/** Releases side by side, and a link that names the one that runs. */
const switches = (command: Command): boolean =>
  (command.name === 'ln' && command.has('-s')) || (command.name === 'mv' && command.has('-T'));

/** What makes the pulled code the running one. */
const takesEffect = ({ name, class: purpose, operands }: Command): boolean =>
  purpose === 'build' ||
  purpose === 'install' ||
  purpose === 'migrate' ||
  /^(?:pm2|supervisorctl|service|forever)$/.test(name ?? '') ||
  (name === 'systemctl' && /^(?:restart|reload)$/.test(operands[0]?.value ?? '')) ||
  ((name === 'docker' || name === 'docker-compose') &&
    operands.some(({ value }) => /^(?:up|restart|build)$/.test(value ?? '')));

const words = ({ name, operands }: Command): string =>
  [name, ...operands.slice(0, 2).map((each) => each.text)].join(' ').slice(0, 40);
