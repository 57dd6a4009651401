import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi, type Job } from '../../formats/gitlab-ci';
import { deploys, jobsBefore, purposeOf, purposesOf, tests } from '../../formats/gitlab-ci-purpose';
import { mustNotFail } from '../../formats/script-purpose';
import type { YamlScalar } from '../../syntax/yaml';

export default defineRule({
  id: 'gitlab-ci/deploy-when-always',
  on: gitlabCi,
  summary: 'A deployment runs although jobs before it have failed',
  why: '`when: always` switches off the rule that a failed stage stops those behind it: what did not pass its tests goes out all the same.',
  concern: 'failure',
  severity: 'error',
  recommended: false,
  since: '0.1.0',
  fix: 'safe',

  create({ report }) {
    const tell = (when: YamlScalar | undefined, job: Job) => {
      if (when?.string !== 'always') return;
      const failed = [...jobsBefore(job)].find(
        (each) => tests(each) || mustNotFail.has(purposeOf(each)),
      );
      if (!failed) return;
      report({
        at: when,
        message: say`${job.name.string} runs even when ${failed.name.string} has failed`,
        fix: {
          title: 'Run on success only',
          safe: true,
          edits: [{ range: when.range, text: 'on_success' }],
        },
      });
    };
    return {
      job(job) {
        if (job.hidden || !(deploys(job) || purposesOf(job).has('publish'))) return;
        const own = job.setting('when')?.value;
        if (own?.kind === 'scalar') tell(own, job);
        for (const rule of job.rules) {
          const when = rule.get('when');
          if (when?.kind === 'scalar') tell(when, job);
        }
      },
    };
  },
});
