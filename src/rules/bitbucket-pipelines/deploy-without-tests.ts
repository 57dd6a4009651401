import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { bitbucketPipelines, type Pipeline, type Step } from '../../formats/bitbucket-pipelines';
import { deploys, mayTest, tests } from '../../formats/bitbucket-pipelines-purpose';

const called = ({ name, deployment }: Step) => name?.string ?? deployment?.string ?? 'A step';

/** A push starts one pipeline: that of its branch, else the default one. */
const byPush = ({ start }: Pipeline) => start === 'default' || start === 'branches';

export default defineRule({
  id: 'bitbucket-pipelines/deploy-without-tests',
  on: bitbucketPipelines,
  summary: 'A branch is deployed before its tests, or without those that run for other branches',
  why: 'A push starts the pipeline of its branch and no other: what it does not test goes live untested, although there are tests.',
  concern: 'delivery',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ report }) {
    return {
      pipeline(pipeline) {
        if (!byPush(pipeline)) return;
        const { steps, configuration } = pipeline;
        const gate = steps.find((each) => each.manual || mayTest(each));
        const step = steps.find(
          (each) =>
            deploys(each) && !each.manual && !mayTest(each) && !(gate && gate.order < each.order),
        );
        if (!step) return;
        const later = steps.find((each) => tests(each) && !deploys(each));
        const at = step.name ?? step.deployment ?? step.map.entry('script')?.key ?? step;
        if (later) {
          report({ at, message: say`${called(step)} does not wait for ${called(later)}` });
          return;
        }
        // Pull requests that are tested may be the only way to the branch.
        const { pipelines } = configuration;
        if (pipelines.some((each) => each.start === 'pull-requests' && each.steps.some(mayTest)))
          return;
        const elsewhere = pipelines.find((each) => byPush(each) && each.steps.some(tests));
        if (!elsewhere) return;
        const branch = pipeline.pattern?.string ?? 'default';
        const test = called(elsewhere.steps.find(tests)!);
        report({
          at,
          message: elsewhere.pattern
            ? say`${called(step)} goes live from ${branch} untested: ${test} runs for ${elsewhere.pattern.string} only`
            : say`${called(step)} goes live from ${branch} untested: ${test} runs for other branches only`,
        });
      },
    };
  },
});
