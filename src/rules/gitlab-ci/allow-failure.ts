import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isCalledOptional, isExplained, saysItMayFail } from '../../formats/excuse';
import { gitlabCi, type Job } from '../../formats/gitlab-ci';
import {
  isReview,
  isScheduled,
  purposeOf,
  runsByItself,
  whenOf,
} from '../../formats/gitlab-ci-purpose';
import { mustNotFail } from '../../formats/script-purpose';
import type { YamlEntry, YamlMap } from '../../syntax/yaml';
import { wholeLine } from '../../text/lines';

/** Names of jobs that only report, and of those that try what is to come. */
const triesOrReports = /\b(?:report|nightly|canary|next|unstable|edge)\b/i;

export default defineRule({
  id: 'gitlab-ci/allow-failure',
  on: gitlabCi,
  summary: 'A build, test or deploy may fail and the pipeline passes',
  why: 'The failure is an orange mark that nobody opens: the merge goes through, and the jobs behind it go on with what is broken.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create({ document, report }) {
    const { text } = document.source;
    /** A template's word for all that extend it is told once. */
    const told = new Set<YamlEntry>();
    const tell = (entry: YamlEntry | undefined, job: Job, purpose: string) => {
      const { key, value } = entry ?? {};
      if (!entry || !key || value?.kind !== 'scalar' || value.value !== true) return;
      if (told.has(entry)) return;
      told.add(entry);
      if (saysItMayFail(text, key.range[0]) || commented(text, value.range[1])) return;
      if (isExplained(text, key.range[0], value.range[1])) return;
      const line = wholeLine(text, key.range[0], value.range[1]);
      report({
        at: { range: [key.range[0], value.range[1]] },
        message: say`${job.name.string} may fail and the pipeline passes (${purpose})`,
        ...(line && {
          fix: { title: 'Remove allow_failure', safe: true, edits: [{ range: line, text: '' }] },
        }),
      });
    };
    return {
      job(job) {
        const purpose = purposeOf(job);
        if (job.hidden || purpose === undefined || !mustNotFail.has(purpose)) return;
        const name = job.name.string.replaceAll('_', ' ');
        if (isCalledOptional(name) || triesOrReports.test(name) || !runsByItself(job)) return;
        if (isReview(job) || isScheduled(job)) return;
        tell(job.setting('allow_failure'), job, purpose);
        for (const rule of job.rules)
          if (runs(rule)) tell(rule.entry('allow_failure'), job, purpose);
      },
    };
  },
});

const runs = (rule: YamlMap) => !['manual', 'never'].includes(whenOf(rule));

/** A remark behind the value: somebody says why. */
const commented = (text: string, from: number) => /^[ \t]+#[ \t]*\S/.test(text.slice(from));
