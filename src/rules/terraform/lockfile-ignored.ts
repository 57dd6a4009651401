import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitignore } from '../../formats/gitignore';

const lockFile = '.terraform.lock.hcl';

export default defineRule({
  id: 'terraform/lockfile-ignored',
  on: gitignore,
  summary: 'The lock file of the providers is kept out of the repository',
  why: 'Without .terraform.lock.hcl each init takes the newest providers the constraints allow: the pipeline plans with other versions than you do, and nothing tells that a provider that was downloaded is the one you reviewed.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }) => ({
    file({ patterns, folder }) {
      const found = patterns.filter((pattern) => pattern.names(lockFile));
      const last = found.at(-1);
      // A pattern taken back for one folder may be taken back for the one that counts.
      if (!last || found.some((pattern) => pattern.negated)) return;
      const { text } = document.source;
      const [start, end] = last.range;
      const line = /^[^\n]*\n?/.exec(text.slice(end))![0].length;
      report({
        at: last,
        message: say`"${last.text}" keeps ${lockFile} out: each init takes the newest providers`,
        condition: { anyOf: [{ kind: 'terraform/root-module', key: folder }] },
        ...(last.text.endsWith(lockFile) && {
          fix: {
            title: 'Keep the lock file in the repository',
            safe: false,
            edits: [{ range: [start, end + line], text: '' }],
          },
        }),
      });
    },
  }),
});
