import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from '../../src/dev/package';
import { serveWorkbench } from './workbench';

const root = join(__dirname, '../..');
const examples = join(root, 'examples');

/** The desktop VS Code's command, if there is one. */
function desktop(): string | undefined {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return undefined;
  }
  const shell = process.platform === 'win32';
  return ['code', 'codium', 'code-insiders'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore', shell }).status === 0,
  );
}

/**
 * Builds, prints what Andon says of `examples/` and opens VS Code there: the desktop's where there is one, else one
 * served to a browser on this machine. `--check-only` leaves the last step out.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'check-only': { type: 'boolean' } } });
  const vsix = await packageExtension();
  spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'check', 'examples'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (values['check-only']) return;
  const code = desktop();
  if (code) {
    const shell = process.platform === 'win32';
    const options = { stdio: 'inherit', shell } as const;
    spawnSync(code, ['--install-extension', vsix, '--force'], options);
    spawnSync(code, ['--new-window', examples], options);
    return;
  }
  console.log('\nNo desktop VS Code here: starting one for the browser …');
  const served = await serveWorkbench({ folder: examples, vsix });
  console.log(`Open ${served.address}\nCtrl-C ends it.`);
  const end = () => void served.close();
  process.once('SIGINT', end).once('SIGTERM', end);
  await served.ended;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
