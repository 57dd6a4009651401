import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';
import { fixed } from '../../rerun/repair';
import { onSecondRun } from '../../rerun/told';

export default defineRule({
  id: 'shell/append-not-idempotent',
  on: shell,
  summary: 'A line is added to a lasting file on every run',
  why: 'Run a second time, the line is there twice; paths grow, the later of two settings wins, services refuse a key they know already.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'safe',

  create: (context) =>
    onSecondRun('append', context, (told) => {
      const { run } = told;
      const { line, about } = run;
      const message =
        line === undefined
          ? say`A second run adds the same to ${about} again`
          : say`A second run adds "${line}" to ${about} again`;
      return { message, ...fixed(told) };
    }),
});
