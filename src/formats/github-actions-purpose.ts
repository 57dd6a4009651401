import { lookUp } from '../text/look-up';
import type { Job, Step } from './github-actions';
import { isAside, type PushedImage } from './pushed-images';
import {
  goesLive,
  nameSaysTest,
  scriptPurposes,
  testsOnTheWay,
  weightiest,
} from './script-purpose';
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
  'actions/create-release': 'publish',
  'akhileshns/heroku-deploy': 'deploy',
  'ansible/ansible-lint': 'lint',
  'appleboy/scp-action': 'deploy',
  'astral-sh/ruff-action': 'lint',
  'aws-actions/aws-cloudformation-github-deploy': 'deploy',
  'azure/container-apps-deploy-action': 'deploy',
  'burnett01/rsync-deployments': 'deploy',
  'changesets/action': 'publish',
  'codespell-project/actions-codespell': 'lint',
  'crate-ci/typos': 'lint',
  'davidanson/markdownlint-cli2-action': 'lint',
  'digitalocean/app_action': 'deploy',
  'dorny/test-reporter': 'read',
  'easingthemes/ssh-deploy': 'deploy',
  'gitleaks/gitleaks-action': 'scan',
  'ibiqlik/action-yamllint': 'lint',
  'js-devtools/npm-publish': 'publish',
  'mikepenz/action-junit-report': 'read',
  'ncipollo/release-action': 'publish',
  'nwtgck/actions-netlify': 'deploy',
  'psf/black': 'lint',
  'pypa/gh-action-pip-audit': 'scan',
  'rhysd/actionlint': 'lint',
  'samkirkland/ftp-deploy-action': 'deploy',
  'streetsidesoftware/cspell-action': 'lint',
  'svenstaro/upload-release-action': 'publish',
  'trufflesecurity/trufflehog': 'scan',
  'wagoid/commitlint-github-action': 'lint',
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

/** `owner/name` of a `uses:`, lower-cased; undefined for local and docker actions. */
export function actionName(uses: string): string | undefined {
  const match = /^([\w-][\w.-]*\/[\w.-]+)(?:\/[^@]*)?(?:@|$)/.exec(uses);
  return match?.[1]?.toLowerCase();
}

/** All that a step does, by its commands or its action. */
export function purposesOf(step: Step): ReadonlySet<CommandClass> {
  const found = new Set<CommandClass>();
  const action = step.uses && actionName(step.uses.string);
  // Handing over a report is no scan.
  const uploads = /\/upload-sarif(?:@|$)/.test(step.uses?.string ?? '');
  const known = action === undefined ? undefined : uploads ? 'read' : lookUp(actions, action);
  if (known) {
    const pushes = action === 'docker/build-push-action' && scalarText(step, 'push') !== 'false';
    found.add(pushes && step.input('push') ? 'publish' : known);
  }
  if (step.script) for (const each of scriptPurposes(step.script)) found.add(each);
  return found;
}

/**
 * The images docker/build-push-action pushes in a step (https://github.com/docker/build-push-action#inputs); none
 * where the push or its tags are only known when it runs.
 */
export function imagesBuiltAndPushed(step: Step): readonly PushedImage[] {
  if (step.uses && actionName(step.uses.string) !== 'docker/build-push-action') return [];
  if (!step.uses || scalarText(step, 'push') !== 'true') return [];
  const tags = step.input('tags');
  if (tags?.kind !== 'scalar') return [];
  return tags.string
    .split(/[\s,]+/)
    .filter((each) => each !== '' && !isAside({ text: each }))
    .map((text) => {
      const [, name = text, tag] = /^(.*?)(?::([^:/}]*))?$/.exec(text) ?? [];
      const isKnown = tag === undefined ? !text.includes('${{') : !/[${]/.test(tag);
      return { text, name, tag: isKnown ? (tag ?? 'latest') : undefined, range: tags.range };
    });
}

