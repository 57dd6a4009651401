import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { firstPipeline } from '../../formats/delivery-conditions';
import { githubActions } from '../../formats/github-actions';
import { pinsActions } from '../../formats/github-actions-updates';
import { dependabotFiles, otherBots } from '../../formats/update-bots';

export default defineRule({
  id: 'workspace/no-update-bot',
  on: githubActions,
  summary: 'Actions are named by their commits, and nothing proposes newer ones',
  why: 'A pin is right as long as somebody moves it. Without a bot nobody does: repairs of what is pinned do not arrive, and after a year of them the next step is a large one.',
  concern: 'reproducibility',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    workflow({ kind, name, repository, root }) {
      if (kind !== 'workflow') return;
      report({
        at: name ?? root.entries[0]?.key ?? root,
        message: say`The workflows name actions by their commits, and no bot here proposes newer ones`,
        condition: {
          allOf: [firstPipeline(path), pinsActions(repository)],
          noneOf: [
            ...otherBots(repository),
            ...dependabotFiles.map((file) => ({ kind: 'file', key: `${repository}${file}` })),
          ],
        },
      });
    },
  }),
});
