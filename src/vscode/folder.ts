import * as vscode from 'vscode';
import { type Baseline, BaselineError, readBaseline, staleEntries } from '../engine/baseline';
import {
  type Configuration,
  configurationFiles,
  defaultConfiguration,
  makePolicy,
  type Policy,
} from '../engine/configuration';
import { askedOf, type FactName } from '../engine/fact';
import type { FileResult, Finding } from '../engine/finding';
import { matchPaths } from '../engine/paths';
import { settle } from '../engine/settle';
import { type Interest, wantedFiles } from '../node/wanted-files';
import type { Interruptible } from '../project/interruptible';
import { drawPicture, type Picture } from '../project/map-picture';
import { repositoryOwners } from '../project/repository-owner';
import { type SettleOptions, Workspace } from '../project/workspace';
import type { Host } from './checker';
import type { ConfigurationFile } from './configuration-file';
import { effectiveConfiguration } from './effective-configuration';
import type { FolderFiles } from './folder-files';
import type { RuleLanguage } from './rule-language';
import { readSettings, type Settings } from './settings';
import { inSlices, inSteps } from './time-slices';

/** Where the baseline of a folder is. */
export const baselinePath = '.andon/baseline.json';

/** The configuration file of a folder, found and read. */
interface FoundConfiguration extends ConfigurationFile {
  readonly uri: vscode.Uri;
  readonly text: string;
}

/** A workspace folder with its configuration, its baseline and the results of its files. */
export class Folder {
  /** Names the folder to the linter; empty for files that are in none. */
  readonly id: string;
  readonly root: vscode.Uri | undefined;
  readonly name: string | undefined;
  readonly files: FolderFiles | undefined;
  readonly #host: Host;
  readonly #language: RuleLanguage;
  readonly #index = new Workspace('by hand');
  /** Per file: the version of the document its result is of, its uri, and the facts its findings hang on. */
  readonly #kept = new Map<string, Kept>();
  readonly #hanging = new Map<string, Set<string>>();
  readonly #existing = new Map<string, boolean>();
  #settings: Settings;
  #found: FoundConfiguration | undefined;
  #good: ConfigurationFile | undefined;
  #configuration: Configuration = defaultConfiguration;
  #policy: Policy;
  /** Counted when it is first asked for. */
  #activeRules: number | undefined;
  #interest: (path: string) => Interest;
  #excluded: (path: string) => boolean = () => false;
  #baseline: Baseline | undefined;
  #baselineFault: string | undefined;

