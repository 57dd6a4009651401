import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import {
  deploys,
  jobsBefore,
  purposeOf,
  runsByItself,
  whenOf,
} from '../../formats/gitlab-ci-purpose';
import { lineBefore } from '../../text/lines';

/** Names of jobs whose only work is that somebody says yes. */
const saysApproval = /\b(?:approv\w*|confirm\w*|gate|sign[ -]?off|release[ -]?go)\b/i;

export default defineRule({
  id: 'gitlab-ci/optional-gate',
  on: gitlabCi,
  summary: 'A manual approval that nothing waits for',
  why: 'A job with `when: manual` at its own level may fail by default, and so the pipeline goes past it: what it was to hold back is deployed without anybody pressing the button.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'safe',

  create({ document, report }) {
    return {
      job(job) {
        if (job.hidden || job.rules.length > 0 || whenOf(job) !== 'manual') return;
        if (job.setting('allow_failure') || deploys(job) || purposeOf(job) !== undefined) return;
        if (!saysApproval.test(job.name.string.replaceAll('_', ' '))) return;
        const behind = job.pipeline.jobs.find(
          (each) =>
            !each.hidden && deploys(each) && runsByItself(each) && jobsBefore(each).has(job),
        );
        if (!behind) return;
        const when = job.map.entry('when');
        report({
          at: when?.key ?? job.name,
          message: say`${behind.name.string} does not wait for ${job.name.string}, which may be left out`,
          ...(when && {
            fix: {
              title: 'Add allow_failure: false',
              safe: true,
              edits: [lineBefore(document.source.text, when.key.range[0], 'allow_failure: false')],
            },
          }),
        });
      },
    };
  },
});
