import { defineRule } from '../../engine/rule';
import { puppetfile } from '../../formats/puppetfile';

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
      module({ name, from, version, ref }) {
        const told =
          from === 'forge'
            ? version === undefined
              ? 'has no version: the newest is installed'
              : version === 'latest'
                ? 'follows the newest version'
                : undefined
            : from === 'git'
              ? ref === undefined
                ? 'has no ref: the default branch is checked out'
                : isMoving(ref)
                  ? `follows the branch "${ref.value}"`
                  : undefined
              : undefined;
        if (told) report({ at: name, message: `Module ${name.value} ${told}`, condition: lock });
      },
    };
  },
});

const isMoving = ({ kind, value }: { readonly kind: string; readonly value: string | undefined }) =>
  // `:control_branch` is the branch of the environment that is deployed.
  value !== undefined && value !== 'control_branch' && (kind === 'branch' || moving.test(value));