  constructor(
    host: Host,
    language: RuleLanguage,
    folder: vscode.WorkspaceFolder | undefined,
    files: FolderFiles | undefined,
  ) {
    this.#host = host;
    this.#language = language;
    this.id = folder?.uri.toString() ?? '';
    this.root = folder?.uri;
    this.name = folder?.name;
    this.files = files;
    this.#settings = this.#readSettings();
    this.#policy = this.#policyOf(defaultConfiguration);
    this.#interest = wantedFiles(host.catalog.formats);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  /** The configuration file, whether it can be used or not. */
  get configurationFile(): FoundConfiguration | undefined {
    return this.#found;
  }

  get baseline(): Baseline | undefined {
    return this.#baseline;
  }

  /** What is wrong with the baseline file. */
  get baselineFault(): string | undefined {
    return this.#baselineFault;
  }

  /** Paths of all files there is a result of. */
  get paths(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** Rules active for files that no override speaks of. */
  get activeRules(): number {
    this.#activeRules ??= [...this.#policy.rulesFor('').values()].reduce(
      (sum, rules) => sum + rules.length,
      0,
    );
    return this.#activeRules;
  }

  /** Reads settings and `.andon.yaml` anew. True when what holds has changed. */
  async readConfiguration(): Promise<boolean> {
    this.#settings = this.#readSettings();
    this.#excluded = this.#readExcluded();
    this.#found = await this.#findConfiguration();
    // Of a broken file nothing can be taken: what held before goes on.
    if (!this.#found?.broken) this.#good = this.#found;
    const now = effectiveConfiguration(this.#good, this.#settings);
    const changed = JSON.stringify(now) !== JSON.stringify(this.#configuration);
    this.#configuration = now;
    this.#policy = this.#policyOf(now);
    this.#activeRules = undefined;
    this.#interest = wantedFiles(this.#host.catalog.formats, Object.keys(now.files));
    return changed;
  }

  /** Reads the baseline anew. True when it changed; a damaged one leaves the last good one in force. */
  async readBaseline(): Promise<boolean> {
    const text = this.root && (await readText(vscode.Uri.joinPath(this.root, baselinePath)));
    const git = this.root && (await readText(vscode.Uri.joinPath(this.root, '.git/config')));
    this.#index.setSurroundings(repositoryOwners(git ?? ''));
    const before = this.#baseline;
    this.#baselineFault = undefined;
    if (text === undefined) this.#baseline = undefined;
    else {
      try {
        this.#baseline = readBaseline(text);
      } catch (error) {
        if (!(error instanceof BaselineError)) throw error;
        this.#baselineFault = error.message;
      }
    }
    return before !== this.#baseline && !(before && this.#baseline && same(before, this.#baseline));
  }

  /** Entries of the baseline that nothing answers to any more. Only meaningful after a check of the whole folder. */
  async staleBaseline(): Promise<readonly string[]> {
    if (!this.#baseline) return [];
    const known = new Set(this.paths);
    const findings = await this.allFindings();
    return this.#baseline ? staleEntries(this.#baseline, findings, (path) => known.has(path)) : [];
  }

  /** The findings of all files as they stand now. */
  async allFindings(): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    await inSlices(this.paths, (path) => findings.push(...this.#settled(path)));
    return findings;
  }

  pathOf(uri: vscode.Uri): string {
    if (!this.root) return uri.path.replace(/^\//, '');
    return uri.path.slice(this.root.path.replace(/\/$/, '').length + 1);
  }

  uriOf(path: string): vscode.Uri {
    const kept = this.#kept.get(path);
    return kept?.uri ?? vscode.Uri.joinPath(this.root ?? vscode.Uri.file('/'), path);
  }

  /** How a file is worth a look; left out are those the settings or the configuration leave out. */
  interest(path: string): Interest {
    return this.#interest(path);
  }

  /** Whether settings or configuration leave a file, or a folder that ends with `/`, out. */
  leftOut(path: string): boolean {
    return this.#excluded(path.replace(/\/$/, '')) || this.#policy.ignores(path);
  }

  /** Whether a path is left out, itself or any folder above it. */
  leavesOut(path: string): boolean {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (this.leftOut(path.slice(0, at + 1))) return true;
    }
    return this.leftOut(path);
  }

  /** The format the configuration names for a file. */
  formatOf(path: string): string | undefined {
    return this.#policy.formatOf(path);
  }

  // --- results

  /**
   * Finds out which files exist that the findings of a result hang on, so that taking it in shows no finding for a
   * moment only.
   */
  async learn(result: FileResult): Promise<void> {
    const { root } = this;
    if (!root) return;
    const unknown = new Set(
      conditionsOf(result)
        .filter((fact) => fact.kind === 'file' && !this.#existing.has(fact.key))
        .map((fact) => fact.key),
    );
    await Promise.all(
      [...unknown].map(async (path) => {
        const found = await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, path)).then(
          () => true,
          () => false,
        );
        this.#noteFile(path, found);
      }),
    );
  }

  /** Takes in a result; returns the paths whose findings may be others now. */
  take(result: FileResult, uri: vscode.Uri, version: number | undefined): readonly string[] {
    const { path } = result;
    const before = this.#index.result(path)?.facts ?? [];
    this.#index.update(result);
    const waitsFor = [...new Set(conditionsOf(result).map(keyOf))];
    this.#unhang(path);
    for (const key of waitsFor) {
      const paths = this.#hanging.get(key);
      if (paths) paths.add(path);
      else this.#hanging.set(key, new Set([path]));
    }
    this.#kept.set(path, { uri, version, waitsFor });
    return [path, ...this.#hangingOn(before, result.facts, path)];
  }

  /** Forgets a file; returns the paths whose findings may be others now. */
  drop(path: string): readonly string[] {
    const before = this.#index.result(path)?.facts ?? [];
    this.#index.remove(path);
    this.#unhang(path);
    this.#kept.delete(path);
    return [...this.#hangingOn(before, [], path)];
  }

  /** Whether the delivery map is to be drawn anew. */
  get mapIsStale(): boolean {
    return this.#index.isStale;
  }

  /** A picture of the delivery map as it is now; undefined when it changes meanwhile. */
  async drawPicture(): Promise<Picture | undefined> {
    const map = await this.#unlessChanged(this.#index.mapping());
    return map && inSteps(drawPicture(map));
  }

  /**
   * Draws the delivery map anew; resolves to the paths whose findings may be others now, or to undefined when the map
   * changes meanwhile, and is to be drawn anew again.
   */
  async redraw(): Promise<readonly string[] | undefined> {
    const facts = await this.#unlessChanged(this.#index.redrawing());
    return facts && [...this.#hangingOn([], facts, '')];
  }

  /** The document of a file has been closed: from now on the file on disk counts. */
  release(path: string): void {
    const kept = this.#kept.get(path);
    if (kept) this.#kept.set(path, { ...kept, version: undefined });
  }

  /** Notes that a file has come or gone; returns the paths whose findings may be others now. */
  exists(path: string, exists: boolean): readonly string[] {
    const known = exists ? [path] : this.#existing.keys();
    const changed = [...known].filter(
      (each) => this.#existing.has(each) && (each === path || each.startsWith(`${path}/`)),
    );
    for (const each of changed) this.#noteFile(each, exists);
    return changed.flatMap((key) => [...(this.#hanging.get(keyOf({ kind: 'file', key })) ?? [])]);
  }

  /** Whether what is kept of a file is of its open document. */
  isOpen(path: string): boolean {
    return this.#kept.get(path)?.version !== undefined;
  }

  /** The newest result of a file. */
  result(path: string): FileResult | undefined {
    return this.#index.result(path);
  }

  /** What is kept of a file, with its findings as they stand now. */
  file(path: string):
    | {
        readonly uri: vscode.Uri;
        readonly version: number | undefined;
        readonly result: FileResult;
        readonly findings: readonly Finding[];
      }
    | undefined {
    const kept = this.#kept.get(path);
    const result = this.#index.result(path);
    if (!kept || !result) return undefined;
    return { uri: kept.uri, version: kept.version, result, findings: this.#settled(path) };
  }

  /** The findings a result would have, were it taken in. */
  trial(result: FileResult): readonly Finding[] {
    return this.#inUsersLanguage(settle(result, { facts: this.#index, ...this.#settleOptions() }));
  }

  #settled(path: string): readonly Finding[] {
    return this.#inUsersLanguage(this.#index.findings(path, this.#settleOptions()));
  }

  #inUsersLanguage(findings: readonly Finding[]): readonly Finding[] {
    return findings.map((each) => this.#language.finding(each));
  }

  #settleOptions(): SettleOptions {
    return {
      today: today(),
      judgeSuppressions: true,
      ...(this.#baseline && { baseline: this.#baseline }),
    };
  }

  #noteFile(path: string, exists: boolean): void {
    this.#existing.set(path, exists);
    this.#index.setFile(path, exists);
  }

  #unhang(path: string): void {
    for (const key of this.#kept.get(path)?.waitsFor ?? []) {
      const paths = this.#hanging.get(key);
      paths?.delete(path);
      if (paths?.size === 0) this.#hanging.delete(key);
    }
  }

  #unlessChanged<T>(work: Interruptible<T>): Promise<T | undefined> {
    const version = this.#index.partsVersion;
    return inSteps(work, () => this.#index.partsVersion !== version);
  }

  #hangingOn(before: readonly FactName[], after: readonly FactName[], self: string): Set<string> {
    const keys = new Set(before.map(keyOf));
    for (const key of after.map(keyOf)) if (!keys.delete(key)) keys.add(key);
    const paths = new Set<string>();
    for (const key of keys) for (const path of this.#hanging.get(key) ?? []) paths.add(path);
    paths.delete(self);
    return paths;
  }

  // --- settings and files

  #policyOf(configuration: Configuration): Policy {
    return makePolicy(configuration, this.#host.catalog.rules);
  }

  #readSettings(): Settings {
    const configuration = vscode.workspace.getConfiguration('andon', this.root ?? null);
    return readSettings((name) => configuration.get(name));
  }

  #readExcluded(): (path: string) => boolean {
    const exclude = vscode.workspace
      .getConfiguration('files', this.root ?? null)
      .get<Record<string, unknown>>('exclude', {});
    return matchPaths(Object.keys(exclude).filter((glob) => exclude[glob] === true));
  }

  async #findConfiguration(): Promise<FoundConfiguration | undefined> {
    if (!this.root) return undefined;
    for (const name of configurationFiles) {
      const uri = vscode.Uri.joinPath(this.root, name);
      const text = await readText(uri);
      if (text === undefined) continue;
      const file = await this.#host.linter.ask({ kind: 'configuration', text });
      return { uri, text, ...file };
    }
    return undefined;
  }
}

interface Kept {
  readonly uri: vscode.Uri;
  readonly version: number | undefined;
  readonly waitsFor: readonly string[];
}

const keyOf = (fact: FactName) => `${fact.kind}\n${fact.key}`;

function conditionsOf(result: FileResult): readonly FactName[] {
  return result.candidates.flatMap(({ condition }) => (condition ? askedOf(condition) : []));
}

async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

/** `YYYY-MM-DD` where the user is. */
function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((each) => b.has(each));
