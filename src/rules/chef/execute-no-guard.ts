import { defineRule, type Fix } from '../../engine/rule';
import { type ChefResource, chef } from '../../formats/chef';
import { happens, troubles, whatIsMade } from '../../rerun/told';
import type { Source } from '../../text/source';

/** Where cookbooks keep what tests them. */
const testing = /(?:^|\/)(?:tests?|spec|fixtures)\//;

export default defineRule({
  id: 'chef/execute-no-guard',
  on: chef,
  summary: 'A command runs on each run of the client, and nothing asks whether it has to',
  why: 'The client converges the same machine every half hour. A command without a guard runs each time: it fails or does its work anew, the resource reports as updated, and what it notifies restarts.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, path, report }) => {
    if (testing.test(path)) return {};
    return {
      resource(resource) {
        const { script, type } = resource;
        if (!script || resource.guarded || script.guarded) return;
        const made = whatIsMade(script);
        const [restarted] = resource.notifies.filter(({ action }) => restarts.test(action));
        if (!made && restarted && !means.test(`${path} ${resource.name}`)) {
          report({
            at: restarted,
            message: `${what(resource)} reports as updated on each run, and each time ${restarted.target} ${restarted.action}s`,
          });
        }
        if (!made) return;
        const [first] = troubles(script);
        const fix = addCreates(resource, made, document.source);
        report({
          at: type,
          message: `${what(resource)}: ${happens(first!.run)}`,
          ...(fix && { fix }),
        });
      },
    };
  },
});

const restarts = /^(?:restart|reload)$/;

/** To restart is what it is there for. */
const means = /restart|reload|deploy/i;

const what = ({ type, name }: ChefResource) => `${type.value} "${shortened(name)}"`;

const shortened = (text: string) => {
  const line = text.trim().split(/\r?\n/, 1)[0]!;
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
};

/** `creates '…'` as the first line of the block. */
function addCreates({ block }: ChefResource, made: string, { text }: Source): Fix | undefined {
  const [first] = block?.body ?? [];
  if (!first || !/^[^'\\\n]+$/.test(made)) return undefined;
  const lineStart = text.lastIndexOf('\n', first.range[0] - 1) + 1;
  const indent = text.slice(lineStart, first.range[0]);
  if (lineStart <= block!.range[0] || /\S/.test(indent)) return undefined;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return {
    title: `Run it only where ${made} is missing`,
    safe: false,
    edits: [{ range: [lineStart, lineStart], text: `${indent}creates '${made}'${eol}` }],
  };
}
