import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible, type Block, commentAbove, type Play, type Task } from '../../formats/ansible';
import { isNo, isYes, looksOnly, takesAway } from '../../formats/ansible-words';
import { onlyReads } from '../../formats/shell-reads';
import type { YamlEntry } from '../../syntax/yaml';
import { contains } from '../../text/range';

/** Commands after which the connection is gone whatever they do. */
const endsConnection = /\b(?:halt|poweroff|reboot|shutdown)\b/;

/** Files that gather what there is for people to read. */
const gathers = /\b(?:collect|diagnos\w*|debug|gather|logs|must gather|sosreport)\b/i;

export default defineRule({
  id: 'ansible/failure-swallowed',
  on: ansible,
  summary: 'A task may fail, and nobody looks at the result',
  why: 'The task fails on one host, the play goes on as if it had not, and what breaks is a later task, or the service, with an error that leads nowhere near the cause.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { 'ansible-lint': ['ignore-errors'] },

  create: ({ document, path, report }) => {
    if (takesAway.test(words(path)) || gathers.test(words(path))) return {};
    const { text } = document.source;
    const whole = (node: Play | Block) => {
      const entry = node.ignoresFailure;
      const name = node.name?.string;
      if (!entry || node.file.testing || hasReason(entry, text)) return;
      if (takesAway.test(words(name ?? '')) || tellsWhy.test(name ?? '')) return;
      report({
        at: { range: [entry.key.range[0], entry.value!.range[1]] },
        message: name
          ? say`Each task of "${name}" may fail, and the play goes on`
          : node.kind === 'play'
            ? say`Each task of this play may fail, and the play goes on`
            : say`Each task of this block may fail, and the play goes on`,
      });
    };
    return {
      play: whole,
      block: whole,
      task(task) {
        const entry = task.ignoresFailure;
        if (!entry || task.file.testing || task.rescues || mayFail(task)) return;
        if (hasReason(entry, text, task)) return;
        const { register } = task;
        if (register !== undefined && isRead(task, register)) return;
        const range = [entry.key.range[0], entry.value!.range[1]] as const;
        report({
          at: { range },
          message: waits(task)
            ? say`${what(task)} may give up waiting, and the play goes on as if it had not`
            : register
              ? say`"${register}" is never looked at: if ${what(task)} fails, nobody hears of it`
              : say`If ${what(task)} fails, nobody hears of it`,
          ...(register && {
            condition: { noneOf: [{ kind: 'ansible/result-read', key: register }] },
          }),
        });
      },
    };
  },
});

const words = (text: string) => text.replace(/[_./-]/g, ' ');

const what = (task: Task) => (task.name ? `"${task.name.string}"` : task.module);

/** It is there to wait: whether it came to an end is all that can be asked of it. */
const waits = (task: Task) => task.until !== undefined || task.module === 'wait_for';

/** Somebody asks for the result; what repeats the task, in its own `until`, does not count. */
function isRead(task: Task, register: string): boolean {
  const { until } = task;
  return task.file.mentions(register).some((place) => !until || !contains(until.range, place));
}

const tellsWhy =
  /ignor|fail|error|optional|best.?effort|work-?around|may (?:be|not)|might|not exist|if (?:applicable|present|available|it exists)/i;

/** The author says why: on the line itself, above it, above the task or in its name. */
function hasReason(entry: YamlEntry, text: string, task?: Task): boolean {
  const end = entry.value!.range[1];
  const behind = /^[^\r\n]*/.exec(text.slice(end, end + 300))![0];
  return (
    /^\s+#(?!\s*(?:noqa|todo|fixme|xxx))\s*\S+\s+\S+/i.test(behind) ||
    commentAbove(text, entry.key.range[0]) !== '' ||
    (task !== undefined && (tellsWhy.test(task.comment) || tellsWhy.test(task.name?.string ?? '')))
  );
}

/** A failure says nothing: it only looks, takes away what may be gone, or cuts its own connection. */
function mayFail(task: Task): boolean {
  if (task.module === 'reboot' || task.module === 'include_vars' || task.detached) return true;
  if (takesAway.test(words(task.name?.string ?? ''))) return true;
  if (/^(?:absent|stopped|unmounted|killed)$/.test(task.arg('state')?.text ?? '')) return true;
  if (isYes(task.arg('masked')?.text ?? '') || isNo(task.arg('enabled')?.text ?? '')) return true;
  if (waits(task)) return false;
  if (looksOnly(task.module)) return true;
  // A question: it changes nothing by its own word, and somebody keeps the answer, if only a template.
  if (
    task.register !== undefined &&
    task.changedWhen?.kind === 'scalar' &&
    isNo(task.changedWhen.string)
  )
    return true;
  const { script } = task;
  if (!script) return false;
  return (
    onlyReads(script) ||
    endsConnection.test(script.text) ||
    (script.commands.length > 0 && script.commands.every((each) => each.class === 'clean'))
  );
}
