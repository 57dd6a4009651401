import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { circleci, type WorkflowJob } from '../../formats/circleci';
import {
  deploys,
  forTags,
  jobsBefore,
  mayTest,
  runsWhenever,
  tests,
} from '../../formats/circleci-purpose';

/** A list in brackets grows by a name; other forms are left to their author. */
function fixOf(job: WorkflowJob, test: WorkflowJob) {
  const list = job.map?.get('requires');
  if (list?.kind !== 'list' || !list.flow) return undefined;
  const name = JSON.stringify(test.name);
  const last = list.items.at(-1);
  return {
    title: say`Wait for ${test.name} too`,
    safe: false,
    edits: [
      last
        ? { range: [last.range[1], last.range[1]] as const, text: `, ${name}` }
        : { range: list.range, text: `[${name}]` },
    ],
  };
}

export default defineRule({
  id: 'circleci/deploy-unguarded',
  on: circleci,
  summary: 'A deployment does not wait for the tests of its workflow',
  why: 'Jobs of a workflow start at once unless they require others: the deployment is live while the tests are still running or have failed already.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create({ report }) {
    return {
      workflow({ jobs, scheduled }) {
        if (scheduled) return;
        for (const job of jobs) {
          if (!deploys(job) || mayTest(job) || forTags(job)) continue;
          const before = jobsBefore(job);
          if ([...before].some((each) => each.approval || mayTest(each))) continue;
          const skipped = jobs.filter(
            (each) =>
              tests(each) &&
              !deploys(each) &&
              !jobsBefore(each).has(job) &&
              runsWhenever(each, job) &&
              ![...jobsBefore(each)].some(({ approval }) => approval),
          );
          if (skipped.length === 0) continue;
          const fix = skipped.length === 1 ? fixOf(job, skipped[0]!) : undefined;
          report({
            at: job.map?.entry('requires')?.key ?? job.key,
            message: say`${job.name} does not wait for ${skipped.map((each) => each.name).join(', ')}`,
            ...(fix && { fix }),
          });
        }
      },
    };
  },
});
