import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/renewed-each-run',
  on: shell,
  summary: 'A key, password or stamp is made anew on every run',
  why: 'What others rely on is replaced without need: clients no longer trust the certificate, a stored password no longer fits, every run looks like a change.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: (context) =>
    onSecondRun('renew', context, (told) => {
      const { run } = told;
      return {
        message: say`A second run replaces ${run.about} with other content`,
        ...fixed(told),
      };
    }),
});
