import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions } from '../../formats/github-actions';
import { deploys, hasUnknownSteps, jobsBefore, tests } from '../../formats/github-actions-purpose';
import {
  isForFailure,
  isForReleases,
  startsOnBranchPush,
  testedBeside,
  waitsForChecks,
} from '../../formats/github-actions-push';

export default defineRule({
  id: 'workspace/deploy-not-gated-by-ci',
  on: githubActions,
  summary: 'A push is deployed by one workflow while another one still tests it',
  why: 'Both start at once and neither knows of the other: the deployment is done before the tests are, and a commit that turns out red is live.',
  concern: 'testing',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    workflow(workflow) {
      // Elsewhere nobody starts it: it is a template to choose from.
      if (!/(?:^|\/)\.github\/workflows\//.test(workflow.path)) return;
      if (!startsOnBranchPush(workflow) || waitsForChecks(workflow) || workflow.jobs.some(tests))
        return;
      const job = workflow.jobs.find((each) => {
        if (!each.id || isForReleases(each) || isForFailure(each) || !deploys(each)) return false;
        const all = [each, ...jobsBefore(each)];
        // An environment may wait for a person, or for the checks of the branch; that is not in the file.
        return !all.some((one) => one.environment !== undefined || hasUnknownSteps(one));
      });
      if (!job) return;
      report({
        at: job.id!,
        message: say`${job.id!.string} deploys on push, and another workflow still tests the same push`,
        condition: { anyOf: testedBeside(workflow) },
      });
    },
  }),
});
