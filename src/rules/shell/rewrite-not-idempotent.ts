import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/rewrite-not-idempotent',
  on: shell,
  summary: 'A command changes its own result once more',
  why: 'The pattern matches what the command has left, so each run changes the file further: a comment sign more, a path longer by a part.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: (context) =>
    onSecondRun('rewrite', context, (told) => {
      const { run } = told;
      return {
        message:
          run.effect === 'rewrites'
            ? say`A second run changes ${run.about} once more: it matches its own result`
            : say`A second run leaves ${run.about} otherwise than the first`,
        ...fixed(told),
      };
    }),
});
