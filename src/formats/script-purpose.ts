import type { Command, Script } from './shell';
import type { CommandClass } from './shell-commands';

/** What weighs more when a script does several things. */
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

/** What a failure of which must not be stepped over. */
export const mustNotFail: ReadonlySet<CommandClass | undefined> = new Set<CommandClass>([
  'build',
  'test',
  'lint',
  'scan',
  'deploy',
  'publish',
  'migrate',
]);

/** The weightiest of several purposes; undefined where none of them weighs. */
export const weightiest = (found: ReadonlySet<CommandClass>): CommandClass | undefined =>
  weight.find((each) => found.has(each));

/** All that a script of a pipeline does, by its commands. */
export function scriptPurposes(script: Script): ReadonlySet<CommandClass> {
  const found = new Set<CommandClass>();
  for (const command of script.commands) {
    const { class: purpose, inFunction } = command;
    if (!purpose || command.substituted) continue;
    // What a function does, its call does; a function nobody calls does nothing.
    if (inFunction !== undefined && !script.commands.some((each) => each.name === inFunction))
      continue;
    if (outward.has(purpose) && (isRehearsal(command) || startsServices(command, script))) continue;
    if (purpose === 'lint' && isRepair(command)) continue;
    found.add(purpose);
  }
  return found;
}

const outward = new Set<CommandClass>(['deploy', 'publish', 'migrate']);

/** Runs that only show what would happen. */
const isRehearsal = (command: Command) =>
  command.has('--dry-run', '--dryrun', '--check', '--help', '--version', '--diff');

/** Formatters that mend unless they are told to check. */
const repairers = new Set(['black', 'isort']);

/** A linter that mends what it finds judges nothing. */
const isRepair = (command: Command) =>
  (repairers.has(command.name ?? '') && !command.has('--check', '--check-only', '--diff', '-c')) ||
  command.has('--fix', '--write', '--autofix', '--fix-errors') ||
  command.operands.some((each) => /(?:^|[-:])fix(?:[-:]|$)/.test(each.value ?? ''));

/**
 * `docker compose up` on a fresh runner starts what tests need; on a machine that stays, or with another Docker host,
 * it is the deployment.
 */
const startsServices = (command: Command, script: Script) =>
  script.machine !== 'lasting' &&
  ((command.name === 'docker' && command.operands[0]?.value === 'compose') ||
    command.name === 'docker-compose') &&
  !command.has('-H', '--host', '--context', '-c') &&
  !command.syntax.assignments.some((each) => each.name === 'DOCKER_HOST');

/**
 * Builds that test before they pack (https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html,
 * https://docs.gradle.org/current/userguide/java_plugin.html#sec:java_tasks).
 */
export const testsOnTheWay = (script: Script): boolean =>
  script.commands.some(
    ({ name, class: purpose, args }) =>
      (name === 'mvn' || (name === 'gradle' && args.some((arg) => arg.value === 'build'))) &&
      (purpose === 'build' || purpose === 'publish') &&
      !args.some((arg) => /^-D(?:skipTests|maven\.test\.skip)|^(?:test|-xtest)$/.test(arg.text)),
  );

/** Words of a job's name that say it tests. */
const saysTest =
  /\b(?:tests?|testing|e2e|integration|unit|specs?|check|checks|verify|ci|validate)\b/i;

/** Whether a job's name says that it tests. */
export const nameSaysTest = (name: string): boolean =>
  saysTest.test(name.replace(/[-_]|(?<=[a-z])(?=[A-Z])/g, ' '));

/** Environments that go live; a review or test environment is a rehearsal. */
const liveEnvironment = /^(?!.*(?:test|review|preview|ephemeral|ci\b))/i;

/** Whether a job of this name, with this environment, is called a deployment to where others use it. */
export const goesLive = (job: string, environment: string): boolean =>
  liveEnvironment.test(environment) &&
  /\b(deploy|release|publish|prod(uction)?|live|staging)\b/i.test(`${job} ${environment}`);
