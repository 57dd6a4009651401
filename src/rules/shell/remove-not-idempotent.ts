import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/remove-not-idempotent',
  on: shell,
  summary: 'A command fails where what it takes away is gone already',
  why: 'The first run passes. The second finds nothing to remove or to move and stops here, and what follows is not done.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'safe',

  create: (context) =>
    onSecondRun('remove', context, (told) => {
      const { run } = told;
      return { message: say`A second run fails: ${run.about} is no longer there`, ...fixed(told) };
    }),
});
