import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData, kubernetes } from '../../formats/kubernetes';
import { chartReleases } from '../../formats/kubernetes-charts';

export default defineRule({
  id: 'kubernetes/chart-unpinned',
  on: kubernetes,
  summary: 'A release follows the newest version of a chart',
  why: 'The controller upgrades the cluster by itself when somebody publishes a chart: a change nobody here has made, reviewed or tested, and no commit to go back to.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    object(object) {
      if (isTestData(path)) return;
      for (const { name, chart, version, at } of chartReleases(object)) {
        report({
          at,
          message:
            version === undefined
              ? say`${name} takes the newest ${chart} there is: it names no version`
              : say`${name} takes the newest ${chart} there is: version "${version}"`,
        });
      }
    },
  }),
});
