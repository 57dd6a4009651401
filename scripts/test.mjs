// `npm test`: sets up and runs every test there is.
import { run, setUp } from './set-up.mjs';

setUp();
run('npx', ['tsx', 'test/all.ts', ...process.argv.slice(2)]);
