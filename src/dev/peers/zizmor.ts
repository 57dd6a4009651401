import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Case, Peer } from './peer';

const tests = 'crates/zizmor/tests/integration';

/** The entries of a workflow or an action that a check looks at. */
const looksAt: Readonly<Record<string, (key: string, value: string) => boolean>> = {
  'adhoc-packages': (key) => key === 'run',
  'unpinned-images': (key, value) =>
    ['container', 'image', 'services'].includes(key) ||
    (key === 'uses' && value.startsWith('docker:')),
  'unpinned-uses': (key, value) => key === 'uses' && !value.startsWith('docker:'),
};

/**
 * Workflows and actions, and what is printed for them in the tests of an audit. Each entry the audit looks at is a case,
 * flagged if a finding is printed for one of its lines.
 */
export const zizmor: Peer = {
  name: 'zizmor',
  home: 'https://github.com/zizmorcore/zizmor',
  shared: {
    'adhoc-packages': ['shell/package-unpinned'],
    'unpinned-images': ['github-actions/image-floating-tag'],
    'unpinned-uses': ['github-actions/uses-mutable-ref'],
  },
  cases(folder) {
    const read = (path: string) => readFileSync(join(folder, tests, path), 'utf8');
    return Object.keys(this.shared).flatMap((check) => {
      const printed = linesPrinted(check, read(`audit/${check.replaceAll('-', '_')}.rs`));
      return [...printed].flatMap(([path, lines]) =>
        entries(check, `${tests}/test-data/${path}`, read(`test-data/${path}`), lines),
      );
    });
  },
};

/** By input: by a run without arguments where there is one, or else by that of the first test. */
function linesPrinted(check: string, rust: string): ReadonlyMap<string, readonly number[]> {
  const all = rust.split('#[test]').filter((test) => !/expects_failure|\.config\(/.test(test));
  const plain = all.filter((test) => !test.includes('.args('));
  const printed = new Map<string, readonly number[]>();
  for (const test of [...plain, ...all]) {
    const input = /\.input\(input_under_test\(\s*"([^"]+)"/.exec(test)?.[1];
    const path = input?.replace(/\/$/, '/action.yml');
    if (!path || printed.has(path)) continue;
    const places = [...test.matchAll(/\[([\w-]+)\]: .*\n\s*--> @@INPUT@@[^:\s]*:(\d+):\d+/g)];
    if (places.length === 0 && !test.includes('No findings')) throw new Error(`${check}: ${path}`);
    const own = places.filter((place) => place[1] === check);
    printed.set(
      path,
      own.map((place) => Number(place[2])),
    );
  }
  if (printed.size === 0) throw new Error(`${check}: no test prints anything`);
  return printed;
}

function entries(
  check: string,
  path: string,
  text: string,
  printed: readonly number[],
): readonly Case[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const line = (offset: number) => counter.linePos(offset).line;
  const cases: Case[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? String(key.value) : '';
      if (['strategy', 'with', 'env'].includes(name)) return visit.SKIP;
      const node = value as Node | null;
      if (!node?.range || !looksAt[check]!(name, String(node))) return undefined;
      const first = line((key as Node).range![0]);
      const last = Math.max(first, line(node.range[1] - 1));
      cases.push({
        check,
        name: `${path}:${first}`,
        path: document.has('runs') ? 'action.yml' : '.github/workflows/ci.yml',
        text,
        lines: [first, last],
        flagged: printed.some((each) => first <= each && each <= last),
      });
      return visit.SKIP;
    },
  });
  return cases;
}
