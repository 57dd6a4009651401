import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileResult } from '../engine/finding';
import { ownRules } from '../engine/own-rules';
import type { LintPool } from '../node/lint-pool';
import { readText } from '../node/read-text';
import { applyEdits } from '../text/edit';
import { LineIndex } from '../text/line-index';
import type { Place } from '../text/place';
import { mutate, randomFrom } from './mutate';

/** A text to make mutants of, and the path that tells what it is. */
export interface Seed {
  readonly path: string;
  readonly text: string;
}

/** An input that shows a mistake of Andon's. */
export interface Failure extends Seed {
  /** With the same options it makes the same input again. */
  readonly index: number;
  readonly reason: string;
  /** It took so long that the pool gave it up, or a grammar broke off: not nice, yet nothing hung. */
  readonly givenUp: boolean;
}

const seedLimit = 100_000;

/** The fenced blocks of all rule pages, at a path that fits their language. */
export function pageSeeds(root: string): readonly Seed[] {
  const names: Readonly<Record<string, string>> = {
    dockerfile: 'Dockerfile',
    // Named as what sets up a machine that lasts: such a script is followed twice, and as far as any.
    sh: 'setup.sh',
    bash: 'setup.bash',
    hcl: 'main.tf',
    terraform: 'main.tf',
    yaml: 'file.yaml',
    'yaml github-actions': '.github/workflows/ci.yml',
    'yaml compose': 'compose.yaml',
    'yaml ansible': 'playbook.yml',
    json: 'file.json',
  };
  const folder = join(root, 'src/rules');
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const page = readFileSync(join(folder, name), 'utf8');
      return [...page.matchAll(/^```(\S+)(.*)\n([\s\S]*?)^```$/gm)].map(
        ([, language, words, text]) => {
          const said = /path=(\S+)/.exec(words!)?.[1];
          const path =
            said ?? names[`${language}${words}`.trim()] ?? names[language!] ?? 'file.txt';
          return { path, text: text! };
        },
      );
    });
}

/** The text files of some folders, small ones only. */
export function folderSeeds(folders: readonly string[]): readonly Seed[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((file) => statSync(file).isFile() && statSync(file).size <= seedLimit)
      .flatMap((file) => {
        const read = readText(file);
        return read.kind === 'text' ? [{ path: relative(folder, file), text: read.text }] : [];
      }),
  );
}

/** The input of a run with this index. */
export function inputAt(seeds: readonly Seed[], seed: number, index: number): Seed {
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) ^ index);
  const of = () => seeds[Math.floor(random() * seeds.length)]!;
  const base = of();
  const other = of();
  // Now and then a file has the name of another kind.
  const { path } = random() < 0.05 ? other : base;
  return { path, text: mutate(base.text, other.text, random) };
}

/** The texts as they are while somebody writes them: each ends behind a word, or has no more of the line. */
export function halfTyped(seeds: readonly Seed[]): {
  readonly count: number;
  at(index: number): Seed;
} {
  const cuts = seeds.flatMap(({ path, text }) =>
    [...text.matchAll(/\S+\s?/g)].flatMap(({ 0: { length }, index }) => {
      const end = index + length;
      const next = text.indexOf('\n', end - 1);
      const rest = next < 0 ? text.length : next;
      return [end, end - 1].flatMap((cut) => [
        { path, text, cut, from: text.length },
        { path, text, cut, from: Math.max(cut, rest) },
      ]);
    }),
  );
  return {
    count: cuts.length,
    at(index) {
      const { path, text, cut, from } = cuts[index]!;
      return { path, text: text.slice(0, cut) + text.slice(from) };
    },
  };
}

export interface FuzzOptions {
  readonly input: (index: number) => Seed;
  /** Indices of the inputs: from, and up to but without. */
  readonly from: number;
  readonly to: number;
  readonly pool: LintPool;
  readonly progress?: (done: number) => void;
}

/** Inputs under way at a time: enough to keep the workers busy, few enough to keep memory flat. */
const width = 256;

/** Checks inputs and returns those that show a mistake. */
export async function fuzz(options: FuzzOptions): Promise<readonly Failure[]> {
  const { to, pool, progress } = options;
  const failures: Failure[] = [];
  let next = options.from;
  let done = 0;
  const work = async () => {
    while (next < to) {
      const index = next++;
      const input = options.input(index);
      const result = await pool.lint(input);
      const reason = result && objection(result, input.text);
      if (reason)
        failures.push({
          ...input,
          index,
          reason,
          givenUp: /took longer|grammar gives up/.test(reason),
        });
      progress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return failures.sort((a, b) => a.index - b.index);
}

/** What is wrong with a result, or undefined. */
export function objection(result: FileResult, text: string): string | undefined {
  const [problem] = result.problems;
  if (problem) return `problem: ${problem.message}`;
  const lines = new LineIndex(text);
  const inside = ({ range, start, end }: Place) => {
    const [from, to] = range;
    if (!(Number.isInteger(from) && Number.isInteger(to))) return false;
    if (from < 0 || to < from || to > text.length) return false;
    const [first, last] = [lines.position(from), lines.position(to)];
    return (
      first.line === start.line &&
      first.column === start.column &&
      last.line === end.line &&
      last.column === end.column
    );
  };
  for (const finding of result.candidates) {
    const { rule, message, fix, related = [] } = finding;
    const about = `${rule} [${finding.range}] of ${text.length}`;
    if (rule === ownRules.crash.id) return message;
    if (!inside(finding)) return `${about}: not inside the file`;
    if (!related.every(inside)) return `${about}: a related place is not inside the file`;
    if (!fix) continue;
    if (!fix.edits.every(inside)) return `${about}: an edit is not inside the file`;
    try {
      applyEdits(text, fix.edits);
    } catch (error) {
      return `${about}: ${(error as Error).message}`;
    }
  }
  for (const suppression of result.suppressions) {
    if (!inside(suppression)) return `suppression [${suppression.range}]: not inside the file`;
  }
  for (const { kind, key, range } of result.facts) {
    if (range && !(0 <= range[0] && range[0] <= range[1] && range[1] <= text.length)) {
      return `fact ${kind} ${key} [${range}]: not inside the file`;
    }
  }
  return undefined;
}
