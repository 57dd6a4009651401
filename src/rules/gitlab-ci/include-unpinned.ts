import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import { movingPart } from '../../formats/moving-url';
import { many, map, scalar } from '../../syntax/yaml';

/** The newest version of a component, or a branch of it (https://docs.gitlab.com/ci/components/#component-versions). */
const movingVersion = /@(~latest|main|master|HEAD|develop)$/;

/** The project's own, or one of the same server by a variable: whose it is cannot be seen. */
const ownServer = /^\$\{?CI_/;

export default defineRule({
  id: 'gitlab-ci/include-unpinned',
  on: gitlabCi,
  summary: "Jobs are taken from a branch of somebody else's repository",
  why: 'The pipeline changes when somebody pushes there: a build that was green is red without a commit here, or runs what nobody here has read.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    pipeline({ root }) {
      for (const each of many(root.get('include'))) {
        const remote = scalar(map(each)?.get('remote'));
        const part = remote && movingPart(remote.string);
        // https://docs.gitlab.com/ci/yaml/#includeintegrity
        if (remote && part !== undefined && !map(each)?.has('integrity')) {
          report({
            at: remote,
            message: say`Jobs come from "${part}" of another repository, whatever it holds on the day`,
          });
        }
        const component = scalar(map(each)?.get('component'));
        const version = component && movingVersion.exec(component.string)?.[1];
        if (component && version !== undefined && !ownServer.test(component.string)) {
          report({
            at: component,
            message: say`The component is taken at "${version}", whatever that is on the day`,
          });
        }
      }
    },
  }),
});
