import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/one-more-each-run',
  on: shell,
  summary: 'Each run makes one more of the same',
  why: 'Rules, containers, rows and copies pile up. Removing one of them leaves the others in force.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: (context) =>
    onSecondRun('one more', context, (told) => {
      const { run } = told;
      return { message: say`A second run makes one more: ${run.about}`, ...fixed(told) };
    }),
});
