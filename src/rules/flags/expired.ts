import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { flags } from '../../formats/flags';

export default defineRule({
  id: 'flags/expired',
  on: flags,
  summary: 'A feature flag is past the day it was to be gone',
  why: 'Both paths behind the flag go on to be carried, and one of them is tested by nobody any more; whoever turns the flag finds out what has become of it.',
  concern: 'flags',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    flag({ name, expiry, stale, permanent, retired }) {
      if (permanent || retired) return;
      if (expiry) {
        report({
          at: expiry,
          message: say`Flag ${name} was to be gone by ${expiry.value}`,
          condition: { after: expiry.value },
        });
      } else if (stale) {
        report({ at: stale, message: say`Flag ${name} is marked stale and still here` });
      }
    },
  }),
});
