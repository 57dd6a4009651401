import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { onSecondRun } from '../../rerun/told';
import { happens } from '../../rerun/trouble';

export default defineRule({
  id: 'shell/unprotecting-guard',
  on: shell,
  summary: 'A test in front of a command does not protect it on the second run',
  why: 'The test asks for something else than the command makes, so its answer stays the same and the command runs again.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: (context) =>
    onSecondRun('guard', context, (told) => {
      const { run, script } = told;
      const { test } = told.guard!;
      const asked = script.text.slice(...test.range).replace(/\s+/g, ' ');
      return {
        message: say`"${asked}" does not protect this: ${happens(run)}`,
        related: [{ at: test, message: 'This test has the same answer on the second run' }],
      };
    }),
});
