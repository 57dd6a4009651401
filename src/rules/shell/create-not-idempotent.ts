import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/create-not-idempotent',
  on: shell,
  summary: 'A command fails where what it makes is there already',
  why: 'The first run passes. The second, after a failure further down or for the next version, stops here, and what follows is not done.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: (context) =>
    onSecondRun('create', context, (told) => {
      const { run } = told;
      return {
        message:
          run.why === 'busy'
            ? say`A second run fails: ${run.about} is in use`
            : say`A second run fails: ${run.about} is there already`,
        ...fixed(told),
      };
    }),
});
