import type { Fix } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { looksAfterRollouts, mayAsk, type Rollout, rolloutOf } from '../../formats/rollouts';
import { type Command, type Script, shell } from '../../formats/shell';

/** Names of scripts that bring a release to where it runs. */
const deploys = /(?:^|[-_./])(?:deploy|release|rollout|upgrade|publish)[\w-]*(?:\.\w+)?$/i;
const forTests =
  /(?:^|\/)(?:tests?|e2e|integration|testdata|fixtures|hack|examples?|samples?|demos?)\//;

export default defineRule({
  id: 'shell/deploy-not-verified',
  on: shell,
  summary: 'A deployment is started, and nobody looks whether it comes up',
  why: 'The command returns as soon as the cluster has taken the order: the pipeline is green while the new pods crash, and the team hears it from its users.',
  concern: 'delivery',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, path, report }) => ({
    script(script) {
      if (script.use !== 'ci' && !deploys.test(path)) return;
      if (forTests.test(path)) return;
      let last: { readonly command: Command; readonly rollout: Rollout } | undefined;
      for (const command of script.commands) {
        const rollout = rolloutOf(command, script);
        if (rollout && !command.substituted) last = { command, rollout };
        else if (last && mayAsk(command)) last = undefined;
      }
      // The whole file is read for one deployment, not for each script of it.
      if (!last || looksAfterRollouts(document.source.file.text)) return;
      const { command, rollout } = last;
      const fix = repair(command, rollout, script);
      report({
        at: { range: [command.word!.range[0], command.range[1]] },
        message: say`${rollout.what} comes back before the new version runs, and nothing here waits for it`,
        ...(fix && { fix }),
      });
    },
  }),
});

/** The tool's own flag, or a line that waits for the resource named. */
function repair(
  command: Command,
  { resource, waitFlag }: Rollout,
  script: Script,
): Fix | undefined {
  if (waitFlag) {
    const end = command.operands[0]!.range[1];
    return {
      title: say`Add ${waitFlag}`,
      safe: false,
      edits: [{ range: [end, end], text: ` ${waitFlag}` }],
    };
  }
  const isStatement = script.syntax.statements.includes(command.syntax);
  if (!resource || !isStatement || command.redirects.length > 0) return undefined;
  const { text } = script;
  const [start, end] = command.range;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (before.trim() !== '' || !/^[ \t]*(?:\r?\n|$)/.test(text.slice(end))) return undefined;
  const flags = resource.flags === '' ? '' : ` ${resource.flags}`;
  const line = `${command.word!.text} rollout status ${resource.name}${flags} --timeout=5m`;
  return {
    title: 'Wait with kubectl rollout status',
    safe: false,
    edits: [{ range: [end, end], text: `\n${before}${line}` }],
  };
}
