import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { engine } from '../../catalog';
import { type Baseline, staleEntries } from '../../engine/baseline';
import type { Finding, Problem, Severity } from '../../engine/finding';
import { ownRules } from '../../engine/own-rules';
import type { SettleOptions } from '../../project/workspace';
import { reporters } from '../../report';
import { type CheckReport, count, news, tally } from '../../report/check-report';
import { readBaselineFile, usualBaseline, writeBaselineFile } from '../baseline-file';
import { type Checked, type CheckRequest, checkFiles, checkText, findingsOf } from '../check-files';
import {
  configurationFile,
  type FoundConfiguration,
  noConfiguration,
  readConfigurationFile,
} from '../configuration';
import { fixFiles } from '../fix-files';
import { changedFiles } from '../git';
import { createLintPool } from '../lint-pool';
import { type Given, type OptionSpec, UsageError } from '../options';
import { suggestRule } from '../rule-pages';
import { linesOf } from '../source-lines';
import { systemMessage } from '../system-message';
import { progressOn, type Terminal, wantsColour } from '../terminal';
import { lies, slashes, workspaceRoot } from '../workspace-root';
import { writeWhole } from '../write-file';
import type { Command } from './command';

const formats = Object.keys(reporters);
const thresholds = ['error', 'warning', 'info', 'never'] as const;
type Threshold = (typeof thresholds)[number];

const options: readonly OptionSpec[] = [
  {
    name: 'format',
    short: 'f',
    value: 'FORMAT',
    help: `kind of report: ${formats.join(', ')} (usually text)`,
  },
  { name: 'output', short: 'o', value: 'FILE', help: 'write the report to a file' },
  {
    name: 'fix',
    value: 'KIND',
    bare: 'safe',
    help: 'apply safe fixes; --fix=suggested applies all',
  },
  {
    name: 'changed',
    value: 'BASE',
    bare: '',
    help: 'only files changed since the branch left BASE (usually the default branch)',
  },
  { name: 'rule', value: 'ID', many: true, help: 'only this rule; may be given several times' },
  { name: 'config', value: 'FILE', help: 'use this configuration instead of .andon.yaml' },
  {
    name: 'baseline',
    value: 'FILE',
    bare: usualBaseline,
    help: `leave out findings known in FILE; ${usualBaseline} is used\nwithout being asked for where it exists`,
  },
  { name: 'no-baseline', help: 'tell known findings too' },
  { name: 'update-baseline', help: 'accept all findings there are now into the baseline' },
  {
    name: 'fail-on',
    value: 'SEVERITY',
    help: 'exit with 1 from this severity on: error, warning (usual), info, never',
  },
  {
    name: 'max-warnings',
    value: 'N',
    help: 'exit with 1 for warnings only if there are more than N',
  },
  { name: 'stdin', help: 'check standard input, as the file --stdin-path' },
  { name: 'stdin-path', value: 'PATH', help: 'the path standard input is to be taken for' },
  { name: 'verbose', short: 'v', help: 'show the line each finding is about' },
  { name: 'quiet', short: 'q', help: 'findings only, no summary' },
];

/** `andon check`: finds what is wrong in files and reports it. */
export const check: Command = {
  name: 'check',
  operands: '[PATH…]',
  summary: 'check files and folders, the current one if none is named',
  options,
  notes: `Files git ignores are left out unless named, and so is what .andon.yaml says to ignore.
Exit code: 0 nothing found, 1 findings from the threshold on, 2 the check could not be made as asked.`,
  run,
};

