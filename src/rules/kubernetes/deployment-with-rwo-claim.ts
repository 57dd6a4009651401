import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData, type KubernetesObject, kubernetes, objectKey } from '../../formats/kubernetes';

export default defineRule({
  id: 'kubernetes/deployment-with-rwo-claim',
  on: kubernetes,
  summary: 'A Deployment rolls over while its volume can be attached only once',
  why: 'The new pod waits for the volume, the old pod keeps it until the new one is ready: a rollout across nodes hangs until someone deletes a pod.',
  concern: 'delivery',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, path, report }) => ({
    object(object) {
      if (object.kind !== 'Deployment' || object.open || isTestData(path)) return;
      const { replicas, overlaps } = rollout(object);
      if (replicas === 0 || (!overlaps && !(replicas > 1))) return;
      for (const pod of object.pods) {
        for (const { name, claim, readOnly } of pod.volumes) {
          const mounts = pod.containers.flatMap((each) => each.mounts);
          const writes = mounts.some((each) => each.volume === name && !each.readOnly);
          if (!claim || readOnly || !writes) continue;
          const key = objectKey(object.unit, 'PersistentVolumeClaim', claim.value);
          const place = replicas > 1 ? undefined : strategyPlace(object, document.source.text);
          report({
            at: claim,
            message:
              replicas > 1
                ? say`${replicas} pods share the claim ${claim.value}, which one node at a time can attach`
                : say`Each rollout starts a second pod while the first still holds the claim ${claim.value}`,
            condition: {
              anyOf: [{ kind: 'kubernetes/read-write-once', key }],
              noneOf: [{ kind: 'kubernetes/other-claim', key }],
            },
            ...(place && {
              fix: { title: 'Stop the old pod first (Recreate)', safe: false, edits: [place] },
            }),
          });
        }
      }
    },
  }),
});

/** How many pods there are, and whether old and new ones run side by side in a rollout. */
function rollout({ spec }: KubernetesObject): { replicas: number; overlaps: boolean } {
  const said = spec?.get('replicas');
  const strategy = spec?.get('strategy');
  const type = strategy?.kind === 'map' ? strategy.get('type') : undefined;
  const rolling = strategy?.kind === 'map' ? strategy.get('rollingUpdate') : undefined;
  const surge = rolling?.kind === 'map' ? rolling.get('maxSurge') : undefined;
  const known = (node: typeof type) => (node?.kind === 'scalar' ? node : undefined);
  const other = known(type);
  const noSurge = /^0%?$/.test(known(surge)?.string ?? '');
  const unknown = strategy?.kind === 'scalar' || other?.templated || known(surge)?.templated;
  return {
    replicas: said?.kind === 'scalar' && typeof said.value === 'number' ? said.value : 1,
    overlaps: !unknown && other?.string !== 'Recreate' && !noSurge,
  };
}

/** Where `strategy` goes: before `template`, at its indentation. */
function strategyPlace({ spec }: KubernetesObject, text: string) {
  const template = spec?.entry('template');
  if (!template || spec?.flow || spec?.has('strategy')) return undefined;
  const at = template.key.range[0];
  const indent = text.slice(text.lastIndexOf('\n', at) + 1, at);
  if (indent.trim() !== '') return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const added = `strategy:${eol}${indent}  type: Recreate${eol}${indent}`;
  return { range: [at, at] as const, text: added };
}
