import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { unheeded } from '../../formats/shell-unheeded';

export default defineRule({
  id: 'dockerfile/heredoc-no-errexit',
  on: shell,
  summary: 'A here-document of several commands goes on after one fails',
  why: 'Only the last command decides whether the layer is kept, so a failed install in the middle becomes an image that lacks what it was built for.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: ({ hosts, report }) => ({
    script(script) {
      if (hosts[0]?.format !== 'dockerfile' || script.use !== 'image-build') return;
      const [first] = unheeded(script);
      if (!first) return;
      report({
        at: first,
        message: say`When ${first.word?.text ?? ''} fails here the build goes on with the next line`,
        fix: {
          title: 'Begin the here-document with set -e',
          safe: true,
          edits: [{ range: [0, 0], text: 'set -e\n' }],
        },
      });
    },
  }),
});
