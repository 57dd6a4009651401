import { defineRule, option } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { isTestData } from '../../formats/kubernetes';
import { type Alert, prometheus } from '../../formats/prometheus';
import { readFiring } from '../../formats/promql';

export default defineRule({
  id: 'prometheus/alert-no-purpose',
  on: prometheus,
  summary: 'An alert says nowhere what it means',
  why: 'Whoever is woken by it gets a name and some numbers, and has to find out at night what the author knew when the alert was written: what is broken, and whom it hurts.',
  concern: 'monitoring',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: {
    required: option.strings(
      [],
      'Annotations every alert must have, such as summary, description and runbook_url; empty: any that says something will do.',
    ),
  },

  create: ({ options, path, report }) => ({
    alert(alert) {
      const { name, annotations } = alert;
      if (annotations.open || name.templated || isHeartbeat(alert) || isTestData(path)) return;
      const said = [...annotations.values].filter(
        ([key, { string, templated }]) => templated || says(key, string, alert),
      );
      if (said.length === 0) {
        const empty = annotations.values.size > 0;
        report({
          at: name,
          message: empty
            ? say`${name.string} says nowhere what it means: its annotations say nothing about it`
            : say`${name.string} says nowhere what it means: it has no annotations`,
        });
        return;
      }
      const [first, ...more] = options.required.filter(
        (key) => !said.some(([each]) => each === key),
      );
      if (first === undefined) return;
      const missing = more.reduce<Wording>((list, key) => say`${list} and no ${key}`, first);
      report({ at: name, message: say`${name.string} has no ${missing}` });
    },
  }),
});

/** Keys that lead to more numbers, which is not what they mean. */
const leadsToNumbers = /dashboard|grafana|panel|graph|query|image|priority|severity|team|owner/i;

function says(key: string, text: string, { name, expression }: Alert): boolean {
  const said = text.trim();
  if (leadsToNumbers.test(key) || !/\p{L}/u.test(said)) return false;
  return bare(said) !== bare(name.string) && bare(said) !== bare(expression?.string ?? '');
}

/** The letters and digits: `High CPU.` says no more than `HighCPU`. */
const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** It always fires, so that silence tells that alerting itself is broken; its name is its purpose. */
export const isHeartbeat = ({ name, expression }: Alert): boolean =>
  /watchdog|dead-?man|heartbeat|infoinhibitor|alwaysfiring/i.test(name.string) ||
  readFiring(expression?.string ?? '').constant !== undefined;
