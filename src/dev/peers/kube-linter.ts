import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { Case, Peer } from './peer';

/**
 * A file for each check, with objects that it is to find and others, whose names say so; how many it finds stands in
 * the end-to-end tests.
 */
export const kubeLinter: Peer = {
  name: 'kube-linter',
  home: 'https://github.com/stackrox/kube-linter',
  shared: {
    'latest-tag': ['kubernetes/image-floating-tag'],
    'no-readiness-probe': ['kubernetes/no-readiness-probe'],
  },
  cases(folder) {
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    const tests = read('e2etests/bats-tests.sh');
    return Object.keys(this.shared).flatMap((check) => {
      const path = `tests/checks/${check}.yml`;
      const cases = objects(check, path, read(path));
      const expected = new RegExp(`@test "${check}" \\{[^]*?"\\$\\{count\\}" == "(\\d+)"`).exec(
        tests,
      );
      const flagged = cases.filter((each) => each.flagged).length;
      if (flagged !== Number(expected?.[1])) throw new Error(`${path}: names tell ${flagged}`);
      return cases;
    });
  },
};

function objects(check: string, path: string, text: string): readonly Case[] {
  const counter = new LineCounter();
  const line = (offset: number) => counter.linePos(offset).line;
  return parseAllDocuments(text, { lineCounter: counter }).flatMap((document) => {
    const { kind, metadata } = document.toJS() ?? {};
    if (!kind) return [];
    return {
      check,
      name: `${path} ${kind} ${metadata.name}`,
      path: 'deploy/app.yml',
      text,
      lines: [line(document.range[0]), line(document.range[1])],
      flagged: !metadata.name.startsWith('dont-fire'),
    };
  });
}
