import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData, kubernetes } from '../../formats/kubernetes';
import type { Command } from '../../formats/shell';

/** What runs on, and is started again and again. */
const lasting = new Set([
  'DaemonSet',
  'Deployment',
  'DeploymentConfig',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
  'StatefulSet',
]);

export default defineRule({
  id: 'kubernetes/install-at-startup',
  on: kubernetes,
  summary: 'A container installs software when it starts',
  why: 'Two pods of one image run different versions, and none starts while the package server cannot be reached, which is when pods have to.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ path, report }) => ({
    container(container) {
      const { kind, label, pod, scripts } = container;
      if (kind !== 'main' || !lasting.has(pod.owner.kind) || isTestData(path)) return;
      for (const { when, script, locate } of scripts) {
        if (when !== 'start' && when !== 'postStart') continue;
        if (script.commands.some(waitsForever)) continue;
        const command = script.commands.find((each) => each.guards.length === 0 && installs(each));
        // What a template leaves out unless it is asked for is the choice of who asks.
        if (
          !command ||
          pod.owner.around(locate(command)).length > pod.owner.around(container).length
        ) {
          continue;
        }
        report({
          at: locate(command),
          message: say`${label} runs ${words(command)} at every start: it belongs into the image`,
        });
      }
    },
  }),
});

/** `sleep infinity`, `tail -f /dev/null`: the pod is there for people to work in. */
const waitsForever = ({ name, operands }: Command) =>
  (name === 'sleep' && operands[0]?.value === 'infinity') ||
  (name === 'tail' && operands.some((each) => each.value === '/dev/null'));

const managers =
  /^(?:apt|apt-get|apk|yum|dnf|microdnf|zypper|pip|pipx|npm|yarn|pnpm|gem|bundle|composer|go|cargo|conda)$/;

function installs(command: Command): boolean {
  const { name, class: purpose, operands, pipeline, stage } = command;
  if (name === undefined) return false;
  if (managers.test(name)) {
    if (purpose !== 'install' || /^(?:update|upgrade)$/.test(operands[0]?.text ?? '')) return false;
    // What was mounted is made ready, not fetched: `pip install -e .`.
    return !command.has('-e', '--editable') && !operands.some((each) => /^[./]/.test(each.text));
  }
  if (name === 'git') return /^(?:clone|pull)$/.test(operands[0]?.value ?? '');
  const reader = pipeline[stage + 1]?.name;
  return /^(?:curl|wget)$/.test(name) && /^(?:sh|bash|python)$/.test(reader ?? '');
}

const words = ({ name, operands }: Command) =>
  [name, ...operands.slice(0, 2).map((each) => each.text)].join(' ');
