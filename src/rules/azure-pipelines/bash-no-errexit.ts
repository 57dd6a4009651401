import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { azurePipelines } from '../../formats/azure-pipelines';
import { mustNotFail } from '../../formats/script-purpose';
import type { Command, Script } from '../../formats/shell';
import { unheeded } from '../../formats/shell-unheeded';
import { lineBefore } from '../../text/lines';

export default defineRule({
  id: 'azure-pipelines/bash-no-errexit',
  on: azurePipelines,
  summary: 'A script of several commands goes on after one fails',
  why: 'Azure starts the shell without errexit: only the last command decides whether the step is green, so a failed test or build in the middle passes unseen.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create({ document, report }) {
    return {
      step(step) {
        const { script, run, failsOnStderr } = step;
        if (!script || !run || failsOnStderr) return;
        const first = unheeded(script).find(
          (each) => mustNotFail.has(each.class) && !isMissed(each, script),
        );
        if (!first) return;
        const start = run.style === 'literal' ? step.placeOf({ range: [0, 0] }) : undefined;
        report({
          at: step.placeOf(first) ?? run,
          message: say`When ${first.word?.text ?? ''} fails here the step goes on, and only its last command counts`,
          ...(start && {
            fix: {
              title: 'Begin the script with set -e',
              safe: true,
              edits: [lineBefore(document.source.text, start.range[0], 'set -e')],
            },
          }),
        });
      },
    };
  },
});

/** An image that was not built cannot be pushed: the last command fails in its place. */
function isMissed(command: Command, script: Script): boolean {
  const last = script.commands.at(-1);
  const sub = (each: Command | undefined) =>
    each?.name === 'docker' ? each.operands[0]?.value : '';
  return sub(command) === 'build' && sub(last) === 'push';
}
