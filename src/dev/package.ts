import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

/**
 * Builds and packs the extension; returns the path of the .vsix, which lies in the project's folder. Throws when a step
 * fails, with what it printed.
 */
export async function packageExtension(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const file = join(root, `andon-${version}.vsix`);
  const tool = async (name: string, args: readonly string[]) => {
    const program = join(root, 'node_modules', name);
    await promisify(execFile)(process.execPath, [program, ...args], { cwd: root }).catch(
      ({ stdout, stderr }: { stdout: string; stderr: string }) => {
        throw new Error(`${name} failed:\n${stdout}${stderr}`);
      },
    );
  };
  await tool('tsx/dist/cli.mjs', ['src/dev/build.ts', '--check-size']);
  // There is no repository address to rewrite the README's links with; they are relative in the package too.
  await tool('@vscode/vsce/vsce', [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    file,
  ]);
  return file;
}

if (require.main === module) {
  packageExtension().then(console.log, (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