async function run(given: Given, terminal: Terminal): Promise<number> {
  const request = readRequest(given, terminal);
  const { configuration, root, only } = request;
  const pool = createLintPool({
    worker: join(terminal.home, 'worker.js'),
    size: Math.min(4, availableParallelism()),
  });
  const progress = progressOn(terminal);
  try {
    pool.configure(configuration.configuration, only);
    const work: CheckRequest = {
      root,
      targets: request.targets,
      alone: request.alone,
      configuration: configuration.configuration,
      engine,
      pool,
      signal: terminal.signal,
      progress: (done, known) => progress.show(`checked ${done} of ${count(known, 'file')}`),
    };
    const checked = given.has('stdin')
      ? await checkInput(work, request.targets[0]!, terminal)
      : await checkFiles(await narrowed(work, given));
    const baseline = request.writesBaseline ? undefined : readBaseline(request);
    const settling: SettleOptions = {
      today: today(),
      judgeSuppressions: only === undefined,
      ...(baseline && { baseline }),
    };
    const problems: Problem[] = [...checked.problems];
    let fixed = 0;
    if (request.fix) {
      const all = request.fix === 'suggested';
      const wants = (finding: Finding) => !finding.baselined && (all || finding.fix?.safe === true);
      const outcome = await fixFiles({ checked, pool, settling, wants, signal: terminal.signal });
      fixed = outcome.fixed;
      problems.push(...outcome.problems);
    }
    progress.clear();
    const findings = [
      ...configuration.findings,
      ...findingsOf(checked, settling).filter((each) => !only || only.includes(each.rule)),
    ];
    if (request.writesBaseline) return acceptAll(request, checked, findings, terminal);
    if (baseline && !only) problems.push(...stale(request, baseline, checked, findings));
    const base = baseOf(request.format, terminal);
    const shown = (path: string) => slashes(relative(base, join(root, path)));
    const report: CheckReport = {
      version: terminal.version,
      files: checked.files.size,
      findings: findings.map((finding) => displaced(finding, shown)),
      problems: problems.map((each) => ({ ...each, path: shown(each.path) })),
      rules: [...engine.rules, ...Object.values(ownRules)],
      ...(fixed > 0 && { fixed }),
    };
    tell(report, request, given, terminal);
    if (checked.incomplete) return 2;
    return fails(news(report), request) ? 1 : 0;
  } finally {
    progress.clear();
    await pool.dispose();
  }
}

interface Request {
  readonly root: string;
  /** Nothing says where the workspace ends: what is named is all there is. */
  readonly alone: boolean;
  readonly targets: readonly string[];
  readonly configuration: FoundConfiguration;
  readonly only: readonly string[] | undefined;
  readonly format: string;
  readonly fix: 'safe' | 'suggested' | undefined;
  readonly failOn: Threshold;
  readonly maxWarnings: number | undefined;
  /** Absolute; undefined: none. */
  readonly baseline: string | undefined;
  readonly writesBaseline: boolean;
}

/** Reads what is asked for, before any work begins. */
function readRequest(given: Given, terminal: Terminal): Request {
  const { cwd } = terminal;
  const format = oneOf(given, 'format', formats) ?? 'text';
  const fix = oneOf(given, 'fix', ['safe', 'suggested'] as const);
  const failOn = oneOf(given, 'fail-on', thresholds) ?? 'warning';
  const most = given.get('max-warnings');
  if (most !== undefined && !/^\d+$/.test(most)) {
    throw new UsageError(`--max-warnings wants a number, not "${most}"`);
  }
  if (given.has('stdin') !== given.has('stdin-path')) {
    throw new UsageError('--stdin and --stdin-path go together');
  }
  for (const other of ['fix', 'changed', 'update-baseline']) {
    if (given.has('stdin') && given.has(other)) {
      throw new UsageError(`--stdin and --${other} do not go together`);
    }
  }
  if (given.has('stdin') && given.operands.length > 0) {
    throw new UsageError('--stdin takes no paths besides --stdin-path');
  }
  const ids = given.all('rule');
  const known: readonly string[] = engine.rules.map((rule) => rule.id);
  for (const id of ids) {
    if (!known.includes(id)) throw new UsageError(`no rule "${id}"${suggestRule(id)}`);
  }
  const named = given.has('stdin') ? [given.get('stdin-path')!] : given.operands;
  const targets = (named.length > 0 ? named : ['.']).map((path) => resolve(cwd, path));
  const { folder: root, marked } = workspaceRoot(cwd, targets);
  const file = given.get('config') ? resolve(cwd, given.get('config')!) : configurationFile(root);
  // Findings in the configuration go through the same way from the root to the working directory as all others.
  const configuration = file
    ? readConfigurationFile(file, slashes(relative(root, file)), engine)
    : noConfiguration;
  const baseline = given.get('baseline');
  const usual = join(root, usualBaseline);
  const writesBaseline = given.has('update-baseline');
  return {
    root,
    alone: !marked,
    targets,
    configuration,
    only: ids.length > 0 ? ids : undefined,
    format,
    fix,
    failOn,
    maxWarnings: most === undefined ? undefined : Number(most),
    baseline: given.has('no-baseline')
      ? undefined
      : baseline !== undefined && baseline !== usualBaseline
        ? resolve(cwd, baseline)
        : baseline !== undefined || writesBaseline || existsSync(usual)
          ? usual
          : undefined,
    writesBaseline,
  };
}

function oneOf<T extends string>(given: Given, name: string, allowed: readonly T[]): T | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (!found) throw new UsageError(`--${name} is one of ${allowed.join(', ')}, not "${value}"`);
  return found;
}