/** A cluster that the job makes for itself and that is gone with it. */
const throwAwayCluster =
  /(?:^|\/)(?:actions?-)?(?:kind-action|setup-minikube|setup-kind|k3d-action|setup-k3d-k3s|setup-k3s|action-k3s|kind-cluster|minikube-action)\b/i;

/** Whether the job brings up a cluster of its own to try things in. */
export const hasOwnCluster = (job: Job): boolean =>
  job.steps.some(
    (step) =>
      throwAwayCluster.test(step.uses?.string ?? '') ||
      step.script?.commands.some(
        (command) =>
          (/^(?:kind|k3d|ctlptl)$/.test(command.name ?? '') &&
            command.operands.some((word) => word.value === 'create')) ||
          (command.name === 'minikube' && command.operands[0]?.value === 'start'),
      ),
  );

const scalarText = (step: Step, input: string): string | undefined => {
  const value = step.input(input);
  return value?.kind === 'scalar' ? value.string : undefined;
};

/** The weightiest thing a step does; undefined where nothing of it is known. */
export const purposeOf = (step: Step): CommandClass | undefined => weightiest(purposesOf(step));

/**
 * Whether a job brings something to where others use it. A job that ships documentation, reports or previews does
 * not count.
 */
export function deploys(job: Job): boolean {
  if (hasOwnCluster(job) || isDocumentation(job)) return false;
  if (job.steps.some((step) => purposesOf(step).has('deploy'))) return true;
  const { environment } = job;
  return (
    environment !== undefined &&
    environment !== 'github-pages' &&
    goesLive(`${job.id?.string}`, environment)
  );
}

/** A job that hands a version to its users: a package, an image, a release. */
export const publishes = (job: Job): boolean =>
  job.steps.some((step) => purposesOf(step).has('publish'));

const aboutDocumentation =
  /\b(?:mk)?docs?|documentation|pages|website|site|storybook|preview|coverage|benchmark|demo|playground/i;

function isDocumentation(job: Job): boolean {
  return (
    job.environment === 'github-pages' ||
    aboutDocumentation.test(job.id?.string ?? '') ||
    aboutDocumentation.test(job.workflow.path.replace(/^.*\//, '')) ||
    job.steps.some(
      (step) =>
        /pages/.test(step.uses?.string ?? '') ||
        // https://github.com/Azure/static-web-apps-deploy: takes a preview down.
        scalarText(step, 'action') === 'close',
    )
  );
}

/** Whether a job tests something, by what it does or by what it is called. */
export const tests = (job: Job): boolean =>
  job.steps.some(
    (step) => purposesOf(step).has('test') || (step.script && testsOnTheWay(step.script)),
  ) || isCalledTest(job);

/** Whether a job's id says that it tests. */
export const isCalledTest = (job: Job): boolean => nameSaysTest(job.id?.string ?? '');

/** What in the job's steps nobody can tell from here: local actions, scripts of the project's own. */
export const hasUnknownSteps = (job: Job): boolean =>
  job.uses !== undefined ||
  job.steps.some(
    (step) =>
      step.uses?.string.startsWith('./') ||
      step.script?.commands.some(
        (command) =>
          command.class === undefined &&
          /^(?:\.{0,2}\/)?[\w./-]+\.(?:sh|py|rb|js|ts)$/.test(command.word?.value ?? ''),
      ) ||
      step.script?.commands.some(
        (command) =>
          /^(?:make|just|task|mage|gradle|mvn|bash|sh|python)$/.test(command.name ?? '') &&
          command.class === undefined &&
          command.operands.length > 0,
      ),
  );

/** The jobs a job waits for, directly and by way of others. */
export function jobsBefore(job: Job): ReadonlySet<Job> {
  const found = new Set<Job>();
  const open = [job];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const need of next.needs) {
      const before = job.workflow.jobs.find((each) => each.id?.string === need.string);
      if (!before || found.has(before)) continue;
      found.add(before);
      open.push(before);
    }
  }
  return found;
}
