import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { grafana } from '../../formats/grafana';

export default defineRule({
  id: 'grafana/panel-no-description',
  on: grafana,
  summary: 'Panels of a dashboard say nowhere what they are for',
  why: 'Whoever opens the dashboard in an incident sees curves; which of them matter, and what is normal, only the author knows.',
  concern: 'monitoring',
  severity: 'info',
  recommended: false,
  since: '0.1.0',
  options: {
    types: option.strings(
      ['text', 'news', 'dashlist', 'alertlist', 'annolist', 'welcome', 'gettingstarted', 'logs'],
      'Types of panels that need no description.',
    ),
  },

  create: ({ options, report }) => ({
    dashboard({ title, panels, range }) {
      const counted = panels.filter(
        ({ type, fromLibrary }) => !fromLibrary && !options.types.includes(type),
      );
      const silent = counted.filter(({ description }) => description === '');
      const [first] = silent;
      if (!first) return;
      const at = title ?? { range: [range[0], range[0] + 1] };
      report({
        at,
        message:
          first.title === ''
            ? say`${silent.length} of ${counted.length} panels have no description`
            : say`${silent.length} of ${counted.length} panels have no description, beginning with "${first.title}"`,
      });
    },
  }),
});
