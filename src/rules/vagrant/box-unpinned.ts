import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { vagrant } from '../../formats/vagrant';

export default defineRule({
  id: 'vagrant/box-unpinned',
  on: vagrant,
  summary: 'A box without a version',
  why: 'Whoever starts the machine first this month gets another box than the colleague of last year, and what works on one machine fails on the other with the same Vagrantfile.',
  concern: 'reproducibility',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    box(box) {
      if (box.pinned) return;
      report({
        at: box,
        message: say`Box ${box.value} has no version: each machine takes what is newest when it is made`,
      });
    },
  }),
});
