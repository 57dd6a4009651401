import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { fileOf, movingPart } from '../../formats/moving-url';
import { type Command, shell } from '../../formats/shell';

export default defineRule({
  id: 'shell/mutable-download',
  on: shell,
  summary: 'A build downloads what stands behind a moving address',
  why: 'The next build gets another file from the same line: it breaks, or ships something else, without a change of its own, and cannot be built again as it was.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ document, hosts, report }) {
    let builds = false;
    return {
      script(script) {
        // A script people run by hand is to fetch the newest; a build is to fetch what it fetched before.
        builds = hosts.length > 0 && (script.use === 'ci' || script.use === 'image-build');
      },
      command(command) {
        if (!builds || !keepsAnswer(command)) return;
        for (const arg of command.args) {
          const url = arg.text.replace(/^["']|["']$/g, '');
          const moving = movingPart(url);
          if (moving === undefined) continue;
          const named = fileOf(document.source.asWritten(arg.range).replace(/^["']|["']$/g, ''));
          report({
            at: arg,
            message: say`${named} is whatever "${moving}" names on the day of the build`,
          });
          return;
        }
      },
    };
  },
});

const readers = new Set([
  'jq',
  'grep',
  'egrep',
  'sed',
  'awk',
  'cut',
  'head',
  'wc',
  'python',
  'yq',
  'tr',
]);

/** What is downloaded is kept or run; an answer that is only looked at is none. */
function keepsAnswer(command: Command): boolean {
  const { name } = command;
  if (name !== 'curl' && name !== 'wget' && name !== 'aria2c') return false;
  if (command.substituted || command.has('-I', '--head', '--spider')) return false;
  if (command.option('-o', '--output')?.value === '/dev/null') return false;
  const next = command.pipeline[command.stage + 1]?.name;
  if (next !== undefined) return !readers.has(next);
  if (name !== 'curl') return true;
  return (
    command.has('-o', '-O', '--output', '--remote-name') ||
    command.redirects.some(({ operator }) => operator.startsWith('>'))
  );
}
