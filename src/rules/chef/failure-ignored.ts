import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { takesAway } from '../../formats/ansible-words';
import { type ChefResource, chef } from '../../formats/chef';
import type { Command } from '../../formats/shell';
import { onlyReads } from '../../formats/shell-reads';
import type { Located } from '../../text/range';

/** Actions after which nothing depends on the resource. */
const takingAway =
  /^(?:delete|disable|nothing|purge|remove|stop|umount|unload|kill|uninstall|unmount)/;

/** Resources that tell people or tools something, or refresh an index that is there already. */
const tells = new Set([
  'apt_update',
  'http_request',
  'log',
  'notify_group',
  'ohai',
  'slack_notify',
]);

export default defineRule({
  id: 'chef/failure-ignored',
  on: chef,
  summary: 'A resource may fail, and the run goes on as if it had not',
  why: 'The resource fails on one machine, the run ends green, and what breaks is a later resource, or the service, with an error that leads nowhere near the cause.',
  concern: 'failure',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ document, path, report }) => {
    if (takesAway.test(path.replace(/[_./-]/g, ' '))) return {};
    return {
      resource(resource) {
        const found = resource.property('ignore_failure');
        if (!found || !isYes(resource) || mayFail(resource)) return;
        if (hasReason(resource, found, document.source.text)) return;
        report({
          at: found,
          message: say`If ${resource.type.value} "${resource.name}" fails, the run goes on and ends as if it had not`,
        });
      },
    };
  },
});

const tellsWhy = /ignor|fail|exits?\b|error|optional|work-?around|may (?:be|not)|might|try\b/i;

/** The author says why: in a comment above it or in it, or behind the setting. */
function hasReason({ range, name }: ChefResource, at: Located, text: string): boolean {
  const before = text.slice(0, range[0]).split('\n').slice(-4, -1);
  const comments = [...before, ...text.slice(...range).split('\n')].filter((line) =>
    /^\s*#/.test(line),
  );
  return (
    comments.some((line) => tellsWhy.test(line)) ||
    tellsWhy.test(name) ||
    /^[ \t]*#\s*\S+\s+\S+/.test(text.slice(at.range[1], at.range[1] + 300))
  );
}

function isYes(resource: ChefResource): boolean {
  const value = resource.property('ignore_failure')?.value;
  return (
    (value?.kind === 'literal' && value.value === true) ||
    (value?.kind === 'symbol' && value.value === 'quiet')
  );
}

function mayFail({ type, name, actions, script }: ChefResource): boolean {
  if (tells.has(type.value)) return true;
  if (actions.length > 0 && actions.every((action) => takingAway.test(action))) return true;
  if (takesAway.test(name.replace(/[_./-]/g, ' '))) return true;
  if (!script) return false;
  return (
    onlyReads(script) ||
    script.commands.every((each) => /^apt|^yum|^dnf/.test(each.name ?? '') && refreshes(each)) ||
    (script.commands.length > 0 && script.commands.every((each) => each.class === 'clean'))
  );
}

/** `apt-get update` and the like: the index of yesterday does as well. */
const refreshes = ({ operands }: Command) =>
  /^(?:update|makecache|clean)$/.test(operands[0]?.value ?? '');
