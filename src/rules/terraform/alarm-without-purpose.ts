import { defineRule } from '../../engine/rule';
import { terraform } from '../../formats/terraform';

export default defineRule({
  id: 'terraform/alarm-without-purpose',
  on: terraform,
  summary: 'TODO: what is wrong, in one line',
  why: 'TODO: what goes wrong, and when.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ report: _ }) => ({
    // A function for each node kind of the format that matters.
  }),
});
