import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi, type Job } from '../../formats/gitlab-ci';
import { deploys, jobsBefore, runsByItself, tests } from '../../formats/gitlab-ci-purpose';

/** A failure of it decides nothing, waited for or not. */
const mayFail = (job: Job) => {
  const value = job.setting('allow_failure')?.value;
  return value?.kind === 'map' || (value?.kind === 'scalar' && value.value === true);
};

export default defineRule({
  id: 'gitlab-ci/needs-skips-tests',
  on: gitlabCi,
  summary: 'A deployment starts before the tests are done: its needs leave them out',
  why: 'With needs a job no longer waits for the stages before its own: it starts as soon as the named jobs are done, while the tests are still running or have failed already.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create({ report }) {
    return {
      job(job) {
        if (job.hidden || job.needs === undefined || !deploys(job) || !runsByItself(job)) return;
        if (job.incomplete || tests(job)) return;
        const { stages } = job.pipeline;
        const before = jobsBefore(job);
        const skipped = job.pipeline.jobs.filter(
          (each) =>
            !each.hidden &&
            tests(each) &&
            runsByItself(each) &&
            stages.indexOf(each.stage) < stages.indexOf(job.stage) &&
            !mayFail(each),
        );
        if (skipped.length === 0 || [...before].some(tests)) return;
        const [test] = skipped;
        const entry = job.map.entry('needs');
        const list = entry?.value?.kind === 'list' && entry.value.flow ? entry.value : undefined;
        const last = list?.items.at(-1);
        report({
          at: entry?.key ?? job.name,
          message: say`${job.name.string} does not wait for ${skipped.map((each) => each.name.string).join(', ')}`,
          ...(list &&
            skipped.length === 1 && {
              fix: {
                title: say`Wait for ${test!.name.string} too`,
                safe: false,
                edits: [
                  last
                    ? {
                        range: [last.range[1], last.range[1]],
                        text: `, ${JSON.stringify(test!.name.string)}`,
                      }
                    : { range: list.range, text: `[${JSON.stringify(test!.name.string)}]` },
                ],
              },
            }),
        });
      },
    };
  },
});
