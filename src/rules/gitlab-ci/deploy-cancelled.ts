import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import { deploys, purposesOf } from '../../formats/gitlab-ci-purpose';

export default defineRule({
  id: 'gitlab-ci/deploy-cancelled',
  on: gitlabCi,
  summary: 'A deployment is cut off halfway when the next commit arrives',
  why: 'GitLab cancels the job in the middle of its work: half of the servers, or a migration without its program, is what stays until the next pipeline is through, if it is.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ report }) => {
    const told = new Set<number>();
    return {
      job(job) {
        const entry = job.setting('interruptible');
        if (entry?.value?.kind !== 'scalar' || entry.value.value !== true) return;
        // That its environment is called so says nothing of a job that only builds.
        if (job.hidden || !deploys(job) || !purposesOf(job).has('deploy')) return;
        if (told.has(entry.key.range[0])) return;
        told.add(entry.key.range[0]);
        // Where it is the default of all jobs, the deployment alone is to be taken out.
        const own = job.map.entry('interruptible') === entry;
        report({
          at: own ? entry.value : job.name,
          message: say`${job.name.string} is cut off halfway when the next pipeline begins`,
          ...(own && {
            fix: {
              title: 'Let the running deployment end first: false',
              safe: false,
              edits: [{ range: entry.value.range, text: 'false' }],
            },
          }),
        });
      },
    };
  },
});
