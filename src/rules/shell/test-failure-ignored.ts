import type { Fix } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { saysItMayFail } from '../../formats/excuse';
import { type Command, shell } from '../../formats/shell';
import type { CommandClass } from '../../formats/shell-commands';
import { outcomeOf } from '../../formats/shell-fallback';
import { lookUp } from '../../text/look-up';
import type { Source } from '../../text/source';

const judges: ReadonlySet<CommandClass> = new Set(['test', 'lint', 'scan']);

/** Flags that make a checker succeed whatever it finds; sources are the tools' own manuals. */
const leniency: Readonly<Record<string, readonly string[]>> = {
  bandit: ['--exit-zero'],
  brakeman: ['--no-exit-on-warn'],
  checkov: ['--soft-fail', '-s'],
  flake8: ['--exit-zero'],
  gosec: ['-no-fail'],
  hadolint: ['--no-fail'],
  pylint: ['--exit-zero'],
  ruff: ['--exit-zero', '-e'],
  safety: ['--continue-on-error'],
  tflint: ['--force'],
  tfsec: ['--soft-fail', '-s'],
};

/** Flags with a value of 0 that do the same. */
const zeroes: Readonly<Record<string, string>> = {
  'golangci-lint': '--issues-exit-code',
  gitleaks: '--exit-code',
  trivy: '--exit-code',
};

const mavenIgnore = /^-D(?:maven\.test\.failure\.ignore|maven\.test\.failure\.ignore=true)$/;

export default defineRule({
  id: 'shell/test-failure-ignored',
  on: shell,
  summary: 'A test, linter or scan runs, and its verdict is thrown away',
  why: 'The check costs its time on every run and can no longer turn anything red; failures pile up behind it unseen.',
  concern: 'testing',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create({ document, report }) {
    const found: { command: Command; message: Said; fix?: Fix }[] = [];
    const strict = new Set<string>();
    let text = '';
    let optional: boolean | undefined;
    return {
      script(script) {
        ({ text, optional } = script);
      },
      command(command) {
        const { name, class: purpose } = command;
        if (name === undefined) return;
        const flag = lenientFlag(command);
        if (flag) {
          if (!writesReport(command)) found.push({ command, ...flag });
          return;
        }
        if (!purpose || !judges.has(purpose)) return;
        const [fallback] = command.fallbacks;
        const lets = fallback && outcomeOf(fallback.statement) === 'succeeds';
        if (!lets) strict.add(ranBy(command));
        else if (
          !optional &&
          isJudged(command) &&
          !writesReport(command) &&
          !saysItMayFail(text, command.range[0])
        ) {
          const said = text
            .slice(...fallback.range)
            .replace(/\s+/g, ' ')
            .trim();
          const message = say`${shortly(command)} fails and nobody hears of it: "${said.slice(0, 50)}"`;
          found.push({ command, message });
        }
      },
      end() {
        for (const { command, message, fix } of found) {
          // A strict run of the same tool beside it is the gate; this one informs.
          if (strict.has(ranBy(command)) || isStrictElsewhere(command, document.source)) continue;
          report({ at: command, message, ...(fix && { fix }) });
        }
      },
    };
  },
});

function lenientFlag(command: Command): { message: Said; fix: Fix } | undefined {
  const name = command.name ?? '';
  const flags = lookUp(leniency, name) ?? [];
  const ignores = (text: string) =>
    flags.includes(text) || (name === 'mvn' && mavenIgnore.test(text));
  const word = command.args.find((arg) => ignores(arg.value ?? ''));
  if (word) {
    const before = command.syntax.words.findLast((each) => each.range[1] <= word.range[0])!;
    return {
      message: say`${name} succeeds whatever it finds: ${word.text}`,
      fix: {
        title: say`Remove ${word.text}`,
        safe: true,
        edits: [{ range: [before.range[1], word.range[1]], text: '' }],
      },
    };
  }
  const option = lookUp(zeroes, name);
  const value = option === undefined ? undefined : command.option(option);
  if (value?.value !== '0') return undefined;
  return {
    message: say`${name} succeeds whatever it finds: ${`${option} 0`}`,
    fix: {
      title: say`Set ${option!} to 1`,
      safe: true,
      edits: [{ range: value.range, text: '1' }],
    },
  };
}

