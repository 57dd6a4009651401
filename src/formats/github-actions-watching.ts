import type { FactName } from '../engine/fact';
import type { YamlNode } from '../syntax/yaml';
import type { Step, Workflow } from './github-actions';

/** Actions, commands and addresses by which people are told. */
const tells =
  /slack|discord|teams|mattermost|rocket-?chat|zulip|matrix-|telegram|pagerduty|opsgenie|victorops|sendgrid|action-send-mail|send-?mail|notif|alert|create-an-issue|issue-bot|create-issue|gh\s+issue\s+(?:create|comment|reopen)|issues\.create|\/issues\b|healthchecks?\.io|hc-ping|cronitor|deadmanssnitch|sentry-cli\s+monitors|webhook/i;

/** Steps that keep a repository tidy: that they did not run one day is no loss. */
const housekeeping =
  /^(?:actions\/(?:stale|labeler|first-interaction|delete-package-versions|cache\/.*)|dessant\/.*|aws-actions\/stale-issue-cleanup|snok\/container-retention-policy|dataaxiom\/.*|mattraks\/delete-workflow-runs|c-hive\/gha-remove-artifacts|geekyeggo\/delete-artifact|probot\/.*|ossf\/scorecard-action|github\/codeql-action\/.*|actions\/add-to-project|toshimaru\/auto-author-assign|gautamkrishnar\/keepalive-workflow|lekterable\/.*|.*\/lock-threads|.*stale.*|kitabisa\/docker-slim.*)(?:@|$)/i;

/** Steps that only make a runner ready. */
const preparing =
  /^(?:actions\/(?:checkout|setup-\w+|cache|create-github-app-token|github-script|upload-artifact)|step-security\/harden-runner|tibdex\/github-app-token|github\/codeql-action\/upload-sarif)(?:@|$)/i;

/** Whether a workflow does nothing but tidy up, or writes its results where they are looked at anyway. */
export function isHousekeeping({ jobs }: Workflow): boolean {
  const steps = jobs.flatMap((job) => job.steps);
  const uses = steps.flatMap((step) => step.uses?.string ?? []);
  return (
    uses.some((each) => housekeeping.test(each)) &&
    steps.every((step) => !step.run || isQuiet(step)) &&
    uses.every((each) => housekeeping.test(each) || preparing.test(each))
  );
}

const isQuiet = (step: Step): boolean =>
  /\bgh\s+(?:cache|run|api)\b|\becho\b/.test(step.run!.string);

/** Names of workflows that tidy up, remind, or propose changes: that they did not run one day is no loss. */
const byItsName =
  /\b(?:lock|stale|remind\w*|clean-?up|milestone|leaderboard|label\w*|auto-?approve|sprint|triage|greet\w*|renovate|update-?cli|dependabot|auto-?update|update\w*|bump\w*|outdated|version check|versions-check)\b/i;

/** A change it proposes is looked at and tested by itself. */
const proposes =
  /create-pull-request|\bgh\s+pr\s+create\b|renovatebot\/|renovate|hub\s+pull-request/i;

/** Whether its name or its steps say that it only keeps the repository tidy or proposes changes. */
export function onlyTidiesOrProposes({ name, path, jobs }: Workflow): boolean {
  const ids = jobs.map((job) => job.id?.string ?? '').join(' ');
  const said = `${name?.string ?? ''} ${path.replace(/^.*\//, '')} ${ids}`.replace(/_/g, '-');
  return (
    byItsName.test(said) ||
    jobs.some((job) =>
      job.steps.some((step) =>
        proposes.test(`${step.uses?.string ?? ''}\n${step.run?.string ?? ''}`),
      ),
    )
  );
}

/**
 * Whether somebody hears of a failure: a step, a job or an action of the workflow tells, or a part of it is not in this
 * file and may.
 */
export function tellsOfFailure(workflow: Workflow): boolean {
  return workflow.jobs.some(
    (job) =>
      job.uses !== undefined ||
      asksForFailure(job.condition?.string) ||
      job.steps.some(
        (step) =>
          step.uses?.string.startsWith('./') ||
          asksForFailure(step.condition?.string) ||
          tells.test(
            `${step.uses?.string ?? ''}\n${step.run?.string ?? ''}\n${textOf(step.input('script'))}`,
          ),
      ),
  );
}

/** `failure()` and what is like it; an `always()` that only cleans up or uploads tells nobody, but may. */
const asksForFailure = (condition: string | undefined): boolean =>
  condition !== undefined && /\bfailure\(\)|'failure'|"failure"/.test(condition);

const textOf = (node: YamlNode | undefined): string => (node?.kind === 'scalar' ? node.string : '');

/** Stated where a workflow waits for the end of others, by their names (`on: workflow_run`). */
export const watches = (repository: string, name: string): FactName => ({
  kind: 'github-actions/watches',
  key: `${repository}#${name}`,
});

/** The names of workflows whose end a workflow waits for. */
export function watchedBy(workflow: Workflow): readonly string[] {
  const run = workflow.trigger('workflow_run');
  const names = run?.kind === 'map' ? run.get('workflows') : undefined;
  const items = names?.kind === 'list' ? names.items : names ? [names] : [];
  return items.flatMap((each) => (each.kind === 'scalar' ? each.string : []));
}
