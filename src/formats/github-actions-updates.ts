import type { FactName } from '../engine/fact';
import type { Step, Workflow } from './github-actions';
import { keptUpToDate } from './update-bots';

/** Named by a commit: nothing about it changes until somebody writes another one. */
export const isPinned = (step: Step): boolean => /@[0-9a-f]{40}$/.test(step.uses?.string ?? '');

/** Stated where a workflow of the repository names actions by their commits. */
export const pinsActions = (repository: string): FactName => ({
  kind: 'github-actions/pins',
  key: repository,
});

/** Programs that propose newer versions, or write them down. */
const updates =
  /\b(?:renovate|renovatebot|updatecli|dependabot-(?:core|updates)|pinact|ratchet|actions-up|npm-check-updates|gha-update)\b/i;

/** What a workflow pins, and whether it looks for newer versions by itself. */
export function updateFacts(workflow: Workflow): readonly FactName[] {
  const { jobs, repository } = workflow;
  const steps = jobs.flatMap((job) => job.steps);
  const looks =
    steps.some((step) => updates.test(`${step.uses?.string ?? ''}\n${step.run?.string ?? ''}`)) ||
    jobs.some((job) => updates.test(job.uses?.string ?? ''));
  return [
    ...(steps.some(isPinned) ? [pinsActions(repository)] : []),
    ...(looks ? [keptUpToDate(repository)] : []),
  ];
}
