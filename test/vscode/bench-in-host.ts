import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { AndonApi } from '../../src/vscode/activate';
import { debounce } from '../../src/vscode/documents';

/** What the bench found, in milliseconds. */
export interface EditorFigures {
  readonly processors: number;
  readonly load: number;
  readonly activation: number;
  /** From a key to the diagnostics, without the debounce. */
  readonly keystroke: Percentiles;
  readonly watched: readonly Watched[];
  readonly findings: number;
}

/** Something that was done, and how the extension host fared meanwhile. */
export interface Watched {
  readonly name: string;
  readonly took: number;
  /** How late the extension host's timers were; all extensions together. */
  readonly delay: Percentiles;
  /** Longest stretch in which our own code held the extension host without a pause. */
  readonly held: Held;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface Held {
  readonly max: number;
  readonly over10: number;
  /** Where the longest stretch was. */
  readonly where: string;
}

const edits = 200;
/** Between two looks of the profiler, in microseconds. */
const interval = 500;
/** Edits that change what a pipeline builds. */
const turns = 20;

/** Measures inside the extension host; VS Code calls it. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<AndonApi>('andon.andon')!;
  const api = await extension.activate();
  await api.whenIdle();
  // All the others have to have started too.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const root = vscode.workspace.workspaceFolders![0]!.uri;
  const uri = vscode.Uri.joinPath(root, '.github/workflows/large.yml');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(workflow(1000)));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  await api.whenIdle();
  for (let i = 0; i < 20; i++) await keystroke(document, i);

  const times: number[] = [];
  const done: Watched[] = [];
  const watch = async (name: string, part: () => Promise<void>) => {
    done.push(await watched(name, part));
  };
  await watch('typing', async () => {
    for (let i = 0; i < edits; i++) times.push(await keystroke(document, i));
  });

  await vscode.commands.executeCommand('andon.findings.focus');
  const settings = vscode.workspace.getConfiguration('andon');
  await watch('first check of the workspace', async () => {
    await settings.update('workspaceCheck', true, vscode.ConfigurationTarget.Global);
    await rest();
    await api.whenIdle();
    await rest();
  });
  await watch('Check Workspace', async () => {
    await vscode.commands.executeCommand('andon.checkWorkspace');
    await api.whenIdle();
    await rest();
  });
  await watch(`${turns} edits of what is built`, async () => {
    const edited = vscode.Uri.joinPath(root, '.github/workflows/service-7.yml');
    const pipeline = await vscode.workspace.openTextDocument(edited);
    for (let i = 0; i < turns; i++) await turn(pipeline);
  });
  const findings = vscode.languages
    .getDiagnostics()
    .reduce((sum, [, all]) => sum + all.filter((each) => each.source === 'andon').length, 0);
  const figures: EditorFigures = {
    processors: availableParallelism(),
    load: loadavg()[0]!,
    activation: api.activation,
    keystroke: percentiles(times),
    watched: done,
    findings,
  };
  console.log(`FIGURES ${JSON.stringify(figures)}`);
}

/** Longer than the delivery map waits before it is drawn. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 1500));

/** Has the pipeline build another service, or its own again. */
async function turn(pipeline: vscode.TextDocument): Promise<void> {
  const text = pipeline.getText();
  const at = text.indexOf('services/service-', text.indexOf('docker build'));
  const end = text.indexOf('\n', at);
  const other = text.slice(at, end).endsWith('-7') ? 'services/service-8' : 'services/service-7';
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(pipeline.positionAt(at), pipeline.positionAt(end));
  edit.replace(pipeline.uri, range, other);
  await vscode.workspace.applyEdit(edit);
  await rest();
}

/** Types one character that changes what is found; milliseconds until it shows, without the debounce. */
async function keystroke(document: vscode.TextDocument, turn: number): Promise<number> {
  // `curl` without and with -f in turn, in the middle of the file.
  const line = 500 - (500 % 8) + 5;
  const text = document.lineAt(line).text;
  const at = text.indexOf('curl') + 4;
  const edit = new vscode.WorkspaceEdit();
  const isFixed = text.includes('curl -f');
  if (isFixed) edit.delete(document.uri, new vscode.Range(line, at, line, at + 3));
  else edit.insert(document.uri, new vscode.Position(line, at), ' -f');
  const count = () => vscode.languages.getDiagnostics(document.uri).length;
  const before = count();
  let typed = 0;
  const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === document && typed === 0) typed = performance.now();
  });
  await vscode.workspace.applyEdit(edit);
  // Looked at every millisecond: VS Code's event for it comes 50 ms late, to tell of several changes at once.
  while (count() === before) {
    if (typed > 0 && performance.now() - typed > 20_000)
      throw new Error(`edit ${turn}: nothing showed`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const took = performance.now() - typed - debounce;
  subscription.dispose();
  // People are slower than that.
  await new Promise((resolve) => setTimeout(resolve, 30));
  return took;
}

/** Runs something under the eyes of the event loop's monitor and a profiler. */
async function watched(name: string, part: () => Promise<void>): Promise<Watched> {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters?: object) =>
    new Promise<unknown>((resolve, reject) => {
      session.post(method, parameters, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  await post('Profiler.enable');
  await post('Profiler.setSamplingInterval', { interval });
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  await post('Profiler.start');
  monitor.enable();
  const begun = performance.now();
  await part();
  const took = performance.now() - begun;
  monitor.disable();
  const { profile } = (await post('Profiler.stop')) as { profile: Profile };
  session.disconnect();
  const file = process.env.ANDON_PROFILE;
  if (file) writeFileSync(`${file}-${name.replaceAll(' ', '-')}`, JSON.stringify(profile));
  const milliseconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - 1);
  return {
    name,
    took,
    delay: {
      p50: milliseconds(monitor.percentile(50)),
      p95: milliseconds(monitor.percentile(95)),
      max: milliseconds(monitor.max),
    },
    held: heldBy(profile),
  };
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The longest runs of samples in which a function of our bundle was on the stack. */
function heldBy({ nodes, samples, timeDeltas }: Profile): Held {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ours = new Map<number, string>();
  const visit = (id: number, within: string): void => {
    const node = byId.get(id)!;
    const { functionName, url } = node.callFrame;
    const own = /dist[\\/]extension\.js$/.test(url);
    const name = own ? functionName || '(anonymous)' : within;
    if (name) ours.set(id, own && within ? `${within} > ${name}` : name);
    for (const child of node.children ?? []) visit(child, ours.get(id) ?? '');
  };
  visit(nodes[0]!.id, '');
  let max = 0;
  let over10 = 0;
  let where = '';
  let run = 0;
  let last = '';
  const end = () => {
    if (run > 10_000) over10++;
    if (run > max) {
      max = run;
      where = last;
    }
    run = 0;
  };
  samples.forEach((id, i) => {
    const name = ours.get(id);
    const top = name?.split(' > ')[0];
    // Another task of ours has another function at its bottom.
    if (top === undefined || (run > 0 && top !== last.split(' > ')[0])) end();
    if (name !== undefined) {
      // What passes before a sample belongs to it; a thread that is not scheduled leaves large gaps.
      run += Math.min(timeDeltas[i] ?? 0, 2 * interval);
      last = name;
    }
  });
  end();
  return { max: max / 1000, over10, where: where.split(' > ').slice(-4).join(' > ') };
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1)! };
}

/** A workflow of so many lines, eight to a step, each with something to find. */
function workflow(lines: number): string {
  const head = ['on: push', 'jobs:', '  build:', '    runs-on: ubuntu-24.04', '    steps:'];
  const step = (i: number) => [
    `      - name: Step ${i}`,
    '        env:',
    `          NUMBER: "${i}"`,
    '        run: |',
    `          echo "step ${i} of $GITHUB_REF"`,
    `          curl https://example.com/${i} > file-${i}`,
    `          if [ -f file-${i} ]; then tar xzf file-${i}; fi`,
    '          make build && make test',
  ];
  const steps = Array.from({ length: Math.ceil((lines - head.length) / 8) }, (_, i) => step(i));
  // Line 500 and some is that of a curl: see keystroke.
  return `${['# A large workflow', '', '', ...head].slice(0, 8).concat(steps.flat()).join('\n')}\n`;
}
