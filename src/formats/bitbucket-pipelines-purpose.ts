import { deployPipe, type Step } from './bitbucket-pipelines';
import { nameSaysTest, scriptPurposes, testsOnTheWay } from './script-purpose';

/** Whether commands of a step test something. */
export const tests = ({ script }: Step): boolean =>
  script !== undefined && (scriptPurposes(script).has('test') || testsOnTheWay(script));

/** Whether a step tests something, or is only called so: what it runs may be a script of the project or a pipe. */
export const mayTest = (step: Step): boolean =>
  tests(step) || (step.name !== undefined && nameSaysTest(step.name.string));

/** Whether a step brings something to where others use it; the environment `test` is a rehearsal. */
export const deploys = ({ script, pipes, deployment }: Step): boolean =>
  !/^(?:test|dev|review|preview)/i.test(deployment?.string ?? '') &&
  (deployment !== undefined ||
    (script !== undefined && scriptPurposes(script).has('deploy')) ||
    pipes.some(({ string }) => deployPipe.test(string)));
