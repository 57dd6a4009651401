import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { getsRequests, isTestData, kubernetes } from '../../formats/kubernetes';

/** What is rolled out step by step, each step waiting for readiness. */
const rolledOut = new Set(['Deployment', 'DeploymentConfig', 'StatefulSet', 'Rollout']);

export default defineRule({
  id: 'kubernetes/no-readiness-probe',
  on: kubernetes,
  summary: 'A container behind a Service has no readiness probe',
  why: 'Without one a pod counts as ready as soon as its process runs: requests fail at every release, and a release that never works is rolled out to the end.',
  concern: 'delivery',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { 'kube-linter': ['no-readiness-probe'], 'kube-score': ['pod-probes'] },

  create: ({ path, report }) => ({
    container(container) {
      const { kind, name, pod, ports, images } = container;
      if (kind !== 'main' || !name || images.length === 0 || isTestData(path)) return;
      // One ready container keeps the pod back until it is; what stands beside it is a sidecar.
      const probed = pod.containers.some((each) => each.has('readinessProbe') || each.open);
      if (!rolledOut.has(pod.owner.kind) || probed) return;
      const condition = getsRequests(container);
      if (!condition) return;
      const [first] = ports;
      report({
        at: name,
        message: say`${container.label} gets requests on port ${first!.name ?? first!.port ?? ''} before it can answer them: no readinessProbe`,
        condition,
      });
    },
  }),
});
