import { defineRule, type Fix, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { type ChefResource, chef } from '../../formats/chef';
import { isUnderstood } from '../../rerun/second-run';
import { happens, troubles, whatIsMade } from '../../rerun/trouble';
import type { Source } from '../../text/source';

/** Where cookbooks keep what tests them. */
const testing = /(?:^|\/)(?:tests?|spec|fixtures|packer)\//;

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

  options: {
    unknown: option.flag(
      false,
      'Also report commands of recipes whose effect is not known, one finding a file.',
    ),
  },

  create: ({ options, document, path, report }) => {
    if (testing.test(path)) return {};
    const others: ChefResource[] = [];
    return {
      resource(resource) {
        const { script, type } = resource;
        if (!script || resource.guarded || script.guarded) return;
        const made = whatIsMade(script);
        const [restarted] = resource.notifies.filter(({ action }) => restarts.test(action));
        if (!made && restarted && !means.test(`${path} ${resource.name}`)) {
          report({
            at: restarted,
            message:
              restarted.action === 'reload'
                ? say`${what(resource)} reports as updated on each run, and each time ${restarted.target} reloads`
                : say`${what(resource)} reports as updated on each run, and each time ${restarted.target} restarts`,
          });
        }
        if (!made) {
          if (
            options.unknown &&
            isRecipe.test(path) &&
            !restarted &&
            !isUnderstood(script) &&
            !tends.test(`${path} ${resource.name} ${script.text}`)
          ) {
            others.push(resource);
          }
          return;
        }
        const [first] = troubles(script);
        const fix = addCreates(resource, made, document.source);
        report({
          at: type,
          message: say`${what(resource)}: ${happens(first!.run)}`,
          ...(fix && { fix }),
        });
      },
      end() {
        const [first, ...more] = others;
        if (!first) return;
        report({
          at: first.type,
          severity: 'info',
          message:
            more.length > 0
              ? say`${what(first)} and ${more.length} more run on each run of the client and report as updated, whatever is there already`
              : say`${what(first)} runs on each run of the client and reports as updated, whatever is there already`,
          ...(more.length > 0 && {
            related: more.map((each) => ({ at: each.type, message: say`${what(each)} too` })),
          }),
        });
      },
    };
  },
});

const restarts = /^(?:restart|reload)$/;

const isRecipe = /(?:^|\/)recipes\//;

/** To restart is what it is there for. */
const means = /restart|reload|deploy/i;

/** To look, to wait, to tidy up or to refresh is what it is there for: then it has to run each time. */
const tends =
  /check|valid|wait|verif|test|ping|clean|remove|purge|delete|stop|reload|refresh|restart|update|upgrade|sync|scan|deploy|configure/i;

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
    title: say`Run it only where ${made} is missing`,
    safe: false,
    edits: [{ range: [lineStart, lineStart], text: `${indent}creates '${made}'${eol}` }],
  };
}
