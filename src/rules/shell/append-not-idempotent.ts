import type { Fix } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { type Command, type Guard, type Script, shell } from '../../formats/shell';
import type { Word } from '../../syntax/shell';

/** Files of a system or a user that live as long as the machine: settings, profiles, keys. */
const lasting =
  /^(?:\/etc\/|\/boot\/|(?:~\w*|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+)\/\.(?:bash|z|k|tcsh|c)?(?:rc|shrc|profile|shenv|login|zprofile|zshenv|bash_profile|bash_aliases|bashrc|zshrc|ssh\/(?:authorized_keys|known_hosts|config)|gitconfig|npmrc|netrc|pgpass)$)/;

/** What is added to on purpose, or is gone with the run. */
const transient = /\.log$|^\/etc\/mtab$|(?:^|\/)logs?\//;

export default defineRule({
  id: 'shell/append-not-idempotent',
  on: shell,
  summary: 'A line is added to a lasting file on every run',
  why: 'Run a second time, the line is there twice; paths grow, the later of two settings wins, services refuse a key they know already.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create({ report }) {
    let script: Script | undefined;
    const tell = (command: Command, file: Word) => {
      const path = script && pathOf(script, file);
      if (!script || !path || !lasting.test(path) || transient.test(path)) return;
      if (command.guards.some((guard) => isAbout(guard, path, script!))) return;
      if (isRewritten(script, command, path)) return;
      const fix = wrapped(script, command, file);
      report({
        at: command,
        message: `Each run adds to ${path} once more`,
        ...(fix && { fix }),
      });
    };
    return {
      script(each) {
        const runsAgain =
          each.machine === 'lasting' || (each.machine === undefined && each.use === 'provisioning');
        script = runsAgain && !each.guarded ? each : undefined;
      },
      command(command) {
        if (command.name !== 'tee' || !command.has('-a', '--append')) return;
        for (const file of command.operands) tell(command, file);
      },
      redirect({ command, operator, descriptor, target }) {
        if (operator === '>>' && (descriptor ?? 1) === 1 && target) tell(command, target);
      },
    };
  },
});

/** The path as far as it is known; `$HOME` stays as it is. */
function pathOf(script: Script, word: Word): string {
  return script.resolve(word) ?? word.text.replace(/["']/g, '');
}

const names = (script: Script, command: Command, path: string) =>
  [...command.args, ...command.redirects.flatMap(({ target }) => target ?? [])].some(
    (word) => pathOf(script, word) === path || word.text.includes(path),
  );

/** Asks about the file, or asks whether something is missing: the mark of a first run. */
function isAbout({ test, runsWhen }: Guard, path: string, script: Script): boolean {
  if (test.pipeline.some((stage) => names(script, stage, path))) return true;
  const negated = test.args.some((arg) => arg.value === '!') === runsWhen;
  if (test.name === '[' || test.name === '[[' || test.name === 'test') {
    const asksPresence = test.args.some((arg) => /^-[efdLhsn]$/.test(arg.value ?? ''));
    const asksEmpty = test.args.some((arg) => arg.value === '-z');
    return (asksPresence && negated) || (asksEmpty && !negated);
  }
  return !runsWhen;
}

/** Earlier in the script the file is made anew, cleared of the line, or moved into place. */
function isRewritten(script: Script, command: Command, path: string): boolean {
  const before = script.commands.slice(0, script.commands.indexOf(command));
  return before.some((each) => {
    const creates = each.redirects.some(
      ({ operator, target }) =>
        /^(?:&?>|>\|)$/.test(operator) && target && pathOf(script, target) === path,
    );
    if (creates) return true;
    const name = each.name ?? '';
    const replaces =
      /^(?:cp|mv|rm|install|truncate|ln|curl|wget|debootstrap)$/.test(name) ||
      (name === 'sed' && each.has('-i', '--in-place')) ||
      (name === 'perl' && each.has('-i')) ||
      (name === 'tee' && !each.has('-a', '--append'));
    return replaces && names(script, each, path);
  });
}

/** `grep -qsxF -- 'line' file || echo 'line' >> file`, for one echo of one known line that stands alone. */
function wrapped(script: Script, command: Command, file: Word): Fix | undefined {
  const [line, ...more] = command.args;
  const { text } = script;
  const from = command.syntax.range[0];
  const alone =
    /(?:^|\n)[ \t]*$/.test(text.slice(0, from)) &&
    /^[ \t]*(?:\r?\n|$)/.test(text.slice(command.range[1]));
  const plain =
    command.name === 'echo' &&
    command.wrappers.length === 0 &&
    command.pipeline.length === 1 &&
    command.redirects.length === 1 &&
    line?.value !== undefined &&
    more.length === 0 &&
    !/^-|\\|\n/.test(line.value);
  if (!plain || !alone) return undefined;
  const quoted = /^["']/.test(line.text) ? line.text : `'${line.value}'`;
  return {
    title: 'Add the line only where it is missing',
    safe: true,
    edits: [{ range: [from, from], text: `grep -qsxF -- ${quoted} ${file.text} || ` }],
  };
}
