import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { givesStatus } from '../../formats/jenkins-model';
import { type Command, type Script, shell } from '../../formats/shell';

export default defineRule({
  id: 'jenkins/shebang-no-errexit',
  on: shell,
  summary: 'A script that names its interpreter goes on after a command fails',
  why: 'Jenkins starts `sh` with -e only where the script names no interpreter: behind `#!/bin/bash` a failed command in the middle is stepped over, and the last one decides whether the build is green.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: ({ hosts, report }) => ({
    script(script) {
      if (hosts[0]?.format !== 'jenkins' || !script.text.startsWith('#!')) return;
      if (givesStatus(hosts[0].node)) return;
      const unheeded = firstUnheeded(script);
      if (!unheeded) return;
      const lineEnd = script.text.indexOf('\n');
      report({
        at: unheeded,
        message: say`When ${unheeded.word!.text} fails here the script goes on: behind #! Jenkins sets no -e`,
        ...(lineEnd >= 0 && {
          fix: {
            title: 'Add set -e below the first line',
            safe: true,
            edits: [
              {
                range: [lineEnd + 1, lineEnd + 1],
                text: `${indentation(script.text, lineEnd + 1)}set -e\n`,
              },
            ],
          },
        }),
      });
    },
  }),
});

const indentation = (text: string, at: number) => /[ \t]*/y.exec(text.slice(at))?.[0] ?? '';

/** Commands whose failure is no news, or whose status says something else. */
const quiet = new Set([
  'set',
  'break',
  'chmod',
  'continue',
  'deactivate',
  'return',
  'touch',
  'ulimit',
  'umask',
  'export',
  'cd',
  'shopt',
  'true',
  ':',
  'source',
  '.',
  'sleep',
  'kill',
  'pkill',
  'rm',
  'wait',
  'trap',
  'unset',
  'exit',
  'local',
  'declare',
  'read',
  'eval',
  'grep',
  'diff',
]);

/** The first command before the last statement that may fail without anyone asking. */
function firstUnheeded(script: Script): Command | undefined {
  const last = script.syntax.statements.at(-1);
  // `$?` and PIPESTATUS: the author asks by hand.
  if (!last || /\$\?|PIPESTATUS|\bset\s+(?:-\w*e|-o\s+errexit)/.test(script.text)) return undefined;
  return script.commands.find(
    (command) =>
      command.range[1] <= last.range[0] &&
      !command.stopsOnError &&
      !command.tested &&
      !command.substituted &&
      !command.background &&
      command.inFunction === undefined &&
      command.word !== undefined &&
      command.class !== 'print' &&
      command.class !== 'probe' &&
      command.class !== 'read' &&
      command.class !== 'clean' &&
      !quiet.has(command.name ?? ''),
  );
}
