import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData } from '../../formats/kubernetes';
import { kustomization, movingSources } from '../../formats/kustomization';

export default defineRule({
  id: 'kustomize/remote-unpinned',
  on: kustomization,
  summary: 'A kustomization takes manifests from a place that moves',
  why: 'Each build applies what the other repository holds that day: the cluster changes without a commit here, and going back a commit does not bring the old manifests back.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ path, report }) => ({
    kustomization(kustomization) {
      if (isTestData(path)) return;
      for (const { at, moving } of movingSources(kustomization)) {
        report({
          at,
          message:
            moving === undefined
              ? say`${at.string} names no version: it is what is newest on the day`
              : say`${at.string} follows "${moving}", which moves`,
        });
      }
    },
  }),
});
