// `npm start`: sets up, builds, checks examples/ and opens VS Code on it.
import { run, setUp } from './set-up.mjs';

setUp();
run('npx', ['tsx', 'test/vscode/start.ts', ...process.argv.slice(2)]);
