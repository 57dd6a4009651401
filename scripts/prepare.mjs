// npm runs this when it installs Andon from its repository, as pre-commit does: there is no dist/ yet, and only this
// script may make one. On a developer's machine dist/ is made by `npm run build` and `npm start`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './set-up.mjs';

const built = existsSync(join(root, 'dist/cli.js'));
if (!built && existsSync(join(root, 'node_modules/esbuild'))) {
  run('npx', ['tsx', 'src/dev/build.ts']);
}
