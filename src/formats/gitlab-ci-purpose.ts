import type { YamlMap } from '../syntax/yaml';
import type { Job } from './gitlab-ci';
import {
  goesLive,
  nameSaysTest,
  scriptPurposes,
  testsOnTheWay,
  weightiest,
} from './script-purpose';
import type { CommandClass } from './shell-commands';

const none: ReadonlySet<CommandClass> = new Set();

/** All that a job does, by its commands. */
export const purposesOf = (job: Job): ReadonlySet<CommandClass> =>
  job.script ? scriptPurposes(job.script) : none;

/** The weightiest thing a job does; undefined where nothing of it is known. */
export const purposeOf = (job: Job): CommandClass | undefined => weightiest(purposesOf(job));

/** Whether a job tests something, by what it does or by what it and its stage are called. */
export const tests = (job: Job): boolean =>
  purposesOf(job).has('test') ||
  (job.script !== undefined && testsOnTheWay(job.script)) ||
  nameSaysTest(job.name.string);

/** Reviews come and go with their merge request (https://docs.gitlab.com/ci/review_apps/). */
export const isReview = (job: Job) =>
  /\breview|preview/i.test(`${job.name.string} ${job.environment?.name}`);

/** Whether a job runs at set times only, beside the pipeline of a change. */
export const isScheduled = (job: Job): boolean =>
  job.rules.length > 0 &&
  job.rules.every((rule) => {
    const condition = rule.get('if');
    return condition?.kind === 'scalar' && condition.string.includes('schedule');
  });

/** Whether a job brings something to where others use it; taking an environment down does not count. */
export function deploys(job: Job): boolean {
  const { environment } = job;
  if (environment && environment.action !== 'start') return false;
  if (job.name.string === 'pages' || isReview(job)) return false;
  if (purposesOf(job).has('deploy')) return true;
  return environment !== undefined && goesLive(`${job.name.string} ${job.stage}`, environment.name);
}

/** The `when` of a job, or of one of its rules; `on_success` unless it says otherwise. */
export function whenOf(node: Job | YamlMap): string {
  const value = 'setting' in node ? node.setting('when')?.value : node.get('when');
  return value?.kind === 'scalar' ? value.string : 'on_success';
}

/** Whether nobody has to press a button for it: a rule at least lets it run by itself. */
export function runsByItself(job: Job): boolean {
  const own = whenOf(job);
  if (job.rules.length === 0) return own !== 'manual' && own !== 'never';
  return job.rules.some((rule) => {
    const when = rule.has('when') ? whenOf(rule) : own;
    return when !== 'manual' && when !== 'never';
  });
}

/**
 * The jobs that have to succeed before a job starts: those it needs and those behind them, else all of the stages
 * before (https://docs.gitlab.com/ci/yaml/#needs).
 */
export function jobsBefore(job: Job): ReadonlySet<Job> {
  const { pipeline } = job;
  const found = new Set<Job>();
  const open = [job];
  for (let next = open.pop(); next; next = open.pop()) {
    const { needs } = next;
    const stage = pipeline.stages.indexOf(next.stage);
    const before = needs
      ? needs.map((name) => pipeline.job(name))
      : pipeline.jobs.filter((each) => !each.hidden && pipeline.stages.indexOf(each.stage) < stage);
    for (const each of before) {
      if (!each || found.has(each)) continue;
      found.add(each);
      open.push(each);
    }
  }
  return found;
}
