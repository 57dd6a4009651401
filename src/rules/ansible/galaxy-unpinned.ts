import { defineRule } from '../../engine/rule';
import {
  ansibleRequirements,
  movingVersion,
  type Requirement,
} from '../../formats/ansible-requirements';

/** Scenarios that try a role against what is newest. */
const forTests = /(?:^|\/)(?:molecule|tests?|testing|integration)\//;

export default defineRule({
  id: 'ansible/galaxy-unpinned',
  on: ansibleRequirements,
  summary: 'Roles and collections are required without a version',
  why: 'ansible-galaxy installs what is newest on each machine and each day: the same playbook does other things, and the change comes from code nobody here has reviewed.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ path, report }) {
    const found: { readonly requirement: Requirement; readonly moving: string | undefined }[] = [];
    return {
      requirement(requirement) {
        const moving = movingVersion(requirement);
        if (moving !== false) found.push({ requirement, moving });
      },
      end() {
        const [first, ...more] = found;
        if (!first || forTests.test(path)) return;
        const { requirement, moving } = first;
        const others = more.length > 0 ? `, nor do ${more.length} more of this file` : '';
        report({
          at: requirement.version ?? requirement.name,
          message:
            moving === undefined
              ? `${requirement.name.string} names no version${others}`
              : `${requirement.name.string} follows "${moving}"${more.length > 0 ? `; ${more.length} more of this file move as well` : ', which moves'}`,
        });
      },
    };
  },
});
