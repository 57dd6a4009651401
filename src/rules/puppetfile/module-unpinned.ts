import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type PuppetModule, puppetfile } from '../../formats/puppetfile';

/** Names of branches, and of other places that move. */
const moving =
  /^(?:origin\/)?(?:main|master|develop|development|devel|production|trunk|HEAD|latest)$/;

export default defineRule({
  id: 'puppetfile/module-unpinned',
  on: puppetfile,
  summary: 'A module without a version',
  why: 'The next deployment takes whatever the module has become since, and the catalogue of every node changes although nobody changed anything.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ path, report }) => {
    const lock = { noneOf: [{ kind: 'file', key: `${path}.lock` }] };
    return {
      module(module) {
        const message = whyItMoves(module);
        if (message) report({ at: module.name, message, condition: lock });
      },
    };
  },
});

/** What the module follows; undefined for one that stays what it is. */
function whyItMoves({ name, from, version, ref }: PuppetModule): Said | undefined {
  if (from === 'forge') {
    if (version === undefined)
      return say`Module ${name.value} has no version: the newest is installed`;
    return version === 'latest' ? say`Module ${name.value} follows the newest version` : undefined;
  }
  if (from !== 'git') return undefined;
  if (ref === undefined)
    return say`Module ${name.value} has no ref: the default branch is checked out`;
  return isMoving(ref)
    ? say`Module ${name.value} follows the branch "${ref.value ?? ''}"`
    : undefined;
}

const isMoving = ({ kind, value }: { readonly kind: string; readonly value: string | undefined }) =>
  // `:control_branch` is the branch of the environment that is deployed.
  value !== undefined && value !== 'control_branch' && (kind === 'branch' || moving.test(value));
