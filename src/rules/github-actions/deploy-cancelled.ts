import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions, type Job } from '../../formats/github-actions';
import { deploys, purposesOf } from '../../formats/github-actions-purpose';
import type { YamlMap } from '../../syntax/yaml';

export default defineRule({
  id: 'github-actions/deploy-cancelled',
  on: githubActions,
  summary: 'A deployment is cut off halfway when the next commit arrives',
  why: 'The run is cancelled in the middle of its deployment: half of the servers, or a migration without its program, is what stays until the next run is through, if it is.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ report }) => {
    const told = new Set<number>();
    return {
      job(job) {
        if (!deploys(job) || !isDeployment(job) || isForChangesOnly(job)) return;
        const own = concurrencyOf(job.map) ?? concurrencyOf(job.workflow.root);
        const cancel = own?.entry('cancel-in-progress');
        if (cancel?.value?.kind !== 'scalar' || cancel.value.value !== true) return;
        if (told.has(cancel.key.range[0])) return;
        told.add(cancel.key.range[0]);
        report({
          at: { range: [cancel.key.range[0], cancel.value.range[1]] },
          message: job.id
            ? say`${job.id.string} is cut off halfway when the next run begins`
            : say`A deployment is cut off halfway when the next run begins`,
          fix: {
            title: 'Let the running deployment end first: false',
            safe: false,
            edits: [{ range: cancel.value.range, text: 'false' }],
          },
        });
      },
    };
  },
});

/** It deploys by itself; that its environment is called so says nothing of a build. */
const isDeployment = (job: Job): boolean =>
  job.steps.some((step) => purposesOf(step).has('deploy'));

const concurrencyOf = (node: YamlMap): YamlMap | undefined => {
  const value = node.get('concurrency');
  return value?.kind === 'map' ? value : undefined;
};

/** Previews of a pull request are replaced by the next one. */
const isForChangesOnly = ({ workflow }: Job): boolean =>
  [...workflow.triggers].every((each) => /^pull_request|^issue_comment$|^merge_group$/.test(each));
