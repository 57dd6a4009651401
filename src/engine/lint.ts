import type { LineIndex } from '../text/line-index';
import type { Place } from '../text/place';
import type { Located, Range } from '../text/range';
import type { Source } from '../text/source';
import type { ActiveRule } from './configuration';
import { both, type Fact } from './fact';
import type { Candidate, FileEdit, FileFix, RelatedPlace, Severity } from './finding';
import type { Document, Format, Neighbour } from './format';
import { ownRules } from './own-rules';
import type { PlacedPart } from './part';
import type { Fix, Host, Report, Visitor } from './rule';
import { inOneLine, type Said, say, spoken, type Wording } from './said';
import { type NeighbourIgnores, readNeighbourIgnores } from './suppressions';

/** An error that goes away once something is loaded; linting starts again afterwards. */
interface Unready extends Error {
  readonly load: () => Promise<void>;
}

export const isUnready = (error: unknown): error is Unready =>
  error instanceof Error && typeof (error as Partial<Unready>).load === 'function';

/** An error that ends the check of this file: its parser was given so much time, in milliseconds, and no more. */
interface Spent extends Error {
  readonly limit: number;
}

export const isOutOfTime = (error: unknown): error is Spent =>
  error instanceof Error && typeof (error as Partial<Spent>).limit === 'number';

/** What linting one parsed file yields, before suppressions and the rest of the workspace are looked at. */
export interface Linted {
  readonly candidates: readonly Candidate[];
  readonly facts: readonly Fact[];
  readonly parts: readonly PlacedPart[];
}

/** Rules by the id of the format they look at. */
export type RulesByFormat = ReadonlyMap<string, readonly ActiveRule[]>;

/**
 * Lints a document and, in turn, every document that stands in it. Synchronous and pure. Throws only what isUnready
 * and isOutOfTime recognise: a rule or parser that fails otherwise becomes a finding and the rest goes on.
 */
export function lintDocument(
  format: Format<any, any>,
  document: Document,
  lines: LineIndex,
  rules: RulesByFormat,
): Linted {
  const run = new Run(document.source.file, lines, rules);
  run.document(format, document, [], '');
  return { candidates: run.candidates, facts: run.facts, parts: run.parts(document) };
}

/** A host with the document it belongs to. */
type Surrounding = Host & { readonly document: Document<any> };

class Run {
  readonly candidates: Candidate[] = [];
  readonly facts: Fact[] = [];
  readonly #file: Source;
  readonly #rules: RulesByFormat;
  readonly #seen = new Set<string>();
  readonly #counts = new Map<string, number>();
  #ignores: NeighbourIgnores | undefined;
  readonly #lines: LineIndex;

  constructor(file: Source, lines: LineIndex, rules: RulesByFormat) {
    this.#file = file;
    this.#lines = lines;
    this.#rules = rules;
  }

