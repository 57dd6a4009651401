import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { ansible, type Task } from '../../formats/ansible';
import { isYes, serviceModules } from '../../formats/ansible-words';
import type { Located } from '../../text/range';

/** Files, plays and blocks whose purpose is to restart, by their name. */
const restarts =
  /\b(?:force|handlers?|maintenance|patch(?:es|ing)?|reboots?|recover\w*|reload\w*|renew\w*|restarts?|restarting|rolling|rotate|update\w*|upgrade\w*|migrate\w*|purge|reset|failover)\b/i;

/** Conditions and lists that ask for a change by their own names: `certs_changed`, `force_restart`, `not x.installed`. */
const asksForChange =
  /chang|restart|reload|updat|upgrad|modif|need|requir|force|outdated|renew|install|initial|first|exist|missing/i;

export default defineRule({
  id: 'ansible/restart-every-run',
  on: ansible,
  summary: 'A service is restarted on each run, changed or not',
  why: 'A run that changes nothing still takes the service down on all hosts at once; people learn to run the playbook at night, then not at all.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ document, path, report }) => {
    if (restarts.test(words(path))) return {};
    return {
      task(task) {
        if (task.handler || task.rescues || task.guarded || task.file.testing) return;
        const restart = restartOf(task);
        if (!restart || isMeant(task) || hasReason(restart.at, document.source.text)) return;
        report({
          at: restart.at,
          message: restart.who
            ? say`${restart.who} is ${restart.done} on each run, whether or not anything changed`
            : say`${task.name ? `"${task.name.string}"` : say`This task`} has a service ${restart.done} on each run, whether or not anything changed`,
          condition: { noneOf: [{ kind: 'ansible/run-on-change', key: path }] },
        });
      },
    };
  },
});

const words = (text: string) => text.replace(/[_./-]/g, ' ');

const nameOf = (text: string | undefined) => (text === undefined || text.includes('{') ? '' : text);

function restartOf(task: Task): { at: Located; who: string; done: Said } | undefined {
  const state = task.arg('state');
  if (serviceModules.has(task.module) && state && /^(?:restarted|reloaded)$/.test(state.text)) {
    return {
      at: state,
      who: nameOf(task.arg('name')?.text),
      done: state.text === 'reloaded' ? say`reloaded` : say`restarted`,
    };
  }
  if (task.module === 'docker_container' || task.module === 'podman_container') {
    const again = ['restart', 'recreate']
      .map((name) => task.arg(name))
      .find((each) => each && isYes(each.text));
    const done = again?.name === 'recreate' ? say`recreated` : say`restarted`;
    return again && { at: again, who: nameOf(task.arg('name')?.text), done };
  }
  for (const command of task.script?.commands ?? []) {
    if (command.guards.length > 0) continue;
    const [first, second] = command.operands.map((each) => each.value ?? '');
    const verb =
      command.name === 'systemctl' ? first : command.name === 'service' ? second : undefined;
    const who = command.name === 'systemctl' ? second : first;
    if (verb !== 'restart' && verb !== 'reload') continue;
    return {
      at: task.moduleKey,
      who: /^\w[\w.@-]*[a-z]/.test(who ?? '') ? who! : '',
      done: verb === 'reload' ? say`reloaded` : say`restarted`,
    };
  }
  return undefined;
}

/** The line itself says why, behind it. */
const hasReason = ({ range: [, end] }: Located, text: string): boolean =>
  /^["']?[ \t]+#(?!\s*(?:noqa|todo|fixme|xxx))\s*\S+\s+\S+/i.test(text.slice(end, end + 300));

/** To restart is what the play, the block or the tag is for, or a comment says why; hosts taken one after another are restarted with care. */
function isMeant(task: Task): boolean {
  return (
    /restart|reload|always|handler|notify/i.test(task.comment) ||
    task.conditions.some((each) => asksForChange.test(each)) ||
    (task.loop?.kind === 'scalar' && asksForChange.test(task.loop.string)) ||
    /\b(?:changed|first|needed|necessary|required)\b/i.test(task.name?.string ?? '') ||
    task.tags.some((tag) => tag === 'never' || restarts.test(words(tag))) ||
    task.parents.some(
      (parent) => restarts.test(parent.name?.string ?? '') || parent.map.has('serial'),
    )
  );
}
