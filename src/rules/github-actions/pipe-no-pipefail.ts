import type { RuleContext, Visitor } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions, type Step, type WorkflowNodes } from '../../formats/github-actions';
import type { Command } from '../../formats/shell';
import type { CommandClass } from '../../formats/shell-commands';

/** What must not fail unseen. */
const matters: ReadonlySet<CommandClass> = new Set([
  'build',
  'test',
  'lint',
  'scan',
  'deploy',
  'publish',
  'migrate',
]);

/** Readers that stop early: with pipefail the writer's broken pipe would fail the step. */
const stopsEarly = new Set(['head', 'grep', 'egrep', 'fgrep', 'yes', 'less', 'more']);

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

function losesFailure(command: Command): boolean {
  const last = command.pipeline.at(-1);
  if (command.stage === command.pipeline.length - 1 || !last?.name) return false;
  if (command.class === undefined || !matters.has(command.class)) return false;
  // Without errexit the author judges by hand; inside `$(…)` and `if` the answer is what counts.
  if (command.pipefail || !command.stopsOnError || command.tested) return false;
  if (command.substituted || command.background || command.has('--help', '--version')) return false;
  if (command.fallbacks.length > 0) return false;
  return !command.pipeline.some(
    (each) => each.stage > command.stage && (stopsEarly.has(each.name ?? '') || usesAll(each)),
  );
}

/** What `tee` kept is asked about afterwards: `test ! -s lint.log`, `grep -q failed=0 run.log`. */
function isReadLater(command: Command, step: Step): boolean {
  const kept = command.pipeline
    .filter((each) => each.stage > command.stage && each.name === 'tee')
    .flatMap((each) => each.operands.map((word) => word.text.replace(/["']/g, '')));
  const { steps } = step.job;
  const later = steps.slice(steps.indexOf(step)).flatMap((each) => each.script?.commands ?? []);
  const after = later.slice(later.indexOf(command) + 1);
  return after.some(
    (each) =>
      each.pipeline.some((stage) => stage.class === 'probe') &&
      each.args.some((arg) => kept.includes(arg.text.replace(/["']/g, ''))),
  );
}

/** Programs that fail by themselves when nothing, or half of it, comes through the pipe. */
const usesAll = (command: Command) =>
  /^(?:kubectl|oc|tar|docker|gpg|python|node|kubeconform|conftest)$/.test(command.name ?? '');

const shortly = (command: Command) =>
  command.syntax.words
    .slice(0, 3)
    .map((word) => word.text)
    .join(' ')
    .slice(0, 60);

/** `shell: bash` beside `run`; it means errexit and pipefail for the whole step. */
function useBash(step: Step, text: string) {
  const run = step.map.entry('run');
  if (!run || step.map.flow || step.map.has('shell')) return {};
  const at = run.key.range[0];
  const column = at - (text.lastIndexOf('\n', at) + 1);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edit = { range: [at, at] as const, text: `shell: bash${eol}${' '.repeat(column)}` };
  return { fix: { title: 'Add shell: bash (errexit and pipefail)', safe: false, edits: [edit] } };
}
