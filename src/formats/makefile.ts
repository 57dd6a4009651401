import { defineFormat } from '../engine/format';
import { type Task, taskDocument } from './tasks';

/** `target other: needed` at the margin; no assignment and no conditional. */
const rule = /^([^\s#:=][^#:=\n]*?)\s*::?(?!=)\s*([^=\n;]*?)(?:;\s*(.*))?$/;

/** A makefile (https://www.gnu.org/software/make/manual/make.html), as what calls scripts and builds. */
export const makefile = defineFormat<Record<never, never>>({
  id: 'makefile',
  title: 'Makefile',
  files: ['**/{Makefile,makefile,GNUmakefile}', '**/*.mk'],
  nodes: [],
  recognises: (file) =>
    /^(?:GNUm|M|m)akefile$/.test(file.name) || file.name.endsWith('.mk') ? 'by-name' : undefined,
  alone: () => undefined,
  parse: (source) => taskDocument(source, 'make', readTasks(source.text)),
});

function readTasks(text: string): readonly Task[] {
  const variables = readVariables(text);
  const tasks: (Task & { readonly commands: string[] })[] = [];
  let open: typeof tasks = [];
  let first = true;
  let at = 0;
  for (const line of logicalLines(text)) {
    const start = at;
    at += line.length + 1;
    if (line.startsWith('\t')) {
      const command = line.replace(/^\t[\s@+-]*/, '').replace(/\\\r?\n\t?/g, '\\\n');
      if (command.trim() !== '')
        for (const each of open) each.commands.push(shellOf(command, variables));
      continue;
    }
    const match = rule.exec(line.replace(/\\\r?\n\s*/g, ' '));
    if (!match) {
      if (line.trim() !== '' && !line.trimStart().startsWith('#')) open = [];
      continue;
    }
    const names = match[1]!.split(/\s+/);
    const before = match[2]!.split(/\s+/).filter((each) => /^[\w./-]+$/.test(each));
    if (names[0]!.startsWith('.') && !names[0]!.includes('/')) {
      open = [];
      continue;
    }
    open = names.map((name) => ({
      name: name.replaceAll('%', '*'),
      range: [start, start + match[1]!.length],
      commands: match[3] ? [shellOf(match[3], variables)] : [],
      before,
    }));
    tasks.push(...open);
    // The first target is what make without a name runs.
    if (first) {
      first = false;
      tasks.push({ ...open[0]!, name: 'default', commands: open[0]!.commands });
    }
  }
  return tasks;
}

/** Lines with those joined that a backslash continues; offsets stay those of the text. */
function* logicalLines(text: string): Iterable<string> {
  let line = '';
  for (const each of text.split('\n')) {
    line = line === '' ? each : `${line}\n${each}`;
    if (/\\\r?$/.test(each)) continue;
    yield line.replace(/\r$/, '');
    line = '';
  }
  if (line !== '') yield line;
}

/** Variables set once to plain text. */
function readVariables(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of text.matchAll(
    /^(?:export\s+)?([\w.-]+)\s*(?::{0,3}|\?)=[ \t]*([^\n#$]*)$/gm,
  ))
    found.set(name!, value!.trim());
  return found;
}

/** A recipe's line as the shell gets it: make's own variables put in, or masked where only the run knows. */
function shellOf(line: string, variables: ReadonlyMap<string, string>): string {
  return line.replace(
    /\$(?:\$|\(([^()]*)\)|\{([^{}]*)\}|(.))/g,
    (whole, round: string | undefined, curly: string | undefined) => {
      if (whole === '$$') return '$';
      const name = round ?? curly;
      if (name === 'MAKE') return 'make';
      if (name === 'CURDIR' || name === 'PWD') return '.';
      return (name !== undefined ? variables.get(name) : undefined) ?? '__';
    },
  );
}
