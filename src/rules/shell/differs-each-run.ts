import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { onSecondRun } from '../../rerun/told';
import type { Told } from '../../rerun/trouble';

/** What is often meant so: a dated copy, a stamp, a message, a program that goes on. */
function whatIsLeft({ run: { about }, trouble }: Told): Said {
  switch (trouble) {
    case 'process':
      return say`A second run starts another ${about}`;
    case 'request':
      return say`A second run sends another ${about}`;
    case 'stamp':
      return say`A second run writes another time to ${about}`;
    default:
      return say`A second run makes another file or directory under a new name: ${about}`;
  }
}

export default defineRule({
  id: 'shell/differs-each-run',
  on: shell,
  summary: 'Each run leaves something else behind, perhaps on purpose',
  why: 'Dated copies, stamps and programs that go on pile up, and a run that changed nothing looks like one that did.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: (context) =>
    onSecondRun(['new name', 'process', 'request', 'stamp'], context, (told) => ({
      message: whatIsLeft(told),
    })),
});