/** With --changed, the changed files below the targets. */
async function narrowed(work: CheckRequest, given: Given): Promise<CheckRequest> {
  if (!given.has('changed')) return work;
  const base = given.get('changed');
  const changed = await changedFiles(work.root, base === '' ? undefined : base);
  const targets = changed.filter((file) => work.targets.some((target) => lies(file, target)));
  return { ...work, targets, listed: true };
}

async function checkInput(work: CheckRequest, file: string, terminal: Terminal): Promise<Checked> {
  const path = slashes(relative(work.root, file));
  const bytes = await terminal.input();
  const text = bytes.toString('utf8');
  const { workspace, result } = await checkText(work, path, text);
  const claimed = result?.format !== undefined;
  return {
    workspace,
    files: new Map(claimed ? [[path, { path, file, named: true, script: false }]] : []),
    problems: result?.problems ?? [],
    incomplete: (result?.problems.length ?? 0) > 0,
  };
}

const readBaseline = ({ baseline, root }: Request): Baseline | undefined =>
  baseline === undefined
    ? undefined
    : readBaselineFile(baseline, slashes(relative(root, baseline)));

/** Entries of the baseline that nothing answers to any more, as one problem. */
function stale(
  request: Request,
  baseline: Baseline,
  checked: Checked,
  findings: readonly Finding[],
): readonly Problem[] {
  const gone = staleEntries(baseline, findings, (path) => looksAt(request, checked, path));
  if (gone.length === 0) return [];
  const [first] = gone;
  const path = slashes(relative(request.root, request.baseline!));
  const which = first!.split('|').slice(0, 2).join(' in ');
  const message = `${count(gone.length, 'entry').replace('entrys', 'entries')} no longer found (${which}${
    gone.length > 1 ? ', …' : ''
  }): --update-baseline removes ${gone.length > 1 ? 'them' : 'it'}`;
  return [{ path, message }];
}

/** Whether this check looks at a file, or would if it were still there. */
function looksAt({ root, targets }: Request, checked: Checked, path: string): boolean {
  if (checked.files.has(path)) return true;
  const file = join(root, path);
  return !existsSync(file) && targets.some((target) => lies(file, target));
}

function acceptAll(
  request: Request,
  checked: Checked,
  findings: readonly Finding[],
  terminal: Terminal,
): number {
  const file = request.baseline!;
  const path = slashes(relative(terminal.cwd, file));
  const whole = request.targets.includes(request.root) && !request.only;
  // A part that was not looked at keeps what was accepted there.
  const older = whole || !existsSync(file) ? [] : readBaselineFile(file, path);
  const kept = [...older].filter((entry) => {
    const [rule = '', about = ''] = entry.split('|');
    return !looksAt(request, checked, about) || (request.only && !request.only.includes(rule));
  });
  writeBaselineFile(file, findings, kept);
  terminal.out(`${path}: ${count(findings.length + kept.length, 'finding')} accepted\n`);
  return checked.incomplete ? 2 : 0;
}

/** The folder a CI service takes the paths of its own kind of report to be relative to; else the current one. */
function baseOf(format: string, { cwd, env }: Terminal): string {
  const folders: Readonly<Record<string, string | undefined>> = {
    github: env.GITHUB_WORKSPACE,
    gitlab: env.CI_PROJECT_DIR,
    sarif: env.GITHUB_WORKSPACE,
  };
  const folder = folders[format];
  return folder && lies(cwd, folder) ? folder : cwd;
}

function displaced(finding: Finding, shown: (path: string) => string): Finding {
  const related = finding.related?.map((each) => ({ ...each, path: shown(each.path) }));
  return { ...finding, path: shown(finding.path), ...(related && { related }) };
}

function tell(report: CheckReport, request: Request, given: Given, terminal: Terminal): void {
  const output = given.get('output');
  const text = reporters[request.format]!(report, {
    colour: output === undefined && wantsColour(terminal),
    quiet: given.has('quiet'),
    ...(given.has('verbose') && { sourceLine: linesOf(terminal.cwd) }),
  });
  if (output === undefined) {
    terminal.out(text);
    return;
  }
  try {
    writeWhole(resolve(terminal.cwd, output), text);
  } catch (error) {
    throw new UsageError(`--output ${output}: ${systemMessage(error)}`);
  }
}

const ranks: Readonly<Record<Severity, number>> = { info: 1, warning: 2, error: 3 };

function fails(findings: readonly Finding[], { failOn, maxWarnings }: Request): boolean {
  const { warning } = tally(findings);
  if (maxWarnings !== undefined && warning > maxWarnings) return true;
  if (failOn === 'never') return false;
  return findings.some(({ severity }) => {
    if (severity === 'warning' && maxWarnings !== undefined) return false;
    return ranks[severity] >= ranks[failOn];
  });
}

/** The local date as `YYYY-MM-DD`. */
function today(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
