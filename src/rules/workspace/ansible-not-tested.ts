import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { ansible } from '../../formats/ansible';
import { unlessMapped } from '../../formats/delivery-conditions';

const aside =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|tests?|testdata|fixtures|molecule|roles|collections|vendor)\//i;

export default defineRule({
  id: 'workspace/ansible-not-tested',
  on: ansible,
  summary: 'No pipeline of the repository checks this playbook',
  why: 'A mistake in it is found on the machines it is run against, half way through the change.',
  concern: 'testing',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create({ path, report }) {
    if (aside.test(path)) return {};
    let told = false;
    return {
      play(play) {
        if (told) return;
        told = true;
        report({
          at: play.map.entries[0]?.key ?? play,
          message: say`No pipeline here lints, checks or runs ${path}`,
          condition: unlessMapped(['delivery/checked', 'delivery/deployed'], [path]),
        });
      },
    };
  },
});
