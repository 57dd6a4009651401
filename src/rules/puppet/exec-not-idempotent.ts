import { defineRule, type Fix, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { type PuppetResource, puppet } from '../../formats/puppet';
import { onlyReads } from '../../formats/shell-reads';
import { isUnderstood } from '../../rerun/second-run';
import { happens, troubles, whatIsMade } from '../../rerun/trouble';
import type { Source } from '../../text/source';

/** Where modules keep what tests them, and what builds an image once. */
const testing = /(?:^|\/)(?:tests?|spec|fixtures|acceptance|packer)\//;

export default defineRule({
  id: 'puppet/exec-not-idempotent',
  on: puppet,
  summary: 'An exec runs on each run of the agent, and nothing asks whether it has to',
  why: 'The agent applies the catalogue every half hour. A command without a guard runs each time: it fails or does its work anew, counts as a change, and whatever it notifies is refreshed.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  options: {
    unknown: option.flag(
      true,
      'Also report commands whose effect is not known, one finding a file.',
    ),
  },

  create: ({ options, document, path, report }) => {
    if (testing.test(path)) return {};
    const others: PuppetResource[] = [];
    return {
      resource(resource) {
        const { script, type } = resource;
        if (!script || resource.guarded || script.guarded) return;
        const made = whatIsMade(script);
        if (made) {
          const [first] = troubles(script);
          const fix = addCreates(resource, made, document.source);
          report({
            at: type,
            message: say`${what(resource)}: ${happens(first!.run)}`,
            ...(fix && { fix }),
          });
        } else if (resource.notifies && !onlyReads(script) && !means.test(words(resource))) {
          report({
            at: type,
            message: say`${what(resource)} counts as a change on each run, and what it notifies is refreshed each time`,
          });
        } else if (
          options.unknown &&
          !isUnderstood(script) &&
          !means.test(words(resource)) &&
          !script.commands.every((each) => each.background)
        ) {
          others.push(resource);
        }
      },
      end() {
        const [first, ...more] = others;
        if (!first) return;
        report({
          at: first.type,
          severity: 'info',
          message:
            more.length > 0
              ? say`${what(first)} and ${more.length} more run on each run of the agent and count as a change, whatever is there already`
              : say`${what(first)} runs on each run of the agent and counts as a change, whatever is there already`,
          ...(more.length > 0 && {
            related: more.map((each) => ({ at: each.type, message: say`${what(each)} too` })),
          }),
        });
      },
    };
  },
});

/** To look, to wait, to tidy up or to refresh is what it is there for: then it has to run each time. */
const means =
  /check|valid|wait|verif|test|ping|clean|remove|purge|delete|reload|refresh|restart|update|upgrade|sync|scan/i;

const words = ({ title, command }: PuppetResource) => `${title} ${command?.text ?? ''}`;

const what = ({ title }: PuppetResource) => {
  // What is interpolated stands there as underscores.
  const line = title.replace(/_{4,}/g, '…').trim().split(/\r?\n/, 1)[0]!;
  return `exec "${line.length > 40 ? `${line.slice(0, 40)}…` : line}"`;
};

/** `creates => '…',` before its first attribute. */
function addCreates(
  { declaration }: PuppetResource,
  made: string,
  { text }: Source,
): Fix | undefined {
  const [first] = declaration.attributes;
  if (!first || !/^[^'\\\n]+$/.test(made)) return undefined;
  const at = first.range[0];
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const indent = text.slice(lineStart, at);
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const behind = /\S/.test(indent) ? ' ' : `${eol}${indent}`;
  const arrow = /^\s*=>/.exec(text.slice(first.name.range[1]))?.[0] ?? ' =>';
  const width = first.name.value.length + arrow.length - 2;
  return {
    title: say`Run it only where ${made} is missing`,
    safe: false,
    edits: [{ range: [at, at], text: `${'creates'.padEnd(width)}=> '${made}',${behind}` }],
  };
}
