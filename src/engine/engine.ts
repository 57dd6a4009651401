import { LineIndex } from '../text/line-index';
import type { Place } from '../text/place';
import type { Range } from '../text/range';
import { Source } from '../text/source';
import { type Configuration, makePolicy, type Policy } from './configuration';
import type { Candidate, FileResult } from './finding';
import { type Format, type Probe, probe } from './format';
import { isOutOfTime, isUnready, lintDocument, placeOf } from './lint';
import { ownRules } from './own-rules';
import type { Rule } from './rule';
import { say, spoken } from './said';
import { readSuppressions } from './suppressions';

/** One file to lint. */
export interface Input {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The editor's language id, where there is an editor. */
  readonly languageId?: string;
}

/** Formats and rules joined. */
export interface Engine {
  readonly formats: readonly Format<any, any>[];
  readonly rules: readonly Rule[];
  policy(configuration: Configuration, only?: string | readonly string[]): Policy;
  /** The format that reads the file, or undefined where none claims it. */
  recognise(input: Input, policy: Policy): Format<any, any> | undefined;
  /** Lints one file. Rejects only when a grammar cannot be loaded. */
  lint(input: Input, policy: Policy): Promise<FileResult>;
}

/** Files larger than this (UTF-16 units) are not checked: no hand-written configuration is. */
export const sizeLimit = 4 * 1024 * 1024;

export function createEngine(formats: readonly Format<any, any>[], rules: readonly Rule[]): Engine {
  const byId = new Map(formats.map((format) => [format.id, format]));

  function recognised(file: Probe, policy: Policy): Format<any, any> | undefined {
    const told = policy.formatOf(file.path);
    if (told) return byId.get(told);
    let byContent: Format<any, any> | undefined;
    for (const format of formats) {
      const claim = format.recognises(file);
      if (claim === 'by-name') return format;
      if (claim === 'by-content') byContent ??= format;
    }
    return byContent;
  }

  function probeOf(input: Input, policy: Policy): Probe {
    const machine = policy.machineOf(input.path);
    return probe(input.path, input.text, {
      ...(input.languageId && { languageId: input.languageId }),
      ...(machine && { machine }),
    });
  }

  function lintNow(input: Input, policy: Policy): FileResult {
    const nothing = { path: input.path, candidates: [], facts: [], suppressions: [], problems: [] };
    if (input.text.length > sizeLimit) {
      const message = `larger than ${sizeLimit / 1024 / 1024} million characters, not checked`;
      return { ...nothing, format: undefined, problems: [{ path: input.path, message }] };
    }
    const file = probeOf(input, policy);
    const format = recognised(file, policy);
    if (!format) return { ...nothing, format: undefined };
    try {
      const document = format.parse(Source.file(input.path, input.text), format.alone(file));
      const lines = new LineIndex(input.text);
      const linted = lintDocument(format, document, lines, policy.rulesFor(input.path));
      const [first] = document.problems;
      const place = first && document.source.toFile(first.range);
      return {
        path: input.path,
        format: format.id,
        candidates: place
          ? [
              ...linted.candidates,
              syntaxFinding(
                input.path,
                placeOf(within(place.range, input.text), lines),
                first.message,
              ),
            ]
          : linted.candidates,
        facts: linted.facts,
        ...(linted.parts.length > 0 && { parts: linted.parts }),
        suppressions: readSuppressions(input.text),
        problems: [],
      };
    } catch (error) {
      if (isUnready(error)) throw error;
      const message = isOutOfTime(error)
        ? error.message
        : `could not be read as ${format.title}: ${(error as Error).message}`;
      return { ...nothing, format: format.id, problems: [{ path: input.path, message }] };
    }
  }

  return {
    formats,
    rules,
    policy: (configuration, only) => makePolicy(configuration, rules, only),
    recognise: (input, policy) => recognised(probeOf(input, policy), policy),
    async lint(input, policy) {
      for (;;) {
        try {
          return lintNow(input, policy);
        } catch (error) {
          if (!isUnready(error)) throw error;
          await error.load();
        }
      }
    },
  };
}

/** A parser may see a mistake behind the last character. */
function within([start, end]: Range, text: string): Range {
  const from = Math.min(start, text.length);
  return [from, Math.max(from, Math.min(end, text.length))];
}

function syntaxFinding(path: string, place: Place, message: string): Candidate {
  const { id, severity } = ownRules.syntax;
  const said = say`Not readable from here on: ${message}`;
  return {
    rule: id,
    concern: undefined,
    severity,
    path,
    ...place,
    message: spoken(said),
    said,
    fingerprint: `${id}|${path}||`,
  };
}
