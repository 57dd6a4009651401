import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import { runsByItself } from '../../formats/gitlab-ci-purpose';
import { isTestMaterial } from '../../formats/test-material';
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

  create: ({ document, path, report }) => ({
    job(job) {
      const { trigger } = job;
      // Another project's pipeline is often started and left to itself; a child belongs to this one.
      if (!trigger?.isChild || trigger.waits || job.hidden || isTestMaterial(path)) return;
      const mayFail = job.setting('allow_failure')?.value;
      if ((mayFail?.kind === 'scalar' && mayFail.value === true) || !runsByItself(job)) return;
      const { settings } = trigger;
      const [first] = settings?.entries ?? [];
      report({
        at: trigger.key,
        message: say`${job.name.string} does not wait for the pipeline it starts, and is green whatever comes of it`,
        ...(first &&
          !settings?.flow && {
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
