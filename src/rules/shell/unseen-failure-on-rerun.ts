import { defineRule } from '../../engine/rule';
import { shell } from '../../formats/shell';
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

  create: (context) =>
    onSecondRun('unseen', context, ({ run }) => {
      const what = {
        there: 'is there already',
        gone: 'is no longer there',
        asks: 'is there already',
        busy: 'is in use',
        other: '',
        unclear: '',
      };
      return {
        message:
          `A second run fails here unseen: ${run.about} ${what[run.why ?? 'other']}`.trimEnd(),
      };
    }),
});
