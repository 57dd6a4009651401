import { defineRule } from '../../engine/rule';
import { shell } from '../../formats/shell';
import { onSecondRun, type Trouble } from '../../rerun/told';

/** What is often meant so: a dated copy, a stamp, a message, a program that goes on. */
const does: { readonly [trouble in Trouble]?: string } = {
  'new name': 'makes another file or directory under a new name:',
  process: 'starts another',
  request: 'sends another',
  stamp: 'writes another time to',
};

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
    onSecondRun(['new name', 'process', 'request', 'stamp'], context, ({ run, trouble }) => ({
      message: `A second run ${does[trouble]} ${run.about}`,
    })),
});
