import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type TerraformBlock, terraform, volatileCalls } from '../../formats/terraform';

export default defineRule({
  id: 'terraform/never-converges',
  on: terraform,
  summary: 'An argument has another value on every plan',
  why: 'The plan is never empty: each apply changes or replaces something, and a change that matters goes by unseen among those that do not.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    block(block) {
      if (block.type !== 'resource' && block.type !== 'module') return;
      for (const { call, argument, at, origin } of volatileCalls(block)) {
        if (saysWhy(block, at.range[0])) continue;
        const what = say`${argument} of ${block.address} is different on every plan: ${call}()`;
        report({ at, message: origin ? say`${what}, through local.${origin}` : what });
      }
    },
  }),
});

/** A comment on the line or the one above: somebody means it. */
function saysWhy(block: TerraformBlock, offset: number): boolean {
  const { text } = block.file;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const above = text.slice(text.lastIndexOf('\n', start - 2) + 1, Math.max(start - 1, 0));
  return (
    /(?:^|\s)(?:#|\/\/)/.test(text.slice(offset, end < 0 ? undefined : end)) ||
    /^\s*(?:#|\/\/)/.test(above)
  );
}
