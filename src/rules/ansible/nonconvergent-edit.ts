import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible } from '../../formats/ansible';

export default defineRule({
  id: 'ansible/nonconvergent-edit',
  on: ansible,
  summary: 'A changed value adds a line instead of replacing the old one',
  why: 'lineinfile without a regexp only looks for the very line: when the value changes, the file keeps the old line and gets the new one below it, and which counts is up to the program.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    task(task) {
      if (task.module !== 'lineinfile' || task.file.testing) return;
      const line = task.arg('line');
      if (!line?.templated || task.arg('state')?.text === 'absent') return;
      if (['regexp', 'regex', 'search_string'].some((name) => task.arg(name))) return;
      const key = keyOf(line.text);
      if (key === undefined) return;
      const path = task.arg('path')?.text ?? task.arg('dest')?.text;
      report({
        at: line,
        message: say`When the value changes, ${path ?? say`the file`} gets a second line for ${key}`,
      });
    },
  }),
});

/** What a line sets, where a template follows that is no `item` of a list: `Port {{ port }}`, `export HOME={{ home }}`, `max_connections = {{ n }}`. */
function keyOf(line: string): string | undefined {
  const [, key, value] =
    /^\s*(?:export\s+|set\s+)?([A-Za-z_][\w.-]*)\s*(?:=|:|\s)\s*(.*)$/s.exec(line) ?? [];
  return key !== undefined && value!.replace(/\{\{\s*item\s*\}\}/g, '').includes('{{')
    ? key
    : undefined;
}
