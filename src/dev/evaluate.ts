import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type ShellFacts, scriptModel } from '../formats/shell-model';
import { type SecondRun, secondRun } from '../rerun/second-run';
import { parseShell } from '../syntax/shell';
import { loadGrammar, setGrammarLoader } from '../syntax/tree-sitter';
import { LineIndex } from '../text/line-index';
import { simpleLinters } from './evaluate-peers';
import { wasmFiles } from './wasm';

/** A snippet that was run twice, with what happened. One JSON object a line. */
interface Case {
  readonly id: string;
  readonly snippet: string;
  readonly context: string;
  readonly verdict: 'idempotent' | 'fails-on-rerun' | 'changes-on-rerun';
  /** From 1. */
  readonly offending_lines: readonly number[];
  readonly hidden_failure_lines?: readonly number[];
  readonly debatable?: boolean;
  readonly stubs?: readonly string[];
  readonly category?: string;
}

interface Judged {
  readonly given: Case;
  readonly said: Case['verdict'];
  readonly runs: readonly SecondRun[];
  readonly lines: readonly number[];
}

/** How a host runs the snippets of a context; all of them as on a machine that lasts. */
function factsOf({ context, snippet }: Case): ShellFacts {
  const first = /^#!.*/.exec(snippet)?.[0] ?? '';
  const bash = context === 'script' ? !/\bsh\b/.test(first) : context === 'ci-step';
  return {
    dialect: bash ? 'bash' : 'sh',
    stopsOnError: context === 'ci-step' || /\s-\w*e/.test(first),
    pipefail: false,
    machine: 'lasting',
    use: context === 'ci-step' ? 'ci' : 'provisioning',
  };
}

function judge(given: Case): Judged {
  const script = scriptModel(given.snippet, parseShell(given.snippet), factsOf(given));
  const runs = secondRun(script).filter(({ effect }) => effect !== 'fails unseen');
  const index = new LineIndex(given.snippet);
  const said = runs.some(({ effect }) => effect === 'fails')
    ? 'fails-on-rerun'
    : runs.length > 0
      ? 'changes-on-rerun'
      : 'idempotent';
  return {
    given,
    said,
    runs,
    lines: [...new Set(runs.map(({ range }) => index.position(range[0]).line))],
  };
}

const share = (part: number, whole: number) => (whole === 0 ? '   –' : (part / whole).toFixed(3));

interface Score {
  readonly precision: string;
  readonly recall: string;
  readonly f1: string;
  readonly lines: string;
  readonly counts: string;
}

/** How well `hit` (said so) agrees with `is` (is so). */
function score(
  judged: readonly Judged[],
  is: (each: Judged) => boolean,
  hit: (each: Judged) => boolean,
): Score {
  const right = judged.filter((each) => is(each) && hit(each));
  const said = judged.filter(hit).length;
  const all = judged.filter(is).length;
  const placed = right.filter(linesRight).length;
  const f1 = (2 * right.length) / (said + all);
  return {
    precision: share(right.length, said),
    recall: share(right.length, all),
    f1: said + all === 0 ? '   –' : f1.toFixed(3),
    lines: share(placed, right.length),
    counts: `${right.length}/${said} said, ${all} are`,
  };
}

/** Each line named is one of those responsible, or fails unseen. */
const linesRight = ({ given, lines }: Judged) =>
  lines.every(
    (line) => given.offending_lines.includes(line) || given.hidden_failure_lines?.includes(line),
  );

function table(title: string, judged: readonly Judged[]): void {
  const row = (name: string, { precision, recall, f1, lines, counts }: Score) =>
    console.log(`  ${name.padEnd(24)}${precision}      ${recall}   ${f1}   ${lines}   ${counts}`);
  console.log(`\n${title}: ${judged.length} cases`);
  console.log(`  ${''.padEnd(24)}precision  recall  F1      lines`);
  row('not idempotent', score(judged, isNot, saidNot));
  for (const { name, flags } of simpleLinters) {
    const says = ({ given }: Judged) => flags(given.snippet, given.context);
    if (judged.some(says)) row(`  ${name}`, { ...score(judged, isNot, says), lines: '   –' });
  }
  for (const verdict of ['fails-on-rerun', 'changes-on-rerun'] as const) {
    row(
      verdict,
      score(
        judged,
        ({ given }) => given.verdict === verdict,
        ({ said }) => said === verdict,
      ),
    );
  }
  row(
    'idempotent',
    score(
      judged,
      (each) => !isNot(each),
      (each) => !saidNot(each),
    ),
  );
}

const isNot = ({ given }: Judged) => given.verdict !== 'idempotent';
const saidNot = ({ said }: Judged) => said !== 'idempotent';

async function main(file: string | undefined): Promise<void> {
  if (file === undefined) {
    console.error('usage: npm run evaluate -- FILE.jsonl');
    process.exitCode = 2;
    return;
  }
  setGrammarLoader((name) => readFile(wasmFiles[name]!));
  await loadGrammar('bash');
  const cases = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Case);
  const started = performance.now();
  const judged = cases.map(judge);
  const took = performance.now() - started;
  table('All', judged);
  table(
    'Without the debatable ones',
    judged.filter(({ given }) => !given.debatable),
  );
  table(
    'Without stubs',
    judged.filter(({ given }) => (given.stubs ?? []).length === 0),
  );
  for (const context of [...new Set(cases.map((each) => each.context))].sort()) {
    table(
      context,
      judged.filter(({ given }) => given.context === context),
    );
  }
  const wrong = judged.filter((each) => each.said !== each.given.verdict || !linesRight(each));
  console.log(`\nDisagreements: ${wrong.length}`);
  for (const { given, said, runs, lines } of wrong) {
    const kind =
      isNot({ given } as Judged) !== (said !== 'idempotent')
        ? 'VERDICT'
        : said !== given.verdict
          ? 'kind'
          : 'lines';
    console.log(
      `  ${kind.padEnd(8)}${given.id} (${given.context}${given.debatable ? ', debatable' : ''}): is ${given.verdict} ${JSON.stringify(given.offending_lines)}, said ${said} ${JSON.stringify(lines)} ${runs.map(({ effect, about }) => `${effect} ${about}`).join('; ')}`,
    );
  }
  console.log(`\n${(took / cases.length).toFixed(2)} ms a case`);
}

void main(process.argv[2]);
