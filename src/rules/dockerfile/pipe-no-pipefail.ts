import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Command, shell } from '../../formats/shell';

export default defineRule({
  id: 'dockerfile/pipe-no-pipefail',
  on: shell,
  summary: 'A RUN pipes, and the failure of what writes into the pipe is lost',
  why: 'The shell of RUN has no pipefail: when the download or the build in front of the pipe fails, the layer is made from what came through, which may be nothing.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  neighbours: { hadolint: ['DL4006'] },

  create({ hosts, report }) {
    let builds = false;
    return {
      script(script) {
        builds = hosts[0]?.format === 'dockerfile' && script.use === 'image-build';
      },
      command(command) {
        if (!builds || !losesFailure(command)) return;
        const next = command.pipeline[command.stage + 1]!;
        report({
          at: { range: [command.word!.range[0], command.range[1]] },
          message: say`When ${command.name ?? ''} fails, ${next.name ?? ''} takes nothing for all there is and the build goes on`,
        });
      },
    };
  },
});

/** Programs that are content with nothing. */
const content =
  /^(?:sh|bash|ash|dash|python|node|perl|ruby|php|tee|cat|sed|awk|tr|cut|sort|jq|wc|xargs)$/;

function losesFailure(command: Command): boolean {
  const { class: purpose, pipeline, stage, word } = command;
  if (!word || stage === pipeline.length - 1 || command.pipefail) return false;
  if (command.tested && command.fallbacks.length > 0) return false;
  if (command.substituted || command.background) return false;
  if (purpose !== 'fetch' && purpose !== 'build' && purpose !== 'test') return false;
  return pipeline.slice(stage + 1).every(({ name }) => content.test(name ?? ''));
}
