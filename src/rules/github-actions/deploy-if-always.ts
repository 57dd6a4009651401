import type { RuleContext, Visitor } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { saysItMayFail } from '../../formats/excuse';
import {
  githubActions,
  type Job,
  type Step,
  type WorkflowNodes,
} from '../../formats/github-actions';
import {
  conditionOf,
  type Expression,
  holdsIn,
  namesIn,
  type Surroundings,
} from '../../formats/github-actions-expression';
import {
  deploys,
  hasUnknownSteps,
  isCalledTest,
  publishes,
  purposesOf,
} from '../../formats/github-actions-purpose';
import type { CommandClass } from '../../formats/shell-commands';

/** What has to have passed before anything goes out. */
const gates: readonly CommandClass[] = ['test', 'build', 'lint', 'scan'];

const statusFunctions = /^(?:always|failure|cancelled)\(\)$/;

export default defineRule({
  id: 'github-actions/deploy-if-always',
  on: githubActions,
  summary: 'A deployment runs although what it waits for has failed',
  why: 'always() and !cancelled() switch off the rule that a failed job stops those behind it: what did not pass its tests goes out all the same.',
  concern: 'failure',
  severity: 'error',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }: RuleContext<unknown>): Visitor<WorkflowNodes> => ({
    job(job) {
      const condition = overriding(job);
      if (!condition || isCalledTest(job) || !(deploys(job) || publishes(job))) return;
      const { text } = document.source;
      if (saysItMayFail(text, job.map.entry('if')!.key.range[0])) return;
      const failed = gatesBefore(job).find(
        (gate) => runsAfterFailureOf(gate, job) && !stopsByItself(job, gate, text),
      );
      if (!failed) return;
      report({
        at: job.condition!,
        message: say`${job.id?.string ?? ''} runs even when ${failed.id?.string ?? ''} has failed`,
        fix: {
          title: 'Stop when a needed job failed or was cancelled',
          safe: false,
          edits: stopOnFailure(job),
        },
      });
    },
    step(step) {
      const condition = overriding(step);
      if (!condition || !goesOut(step)) return;
      // Who looks at the outcome of a step has thought about it.
      if ([...namesIn(condition)].some((name) => name.startsWith('steps.'))) return;
      const { steps } = step.job;
      const failed = steps
        .slice(0, steps.indexOf(step))
        .find((each) => !each.continueOnError && gates.some((gate) => purposesOf(each).has(gate)));
      if (!failed || !runsWhen(condition, stepFailed) || isOnlyForFailure(condition)) return;
      const what = failed.name?.string ?? failed.run?.string.trim().split('\n')[0] ?? 'it';
      report({
        at: step.condition!,
        message: say`This step runs even when "${what}" has failed`,
      });
    },
  }),
});

/** A condition that asks for another status than success; any other has `success() &&` in front of it. */
function overriding(node: Job | Step): Expression | undefined {
  const condition = conditionOf(node);
  const names = condition ? [...namesIn(condition)] : [];
  return names.some((name) => statusFunctions.test(name)) ? condition : undefined;
}

function goesOut(step: Step): boolean {
  const purposes = purposesOf(step);
  return (purposes.has('deploy') && deploys(step.job)) || purposes.has('publish');
}

const gatesBefore = (job: Job): readonly Job[] =>
  job.workflow.jobs.filter((each) => waitsFor(job, each) && isGate(each));

const waitsFor = (job: Job, other: Job) =>
  job.needs.some((need) => need.string === other.id?.string);

/** Its steps ask for the gate's result, or need what a gate that only builds would have handed over. */
const stopsByItself = (job: Job, gate: Job, text: string): boolean =>
  job.steps.some(
    (step) =>
      text.slice(...step.map.range).includes(`needs.${gate.id?.string}.result`) ||
      (isBuildOnly(gate) && !step.condition && /download-artifact/.test(step.uses?.string ?? '')),
  );

const isBuildOnly = (gate: Job): boolean =>
  gate.steps.some((step) => /upload-artifact/.test(step.uses?.string ?? '')) &&
  !gate.steps.some((step) => gates.some((each) => each !== 'build' && purposesOf(step).has(each)));

/** A name alone says little: "check commenter" judges nobody's work. */
const isGate = (job: Job): boolean =>
  job.steps.some((step) => gates.some((gate) => purposesOf(step).has(gate))) ||
  (isCalledTest(job) && hasUnknownSteps(job));

/** `behind`: jobs whose own condition led here, as those that wait for each other do without end. */
function runsAfterFailureOf(gate: Job, job: Job, behind: readonly Job[] = []): boolean {
  const condition = overriding(job);
  if (!condition) return false;
  const gateResult = `needs.${idOf(gate)}.result`;
  const looksAtGate = [...namesIn(condition)].includes(gateResult);
  const failed: Surroundings = {
    ...stepFailed,
    value: (path) => {
      if (path === gateResult) return 'failure';
      // A failed job has put out nothing anyone can rely on.
      if (path.startsWith(`needs.${idOf(gate)}.outputs.`)) return '';
      if (path === 'needs.*.result') return ['failure', 'success'];
      // Who goes on without the gate by an input has asked for it.
      if (looksAtGate && /^(?:github\.event\.)?inputs\./.test(path)) return '';
      const between = job.workflow.jobs.find((each) => path === `needs.${idOf(each)}.result`);
      if (!between || between === job || behind.includes(between)) return undefined;
      return isSkippedBehind(gate, between, [...behind, job]) ? 'skipped' : undefined;
    },
  };
  return runsWhen(condition, failed) && !isOnlyForFailure(condition);
}

/** Whether a job that waits for the gate does not run either when that has failed. */
const isSkippedBehind = (gate: Job, job: Job, behind: readonly Job[]): boolean =>
  job !== gate && waitsFor(job, gate) && !runsAfterFailureOf(gate, job, behind);

const idOf = (job: Job) => job.id?.string.toLowerCase() ?? '';

const stepFailed: Surroundings = {
  value: () => undefined,
  status: (name) =>
    name === 'always' || name === 'failure'
      ? true
      : name === 'success' || name === 'cancelled'
        ? false
        : undefined,
};

const allWell: Surroundings = {
  value: () => undefined,
  status: (name) =>
    name === 'always' || name === 'success'
      ? true
      : name === 'failure' || name === 'cancelled'
        ? false
        : undefined,
};

const runsWhen = (condition: Expression, surroundings: Surroundings) =>
  holdsIn(condition, surroundings) !== false;

/** A roll-back, a clean-up: what never runs when all is well. */
const isOnlyForFailure = (condition: Expression) => holdsIn(condition, allWell) === false;

function stopOnFailure(job: Job): { range: readonly [number, number]; text: string }[] {
  const { condition } = job;
  if (condition?.style !== 'plain') return [];
  const guard = "!contains(needs.*.result, 'failure') && !contains(needs.*.result, 'cancelled')";
  const braces = /^\$\{\{\s*([\s\S]*?)\s*\}\}$/.exec(condition.string);
  const asked = braces?.[1] ?? condition.string;
  const whole = /\|\|/.test(asked) ? `(${asked})` : asked;
  return [{ range: condition.range, text: `\${{ ${whole} && ${guard} }}` }];
}
