import { paint, type Style } from '../report/paint';
import { signOf } from './compare';
import { newOutput, unifiedDiff } from './difference';
import type { Proof, Run, Verdict } from './proof';
import { changeWords, doubtWords, endingWords, verdictWords } from './words';

/** What a report says besides the proof. */
export interface ReportHead {
  readonly version: string;
  /** As the user named it. */
  readonly script: string;
  /** What it ran in, in words. */
  readonly sandbox: string;
  readonly colour: boolean;
}

/** Of each list that many are shown; the rest is counted. */
const most = { paths: 100, diffs: 20, diffLines: 60, output: 20 };

const colours: Readonly<Record<Verdict, Style>> = {
  idempotent: 'green',
  'fails-on-rerun': 'red',
  'changes-on-rerun': 'red',
  'cannot-tell': 'yellow',
};

/** The proof as a person reads it on a terminal. */
export function textReport(proof: Proof, head: ReportHead): string {
  const { style } = paint(head.colour);
  const bold = (text: string) => style('bold', text);
  const dim = (text: string) => style('dim', text);
  const lines: string[] = [
    `${bold(head.script)}: ${style(colours[proof.verdict], verdictWords[proof.verdict])}${
      proof.doubt ? `: ${doubtWords(proof.doubt)}` : ''
    }`,
  ];
  for (const [index, run] of proof.runs.entries()) {
    lines.push(`  run ${index + 1}: ${endingWords(run)}, ${run.seconds.toFixed(1)} s`);
  }
  const told = tellsOutputOf(proof);
  if (told) {
    lines.push('', `The last that run ${told.number} wrote to standard error:`);
    lines.push(...(told.lines.length > 0 ? indented(told.lines) : ['  nothing']));
  }
  for (const [index, { paths, started, ended }] of proof.changes.entries()) {
    const run = index + 2;
    if (paths.length + started.length + ended.length > 0) {
      lines.push('', bold(`What run ${run} changed:`));
      const list = [
        ...paths.map((each) => `${signOf(each)} ${each.path}  ${dim(`(${changeWords(each)})`)}`),
        ...started.map((each) => `+ ${dim('still running:')} ${each}`),
        ...ended.map((each) => `- ${dim('not running any more:')} ${each}`),
      ];
      lines.push(...indented(cut(list, most.paths)));
      for (const change of paths.slice(0, most.diffs)) {
        const diff = unifiedDiff(change);
        if (!diff) continue;
        lines.push(
          '',
          bold(`--- ${change.path}  after run ${run - 1}`),
          bold(`+++ ${change.path}  after run ${run}`),
        );
        lines.push(
          ...cut(diff, most.diffLines).map((line) =>
            line[0] === '+' ? style('green', line) : line[0] === '-' ? style('red', line) : line,
          ),
        );
      }
    }
    const [before, after] = [proof.runs[index], proof.runs[index + 1]] as [Run, Run];
    const output = newOutput(before, after);
    if (output.length > 0) {
      lines.push('', `New in what run ${run} printed:`, ...indented(cut(output, most.output)));
    }
  }
  lines.push('', dim(`Run in ${head.sandbox}.`));
  return `${lines.map(harmless).join('\n')}\n`;
}

/** The run whose end needs its last words to be understood. */
function tellsOutputOf({ doubt, runs }: Proof): { number: number; lines: string[] } | undefined {
  if (!doubt) return undefined;
  if (doubt.kind === 'obstacle') return { number: doubt.run, lines: [doubt.obstacle.line] };
  const number = doubt.kind === 'first-run-failed' ? 1 : doubt.run;
  return { number, lines: lastLines(runs[number - 1]!.stderr) };
}

/** The last lines of a text that hold something. */
export const lastLines = (text: string): string[] => text.split('\n').filter(Boolean).slice(-5);

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

function cut(lines: readonly string[], length: number): readonly string[] {
  if (lines.length <= length) return lines;
  return [...lines.slice(0, length), `… and ${lines.length - length} more`];
}

/** A line without control characters but our own colours: a script's output must not steer the terminal. */
function harmless(line: string): string {
  return line.replace(
    /\u001b(?!\[\d+m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g,
    '·',
  );
}
