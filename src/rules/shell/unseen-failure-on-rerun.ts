import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { shell } from '../../formats/shell';
import type { SecondRun } from '../../rerun/second-run';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/unseen-failure-on-rerun',
  on: shell,
  summary: 'A command fails on the second run, and the script goes on',
  why: 'Without errexit nobody sees it. What was to be made anew stays old, and what follows rests on that.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: (context) => onSecondRun('unseen', context, ({ run }) => ({ message: whatFails(run) })),
});

function whatFails({ why, about }: SecondRun): Said {
  switch (why) {
    case 'there':
    case 'asks':
      return say`A second run fails here unseen: ${about} is there already`;
    case 'gone':
      return say`A second run fails here unseen: ${about} is no longer there`;
    case 'busy':
      return say`A second run fails here unseen: ${about} is in use`;
    default:
      return say`A second run fails here unseen: ${about}`;
  }
}
