import { defineRule, type Fix } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type ChefGuard, chef } from '../../formats/chef';
import type { RubyNode } from '../../syntax/ruby';
import type { Source } from '../../text/source';

export default defineRule({
  id: 'chef/guard-always-true',
  on: chef,
  summary: 'A guard that asks nothing: its answer is the same on each run',
  why: 'A text in braces is no command but a value, and any text is true: not_if then keeps the resource from ever running, only_if lets it run each time.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }) => ({
    resource({ guards }) {
      for (const guard of guards) {
        const told = constant(guard);
        if (told === undefined) continue;
        const fix = repair(guard, document.source);
        report({ at: guard, message: told, ...(fix && { fix }) });
      }
    },
  }),
});

function constant({ kind, given, block }: ChefGuard): Said | undefined {
  if (block) {
    const [only, ...more] = block.body;
    if (!only) {
      return kind === 'only_if'
        ? say`${kind} asks nothing: the resource never runs`
        : say`${kind} asks nothing: the resource always runs`;
    }
    if (only.kind !== 'string' || more.length > 0) return undefined;
    return kind === 'not_if'
      ? say`A text in a block is not run as a command but is true: the resource never runs`
      : say`A text in a block is not run as a command but is true: the resource always runs`;
  }
  if (given?.kind === 'string' && given.value?.trim() === '') {
    return kind === 'not_if'
      ? say`An empty command always succeeds: the resource never runs`
      : say`An empty command always succeeds: the resource always runs`;
  }
  if (given && isRuby(given)) {
    return say`${kind} takes a command or a block: of this expression, true ends the run with an error and false is passed over`;
  }
  return undefined;
}

/** An expression that comes to true or false; a variable may well hold a command. */
function isRuby(node: RubyNode): boolean {
  if (node.kind === 'operation') return /^(?:!|&&|\|\||==|!=|=~|[<>]=?)$/.test(node.operator);
  if (node.kind === 'literal') return typeof node.value === 'boolean';
  return node.kind === 'call' && node.name.value.endsWith('?');
}

/** A text in braces becomes a command, an expression a block. */
function repair({ given, block, name, range }: ChefGuard, { text }: Source): Fix | undefined {
  const at = [name.range[1], range[1]] as const;
  const [only] = block?.body ?? [];
  if (only?.kind === 'string' && !only.heredoc) {
    return {
      title: 'Run the text as a command',
      safe: false,
      edits: [{ range: at, text: ` ${text.slice(...only.range)}` }],
    };
  }
  if (!given || !isRuby(given)) return undefined;
  return {
    title: 'Ask it when the resource has its turn',
    safe: false,
    edits: [{ range: at, text: ` { ${text.slice(...given.range)} }` }],
  };
}
