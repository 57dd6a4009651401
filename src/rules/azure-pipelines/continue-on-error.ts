import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { azurePipelines, type Job, type Step } from '../../formats/azure-pipelines';
import { isCalledOptional, isExplained, saysItMayFail } from '../../formats/excuse';
import { mustNotFail, scriptPurposes, weightiest } from '../../formats/script-purpose';
import type { YamlMap } from '../../syntax/yaml';
import { wholeLine } from '../../text/lines';

/** Tasks that build, test or deploy, whatever their inputs say. */
const weighty =
  /^(?:Maven|Gradle|VSTest|VSBuild|MSBuild|DotNetCoreCLI|Docker|Kubernetes\w*|HelmDeploy|AzureWebApp\w*|AzureFunctionApp\w*|AzureRmWebAppDeployment)@/;

/** Names of what only tells of a result, or clears away. */
const tellsOrClears = /\b(?:report|publish|upload|clean ?up|notify)\b/i;
const decidesNothing = (name: string | undefined): boolean =>
  isCalledOptional(name) || tellsOrClears.test(name ?? '');

export default defineRule({
  id: 'azure-pipelines/continue-on-error',
  on: azurePipelines,
  summary: 'A build, test or deploy may fail and the run goes on',
  why: 'The run ends as "partially succeeded", which nobody opens: the merge goes through, and what comes behind works with what is broken.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create({ document, report }) {
    const { text } = document.source;
    const tell = (node: YamlMap, what: Wording) => {
      const entry = node.entry('continueOnError');
      if (entry?.value?.kind !== 'scalar' || String(entry.value.value) !== 'true') return;
      const [start] = entry.key.range;
      if (saysItMayFail(text, start) || isExplained(text, start, entry.value.range[1])) return;
      const line = wholeLine(text, entry.key.range[0], entry.value.range[1]);
      report({
        at: { range: [entry.key.range[0], entry.value.range[1]] },
        message: say`${what} may fail and the run goes on`,
        ...(line && {
          fix: { title: 'Remove continueOnError', safe: true, edits: [{ range: line, text: '' }] },
        }),
      });
    };
    return {
      job(job) {
        if (!job.steps.some(isWeighty)) return;
        if (!decidesNothing(title(job))) tell(job.map, title(job) || say`This job`);
      },
      step(step) {
        if (isWeighty(step) && !isHandledInside(step) && !decidesNothing(step.title))
          tell(step.map, step.title ? `"${step.title}"` : (step.task ?? say`This step`));
      },
    };
  },
});

function title(job: Job): string {
  const shown = job.map.get('displayName');
  return shown?.kind === 'scalar' ? shown.string : (job.name?.string ?? '');
}

/** Each of its checks has a `||` of its own: the step cannot fail by one. */
function isHandledInside({ script }: Step): boolean {
  const checks = script?.commands.filter((command) => mustNotFail.has(command.class)) ?? [];
  return checks.length > 0 && checks.every(({ fallbacks }) => fallbacks.length > 0);
}

function isWeighty(step: Step): boolean {
  if (step.task && weighty.test(step.task)) return true;
  const purpose = step.script && weightiest(scriptPurposes(step.script));
  return mustNotFail.has(purpose);
}
