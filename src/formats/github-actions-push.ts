import type { FactName } from '../engine/fact';
import { map, scalar, type YamlNode } from '../syntax/yaml';
import type { Job, Workflow } from './github-actions';
import { conditionOf, holdsIn } from './github-actions-expression';
import { purposesOf } from './github-actions-purpose';
import { testsOnTheWay } from './script-purpose';

/** Its condition keeps it from running on the push of a branch. */
export function isForReleases(job: Job): boolean {
  const condition = conditionOf(job);
  if (!condition || /refs\/tags|ref_type/.test(job.condition?.string ?? '')) return !!condition;
  const pushed = { value: (name: string) => (name === 'github.event_name' ? 'push' : undefined) };
  return holdsIn(condition, { ...pushed, status: () => undefined }) === false;
}

/** A roll-back, which runs only when something before it has failed. */
export const isForFailure = (job: Job): boolean => {
  const condition = conditionOf(job);
  const status = (name: string) => name === 'success' || name === 'always';
  const well = { value: () => undefined, status };
  return condition !== undefined && holdsIn(condition, well) === false;
};

/** A tag or a release is cut from what was tested before; a workflow that is called leaves that to its caller. */
export function startsOnBranchPush(workflow: Workflow): boolean {
  if (workflow.kind !== 'workflow' || !workflow.triggers.has('push')) return false;
  if (workflow.triggers.has('workflow_run') || workflow.triggers.has('workflow_call')) return false;
  const push = workflow.trigger('push');
  return push?.kind !== 'map' || push.has('branches') || !push.has('tags');
}

const texts = (node: YamlNode | undefined): readonly string[] =>
  (node?.kind === 'list' ? node.items : [node]).flatMap((each) =>
    each?.kind === 'scalar' ? each.string : [],
  );

interface Branches {
  /** As written; `*` for all. */
  readonly named: readonly string[];
  /** Taken out again, by `!` or `branches-ignore`. */
  readonly except: readonly string[];
}

/** The branches whose push starts it. */
function branchesOf(workflow: Workflow): Branches {
  const push = map(workflow.trigger('push'));
  const written = texts(push?.get('branches'));
  const named = written.filter((each) => !each.startsWith('!'));
  const except = [
    ...written.flatMap((each) => (each.startsWith('!') ? each.slice(1) : [])),
    ...texts(push?.get('branches-ignore')),
  ];
  const all = named.length === 0 || named.some((each) => /^\*+$/.test(each));
  return { named: all ? ['*'] : named, except };
}

/** Of a push that touches other files only, it does not run (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushpull_requestpull_request_targetpathspaths-ignore). */
const filesOf = (workflow: Workflow): string =>
  [...texts(map(workflow.trigger('push'))?.get('paths'))].sort().join(' ');

const testedOnPush = (workflow: Workflow, branch: string, files: string): FactName => ({
  kind: 'github-actions/tests-on-push',
  key: `${workflow.repository}#${branch}#${files}`,
});

/** What is stated where a push starts tests, and nothing but the push: by branch, and by the files it must touch. */
export function testsOnPush(workflow: Workflow): readonly FactName[] {
  if (!startsOnBranchPush(workflow)) return [];
  // What the clock starts too, and no pull request, is a longer look afterwards and no gate.
  if (workflow.triggers.has('schedule') && !workflow.triggers.has('pull_request')) return [];
  const tests = workflow.jobs.some(
    (job) =>
      !isForReleases(job) &&
      !isForFailure(job) &&
      job.continueOnError === undefined &&
      job.steps.some(
        (step) => purposesOf(step).has('test') || (step.script && testsOnTheWay(step.script)),
      ),
  );
  const { named, except } = branchesOf(workflow);
  // Of all branches but some it is not known whether the deployed one is among them.
  if (!tests || (except.length > 0 && named.includes('*'))) return [];
  return named.map((branch) => testedOnPush(workflow, branch, filesOf(workflow)));
}

/** Branches that are usually deployed from, for a workflow that names none. */
const usual = ['*', 'main', 'master'];

/** Stated where the push that starts this workflow starts tests in another one. */
export function testedBeside(workflow: Workflow): readonly FactName[] {
  const { named, except } = branchesOf(workflow);
  const asked = (named.includes('*') ? usual : ['*', ...named]).filter(
    (each) => !except.includes(each),
  );
  const files = new Set(['', filesOf(workflow)]);
  return asked.flatMap((branch) => [...files].map((each) => testedOnPush(workflow, branch, each)));
}

/** Actions and commands that ask how a commit's other runs stand. */
const asksForChecks =
  /wait[-_ ]?(?:on|for)[-_ ](?:check|status|ci|workflow|build)|action-wait-for|gh run (?:watch|list)|check-runs|commits\/[^\s/]*\/status|actions\/runs|workflow[-_]run/i;

/** Whether some step asks for the state of the commit before the work goes on. */
export const waitsForChecks = ({ jobs }: Workflow): boolean =>
  jobs.some((job) =>
    job.steps.some((step) =>
      [step.uses, step.run, scalar(step.input('script'))].some(
        (each) => each !== undefined && asksForChecks.test(each.string),
      ),
    ),
  );
