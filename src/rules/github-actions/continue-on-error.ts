import type { RuleContext, Visitor } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { isCalledOptional, isExplained, saysItMayFail } from '../../formats/excuse';
import {
  githubActions,
  type Job,
  type Step,
  type WorkflowNodes,
} from '../../formats/github-actions';
import { purposeOf } from '../../formats/github-actions-purpose';
import { mustNotFail } from '../../formats/script-purpose';
import type { Command } from '../../formats/shell';
import type { YamlScalar } from '../../syntax/yaml';
import { wholeLine } from '../../text/lines';

export default defineRule({
  id: 'github-actions/continue-on-error',
  on: githubActions,
  summary: 'A build, test or deploy may fail and the workflow stays green',
  why: 'The failure is in the log and nowhere else: the check is green, the merge goes through, and the next one who looks finds weeks of red behind it.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: ({ document, report }: RuleContext<unknown>): Visitor<WorkflowNodes> => {
    const { text } = document.source;
    const tell = (at: YamlScalar, node: Job | Step, what: Wording) => {
      const entry = node.map.entry('continue-on-error')!;
      const [start] = entry.key.range;
      if (saysItMayFail(text, start) || isExplained(text, start, at.range[1])) return;
      const line = wholeLine(text, entry.key.range[0], at.range[1]);
      report({
        at: { range: [entry.key.range[0], at.range[1]] },
        message: say`${what} may fail and the workflow stays green`,
        ...(line && {
          fix: {
            title: 'Remove continue-on-error',
            safe: true,
            edits: [{ range: line, text: '' }],
          },
        }),
      });
    };
    return {
      job(job) {
        const at = job.continueOnError;
        if (at?.value !== true) return;
        const step = job.steps.find((each) => mustNotFail.has(purposeOf(each)));
        const name = job.map.get('name');
        if (name?.kind === 'scalar' && isCalledOptional(name.string)) return;
        if (step && !resultIsUsed(job) && !proposesChange(job))
          tell(at, job, say`Job ${job.id?.string ?? ''}`);
      },
      step(step) {
        const at = step.continueOnError;
        const purpose = purposeOf(step);
        if (at?.value !== true || !purpose || !mustNotFail.has(purpose)) return;
        if (outcomeIsUsed(step) || uploadFollows(step) || proposesChange(step.job)) return;
        if (isCalledOptional(step.name?.string) || isHandledInside(step)) return;
        if (isRunStrictly(step)) return;
        tell(at, step, step.name ? `"${step.name.string}"` : say`This ${purpose} step`);
      },
    };
  },
});

/** Its script asks about each check itself: the step cannot fail by one. */
function isHandledInside(step: Step): boolean {
  const checks = checksOf(step);
  const isAsked = (command: Command) =>
    command.fallbacks.length > 0 ||
    /\b(?:if|elif|while|until)\s+(?:!\s+)?$/.test(step.script!.text.slice(0, command.range[0]));
  return checks.length > 0 && checks.every(isAsked);
}

/** A step before it runs the same and may not fail: that one is the gate, this one a report more. */
function isRunStrictly(step: Step): boolean {
  const { steps } = step.job;
  const own = checksOf(step).map(({ name }) => name);
  const before = steps
    .slice(0, steps.indexOf(step))
    .filter((each) => !each.continueOnError || uploadFollows(each));
  if (step.uses) return before.some((each) => each.uses?.string === step.uses?.string);
  const strict = new Set(before.flatMap((each) => checksOf(each).map(({ name }) => name)));
  return own.length > 0 && own.every((name) => aloneTellsWhat(name) && strict.has(name));
}

/** Of `npm` and its like the script says what is run. */
const aloneTellsWhat = (name: string | undefined) =>
  name !== undefined &&
  !/^(?:npm|npx|yarn|pnpm|bun|make|just|task|cargo|go|mvn|gradle|uv|poetry|tox)$/.test(name);

const checksOf = (step: Step): readonly Command[] =>
  step.script?.commands.filter(
    (command) => command.class !== undefined && mustNotFail.has(command.class),
  ) ?? [];

/** `steps.<id>.outcome` is read by a later step: the failure is dealt with there. */
function outcomeIsUsed(step: Step): boolean {
  const { id } = step;
  if (id === undefined) return false;
  const root = step.job.workflow.root;
  return mentions(root, `steps.${id}.outcome`) || mentions(root, `steps.${id}.conclusion`);
}

function resultIsUsed(job: Job): boolean {
  return mentions(job.workflow.root, `needs.${job.id?.string}.`);
}

/** A scan whose findings go to code scanning is gated there (https://docs.github.com/en/code-security/code-scanning). */
function uploadFollows(step: Step): boolean {
  if (purposeOf(step) !== 'scan' && purposeOf(step) !== 'lint') return false;
  const { steps } = step.job;
  return steps
    .slice(steps.indexOf(step) + 1)
    .some((each) => /upload-sarif|upload-artifact/.test(each.uses?.string ?? ''));
}

/** The change it proposes or commits is tested by itself; here the tools only prepare it. */
const proposesChange = (job: Job): boolean =>
  job.steps.some(
    (step) =>
      /create-pull-request|auto-commit|add-and-commit/.test(step.uses?.string ?? '') ||
      /\bgh pr create\b|\bgit commit\b/.test(step.run?.string ?? ''),
  );

function mentions(node: Step['map'], words: string): boolean {
  const open: unknown[] = [node];
  const seen = new Set<unknown>();
  while (open.length > 0) {
    const each = open.pop() as
      | Step['map']
      | { kind: 'list'; items: unknown[] }
      | YamlScalar
      | undefined;
    if (!each || seen.has(each)) continue;
    seen.add(each);
    if (each.kind === 'scalar') {
      if (each.string.includes(words)) return true;
    } else if (each.kind === 'list') open.push(...each.items);
    else open.push(...each.entries.map((entry) => entry.value));
  }
  return false;
}
