import { defineRule } from '../../engine/rule';
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
      const others = endless.length > 1 ? ` and ${endless.length - 1} more` : '';
      report({
        at: first,
        message: `Flag ${first.name}${others} of ${all.length} in this file ${endless.length > 1 ? 'have' : 'has'} no end`,
      });
    },
  }),
});
