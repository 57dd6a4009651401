import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/new-salt-each-run',
  on: shell,
  summary: 'The same password is stored under a new salt on every run',
  why: 'The password stays, its hash does not: each run changes the file and looks like a change of the password.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: (context) =>
    onSecondRun('salt', context, ({ run }) => {
      return { message: say`A second run stores ${run.about} under another salt` };
    }),
});
