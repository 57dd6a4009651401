import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { gitlabCi } from '../../formats/gitlab-ci';
import { movingPart } from '../../formats/moving-url';
import { isTestMaterial } from '../../formats/test-material';

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

  create: ({ path, report }) => ({
    pipeline({ borrowed }) {
      if (isTestMaterial(path)) return;
      for (const { kind, written, checked } of borrowed) {
        if (checked) continue;
        const { string } = written;
        const part =
          kind === 'remote'
            ? movingPart(string)
            : ownServer.test(string)
              ? undefined
              : movingVersion.exec(string)?.[1];
        if (part === undefined) continue;
        report({
          at: written,
          message:
            kind === 'remote'
              ? say`Jobs come from "${part}" of another repository, whatever it holds on the day`
              : say`The component is taken at "${part}", whatever that is on the day`,
        });
      }
    },
  }),
});
