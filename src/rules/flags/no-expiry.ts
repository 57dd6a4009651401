import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { flags } from '../../formats/flags';

export default defineRule({
  id: 'flags/no-expiry',
  on: flags,
  summary: 'Feature flags have no end',
  why: 'A flag nobody plans to remove stays, and with it the path it turns off; after a year nobody knows which of them may still be turned.',
  concern: 'flags',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    set({ flags: all }) {
      const endless = all.filter(
        ({ expiry, permanent, retired }) => !expiry && !permanent && !retired,
      );
      const [first] = endless;
      if (!first) return;
      report({
        at: first,
        message:
          endless.length > 1
            ? say`Flag ${first.name} and ${endless.length - 1} more of ${all.length} in this file have no end`
            : say`Flag ${first.name} of ${all.length} in this file has no end`,
      });
    },
  }),
});
