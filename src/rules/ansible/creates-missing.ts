import { defineRule, type Fix } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible, type Task } from '../../formats/ansible';
import { isOneOff } from '../../formats/ansible-words';
import { happens, troubles, whatIsMade } from '../../rerun/trouble';
import { columnOf } from '../../text/lines';
import type { Source } from '../../text/source';

const code = ['no-changed-when', '301'];

export default defineRule({
  id: 'ansible/creates-missing',
  on: ansible,
  summary: 'A command makes a file, and nothing says that it is there already',
  why: 'The first play passes. The second fails at this task or makes the file anew, since a command cannot know that it has run.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',
  neighbours: { 'ansible-lint': code },

  create: ({ document, path, report }) => ({
    task(task) {
      if (isOneOff(path) || task.guarded || task.handler || task.rescues || task.file.testing)
        return;
      const { script } = task;
      const made = script && whatIsMade(script);
      if (!made) return;
      const [first] = troubles(script);
      const fix = addCreates(task, made, document.source);
      report({
        at: task.moduleKey,
        message: say`${task.name ? `"${task.name.string}"` : say`This ${task.module}`}: ${happens(first!.run)}`,
        ...(fix && { fix }),
      });
    },
  }),
});

/** `args: creates:` behind the task's last line, where the command is written as one text. */
function addCreates(task: Task, made: string, { text }: Source): Fix | undefined {
  const first = task.map.entries[0];
  const isFreeForm = task.map.get(task.moduleKey.string)?.kind === 'scalar';
  if (task.map.flow || !first || !isFreeForm || task.map.has('args')) return undefined;
  const last = task.range[0] + text.slice(task.range[0], task.range[1]).trimEnd().length;
  const column = columnOf(text, first.key.range[0]);
  const at = last + /^[^\r\n]*/.exec(text.slice(last, last + 1000))![0].length;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const indent = ' '.repeat(column);
  return {
    title: say`Run it only where ${made} is missing`,
    safe: false,
    edits: [{ range: [at, at], text: `${eol}${indent}args:${eol}${indent}  creates: ${made}` }],
  };
}
