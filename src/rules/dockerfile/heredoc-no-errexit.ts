import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Command, type Script, shell } from '../../formats/shell';

export default defineRule({
  id: 'dockerfile/heredoc-no-errexit',
  on: shell,
  summary: 'A here-document of several commands goes on after one fails',
  why: 'Only the last command decides whether the layer is kept, so a failed install in the middle becomes an image that lacks what it was built for.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: ({ hosts, report }) => ({
    script(script) {
      if (hosts[0]?.format !== 'dockerfile' || script.use !== 'image-build') return;
      const unheeded = firstUnheeded(script);
      if (!unheeded) return;
      report({
        at: unheeded,
        message: say`When ${unheeded.word?.text ?? ''} fails here the build goes on with the next line`,
        fix: {
          title: 'Begin the here-document with set -e',
          safe: true,
          edits: [{ range: [0, 0], text: 'set -e\n' }],
        },
      });
    },
  }),
});

/** The first command on a line of its own, before the last, that may fail without anyone asking. */
function firstUnheeded(script: Script): Command | undefined {
  const { statements } = script.syntax;
  const last = statements.at(-1);
  return script.commands.find(
    (command) =>
      last !== undefined &&
      command.range[1] <= last.range[0] &&
      script.text.slice(command.range[1], last.range[0]).includes('\n') &&
      !command.stopsOnError &&
      !command.tested &&
      !command.substituted &&
      command.inFunction === undefined &&
      command.word !== undefined &&
      command.class !== 'print' &&
      command.class !== 'probe' &&
      !['set', 'export', 'cd', 'shopt', 'true', ':'].includes(command.name ?? ''),
  );
}
