import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import { runsByItself } from '../../formats/gitlab-ci-purpose';
import { map, scalar } from '../../syntax/yaml';
import { lineBefore } from '../../text/lines';

export default defineRule({
  id: 'gitlab-ci/trigger-no-depend',
  on: gitlabCi,
  summary: 'A child pipeline that nobody waits for',
  why: 'The job that starts it is green at once: the merge request may be merged and the next stage goes on while the tests of the child pipeline fail.',
  concern: 'failure',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }) => ({
    job(job) {
      const trigger = job.map.entry('trigger');
      const node = map(trigger?.value);
      // Another project's pipeline is often started and left to itself; a child belongs to this one.
      if (!trigger || !node?.has('include') || node.has('project') || node.has('strategy')) return;
      const mayFail = scalar(job.setting('allow_failure')?.value)?.value === true;
      if (job.hidden || mayFail || !runsByItself(job)) return;
      const [first] = node.entries;
      report({
        at: trigger.key,
        message: say`${job.name.string} does not wait for the pipeline it starts, and is green whatever comes of it`,
        ...(first &&
          !node.flow && {
            fix: {
              title: 'Wait for it: strategy: depend',
              safe: false,
              edits: [lineBefore(document.source.text, first.key.range[0], 'strategy: depend')],
            },
          }),
      });
    },
  }),
});
