import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { terraform } from '../../formats/terraform';
import { alarmsOf } from '../../formats/terraform-alarms';

export default defineRule({
  id: 'terraform/alarm-without-purpose',
  on: terraform,
  summary: 'An alarm tells nobody, or says nowhere what it means',
  why: 'An alarm without an action turns red in a console nobody looks at; one without a description wakes somebody who has to find out at night what it is about.',
  concern: 'monitoring',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: {
    description: option.flag(true, 'Whether an alarm must say what it means.'),
  },

  create: ({ options, report }) => ({
    block(block) {
      for (const { address, purposeMissing, hearerMissing, unheard, range } of alarmsOf(block)) {
        const unsaid = options.description ? purposeMissing : undefined;
        if (hearerMissing) {
          report({
            at: { range },
            message: unsaid
              ? say`${address} tells nobody: it has no ${hearerMissing} and no ${unsaid}`
              : say`${address} tells nobody: it has no ${hearerMissing}`,
            condition: unheard,
          });
        } else if (unsaid) {
          report({
            at: { range },
            message: say`${address} says nowhere what it means: it has no ${unsaid}`,
          });
        }
      }
    },
  }),
});
