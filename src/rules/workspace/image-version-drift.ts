import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { databaseOf, runInstead } from '../../formats/database-versions';
import { image } from '../../formats/image';
import { isTestMaterial } from '../../formats/test-material';

export default defineRule({
  id: 'workspace/image-version-drift',
  on: image,
  summary: 'The tests use another major version of a database than what is run',
  why: 'What the newer version no longer takes, or the older one does not know yet, passes every test and fails where it runs.',
  concern: 'testing',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    image(reference) {
      if (reference.use !== 'tool' || isTestMaterial(path)) return;
      const database = databaseOf(reference);
      if (database?.major === undefined) return;
      const { name, major } = database;
      for (const { major: other, condition } of runInstead(database)) {
        report({
          at: reference,
          message: say`The tests use ${name} ${String(major)}, and what is run here is ${name} ${String(other)}`,
          condition,
        });
      }
    },
  }),
});
