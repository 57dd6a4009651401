import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
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
        report({
          at: requirement.version ?? requirement.name,
          message: told(requirement.name.string, moving, more.length),
        });
      },
    };
  },
});

function told(name: string, moving: string | undefined, more: number): Said {
  if (moving === undefined) {
    return more > 0
      ? say`${name} names no version, nor do ${more} more of this file`
      : say`${name} names no version`;
  }
  return more > 0
    ? say`${name} follows "${moving}"; ${more} more of this file move as well`
    : say`${name} follows "${moving}", which moves`;
}
