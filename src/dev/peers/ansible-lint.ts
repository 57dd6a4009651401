import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Case, Peer } from './peer';

/** Files its tests run a rule on: it finds something in all of their tasks without its `noqa`, or in none. */
const files = [
  ['no-changed-when', 'examples/playbooks/command-check-failure.yml', 3],
  ['no-changed-when', 'examples/playbooks/command-check-success.yml', 0],
  ['no-changed-when', 'examples/playbooks/rule-no-changed-when-fail.yml', 3],
  ['no-changed-when', 'examples/playbooks/rule-no-changed-when-pass.yml', 0],
  ['package-latest', 'examples/playbooks/package-check-failure.yml', 5],
  ['package-latest', 'examples/playbooks/package-check-success.yml', 0],
  ['latest', 'examples/roles/fixture_1/tasks/main.yml', 4],
] as const;

/** Playbooks inside its tests: each of their tasks without `noqa` is to be found, or what the test of each says. */
const skipped = 'test/test_skip_playbook_items.py';
const ignoring = 'src/ansiblelint/rules/ignore_errors.py';

/** Each task is a case. */
export const ansibleLint: Peer = {
  name: 'ansible-lint',
  home: 'https://github.com/ansible/ansible-lint',
  shared: {
    'ignore-errors': ['ansible/failure-swallowed'],
    latest: ['ansible/vcs-unpinned'],
    'no-changed-when': ['ansible/command-always-changed', 'ansible/creates-missing'],
    'package-latest': ['ansible/package-latest'],
  },
  cases(folder) {
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    const ofFiles = files.flatMap(([check, path, finds]) => {
      const cases = tasks(check, path, 0, read(path), finds > 0);
      const flagged = cases.filter((each) => each.flagged).length;
      if (flagged !== finds) throw new Error(`${path}: ${flagged} tasks in place of ${finds}`);
      return cases;
    });
    const inTests = [
      ...playbooks(read(skipped)).flatMap(({ line, text }) =>
        tasks('latest', skipped, line, text, true),
      ),
      ...playbooks(read(ignoring)).flatMap(({ name, line, text }) => {
        const wanted = new RegExp(`\\(${name}\\)\\s+assert len\\(results\\) == (\\d)`).exec(
          read(ignoring),
        )?.[1];
        if (wanted === undefined) throw new Error(`${ignoring}: nothing is said of ${name}`);
        return tasks('ignore-errors', ignoring, line, text, wanted !== '0');
      }),
    ];
    return [...ofFiles, ...inTests];
  },
};

/** The strings of constants, with the line before the first of the text. */
function playbooks(python: string) {
  const constants = [...python.matchAll(/^ *(\w+) = """\\?\n([\s\S]*?)"""/gm)];
  if (constants.length === 0) throw new Error('there are no playbooks inside the tests');
  return constants.map((match) => {
    const line = python.slice(0, match.index).split('\n').length;
    return { name: match[1]!, line, text: match[2]! };
  });
}

/** The tasks of a playbook or role whose text begins behind `before`; `flagged`: those without `noqa` are to be found. */
function tasks(
  check: string,
  path: string,
  before: number,
  text: string,
  flagged: boolean,
): readonly Case[] {
  const counter = new LineCounter();
  const line = (offset: number) => counter.linePos(offset).line;
  const noqa = new RegExp(`# *noqa:.*\\b${check}\\b`);
  const cases: Case[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: counter })) {
    visit(document, {
      Map(_, node) {
        if (node.has('hosts') || node.has('block')) return undefined;
        const lines = [line(node.range![0]), line(node.range![1] - 1)] as const;
        cases.push({
          check,
          name: `${path}:${before + lines[0]}`,
          path: path.includes('/tasks/') ? 'roles/web/tasks/main.yml' : 'site.yml',
          text,
          lines,
          flagged: flagged && !noqa.test(text.slice(node.range![0], node.range![1])),
        });
        return visit.SKIP;
      },
    });
  }
  return cases;
}
