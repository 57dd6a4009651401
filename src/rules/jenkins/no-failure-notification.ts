import { defineRule } from '../../engine/rule';
import { jenkins } from '../../formats/jenkins';
import type { Pipeline } from '../../formats/jenkins-model';
import { notifies, purposesOf } from '../../formats/jenkins-purpose';

export default defineRule({
  id: 'jenkins/no-failure-notification',
  on: jenkins,
  summary: 'A pipeline that deploys tells nobody when it fails',
  why: 'A deployment that broke in the night is found by whoever looks at Jenkins next, or by the users.',
  concern: 'notification',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    pipeline(pipeline) {
      const { call, steps } = pipeline;
      if (pipeline.kind !== 'declarative' || !call) return;
      const deployment = steps.find(
        (step) => purposesOf(step).has('deploy') && step.post === undefined,
      );
      if (!deployment || tells(pipeline)) return;
      report({
        at: { range: [call.range[0], call.range[0] + 'pipeline'.length] },
        message: 'Nobody is told when this pipeline fails',
        related: [{ at: deployment, message: 'It deploys here' }],
      });
    },
  }),
});

/** Some step or option tells people, or a library's step may. */
const tells = ({ steps, options, libraries }: Pipeline): boolean =>
  libraries.length > 0 ||
  options.some(notifies) ||
  steps.some(
    ({ call, script }) =>
      notifies(call) || script?.commands.some((command) => command.class === 'notify'),
  );
