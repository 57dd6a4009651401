import { defineRule, type Fix } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible, type Task } from '../../formats/ansible';
import { commandModules, isOneOff } from '../../formats/ansible-words';
import { onlyReads } from '../../formats/shell-reads';
import { isUnderstood } from '../../rerun/second-run';
import { columnOf } from '../../text/lines';
import type { Source } from '../../text/source';

const code = ['no-changed-when', '301'];

export default defineRule({
  id: 'ansible/command-always-changed',
  on: ansible,
  summary: 'A command reports "changed" on each run, whatever it did',
  why: 'Ansible cannot know what a command did and reports a change every time: a run that changed nothing looks like one that did, its handlers fire, and nobody reads the recap any more.',
  concern: 'idempotency',
  severity: 'info',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',
  neighbours: { 'ansible-lint': code },

  create: ({ document, path, report }) => {
    if (isOneOff(path)) return {};
    const others: Task[] = [];
    return {
      task(task) {
        if (!reportsAlways(task) || document.ignoredFor?.('ansible-lint', code, task)) return;
        if (!task.script || !onlyReads(task.script)) {
          // What is known to leave things as they are is no trouble, and what is known to change them has its own rules.
          if (!task.script || !isUnderstood(task.script)) others.push(task);
          return;
        }
        // A handler or a later task waits for the change: then it is not a slip, whatever else it is.
        if (task.notify.length > 0 || changeIsRead(task, document.source.text)) return;
        const fix = addChangedWhen(task, document.source);
        report({
          at: task.moduleKey,
          message: say`${what(task)} changes nothing, and reports "changed" on each run`,
          ...(fix && { fix }),
        });
      },
      end() {
        const [first, ...more] = others;
        if (!first) return;
        report({
          at: first.moduleKey,
          message:
            more.length > 0
              ? say`${what(first)} and ${more.length} more report "changed" on each run, whether or not anything changed`
              : say`${what(first)} reports "changed" on each run, whether or not anything changed`,
          ...(more.length > 0 && {
            related: more.map((task) => ({ at: task.moduleKey, message: say`${what(task)} too` })),
          }),
        });
      },
    };
  },
});

const what = (task: Task) => (task.name ? `"${task.name.string}"` : say`This ${task.module}`);

/** A command that runs on each run, and nothing says when it changed something. */
function reportsAlways(task: Task): boolean {
  if (!commandModules.has(task.module) || task.changedWhen || task.guarded) return false;
  if (task.handler || task.rescues || task.file.testing) return false;
  if (task.detached) return false;
  const names = task.script?.commands.map((command) => command.name) ?? [];
  return !names.some((name) => /^(?:reboot|shutdown|poweroff|halt)$/.test(name ?? ''));
}

function changeIsRead(task: Task, text: string): boolean {
  if (task.register === undefined) return false;
  const after = task.file.mentions(task.register).map(([, end]) => text.slice(end, end + 24));
  return after.some((words) =>
    /^(?:\.changed|\s+is\s+(?:not\s+)?changed|\s*\|\s*changed)\b/.test(words),
  );
}

/** A line of its own behind the task's last. */
function addChangedWhen(task: Task, { text }: Source): Fix | undefined {
  const first = task.map.entries[0];
  if (task.map.flow || !first) return undefined;
  const last = task.range[0] + text.slice(task.range[0], task.range[1]).trimEnd().length;
  const column = columnOf(text, first.key.range[0]);
  const at = last + /^[^\r\n]*/.exec(text.slice(last, last + 1000))![0].length;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return {
    title: 'Add changed_when: false',
    safe: true,
    edits: [{ range: [at, at], text: `${eol}${' '.repeat(column)}changed_when: false` }],
  };
}
