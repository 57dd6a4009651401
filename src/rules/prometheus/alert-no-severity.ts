import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { ignoresLabel, isJoined, routesAlert, routesBy } from '../../formats/alertmanager';
import { isTestData } from '../../formats/kubernetes';
import { prometheus } from '../../formats/prometheus';
import { isHeartbeat } from './alert-no-purpose';

export default defineRule({
  id: 'prometheus/alert-no-severity',
  on: prometheus,
  summary: 'An alert has no label that routes are chosen by',
  why: 'Alertmanager sends it wherever alerts go that match no route: the page that must wake somebody ends in a channel nobody reads, or the other way round.',
  concern: 'notification',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    alert(alert) {
      const { name, labels } = alert;
      if (labels.open || name.templated || [...labels.values.keys()].some(saysHowBad)) return;
      if (isHeartbeat(alert) || isTestData(path)) return;
      const own = [...labels.values.keys()];
      report({
        at: name,
        message: say`${name.string} has no severity: Alertmanager cannot tell a page from a note by it`,
        condition: {
          noneOf: [
            ...own.map(routesBy),
            routesAlert(name.string),
            ignoresLabel('severity'),
            isJoined,
          ],
        },
      });
    },
  }),
});

const saysHowBad = (label: string) =>
  /^(?:severity|sev|priority|level|urgency|criticality)$/i.test(label);
