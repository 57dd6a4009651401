import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { floatingTags } from '../../formats/image';
import { jenkins } from '../../formats/jenkins';
import { isTestMaterial } from '../../formats/test-material';

export default defineRule({
  id: 'jenkins/library-unpinned',
  on: jenkins,
  summary: 'A shared library is taken from a branch',
  why: 'Each build runs whatever stands on the branch at that minute: a change of the library breaks pipelines in which nobody changed anything, and an old commit cannot be built as it was.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: {
    floating: option.strings(floatingTags, 'Versions that are branches by convention.'),
  },

  create: ({ options, path, report }) => ({
    library(library) {
      // What a test reads is no pipeline anybody runs.
      if (isTestMaterial(path)) return;
      const { name, version } = library;
      if (version === undefined || !options.floating.includes(version.toLowerCase())) return;
      report({
        at: library,
        message: say`${name} is taken from "${version}", whatever stands there when the build starts`,
        // A library's own pipelines are its test, and move with it.
        condition: { noneOf: [{ kind: 'jenkins/library-here', key: '' }] },
      });
    },
  }),
});
