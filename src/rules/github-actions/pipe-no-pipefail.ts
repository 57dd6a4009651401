import type { RuleContext, Visitor } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions, type Step, type WorkflowNodes } from '../../formats/github-actions';
import { asksWhatWasKept, losesFailure, shortly } from '../../formats/pipe-failure';
import type { Command } from '../../formats/shell';
import { lineBefore } from '../../text/lines';

export default defineRule({
  id: 'github-actions/pipe-no-pipefail',
  on: githubActions,
  summary: 'A build or test is piped, and its failure is lost in the pipe',
  why: 'Without `shell: bash` a step runs with errexit but without pipefail: only the last command of the pipe counts, so failing tests before `| tee` are green.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }: RuleContext<unknown>): Visitor<WorkflowNodes> => ({
    step(step) {
      const { script } = step;
      // `${PIPESTATUS[0]}` asks for what the pipe hides.
      if (step.continueOnError?.value === true) return;
      if (script?.dialect !== 'bash' || /\bPIPESTATUS\b/.test(script.text)) return;
      for (const command of script.commands) {
        if (!losesFailure(command) || isReadLater(command, step)) continue;
        const next = command.pipeline[command.stage + 1]!;
        report({
          at: step.placeOf(command),
          message: say`"${shortly(command)}" may fail: the step takes the status of ${next.name ?? ''}`,
          ...useBash(step, document.source.text),
        });
      }
    },
  }),
});

/** What `tee` kept is asked about afterwards, here or in a later step. */
function isReadLater(command: Command, step: Step): boolean {
  const { steps } = step.job;
  const later = steps.slice(steps.indexOf(step)).flatMap((each) => each.script?.commands ?? []);
  return asksWhatWasKept(command, later);
}

/** `shell: bash` beside `run`; it means errexit and pipefail for the whole step. */
function useBash(step: Step, text: string) {
  const run = step.map.entry('run');
  if (!run || step.map.flow || step.map.has('shell')) return {};
  const edit = lineBefore(text, run.key.range[0], 'shell: bash');
  return { fix: { title: 'Add shell: bash (errexit and pipefail)', safe: false, edits: [edit] } };
}
