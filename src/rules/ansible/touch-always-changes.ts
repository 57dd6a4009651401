import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible, type Task } from '../../formats/ansible';
import type { YamlNode } from '../../syntax/yaml';
import type { Edit } from '../../text/edit';

export default defineRule({
  id: 'ansible/touch-always-changes',
  on: ansible,
  summary: 'A task touches a file on every run',
  why: 'touch sets the times of the file anew each time: the task always reports a change, runs its handlers, and hides the changes that matter.',
  concern: 'idempotency',
  severity: 'info',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }) => ({
    task(task) {
      const state = task.arg('state');
      if (task.module !== 'file' || state?.text !== 'touch' || isMeant(task)) return;
      const kept = ['modification_time', 'access_time'].filter((name) => task.arg(name));
      if (kept.length > 0) return;
      const path = task.arg('path')?.text ?? task.arg('dest')?.text ?? task.arg('name')?.text;
      const edit = keepTimes(state.node, document.source.text);
      report({
        at: state,
        message: path
          ? say`${path} counts as changed on every run: touch sets its times anew`
          : say`The file counts as changed on every run: touch sets its times anew`,
        ...(edit && {
          fix: { title: 'Keep the times of a file that is there', safe: false, edits: [edit] },
        }),
      });
    },
  }),
});

/** Guarded, part of a test, or said to change nothing. */
const isMeant = (task: Task): boolean =>
  task.guarded ||
  task.handler ||
  task.file.testing ||
  task.changedWhen !== undefined ||
  task.conditions.length > 0;

function keepTimes(state: YamlNode | undefined, text: string): Edit | undefined {
  if (!state) return undefined;
  const line = text.lastIndexOf('\n', state.range[0]) + 1;
  const [, indent] = /^([ ]*)state:[ ]*["']?$/.exec(text.slice(line, state.range[0])) ?? [];
  const end = state.range[1];
  if (indent === undefined || !/^[ \t]*(?:\r?\n|$)/.test(text.slice(end))) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = ['modification_time: preserve', 'access_time: preserve'];
  return { range: [end, end], text: lines.map((each) => `${eol}${indent}${each}`).join('') };
}