  document(
    format: Format<any, any>,
    document: Document<any>,
    hosts: readonly Surrounding[],
    route: string,
  ): void {
    const active = this.#rules.get(format.id) ?? [];
    const visitors: { active: ActiveRule; visitor: Visitor<any> }[] = [];
    /** Whom to call for a node of a kind. */
    const byKind = new Map<string, { who: string; visit: (node: never) => void }[]>();
    for (const each of active) {
      const report = (said: Report) => this.#report(each, said, document, hosts, route);
      this.#guarded(each.rule.id, () => {
        const visitor = each.rule.create({
          options: each.options as never,
          document,
          path: this.#file.path,
          hosts,
          report,
        });
        visitors.push({ active: each, visitor });
        for (const [kind, visit] of Object.entries(visitor)) {
          if (kind === 'end' || !visit) continue;
          const called = byKind.get(kind) ?? [];
          if (called.length === 0) byKind.set(kind, called);
          called.push({ who: each.rule.id, visit });
        }
      });
    }
    if (visitors.length > 0) {
      for (const [kind, node] of document.walk()) {
        for (const { who, visit } of byKind.get(kind) ?? []) {
          try {
            visit(node as never);
          } catch (error) {
            this.#failed(who, error);
          }
        }
      }
      for (const { active: each, visitor } of visitors) {
        if (visitor.end) this.#guarded(each.rule.id, visitor.end);
      }
    }
    for (const fact of document.facts ?? []) {
      const place = fact.range && document.source.toFile(fact.range);
      this.facts.push({ kind: fact.kind, key: fact.key, ...(place && { range: place.range }) });
    }
    for (const piece of document.embedded) {
      const inner = this.#guarded(piece.format.id, () => piece.parse());
      if (!inner) continue;
      const host = { format: format.id, node: piece.host, document };
      const step = document.route?.(piece.host.range[0]) ?? '';
      this.document(piece.format, inner, [host, ...hosts], `${route}${step}/`);
    }
  }

  /** The parts of the file, at their places. */
  parts(document: Document<any>): readonly PlacedPart[] {
    const found = this.#guarded('delivery map', () => document.parts ?? []) ?? [];
    return found.map((part) => ({
      ...part,
      ...placeOf(this.#place(part, document.source, []), this.#lines),
    }));
  }

  /** Runs a part that may fail without taking the rest along. */
  #guarded<T>(who: string, part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      this.#failed(who, error);
      return undefined;
    }
  }

  /** Makes a finding of an error of one part; what concerns the file as a whole is thrown on. */
  #failed(who: string, error: unknown): void {
    if (isUnready(error) || isOutOfTime(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    this.#add(ownRules.crash.id, {
      rule: ownRules.crash.id,
      concern: undefined,
      severity: ownRules.crash.severity,
      path: this.#file.path,
      ...placeOf([0, 0], this.#lines),
      ...told(say`${who} failed on this file: ${reason}`),
      fingerprint: `${ownRules.crash.id}|${this.#file.path}|${who}`,
    });
  }

  #report(
    active: ActiveRule,
    said: Report,
    document: Document<any>,
    hosts: readonly Surrounding[],
    route: string,
  ): void {
    const { rule } = active;
    const range = this.#place(said.at, document.source, hosts);
    if (this.#ignored(rule.neighbours, said.at, range, document, hosts)) return;
    const here = `${route}${document.route?.(said.at.range[0]) ?? ''}`;
    const text = this.#file.text.slice(range[0], range[1]).replace(/\s+/g, ' ').trim();
    const fix = said.fix && this.#fix(said.fix, document.source);
    const related = said.related?.map(({ at, message }): RelatedPlace => {
      const place = this.#place(at, document.source, hosts);
      return { path: this.#file.path, ...placeOf(place, this.#lines), ...told(message) };
    });
    const words = told(said.message);
    const whole = hosts.at(-1)?.document ?? document;
    const condition = both(whole.condition, said.condition);
    this.#add(`${rule.id}|${range}|${words.message}`, {
      rule: rule.id,
      concern: rule.concern,
      severity: severityOf(active, said.severity),
      path: this.#file.path,
      ...placeOf(range, this.#lines),
      ...words,
      fingerprint: `${rule.id}|${this.#file.path}|${here}|${text.slice(0, 200)}`,
      ...(fix && { fix }),
      ...(related && { related }),
      ...(condition && { condition }),
    });
  }

  /** Aliases and merges lead to one place by several ways: it is told once. */
  #add(identity: string, candidate: Candidate): void {
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    const count = (this.#counts.get(candidate.fingerprint) ?? 0) + 1;
    this.#counts.set(candidate.fingerprint, count);
    const fingerprint = count > 1 ? `${candidate.fingerprint}|${count}` : candidate.fingerprint;
    this.candidates.push({ ...candidate, fingerprint });
  }

  /** The file range of a node; where its text has no origin in the file, that of the host. */
  #place(at: Located, source: Source, hosts: readonly Surrounding[]): Range {
    const place = source.toFile(at.range);
    if (place) return place.range;
    for (const host of hosts) {
      const outer = host.document.source.toFile(host.node.range);
      if (outer) return outer.range;
    }
    return [0, 0];
  }

  #fix(fix: Fix, source: Source): FileFix | undefined {
    const edits: FileEdit[] = [];
    for (const edit of fix.edits) {
      const written = source.editInFile(edit);
      if (!written) return undefined;
      edits.push({ text: written.text, ...placeOf(written.range, this.#lines) });
    }
    const { title } = fix;
    return {
      title: spoken(title),
      ...(typeof title !== 'string' && { said: title }),
      safe: fix.safe,
      edits,
    };
  }

  #ignored(
    neighbours: { readonly [tool in Neighbour]?: readonly string[] } | undefined,
    at: Located,
    range: Range,
    document: Document<any>,
    hosts: readonly Surrounding[],
  ): boolean {
    if (!neighbours) return false;
    this.#ignores ??= readNeighbourIgnores(this.#file.text);
    for (const [tool, codes] of Object.entries(neighbours) as [Neighbour, readonly string[]][]) {
      if (document.ignoredFor?.(tool, codes, at)) return true;
      if (hosts.some((host) => host.document.ignoredFor?.(tool, codes, host.node))) return true;
      if (this.#ignores.covers(tool, codes, this.#lines.position(range[0]).line)) return true;
    }
    return false;
  }
}

/** The message of a finding, and how to say it in another language. */
const told = (message: Wording): { readonly message: string; readonly said?: Said } => ({
  message: inOneLine(spoken(message)),
  ...(typeof message !== 'string' && { said: message }),
});

/** A rule may report below its usual severity; a severity the user set stays as set. */
function severityOf(active: ActiveRule, said: Severity | undefined): Severity {
  return said && active.severity === active.rule.severity ? said : active.severity;
}

/** The range with the lines and columns people read. */
export function placeOf(range: Range, lines: LineIndex): Place {
  return { range, start: lines.position(range[0]), end: lines.position(range[1]) };
}
