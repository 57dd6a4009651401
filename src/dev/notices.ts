import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of the packages that files (relative to `root`) come from, as one text. Throws when a package states
 * no licence: then it may not be shipped.
 */
export async function notices(root: string, files: readonly string[]): Promise<string> {
  const folders = new Set<string>();
  for (const file of files) {
    const path = file.split('\\').join('/');
    const at = path.lastIndexOf('node_modules/');
    if (at === -1) continue;
    const [scope, name] = path.slice(at + 'node_modules/'.length).split('/');
    folders.add(
      `${path.slice(0, at)}node_modules/${scope!.startsWith('@') ? `${scope}/${name}` : scope}`,
    );
  }
  const parts = ['Andon contains the following software by others.'];
  for (const folder of [...folders].sort()) {
    const about = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const named = (await readdir(join(root, folder))).find((name) =>
      /^(licen[cs]e|copying)/i.test(name),
    );
    if (!named && !about.license) throw new Error(`${about.name} states no licence`);
    const text =
      named && existsSync(join(root, folder, named))
        ? (await readFile(join(root, folder, named), 'utf8')).replaceAll('\r\n', '\n').trim()
        : `Licence: ${about.license}`;
    parts.push(`${about.name} ${about.version}\n${'-'.repeat(60)}\n${text}`);
  }
  return `${parts.join('\n\n\n')}\n`;
}
