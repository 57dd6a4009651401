import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Peer } from './peer';

/** A Haskell string, with its escapes and gaps: https://www.haskell.org/onlinereport/haskell2010/haskellch2.html#x7-200002.6 */
const string = String.raw`"(?:[^"\\]|\\[^])*"`;
const list = String.raw`\[(?:\s*${string},?)+\s*\]`;

/**
 * Specifications that say of Dockerfiles whether a rule catches something in them. Many are a single instruction, which
 * stands in no Dockerfile without a FROM before it.
 */
export const hadolint: Peer = {
  name: 'hadolint',
  home: 'https://github.com/hadolint/hadolint',
  shared: {
    DL3006: ['dockerfile/arg-floating-base', 'dockerfile/from-floating-tag'],
    DL3007: ['dockerfile/arg-floating-base', 'dockerfile/from-floating-tag'],
    DL3013: ['shell/package-unpinned'],
    DL3016: ['shell/package-unpinned'],
    DL3028: ['shell/package-unpinned'],
    DL3062: ['shell/package-unpinned'],
    DL4006: ['dockerfile/pipe-no-pipefail'],
  },
  cases(folder) {
    return Object.keys(this.shared).flatMap((check) => {
      const path = `test/Hadolint/Rule/${check}Spec.hs`;
      return specified(check, path, readFileSync(join(folder, path), 'utf8'));
    });
  },
};

function specified(check: string, path: string, haskell: string): readonly Case[] {
  const asked = new RegExp(
    String.raw`dockerFile =\s*(${list}|${string})|(r|onBuildR)uleCatches(Not)?\s+"${check}"\s+(${string}|\$\s+Text\.unlines\s+(?:dockerFile|${list}))`,
    'g',
  );
  const cases: Case[] = [];
  let named = '';
  for (const match of haskell.matchAll(asked)) {
    const [, definition, kind, not, argument] = match;
    if (definition) {
      named = written(definition);
      continue;
    }
    const said = argument!.endsWith('dockerFile') ? named : written(argument!);
    const text = /^FROM /m.test(said) ? said : `FROM debian:12.5\n${said}`;
    const line = haskell.slice(0, match.index).split('\n').length;
    cases.push({
      check,
      name: `${path}:${line}`,
      path: 'Dockerfile',
      text: kind === 'r' ? text : text.replace(/^RUN /gm, 'ONBUILD RUN '),
      flagged: !not,
    });
  }
  const all = haskell.split('uleCatches').length - 1;
  if (cases.length !== all) throw new Error(`${path}: ${cases.length} of ${all} cases read`);
  return cases;
}

const written = (text: string) =>
  [...text.matchAll(new RegExp(string, 'g'))]
    .map(([each]) => `${JSON.parse(each.replace(/\\\s+\\/g, ''))}\n`)
    .join('');
