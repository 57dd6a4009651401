import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData, kubernetes } from '../../formats/kubernetes';
import { wholeLine } from '../../text/lines';

/** What has a number of pods of its own. */
const scaled = new Set([
  'Deployment',
  'DeploymentConfig',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
  'StatefulSet',
]);

export default defineRule({
  id: 'kubernetes/replicas-with-hpa',
  on: kubernetes,
  summary: 'A fixed number of replicas for what an autoscaler scales',
  why: 'Every apply sets the number back, in the middle of the load the autoscaler had scaled for.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',
  neighbours: { 'kube-score': ['deployment-targeted-by-hpa-does-not-have-replicas-configured'] },

  create: ({ document, path, report }) => ({
    object(object) {
      const entry = object.spec?.entry('replicas');
      const value = entry?.value;
      if (!entry || value?.kind !== 'scalar' || !object.name || isTestData(path)) return;
      if (!scaled.has(object.kind)) return;
      // Scaled to zero by hand: the autoscaler is switched off. A template that chooses knows why.
      if (value.value === 0 || value.value === null) return;
      if (object.around(entry.key).length > object.around(object).length) return;
      const { text } = document.source;
      const line = wholeLine(text, entry.key.range[0], value.range[1]);
      report({
        at: { range: [entry.key.range[0], value.range[1]] },
        message: say`Each apply sets ${object.label} back to ${text.slice(...value.range)}, against its autoscaler`,
        condition: { anyOf: [{ kind: 'kubernetes/autoscaled', key: object.key }] },
        ...(line && {
          fix: {
            title: 'Leave the number to the autoscaler',
            safe: false,
            edits: [{ range: line, text: '' }],
          },
        }),
      });
    },
  }),
});
