import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { engine } from '../catalog';
import { defaultConfiguration, type Policy } from '../engine/configuration';
import type { Document, Format } from '../engine/format';
import { probe } from '../engine/format';
import { isUnready } from '../engine/lint';
import { readText } from '../node/read-text';
import { slashes } from '../node/workspace-root';
import { Workspace } from '../project/workspace';
import { setGrammarLoader } from '../syntax/tree-sitter';
import { Source } from '../text/source';
import { benchIndex, type IndexFigures } from './bench-index';
import { wasmFiles } from './wasm';

/**
 * What is done with each file. `hosts`: read, recognise, parse. `parse`: the documents inside it too. `check`: all that
 * a check does, to the settled findings.
 */
export const passes = ['hosts', 'parse', 'check'] as const;
export type Pass = (typeof passes)[number];

/** One run over the files, in one thread of a process of its own. Times in milliseconds. */
export interface PassFigures {
  readonly wall: number;
  /** Processor time of the process, collector and compiler included. */
  readonly cpu: number;
  readonly files: number;
  readonly bytes: number;
  readonly findings: number;
  /** Time for each file, ascending. */
  readonly each: readonly number[];
  /** Peak resident memory in megabytes. */
  readonly memory: number;
  /** Of a check: what an edit costs afterwards. */
  readonly index?: IndexFigures;
}

async function ready<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isUnready(error)) throw error;
      await error.load();
    }
  }
}

function parseInside(document: Document<any>): void {
  for (const piece of document.embedded) parseInside(piece.parse());
}

function parse(
  path: string,
  text: string,
  policy: Policy,
  inside: boolean,
): Format<any, any> | undefined {
  const format = engine.recognise({ path, text }, policy);
  if (!format) return undefined;
  const document = format.parse(Source.file(path, text), format.alone(probe(path, text)));
  if (inside) parseInside(document);
  return format;
}

/** Makes a pass over files below a folder and measures it. */
export async function makePass(
  pass: Pass,
  root: string,
  files: readonly string[],
): Promise<PassFigures> {
  setGrammarLoader(async (name) => readFileSync(wasmFiles[name]!));
  const policy = engine.policy(defaultConfiguration);
  // What starting costs is in the figures of the whole process; here the grammars are loaded beforehand.
  for (const [path, text] of [
    ['a.sh', 'true'],
    ['a.tf', 'a = 1'],
  ] as const) {
    await engine.lint({ path, text }, policy);
  }
  const workspace = new Workspace();
  workspace.setFiles(files.map((file) => slashes(relative(root, file))));
  const each: number[] = [];
  let bytes = 0;
  let claimed = 0;
  const start = performance.now();
  const cpu = process.cpuUsage();
  for (const file of files) {
    const from = performance.now();
    const path = slashes(relative(root, file));
    const read = readText(file);
    if (read.kind !== 'text') continue;
    if (pass === 'check') {
      const result = await engine.lint({ path, text: read.text }, policy);
      workspace.update(result);
      if (result.format) claimed++;
    } else if (await ready(() => parse(path, read.text, policy, pass === 'parse'))) claimed++;
    bytes += read.text.length;
    each.push(performance.now() - from);
  }
  let findings = 0;
  if (pass === 'check') {
    const options = { today: '2026-01-01', judgeSuppressions: true };
    for (const path of workspace.paths) findings += workspace.findings(path, options).length;
  }
  const used = process.cpuUsage(cpu);
  const wall = performance.now() - start;
  const memory = process.resourceUsage().maxRSS / 1024;
  return {
    wall,
    cpu: (used.user + used.system) / 1000,
    files: claimed,
    bytes,
    findings,
    each: each.sort((a, b) => a - b),
    memory,
    ...(pass === 'check' && { index: benchIndex(workspace) }),
  };
}
