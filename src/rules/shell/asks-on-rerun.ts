import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/asks-on-rerun',
  on: shell,
  summary: 'A command asks on the second run whether to overwrite',
  why: 'Nobody sits at a script. Without a terminal the question is answered by an error; with one the run waits.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: (context) =>
    onSecondRun('asks', context, (told) => {
      const { run } = told;
      return {
        message: say`A second run is asked whether to overwrite ${run.about}, and fails`,
        ...fixed(told),
      };
    }),
});
