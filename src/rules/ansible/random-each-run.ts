import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { ansible } from '../../formats/ansible';
import { isNo } from '../../formats/ansible-words';

export default defineRule({
  id: 'ansible/random-each-run',
  on: ansible,
  summary: 'A task writes another value on every run',
  why: 'The value is made anew each time: the task always changes something, its handlers run, and passwords or files move under the programs that use them.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    task(task) {
      if (task.guarded || task.handler || task.file.testing) return;
      if (task.arg('update_password')?.text === 'on_create' || isNo(task.arg('force')?.text ?? ''))
        return;
      for (const arg of task.args) {
        if (!kept.has(arg.name) || !arg.templated) continue;
        const found = changing.find(({ pattern }) => pattern.test(arg.text));
        if (!found) continue;
        report({
          at: arg,
          message: say`${arg.name} of "${task.name?.string ?? task.module}" is another on every run: ${found.says}`,
        });
        return;
      }
    },
  }),
});

/** Arguments whose value stays on the host. */
const kept = new Set(['content', 'line', 'block', 'password', 'value']);

/** https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_filters.html */
const changing: readonly { readonly pattern: RegExp; readonly says: Said }[] = [
  {
    pattern: /\|\s*password_hash\s*(?:\(\s*(?:["'][\w-]+["'])?\s*\))?\s*(?:\||\}\})/,
    says: say`password_hash without a salt`,
  },
  { pattern: /\bpassword['"]\s*,\s*['"]\/dev\/null/, says: say`a password that is kept nowhere` },
  { pattern: /\|\s*random\s*(?:\|(?!.*seed)|\}\})/, says: say`random without a seed` },
  {
    pattern: /\bansible_date_time\b|\bnow\(|['"]pipe['"]\s*,\s*['"]date\b/,
    says: say`the time of the run`,
  },
];
