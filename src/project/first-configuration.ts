import type { Format } from '../engine/format';
import type { Rule } from '../engine/rule';

/** What is known where a configuration is to be written. */
export interface Surroundings {
  /** Number of files by the id of their format. */
  readonly found: ReadonlyMap<string, number>;
  readonly formats: readonly Pick<Format, 'id' | 'title'>[];
  readonly rules: readonly Pick<Rule, 'id'>[];
  /** Tools the workspace configures, to which Andon can leave the word. */
  readonly tools?: readonly string[];
}

/** The text of a first `.andon.yaml`: everything there is, explained, and nothing changed. */
export function firstConfiguration({ found, formats, rules, tools = [] }: Surroundings): string {
  const seen = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const titles = new Map(formats.map((format) => [format.id, format.title]));
  const example = rules[0]?.id ?? 'shell/example';
  const lines = [
    '# What Andon checks here, and how. Without this file it uses its recommended rules.',
    '# A rule is explained by "andon explain RULE"; "andon rules" lists all.',
    '',
    ...(seen.length > 0
      ? [
          '# Found here when this file was written:',
          ...seen.map(
            ([format, n]) =>
              `#   ${format}: ${titles.get(format)}, ${n} ${n === 1 ? 'file' : 'files'}`,
          ),
        ]
      : ['# Nothing that Andon checks was found here when this file was written.']),
    '',
    '# recommended: rules that are right nearly always. strict: all of them.',
    'extends: recommended',
    '',
    '# Rules set otherwise than usual: off, info, warning, error, or a severity with options.',
    '# rules:',
    `#   ${example}: off`,
    '',
    '# Paths that are not checked, besides what git ignores.',
    '# ignore:',
    '#   - vendor/',
    '#   - "**/testdata/**"',
    '',
    '# Files whose name does not tell what they are: glob to format.',
    '# files:',
    '#   "deploy/*.conf": shell',
    '',
    '# The machines scripts run on: fresh (a clean one each time) or lasting (the same one again).',
    '# machine:',
    '#   "ci/**": fresh',
    '#   "servers/**": lasting',
    '',
    '# Other settings below some paths.',
    '# overrides:',
    '#   - files: ["test/**"]',
    '#     rules:',
    `#       ${example}: info`,
    '',
    '# Tools that have the word where Andon has a rule of the same meaning.',
    ...(tools.length > 0
      ? ['deferTo:', ...tools.map((tool) => `  - ${tool}`)]
      : ['# deferTo:', '#   - hadolint']),
  ];
  return `${lines.join('\n')}\n`;
}
