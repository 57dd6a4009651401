import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions, type Workflow } from '../../formats/github-actions';
import {
  isHousekeeping,
  onlyTidiesOrProposes,
  tellsOfFailure,
  watches,
} from '../../formats/github-actions-watching';

export default defineRule({
  id: 'github-actions/schedule-unwatched',
  on: githubActions,
  summary: 'A workflow runs by the clock alone, and nobody is told when it fails',
  why: 'No commit and no pull request shows its result; GitHub writes to whoever last changed the cron line, and the nightly job is found dead weeks later.',
  concern: 'notification',
  severity: 'info',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    workflow(workflow) {
      if (!runsByClockAlone(workflow) || tellsOfFailure(workflow)) return;
      if (isHousekeeping(workflow) || onlyTidiesOrProposes(workflow)) return;
      const schedule = workflow.root.get('on');
      const at = schedule?.kind === 'map' ? schedule.entry('schedule')?.key : schedule;
      const cron = cronOf(workflow);
      const who = workflow.name?.string ?? say`This workflow`;
      report({
        at: at ?? workflow,
        message: cron
          ? say`${who} runs at "${cron}" and tells nobody when it fails`
          : say`${who} runs by the clock and tells nobody when it fails`,
        condition: { noneOf: [watches(workflow.repository, workflow.name?.string ?? '')] },
      });
    },
  }),
});

/** Started by people as well: that is how it is tried. */
const byHand = new Set(['schedule', 'workflow_dispatch', 'repository_dispatch']);

const runsByClockAlone = ({ kind, triggers }: Workflow): boolean =>
  kind === 'workflow' &&
  triggers.has('schedule') &&
  [...triggers].every((each) => byHand.has(each));

function cronOf(workflow: Workflow): string | undefined {
  const schedule = workflow.trigger('schedule');
  const first = schedule?.kind === 'list' ? schedule.items[0] : undefined;
  const cron = first?.kind === 'map' ? first.get('cron') : undefined;
  return cron?.kind === 'scalar' ? cron.string : undefined;
}
