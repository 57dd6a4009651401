import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible } from '../../formats/ansible';
import { isNo } from '../../formats/ansible-words';

export default defineRule({
  id: 'ansible/vcs-unpinned',
  on: ansible,
  summary: 'A repository is checked out at whatever its branch holds',
  why: 'Each run may bring other code to the hosts, and hosts set up on different days differ; the playbook does not say which commit runs where.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  neighbours: { 'ansible-lint': ['latest', 'git-latest', 'hg-latest', '401', '402'] },

  create: ({ report }) => ({
    task(task) {
      if (!checkouts.has(task.module) || task.file.testing) return;
      const version = task.arg('version') ?? task.arg('revision');
      const repository = task.arg('repo') ?? task.arg('name');
      // Behind a variable there may be a mirror of one's own, which moves when its owner says so.
      if (
        !repository ||
        repository.templated ||
        isNo(task.arg('update')?.text ?? '') ||
        isNo(task.arg('clone')?.text ?? '')
      )
        return;
      if (version && !branches.test(version.text)) return;
      const said = nameOf(repository.text);
      report({
        at: version ?? repository,
        message: version
          ? say`${said} is checked out at ${version.text}, which moves`
          : say`${said} is checked out at the newest commit of the day`,
      });
    },
  }),
});

const checkouts = new Set(['git', 'hg', 'subversion']);
const branches = /^(?:main|master|develop|devel|dev|trunk|HEAD|default|latest|staging|production)$/;
const nameOf = (repository: string) => repository.replace(/\.git$|\/$/g, '').replace(/^.*[/:]/, '');