/** Where findings are written down, somebody reads them: a report, an upload to code scanning. */
function writesReport(command: Command): boolean {
  const toFile = command.redirects.some(
    ({ operator, target }) =>
      /^(?:&?>>?|>\|)$/.test(operator) && !/^(?:[&12]|\/dev\/)/.test(target?.text ?? '/dev/null'),
  );
  return (
    toFile ||
    command.pipeline.length > command.stage + 1 ||
    command.has('-o', '--output', '--out', '--report-path', '--output-file', '--html', '--sarif') ||
    command.args.some(
      ({ text }, i) =>
        /sarif|junit|json/i.test(text) && !isInput(text, command.args[i - 1]?.text ?? ''),
    )
  );
}

/** `package-lock.json` is what is looked at, not a report. */
const isInput = (text: string, before: string) =>
  /^[^-=][^=]*\.json\W?$/.test(text) && !/out|report|result/i.test(`${before} ${text}`);

const formatters = new Set([
  'black',
  'isort',
  'prettier',
  'shfmt',
  'gofumpt',
  'goimports',
  'clang-format',
  'pre-commit',
]);

/** Whether its exit status is a verdict on the project, and its author not only after its output or its repairs. */
function isJudged(command: Command): boolean {
  if (command.substituted || command.loop || command.background) return false;
  const name = command.name ?? '';
  if (/^(?:kubectl|oc|aws|gh|pip|cosign|nomad|git)$/.test(name)) return false;
  if (command.has('--fix', '--write', '-w', '-i', '--version', '--help', '-detailed-exitcode')) {
    return false;
  }
  const formats =
    [command.name, ...command.args.map((arg) => arg.value)].some((word) =>
      formatters.has(word ?? ''),
    ) ||
    command.operands[0]?.value === 'fmt' ||
    command.operands[0]?.value === 'format';
  return !formats || command.has('--check', '-check', '-c', '-d', '-l');
}

/** What is run: the program, of a package manager the script. */
function ranBy(command: Command): string {
  const [verb, object] = command.operands.map((each) => each.value ?? '');
  return verb === 'run' || verb === 'exec' ? `${command.name} ${object}` : command.name!;
}

/** Another line of the file runs the same without stepping over it: that one is the gate. */
function isStrictElsewhere(command: Command, source: Source): boolean {
  const own = source.toFile(command.range)?.range;
  const { text } = source.file;
  const [verb, object] = command.operands.map((each) => each.value ?? '');
  // Of `npm run test:unit` the script's name is what is run.
  const said = verb === 'run' || verb === 'exec' ? [verb, object] : [verb];
  const words = [
    command.name!,
    ...said.filter((word) => /^[\w:.-]+$/.test(word ?? '')),
  ] as string[];
  let at = 0;
  for (const line of text.split('\n')) {
    const isOwn = own !== undefined && at <= own[1] && own[0] <= at + line.length;
    at += line.length + 1;
    if (isOwn || lenientLine.test(line)) continue;
    const found = line.split(/[\s;&|"']+/);
    if (words.every((word) => found.includes(word))) return true;
  }
  return false;
}

/** Comments, titles, and runs that are stepped over as well. */
const lenientLine =
  /\|\||--(?:exit-zero|soft-fail|no-fail|force|continue-on-error)\b|exit-code[= ]0|failure\.ignore|^\s*(?:#|(?:- )?(?:name|uses):)/;

const shortly = (command: Command) =>
  command.syntax.words
    .slice(0, 3)
    .map((word) => word.text)
    .join(' ')
    .slice(0, 50);
