import type { Job, Step } from './github-actions';
import type { CommandClass } from './shell-commands';

/** Actions whose purpose their name does not leave open. Owner and name without the path's rest and version. */
const actions: Readonly<Record<string, CommandClass>> = {
  'actions/attest-build-provenance': 'publish',
  'actions/cache': 'fetch',
  'actions/deploy-pages': 'deploy',
  'actions/download-artifact': 'fetch',
  'actions/upload-artifact': 'read',
  'actions/upload-pages-artifact': 'read',
  'actions/dependency-review-action': 'scan',
  'amondnet/vercel-action': 'deploy',
  'anchore/scan-action': 'scan',
  'appleboy/ssh-action': 'deploy',
  'aquasecurity/trivy-action': 'scan',
  'aws-actions/amazon-ecs-deploy-task-definition': 'deploy',
  'azure/functions-action': 'deploy',
  'azure/k8s-deploy': 'deploy',
  'azure/webapps-deploy': 'deploy',
  'azure/static-web-apps-deploy': 'deploy',
  'azure/arm-deploy': 'deploy',
  'bridgecrewio/checkov-action': 'scan',
  'cloudflare/pages-action': 'deploy',
  'cloudflare/wrangler-action': 'deploy',
  'codecov/codecov-action': 'read',
  'coverallsapp/github-action': 'read',
  'cycjimmy/semantic-release-action': 'publish',
  'cypress-io/github-action': 'test',
  'docker/bake-action': 'build',
  'docker/build-push-action': 'build',
  'firebaseextended/action-hosting-deploy': 'deploy',
  'github/codeql-action': 'scan',
  'golang/govulncheck-action': 'scan',
  'golangci/golangci-lint-action': 'lint',
  'google-github-actions/deploy-appengine': 'deploy',
  'google-github-actions/deploy-cloud-functions': 'deploy',
  'google-github-actions/deploy-cloudrun': 'deploy',
  'goreleaser/goreleaser-action': 'publish',
  'gradle/gradle-build-action': 'build',
  'hadolint/hadolint-action': 'lint',
  'helm/chart-releaser-action': 'publish',
  'helm/kind-action': 'install',
  'jamesives/github-pages-deploy-action': 'deploy',
  'microsoft/playwright-github-action': 'test',
  'ossf/scorecard-action': 'scan',
  'peaceiris/actions-gh-pages': 'deploy',
  'pre-commit/action': 'lint',
  'pypa/cibuildwheel': 'build',
  'pypa/gh-action-pypi-publish': 'publish',
  'pyo3/maturin-action': 'build',
  'returntocorp/semgrep-action': 'scan',
  'reviewdog/action-actionlint': 'lint',
  'ludeeus/action-shellcheck': 'lint',
  'slackapi/slack-github-action': 'notify',
  'snyk/actions': 'scan',
  'softprops/action-gh-release': 'publish',
  'sonarsource/sonarcloud-github-action': 'scan',
  'sonarsource/sonarqube-scan-action': 'scan',
  'super-linter/super-linter': 'lint',
  'github/super-linter': 'lint',
  'zizmorcore/zizmor-action': 'scan',
};

/** What weighs more when a step does several things. */
const weight: readonly CommandClass[] = [
  'deploy',
  'publish',
  'migrate',
  'test',
  'scan',
  'lint',
  'build',
  'notify',
  'install',
  'fetch',
  'clean',
];

/** `owner/name` of a `uses:`, lower-cased; undefined for local and docker actions. */
export function actionName(uses: string): string | undefined {
  const match = /^([\w.-]+\/[\w.-]+)(?:\/[^@]*)?(?:@|$)/.exec(uses);
  return match?.[1]!.toLowerCase();
}

/** All that a step does, by its commands or its action. */
export function purposesOf(step: Step): ReadonlySet<CommandClass> {
  const found = new Set<CommandClass>();
  const action = step.uses && actionName(step.uses.string);
  const known = action === undefined ? undefined : actions[action];
  if (known) {
    const pushes = action === 'docker/build-push-action' && scalarText(step, 'push') !== 'false';
    found.add(pushes && step.input('push') ? 'publish' : known);
  }
  for (const command of step.script?.commands ?? []) {
    if (!command.class || command.substituted) continue;
    if (isRehearsal(command.has)) continue;
    found.add(command.class);
  }
  return found;
}

/** Runs that only show what would happen. */
const isRehearsal = (has: (...flags: string[]) => boolean) =>
  has('--dry-run', '--dryrun', '--check', '--help', '--version', '--diff');

const scalarText = (step: Step, input: string): string | undefined => {
  const value = step.input(input);
  return value?.kind === 'scalar' ? value.string : undefined;
};

/** The weightiest thing a step does; undefined where nothing of it is known. */
export function purposeOf(step: Step): CommandClass | undefined {
  const found = purposesOf(step);
  return weight.find((each) => found.has(each));
}

/** Environments that go live; a review or test environment is a rehearsal. */
const liveEnvironment = /^(?!.*(?:test|review|preview|ephemeral|ci\b))/i;

/**
 * Whether a job brings something to where others use it. A job that ships documentation, reports or previews does
 * not count.
 */
export function deploys(job: Job): boolean {
  if (job.steps.some((step) => purposesOf(step).has('deploy') && !isDocumentation(job)))
    return true;
  const { environment } = job;
  return (
    environment !== undefined &&
    environment !== 'github-pages' &&
    liveEnvironment.test(environment) &&
    /\b(deploy|release|publish|prod(uction)?|live|staging)\b/i.test(
      `${job.id?.string} ${environment}`,
    )
  );
}

/** A job that hands a version to its users: a package, an image, a release. */
export const publishes = (job: Job): boolean =>
  job.steps.some((step) => purposesOf(step).has('publish'));

function isDocumentation(job: Job): boolean {
  return (
    job.environment === 'github-pages' ||
    /\b(docs?|pages|website|site|storybook|preview|coverage|benchmark)/i.test(
      job.id?.string ?? '',
    ) ||
    job.steps.some((step) => /pages/.test(step.uses?.string ?? ''))
  );
}

/** Whether a job tests something. */
export const tests = (job: Job): boolean =>
  job.steps.some((step) => purposesOf(step).has('test')) ||
  /\b(tests?|e2e|integration|unit|spec|check|ci)\b/i.test(
    job.id?.string.replace(/[-_]/g, ' ') ?? '',
  );
