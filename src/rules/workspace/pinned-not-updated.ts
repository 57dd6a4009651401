import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { dependabot } from '../../formats/dependabot';
import { pinsActions } from '../../formats/github-actions-updates';
import { otherBots } from '../../formats/update-bots';

export default defineRule({
  id: 'workspace/pinned-not-updated',
  on: dependabot,
  summary: 'Dependabot keeps other things up to date, but not the actions the workflows pin',
  why: 'An action that is named by its commit stays as it is until somebody writes another one: repairs of it do not arrive, while all else here is kept up to date.',
  concern: 'reproducibility',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    configuration({ ecosystems, repository, root }) {
      const updates = root.entry('updates');
      if (!updates || ecosystems.size === 0 || ecosystems.has('github-actions')) return;
      report({
        at: updates.key,
        message: say`Dependabot looks after ${[...ecosystems].sort().join(', ')}, and not after the actions that the workflows name by their commits`,
        condition: { allOf: [pinsActions(repository)], noneOf: otherBots(repository) },
      });
    },
  }),
});
