import type { YamlNode } from '../syntax/yaml';
import type { Job, Step, WorkflowJob } from './circleci';
import { nameSaysTest, scriptPurposes, testsOnTheWay } from './script-purpose';
import type { CommandClass } from './shell-commands';

/** Jobs and commands of orbs that bring something to where it runs: https://circleci.com/developer/orbs */
const orbDeploys =
  /\/(?:deploy(?:[-_](?!key|setup)\w+)*|update-container-image|upgrade-helm-chart|create-or-update-resource)$/;

/** Names of jobs that go somewhere for a look, or take it down again. */
const passing = /review|preview|destroy|teardown|rollback|undeploy|(?:^|[-_/])pr(?:[-_/]|$)/i;

const none: ReadonlySet<CommandClass> = new Set();

export const purposesOf = (step: Step): ReadonlySet<CommandClass> =>
  step.script ? scriptPurposes(step.script) : none;

const has = (job: Job | undefined, purpose: CommandClass) =>
  job?.steps.some((step) => purposesOf(step).has(purpose)) ?? false;

/** Whether a job of a workflow tests something by its commands; of an orb's job only the name is known. */
export const tests = ({ job, key, name, approval }: WorkflowJob): boolean =>
  !approval &&
  (job
    ? has(job, 'test') || job.steps.some((step) => step.script && testsOnTheWay(step.script))
    : nameSaysTest(`${key.string} ${name}`));

/** Whether it tests, or is only called so: what it runs may be a script of the project. */
export const mayTest = (job: WorkflowJob): boolean =>
  !job.approval && (tests(job) || nameSaysTest(`${job.key.string} ${job.name}`));

/** Whether a job brings something to where others use it. */
export const deploys = ({ job, key, name, approval }: WorkflowJob): boolean =>
  !approval &&
  !passing.test(`${key.string} ${name}`) &&
  (job
    ? has(job, 'deploy') || job.steps.some((step) => orbDeploys.test(step.kind))
    : orbDeploys.test(key.string));

/** The jobs that have to succeed before one starts: those it requires and those behind them. */
export function jobsBefore(job: WorkflowJob): ReadonlySet<WorkflowJob> {
  const found = new Set<WorkflowJob>();
  const open = [job];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const name of next.requires) {
      for (const each of job.workflow.jobs) {
        if (each.name !== name || found.has(each)) continue;
        found.add(each);
        open.push(each);
      }
    }
  }
  return found;
}

/** A node as plain text, so that two settings can be compared. */
function written(node: YamlNode | undefined): string {
  if (node?.kind === 'scalar') return node.string;
  if (node?.kind === 'list') return `[${node.items.map(written).sort().join()}]`;
  if (node?.kind === 'map')
    return `{${node.entries.map(({ key, value }) => `${key.string}:${written(value)}`).join()}}`;
  return '';
}

const filtersOf = (job: WorkflowJob) => written(job.map?.get('filters'));

/**
 * Whether a job runs for each commit that another one runs for: it has no filters, or the same
 * (https://circleci.com/docs/reference/configuration-reference/#jobfilters). Tags start only jobs that ask for them.
 */
export const runsWhenever = (job: WorkflowJob, other: WorkflowJob): boolean =>
  filtersOf(job) === filtersOf(other) || (filtersOf(job) === '' && !forTags(other));

/** Whether tags start it. */
export function forTags(job: WorkflowJob): boolean {
  const filters = job.map?.get('filters');
  return filters?.kind === 'map' && filters.has('tags');
}
