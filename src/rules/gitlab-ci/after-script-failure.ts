import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import { scriptPurposes } from '../../formats/script-purpose';
import type { CommandClass } from '../../formats/shell-commands';

/** What is no clean-up and no report, whatever it is called. */
const work: readonly CommandClass[] = ['deploy', 'publish', 'migrate'];

export default defineRule({
  id: 'gitlab-ci/after-script-failure',
  on: gitlabCi,
  summary: 'A deployment in after_script, where no failure counts',
  why: 'GitLab looks at no exit status there, and runs it after a script that has failed as well: the job is green without the deployment, or deploys what did not pass.',
  concern: 'failure',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => {
    const told = new Set<number>();
    return {
      job(job) {
        const entry = job.setting('after_script');
        if (job.hidden || !entry || !job.afterScript || told.has(entry.key.range[0])) return;
        const found = scriptPurposes(job.afterScript);
        const command = job.afterScript.commands.find(
          (each) => each.class !== undefined && work.includes(each.class),
        );
        if (!work.some((each) => found.has(each)) || !command?.name) return;
        told.add(entry.key.range[0]);
        report({
          at: entry.key,
          message: say`${job.name.string} is green even if ${command.name} fails here, and runs it after a failure too`,
        });
      },
    };
  },
});
