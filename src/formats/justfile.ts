import { defineFormat } from '../engine/format';
import { type Task, taskDocument } from './tasks';

/** A recipe's head: `name parameters: needed` (https://just.systems/man/en/). */
const head = /^@?([A-Za-z_][\w-]*)(?:\s+[^:]*)?:(?!=)\s*(.*)$/;

/** A justfile, as callers. */
export const justfile = defineFormat<Record<never, never>>({
  id: 'justfile',
  title: 'Justfile',
  files: ['**/{justfile,Justfile,.justfile}', '**/*.just'],
  nodes: [],
  recognises: (file) =>
    /^\.?justfile$/i.test(file.name) || file.name.endsWith('.just') ? 'by-name' : undefined,
  alone: () => undefined,
  parse: (source) => taskDocument(source, 'just', readTasks(source.text)),
});

function readTasks(text: string): readonly Task[] {
  const tasks: (Task & { readonly commands: string[] })[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const match = head.exec(line.replace(/\r$/, ''));
    if (match) {
      const before = match[2]!.replace(/\([^)]*\)|&&/g, ' ').split(/\s+/);
      const task = {
        name: match[1]!,
        range: [at, at + match[1]!.length] as const,
        commands: [],
        before: before.filter((each) => /^[\w-]+$/.test(each)),
      };
      tasks.push(task);
      if (tasks.length === 1) tasks.push({ ...task, name: 'default' });
    } else if (/^\s+\S/.test(line)) {
      const command = line
        .trim()
        .replace(/^[@-]+/, '')
        .replace(/\{\{.*?\}\}/g, '__');
      for (const each of tasks.slice(-1)) each.commands.push(command);
    }
    at += line.length + 1;
  }
  return tasks;
}
