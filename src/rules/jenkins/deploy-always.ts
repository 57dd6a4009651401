import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { jenkins } from '../../formats/jenkins';
import { purposesOf } from '../../formats/jenkins-purpose';

export default defineRule({
  id: 'jenkins/deploy-always',
  on: jenkins,
  summary: 'A deployment runs whatever came out before it',
  why: 'What stands in `post { always { … } }` runs after failed tests as after green ones: the broken version goes out.',
  concern: 'failure',
  severity: 'error',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    step(step) {
      if (step.post !== 'always' && step.post !== 'cleanup') return;
      const purposes = purposesOf(step);
      const purpose = (['deploy', 'publish', 'migrate'] as const).find((each) =>
        purposes.has(each),
      );
      if (!purpose || step.handles) return;
      report({
        at: step,
        message: say`This ${said[purpose]} runs after failed stages too: it stands in post { ${step.post} }`,
      });
    },
  }),
});

const said = {
  deploy: say`deployment`,
  publish: say`publication`,
  migrate: say`migration`,
};
