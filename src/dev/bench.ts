import { fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { engine } from '../catalog';
import { defaultConfiguration } from '../engine/configuration';
import { findFiles } from '../node/find-files';
import { readText } from '../node/read-text';
import { wantedFiles } from '../node/wanted-files';
import { slashes, workspaceRoot } from '../node/workspace-root';
import { makePass, type Pass, type PassFigures, passes } from './bench-pass';
import { findProgram, peers } from './bench-peers';

const cli = join(__dirname, '../../dist/cli.js');
/** Each figure is the best of so many runs: what else the machine does can only make it worse. */
const usualRuns = 3;

interface Order {
  readonly pass: Pass;
  readonly root: string;
  readonly files: readonly string[];
}

/** A pass in a process of its own, so that none is warmed up by the one before. */
function measured(order: Order): Promise<PassFigures> {
  return new Promise((done, failed) => {
    const child = fork(__filename, ['--pass'], { execArgv: process.execArgv });
    child.once('message', (figures) => done(figures as PassFigures));
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`a pass ended with ${code}`)));
    child.send(order);
  });
}

interface Run {
  readonly seconds: number;
  readonly code: number | null;
  /** How much it printed, in bytes. */
  readonly printed: number;
  /** The end of what it said on its standard error. */
  readonly complaint: string;
}

/** A whole process: its time from start to end. */
function run(program: string, args: readonly string[], cwd: string, limit = 600): Promise<Run> {
  return new Promise((done, failed) => {
    const start = performance.now();
    const child = spawn(program, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = 0;
    child.stdout.on('data', (text: Buffer) => {
      printed += text.length;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), limit * 1000);
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-2000);
    });
    child.once('error', failed);
    child.once('close', (code) => {
      clearTimeout(timer);
      done({ seconds: (performance.now() - start) / 1000, code, printed, complaint });
    });
  });
}

