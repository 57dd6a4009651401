import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { unlessMapped } from '../../formats/delivery-conditions';
import { dockerfile } from '../../formats/dockerfile';

/** Folders of what is shown, tried or brought along, and not delivered from here. */
const aside =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|tests?|testdata|fixtures|e2e|vendor|(?:r10k|vendor)_modules|third_party|templates?|\.devcontainer|tutorials?|playground|archive|legacy|deprecated)\//i;

/** Files for the developer's own machine. */
const local = /(?:^|[/.-])(?:dev|devel|development|gitpod|local|debug)(?:$|[.-])/i;

export default defineRule({
  id: 'workspace/dockerfile-not-built',
  on: dockerfile,
  summary: 'No pipeline of the repository builds this Dockerfile',
  why: 'What nothing builds breaks unseen: a base image goes, a file moves, and it is found out on the day the image is needed.',
  concern: 'testing',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create({ path, report }) {
    if (aside.test(path) || local.test(path.replace(/^.*\//, ''))) return {};
    return {
      file({ stages: [first] }) {
        if (!first) return;
        report({
          at: first.from.keyword,
          message: say`No pipeline here builds ${path}`,
          condition: unlessMapped(['delivery/built', 'delivery/checked'], [path]),
        });
      },
    };
  },
});
