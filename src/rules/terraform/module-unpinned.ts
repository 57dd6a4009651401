import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { terraform } from '../../formats/terraform';

/** Input of a test, which nobody applies. */
const testData = /(?:^|\/)(?:testdata|test-data|test-fixtures|fixtures)\//;

export default defineRule({
  id: 'terraform/module-unpinned',
  on: terraform,
  summary: 'A module is called without a version',
  why: 'The next init, on another machine or in the pipeline, takes whatever the module has become since, and the plan changes although nobody changed anything.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { tflint: ['terraform_module_pinned_source', 'terraform_module_version'] },
  options: {
    branches: option.strings(
      ['main', 'master', 'develop', 'trunk', 'HEAD', 'latest', 'default'],
      'References that name a branch or another moving place.',
    ),
  },

  create: ({ options, path, report }) => ({
    module({ name, source, version, kind: from }) {
      if (testData.test(path)) return;
      if (from.kind === 'registry') {
        if (!version) {
          report({
            at: source,
            message: say`Module ${name} has no version: init takes the newest`,
          });
        }
        return;
      }
      if (from.kind !== 'vcs') return;
      if (from.ref === undefined) {
        report({
          at: source,
          message: say`Module ${name} has no ref: init takes the default branch`,
        });
      } else if (options.branches.includes(from.ref)) {
        report({ at: source, message: say`Module ${name} follows "${from.ref}", which moves` });
      } else if (!/\d/.test(from.ref)) {
        // No tag of a version is without a number, and no hash.
        report({
          at: source,
          message: say`Module ${name} follows "${from.ref}", a branch by its name`,
        });
      }
    },
  }),
});
