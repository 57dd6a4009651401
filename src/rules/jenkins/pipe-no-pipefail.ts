import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { jenkins } from '../../formats/jenkins';
import { isTrue } from '../../formats/jenkins-model';
import { asksWhatWasKept, losesFailure, shortly } from '../../formats/pipe-failure';
import type { Command } from '../../formats/shell';

export default defineRule({
  id: 'jenkins/pipe-no-pipefail',
  on: jenkins,
  summary: 'A build or test is piped, and its failure is lost in the pipe',
  why: 'Jenkins starts `sh` with -e but without pipefail: only the last command of the pipe counts, so failing tests before `| tee` are green.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    pipeline({ steps }) {
      steps.forEach((step, index) => {
        const { script, call } = step;
        // What is printed, or the status, is what the pipeline asks for.
        if (isTrue(call.named('returnStdout')) || isTrue(call.named('returnStatus'))) return;
        // `${PIPESTATUS[0]}` asks for what the pipe hides.
        if (!script || step.handles || /\bPIPESTATUS\b/.test(script.text)) return;
        const later = () => steps.slice(index).flatMap((each) => each.script?.commands ?? []);
        for (const command of script.commands) {
          if (!losesFailure(command) || asksWhatWasKept(command, later())) continue;
          if (ranBefore(command, script.commands)) continue;
          const next = command.pipeline[command.stage + 1]!;
          report({
            at: step.placeOf(command),
            message: say`"${shortly(command)}" may fail: the step takes the status of ${next.name ?? ''}`,
          });
        }
      });
    },
  }),
});

/** The same ran a moment ago without a pipe, and would have stopped the script. */
const ranBefore = (command: Command, commands: readonly Command[]): boolean =>
  commands
    .slice(0, commands.indexOf(command))
    .some(
      (each) =>
        each.name === command.name &&
        each.class === command.class &&
        each.pipeline.length === 1 &&
        each.stopsOnError &&
        !each.tested,
    );
