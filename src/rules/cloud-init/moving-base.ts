import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { cloudInit } from '../../formats/cloud-init';

/** https://cloudinit.readthedocs.io/en/latest/reference/modules.html#package-update-upgrade-install, with its old name. */
const upgrades = ['package_upgrade', 'apt_upgrade'];

export default defineRule({
  id: 'cloud-init/moving-base',
  on: cloudInit,
  summary: 'The first boot upgrades every package of the image',
  why: 'Each machine gets the packages of the day it was started: two machines of one group differ, and one that comes up during a bad release comes up broken.',
  concern: 'reproducibility',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    config(config) {
      for (const name of upgrades) {
        const entry = config.entry(name);
        if (entry?.value?.kind !== 'scalar' || entry.value.value !== true) continue;
        report({
          at: { range: [entry.key.range[0], entry.value.range[1]] },
          message: say`${name} brings every package to the newest of the day the machine starts`,
        });
      }
    },
  }),
});
