import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { unlessMapped } from '../../formats/delivery-conditions';
import { appliedByController, kubernetes } from '../../formats/kubernetes';
import { isTestMaterial } from '../../formats/test-material';

/** Files of tools that render or apply manifests by themselves. */
const others = ['skaffold.yaml', 'Tiltfile', 'fleet.yaml', 'devspace.yaml', 'werf.yaml', 'ct.yaml'];

export default defineRule({
  id: 'workspace/manifests-not-validated',
  on: kubernetes,
  summary: 'No pipeline of the repository validates or applies this manifest',
  why: 'A misspelt field or a template that does not render is found when somebody applies it, half way through the change.',
  concern: 'testing',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create({ path, report }) {
    let told = isTestMaterial(path);
    return {
      pod({ owner }) {
        if (told) return;
        told = true;
        const condition = unlessMapped(['delivery/checked', 'delivery/deployed'], [path]);
        report({
          at: owner.name ?? owner,
          message: say`No pipeline here validates, renders or applies ${path}`,
          condition: {
            ...condition,
            noneOf: [
              ...(condition.noneOf ?? []),
              appliedByController,
              ...others.map((key) => ({ kind: 'file', key })),
            ],
          },
        });
      },
    };
  },
});
