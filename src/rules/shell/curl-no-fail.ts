import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type Command, shell } from '../../formats/shell';

/** Programs that take what they read for good, whatever it is. */
const consumers = new Set([
  'tar',
  'gpg',
  'sh',
  'bash',
  'python',
  'unzip',
  'gunzip',
  'apt-key',
  'tee',
  'dd',
  'psql',
  'mysql',
  'kubectl',
  'perl',
  'ruby',
  'node',
  'php',
  'zsh',
  'bsdtar',
  'xz',
  'gzip',
  'bunzip2',
]);

export default defineRule({
  id: 'shell/curl-no-fail',
  on: shell,
  summary: 'curl keeps the error page as if it were the file',
  why: 'Without -f curl exits 0 on 404 and 500: the error page is stored or run in place of the file, and the step that breaks is a later one.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: ({ report }) => ({
    command(command) {
      if (command.name !== 'curl' || !command.word || !keepsAnswer(command)) return;
      if (
        command.has(
          '-f',
          '--fail',
          '--fail-with-body',
          '-w',
          '--write-out',
          '-I',
          '--head',
          '-K',
          '--config',
          '--unix-socket',
        )
      )
        return;
      if (!command.args.some((arg) => /^(?:["']?https?:|["']?[$_]|[\w.-]+\.\w+\/)/.test(arg.text)))
        return;
      if (
        command.args.some((arg) =>
          /^["']?file:|^["']?https?:\/\/(?:localhost|127\.)/.test(arg.text),
        )
      )
        return;
      report({
        at: command.word,
        message: what(command),
        fix: {
          title: 'Add -f',
          safe: true,
          edits: [addFail(command)],
        },
      });
    },
  }),
});

/** The answer is written to a file or handed to a program that uses it. */
function keepsAnswer(command: Command): boolean {
  if (command.substituted) return false;
  const output = command.option('-o', '--output');
  const toFile =
    command.has('-O', '--remote-name', '--remote-name-all') ||
    (output !== undefined && output.value !== '/dev/null' && output.value !== '-');
  if (toFile) return true;
  const redirect = command.redirects.find(
    (each) => each.operator === '>' && (each.descriptor ?? 1) === 1,
  );
  if (redirect?.target) return redirect.target.value !== '/dev/null';
  const next = command.pipeline[command.stage + 1];
  return next?.name !== undefined && consumers.has(next.name);
}

/** What becomes of the answer: into a file, or into the next program of the pipe. */
function what(command: Command): Said {
  const next = command.pipeline[command.stage + 1]?.name;
  return next && !command.has('-o', '-O', '--output')
    ? say`curl hands ${next} the error page when the server answers 404 or 500`
    : say`curl stores the error page when the server answers 404 or 500`;
}

/** `-sSL` becomes `-fsSL`; else `-f` is put behind the name. */
function addFail(command: Command): { range: readonly [number, number]; text: string } {
  const cluster = command.args.find(
    (arg) => /^-[A-Za-z]+$/.test(arg.text) && !arg.text.startsWith('--'),
  );
  const at = cluster ? cluster.range[0] + 1 : command.word!.range[1];
  return { range: [at, at], text: cluster ? 'f' : ' -f' };
}
