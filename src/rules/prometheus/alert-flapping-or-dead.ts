import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData } from '../../formats/kubernetes';
import { prometheus } from '../../formats/prometheus';
import { readFiring } from '../../formats/promql';
import { isHeartbeat } from './alert-no-purpose';

export default defineRule({
  id: 'prometheus/alert-flapping-or-dead',
  on: prometheus,
  summary: 'An alert fires on a single sample, or whatever the value is',
  why: 'An alert that comes and goes with each scrape, or never goes, is muted after a week; from then on nobody hears of the day it is right.',
  concern: 'monitoring',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    alert(alert) {
      const { name, expression, timed } = alert;
      if (!expression || expression.string.trim() === '' || expression.templated) return;
      if (isHeartbeat(alert) || isTestData(path)) return;
      const firing = readFiring(expression.string);
      if (firing.bool) {
        report({
          at: expression,
          message: say`${name.string} fires whatever the value is: with bool the comparison gives 0 or 1, and both fire`,
        });
      } else if (!firing.conditional) {
        report({
          at: expression,
          message: say`${name.string} fires whatever the value is: its expression compares nothing`,
        });
      } else if (firing.fallback) {
        report({
          at: expression,
          message: say`${name.string} fires whatever the value is: where the rest gives nothing, ${firing.fallback} gives a number`,
        });
      } else if (!timed && firing.absence) {
        report({
          at: name,
          message: say`${name.string} fires on one missed scrape: it has no for`,
        });
      } else if (!timed && firing.noisy) {
        report({ at: name, message: say`${name.string} fires on a single sample: it has no for` });
      }
    },
  }),
});
