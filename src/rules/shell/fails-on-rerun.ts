import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/fails-on-rerun',
  on: shell,
  summary: 'A script ends with a failure on its second run',
  why: 'Nothing is wrong with the state, and yet whoever started the script is told that it failed.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: (context) =>
    onSecondRun(['fails', 'publish'], context, (told) => {
      const { run } = told;
      return {
        message:
          run.why === 'other'
            ? say`A second run ends here with a failure: ${run.key.slice(2)}`
            : say`A second run fails: ${run.about} is there already`,
        ...fixed(told),
      };
    }),
});