/** `andon check` as a process, with its peak memory in megabytes. */
async function check(
  cwd: string,
  args: readonly string[],
): Promise<Run & { readonly memory: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-bench-'));
  try {
    const probe = join(folder, 'probe.cjs');
    const out = join(folder, 'memory');
    writeFileSync(
      probe,
      `process.on('exit',()=>require('fs').writeFileSync(${JSON.stringify(out)},String(process.resourceUsage().maxRSS/1024)))`,
    );
    const result = await run(process.execPath, ['--require', probe, cli, 'check', ...args], cwd);
    return { ...result, memory: existsSync(out) ? Number(readFileSync(out, 'utf8')) : Number.NaN };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function best<T>(
  runs: number,
  of: (result: T) => number,
  work: () => Promise<T>,
): Promise<T> {
  let found: T | undefined;
  for (let i = 0; i < runs; i++) {
    const result = await work();
    if (!found || of(result) < of(found)) found = result;
  }
  return found!;
}

interface Corpus {
  readonly root: string;
  /** Absolute, with the format that claims each. */
  readonly files: ReadonlyMap<string, string>;
}

async function collect(targets: readonly string[]): Promise<Corpus> {
  const { folder: root } = workspaceRoot(process.cwd(), targets);
  const policy = engine.policy(defaultConfiguration);
  const options = { root, interest: wantedFiles(engine.formats), ignores: () => false };
  const files = new Map<string, string>();
  for await (const found of findFiles(targets, options)) {
    for (const { file, path, script } of found.files) {
      const read = readText(file, script ? { script } : {});
      if (read.kind !== 'text') continue;
      const format = engine.recognise({ path, text: read.text }, policy);
      if (format) files.set(file, format.id);
    }
  }
  return { root, files };
}

const row = (name: string, ...cells: readonly string[]) =>
  console.log(`${name.padEnd(26)}${cells.map((cell) => cell.padStart(12)).join('')}`);
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const s = (value: number) => `${value.toFixed(2)} s`;
const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function benchPasses({ root, files }: Corpus, runs: number): Promise<void> {
  const names = [...files.keys()];
  const figures = new Map<Pass, PassFigures>();
  // One after the other and over again, so that a busy minute of the machine does not hit one of them only.
  for (let i = 0; i < runs; i++) {
    for (const pass of passes) {
      const now = await measured({ pass, root, files: names });
      const before = figures.get(pass);
      if (!before || now.cpu < before.cpu) figures.set(pass, now);
    }
  }
  const [hosts, parse, all] = passes.map((pass) => figures.get(pass)!) as [
    PassFigures,
    PassFigures,
    PassFigures,
  ];
  const megabytes = all.bytes / 1024 / 1024;
  console.log(`${all.files} files, ${megabytes.toFixed(1)} MB, ${all.findings} findings\n`);
  row('one thread', 'processor', 'wall', 'MB/s', 'memory');
  const line = (name: string, each: PassFigures) =>
    row(
      name,
      ms(each.cpu),
      ms(each.wall),
      ((megabytes / each.cpu) * 1000).toFixed(1),
      `${each.memory.toFixed(0)} MB`,
    );
  line('parse, files alone', hosts);
  line('parse, with what is inside', parse);
  line('check', all);
  console.log(
    `\ncheck / parse: ${(all.cpu / parse.cpu).toFixed(2)} (processor), ${(all.wall / parse.wall).toFixed(2)} (wall)`,
  );
  console.log(
    `check of one file: p50 ${ms(at(all.each, 0.5))}, p95 ${ms(at(all.each, 0.95))}, p99 ${ms(at(all.each, 0.99))}, max ${ms(all.each.at(-1) ?? 0)}`,
  );
  const { files: placed, updates, scratch } = all.index!;
  if (placed > 0)
    console.log(
      `index after an edit, ${placed} files on the map: p50 ${ms(at(updates, 0.5))}, p95 ${ms(at(updates, 0.95))}, max ${ms(updates.at(-1)!)}; from scratch p50 ${ms(at(scratch, 0.5))}`,
    );
}

async function benchProcess(targets: readonly string[], runs: number): Promise<void> {
  const args = ['-f', 'json', '-q', ...targets];
  const whole = await best(
    runs,
    (result) => result.seconds,
    () => check(process.cwd(), args),
  );
  console.log(
    `andon check, whole process: ${s(whole.seconds)}, peak memory ${whole.memory.toFixed(0)} MB`,
  );
}

async function benchPeers(
  { root, files }: Corpus,
  only: readonly string[],
  runs: number,
): Promise<void> {
  console.log('\nwhole processes, the same files');
  row('', 'files', 'peer', 'andon', 'faster by');
  for (const peer of peers) {
    if (only.length > 0 && !only.includes(peer.name)) continue;
    const program = findProgram(peer.program ?? peer.name);
    const needed = peer.needs && findProgram(peer.needs);
    if (!program || (peer.needs && !needed)) {
      row(peer.name, '–', 'not found');
      continue;
    }
    const own = [...files]
      .map(([file, format]) => [slashes(relative(root, file)), format] as const)
      .filter(([path, format]) => peer.checks(path, format))
      .map(([path]) => path)
      .sort();
    const step = Math.max(1, Math.ceil(own.length / (peer.most ?? Number.POSITIVE_INFINITY)));
    const some = own.filter((_, index) => index % step === 0);
    if (some.length === 0) {
      row(peer.name, '0');
      continue;
    }
    let complaint = '';
    let failed = false;
    const theirs = await best(
      some.length > 50 ? 1 : runs,
      (seconds) => seconds,
      async () => {
        let seconds = 0;
        for (const args of peer.calls(some, needed)) {
          const result = await run(program, args, root);
          seconds += result.seconds;
          if (result.code === 0) continue;
          // Findings are a reason to end so; an end without a word of them is none.
          failed ||= result.printed === 0;
          complaint ||= result.complaint.trim().split('\n').at(-1)!.slice(0, 100);
        }
        return seconds;
      },
    );
    const ours = await best(
      runs,
      (result) => result.seconds,
      () => check(root, ['-f', 'json', '-q', ...some]),
    );
    row(
      peer.name,
      String(some.length),
      failed ? 'broke off' : s(theirs),
      s(ours.seconds),
      failed ? '' : `${(theirs / ours.seconds).toFixed(1)}x`,
    );
    if (complaint) console.log(`  (${complaint})`);
  }
}

/** `npm run bench -- [--runs N] [--peers none|NAME,…] DIR…` */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: String(usualRuns) },
      peers: { type: 'string', default: '' },
    },
  });
  if (!existsSync(cli)) throw new Error('dist/cli.js is not there: npm run build makes it');
  const targets = (positionals.length > 0 ? positionals : ['.']).map((path) => resolve(path));
  const runs = Number(values.runs);
  const corpus = await collect(targets);
  await benchPasses(corpus, runs);
  await benchProcess(targets, runs);
  if (values.peers !== 'none') {
    await benchPeers(corpus, values.peers.split(',').filter(Boolean), runs);
  }
}

if (process.argv.includes('--pass')) {
  process.once('message', (order: Order) => {
    void makePass(order.pass, order.root, order.files).then((figures) => {
      process.send!(figures, () => process.exit());
    });
  });
} else {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
}
