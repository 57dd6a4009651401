import { execFile } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { engine } from '../catalog';

const usage = `npm run survey -- FOLDER…
What Andon says of many repositories: FOLDER holds one in each of its folders.
  --rule ID     only this rule; may be given several times
  --every-rule  those that are off by default too
  --sample N    and of each rule up to N findings, drawn at random, with the line each is about
  --seed N      another draw`;

interface Found {
  readonly repository: string;
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** What `andon check` says of one repository: the contract of its JSON report. */
interface Report {
  readonly files: number;
  readonly findings: readonly Omit<Found, 'repository'>[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

const cli = join(__dirname, '../../dist/cli.js');

/** Rejects when the check ends with anything but a report. */
async function check(folder: string, options: readonly string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, 'check', '--format', 'json', '--fail-on', 'never', ...options, folder],
    { cwd: folder, maxBuffer: 1 << 30, timeout: 600_000 },
  ).catch((error: Error & { code?: unknown; stdout?: string }) => {
    // 2: something was left out, which the report names.
    if (error.code === 2 && error.stdout?.startsWith('{')) return { stdout: error.stdout };
    throw error;
  });
  return JSON.parse(stdout);
}

/** The same numbers for the same seed, from 0 up to 1: https://en.wikipedia.org/wiki/Linear_congruential_generator. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function draw<T>(all: readonly T[], most: number, next: () => number): readonly T[] {
  const left = [...all];
  const drawn: T[] = [];
  while (drawn.length < most && left.length > 0) {
    drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  }
  return drawn;
}

function line(folder: string, { path, line: number }: Found): string {
  try {
    return readFileSync(join(folder, path), 'utf8').split(/\r?\n/)[number - 1]?.trim() ?? '';
  } catch {
    return '';
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rule: { type: 'string', multiple: true },
      'every-rule': { type: 'boolean' },
      sample: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const folders = positionals
    .flatMap((parent) => readdirSync(parent).map((name) => realpathSync(join(parent, name))))
    .filter((folder) => statSync(folder).isDirectory())
    .sort();
  if (folders.length === 0) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const work = mkdtempSync(join(tmpdir(), 'andon-survey-'));
  try {
    // One configuration for all: what a repository says of Andon itself is not asked.
    const configuration = join(work, 'andon.yaml');
    const rules = engine.rules.map(({ id, severity }) => `  ${id}: ${severity}\n`).join('');
    writeFileSync(configuration, values['every-rule'] ? `rules:\n${rules}` : 'rules: {}\n');
    const options = ['--no-baseline', '--config', configuration];
    for (const rule of values.rule ?? []) options.push('--rule', rule);
    const found: Found[] = [];
    const places = new Map<string, string>();
    let files = 0;
    let failures = 0;
    for (const [i, folder] of folders.entries()) {
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${folders.length}`);
      const repository = basename(folder).replace('__', '/');
      places.set(repository, folder);
      try {
        const report = await check(folder, options);
        files += report.files;
        found.push(...report.findings.map((finding) => ({ ...finding, repository })));
        for (const { path, message } of report.problems)
          console.log(`${repository}: ${path}: ${message}`);
      } catch (error) {
        failures++;
        console.log(`${repository}: ${error instanceof Error ? error.message : error}`);
      }
    }
    console.log(
      `\n${folders.length} repositories, ${files} files, ${found.length} findings, ${failures} checks that failed\n`,
    );
    console.log('| Rule | Repositories | Findings |\n|---|--:|--:|');
    for (const { id } of engine.rules) {
      const own = found.filter(({ rule }) => rule === id);
      console.log(
        `| ${id} | ${new Set(own.map(({ repository }) => repository)).size} | ${own.length} |`,
      );
    }
    if (!values.sample) return;
    const next = random(Number(values.seed ?? 1));
    for (const { id } of engine.rules) {
      const own = found.filter(({ rule }) => rule === id);
      for (const each of draw(own, Number(values.sample), next)) {
        const { repository, path, message } = each;
        console.log(`\n${id}\t${repository}\t${path}:${each.line}\n  ${message}`);
        console.log(`  ${line(places.get(repository)!, each).slice(0, 200)}`);
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

void main();
