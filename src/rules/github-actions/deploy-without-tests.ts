import type { RuleContext, Visitor } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions, type Job, type WorkflowNodes } from '../../formats/github-actions';
import {
  deploys,
  hasUnknownSteps,
  isCalledTest,
  jobsBefore,
  tests,
} from '../../formats/github-actions-purpose';
import { isForFailure, isForReleases, startsOnBranchPush } from '../../formats/github-actions-push';

export default defineRule({
  id: 'github-actions/deploy-without-tests',
  on: githubActions,
  summary: 'A push deploys at once, and the tests do not have to pass first',
  why: 'The tests of that push are still running, or fail, while it goes live; nothing stands between a broken commit and its users.',
  concern: 'testing',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }: RuleContext<unknown>): Visitor<WorkflowNodes> => ({
    job(job) {
      const { id, workflow } = job;
      if (!id || !startsOnBranchPush(workflow) || isCalledTest(job) || !deploys(job)) return;
      if (isForReleases(job) || isForFailure(job)) return;
      const before = [job, ...jobsBefore(job)];
      if (before.some((each) => tests(each) || hasUnknownSteps(each))) return;
      const others = workflow.jobs.filter(
        (each) => !before.includes(each) && !jobsBefore(each).has(job) && tests(each),
      );
      if (others.length > 0) {
        const [first] = others;
        report({
          at: id,
          message: say`${id.string} deploys without waiting for ${first!.id?.string ?? ''}`,
          related: [{ at: first!.id!, message: 'The tests run beside it' }],
          ...(others.length === 1 && needs(job, first!.id!.string, document.source.text)),
        });
        return;
      }
      report({
        at: id,
        message: say`${id.string} deploys on push, and no workflow here runs tests`,
        condition: { noneOf: [{ kind: 'github-actions/tests', key: workflow.repository }] },
      });
    },
  }),
});

/** `needs:` with the test job put in. */
function needs(job: Job, test: string, text: string) {
  const entry = job.map.entry('needs');
  const fix = (range: readonly [number, number], text: string) => ({
    fix: { title: say`Wait for ${test}`, safe: false, edits: [{ range, text }] },
  });
  if (!entry) {
    const [first] = job.map.entries;
    if (job.map.flow || !first) return {};
    const at = first.key.range[0];
    const indent = text.slice(text.lastIndexOf('\n', at) + 1, at);
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    return indent.trim() === '' ? fix([at, at], `needs: ${test}${eol}${indent}`) : {};
  }
  const { value } = entry;
  if (value?.kind === 'scalar') return fix(value.range, `[${value.string}, ${test}]`);
  if (value?.kind !== 'list' || !value.flow || value.items.length === 0) return {};
  const end = value.items.at(-1)!.range[1];
  return fix([end, end], `, ${test}`);
}
