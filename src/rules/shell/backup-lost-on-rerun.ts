import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/backup-lost-on-rerun',
  on: shell,
  summary: 'The copy of what was there before is overwritten by the second run',
  why: 'Where the first run kept the original, the second keeps its own result: there is no way back any more.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: (context) =>
    onSecondRun('backup', context, ({ run }) => {
      return { message: say`A second run overwrites the ${run.about}` };
    }),
});
